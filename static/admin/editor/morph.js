// Bring what the server renders into the page on view: only what the server changed is touched,
// so nothing flashes, and what the page's own scripts did stays.

const LINES = / data-line="\d+"/g;
const shapes = new WeakMap();

function shape(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return `${node.nodeType}${node.data}`;
  if (!shapes.has(node)) shapes.set(node, node.outerHTML.replace(LINES, ""));
  return shapes.get(node);
}

const kin = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName && one.id === other.id;

/** Lead `live` from how the server saw it before to how it sees it now. */
export function morph(live, before, after) {
  attributes(live, before, after);
  children(live, before, after);
}

function attributes(live, before, after) {
  for (const { name, value } of [...after.attributes]) {
    if (before.getAttribute(name) === value) continue;
    if (name === "style") live.style.cssText = value; // an attribute would need the policy's leave
    else live.setAttribute(name, value);
  }
  for (const { name } of [...before.attributes]) {
    if (!after.hasAttribute(name)) live.removeAttribute(name);
  }
}

function children(live, before, after) {
  const old = [...before.childNodes];
  const fresh = [...after.childNodes];
  const shown = [...live.childNodes];
  if (shown.length !== old.length) {
    // A script has been at work here: start afresh, if anything changed at all.
    if (shape(before) !== shape(after)) live.replaceChildren(...fresh.map((node) => imported(live, node)));
    return;
  }
  let head = 0;
  const most = Math.min(old.length, fresh.length);
  while (head < most && shape(old[head]) === shape(fresh[head])) head++;
  let tail = 0;
  while (tail < most - head && shape(old.at(-1 - tail)) === shape(fresh.at(-1 - tail))) tail++;
  for (let at = 0; at < head; at++) renumber(shown[at], old[at], fresh[at]);
  for (let at = 1; at <= tail; at++) renumber(shown.at(-at), old.at(-at), fresh.at(-at));
  const end = tail ? shown.at(-tail) : null;
  middle(live, {
    shown: shown.slice(head, shown.length - tail),
    old: old.slice(head, old.length - tail),
    fresh: fresh.slice(head, fresh.length - tail),
    end,
  });
}

function middle(live, { shown, old, fresh, end }) {
  let at = 0;
  for (const node of fresh) {
    let next = at;
    while (next < old.length && !kin(old[next], node)) next++;
    if (next === old.length) {
      live.insertBefore(imported(live, node), shown[at] ?? end);
      continue;
    }
    for (; at < next; at++) shown[at].remove();
    one(shown[at], old[at], node);
    at++;
  }
  for (; at < old.length; at++) shown[at].remove();
}

function one(live, before, after) {
  if (shape(before) === shape(after)) return renumber(live, before, after);
  if (after.nodeType !== Node.ELEMENT_NODE) {
    live.data = after.data;
    return undefined;
  }
  // A picture's or frame's attributes belong together.
  if (/^(IMG|IFRAME|VIDEO|AUDIO|SVG|MATH)$/i.test(after.nodeName)) return live.replaceWith(imported(live, after));
  return morph(live, before, after);
}

/** The same content, perhaps on another line of the source. */
function renumber(live, before, after) {
  if (before.nodeType !== Node.ELEMENT_NODE || before.outerHTML === after.outerHTML) return;
  const mark = (element, line) => line !== null && element?.setAttribute("data-line", line);
  const marked = (element) => [...element.querySelectorAll("[data-line]")];
  if (before.hasAttribute("data-line")) mark(live, after.getAttribute("data-line"));
  const places = marked(live);
  const lines = marked(after);
  if (places.length === lines.length) places.forEach((place, at) => mark(place, lines[at].getAttribute("data-line")));
}

function imported(live, node) {
  const made = live.ownerDocument.importNode(node, true);
  if (made.nodeType !== Node.ELEMENT_NODE) return made;
  for (const element of [made, ...made.querySelectorAll("[style]")]) {
    const style = element.getAttribute("style");
    if (style === null) continue;
    element.removeAttribute("style");
    element.style.cssText = style;
  }
  return made;
}
