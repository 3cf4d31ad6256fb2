// What the server shows of the room, brought into the page: entries that did not change stay as they are.
export const part = document.querySelector("[data-room-part]");
const TIMES = /<time[^>]*>[^<]*<\/time>/g;
const shapes = new WeakMap();
let where = new URL(part.dataset.address, location);
let asking;
let again = false;

const entries = (root) => [...root.querySelectorAll("[data-entry]")];
const shape = (entry) => entry.outerHTML.replace(TIMES, "");
for (const entry of entries(part)) shapes.set(entry, shape(entry));

/** Look at another part of the guestbook from now on. */
export function address(url) {
  where = url;
}

/** The state of the room that the page shows, and its numbers. */
export function shown() {
  return part.querySelector("[data-pulse]").dataset;
}

/** Show the room as it is now; several wishes at once become one or two. */
export function refresh() {
  if (asking) {
    again = true;
    return asking;
  }
  asking = ask().finally(() => (asking = null));
  return asking;
}

async function ask() {
  do {
    again = false;
    const url = new URL(where);
    url.searchParams.set("part", "list");
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.reload();
    if (!answer.ok) throw new Error(`${answer.status}`);
    if (!again) merge(new DOMParser().parseFromString(await answer.text(), "text/html").body);
  } while (again);
  part.dispatchEvent(new Event("filled"));
}

function merge(fresh) {
  const known = new Map(entries(part).map((entry) => [entry.dataset.entry, entry]));
  const held = hold();
  const before = anchor();
  for (const entry of entries(fresh)) {
    const kept = known.get(entry.dataset.entry);
    const form = shape(entry);
    if (kept && shapes.get(kept) === form) {
      kept.querySelector("time").textContent = entry.querySelector("time").textContent;
      entry.replaceWith(kept);
      continue;
    }
    shapes.set(entry, form);
    if (!kept) continue;
    entry.classList.toggle("current", kept.classList.contains("current"));
    entry.querySelector("[name=pick]").checked = kept.querySelector("[name=pick]").checked;
  }
  const open = part.querySelector(".everything")?.open;
  part.replaceChildren(...fresh.childNodes);
  if (open) part.querySelector(".everything")?.setAttribute("open", "");
  if (before?.entry.isConnected) scrollBy({ top: before.entry.getBoundingClientRect().top - before.top, behavior: "instant" });
  held();
}

/** Remember what has the focus; call the answer to give it back. */
function hold() {
  const focused = document.activeElement;
  if (!part.contains(focused)) return () => {};
  const key = focused.closest("[data-entry]")?.dataset.entry;
  const which = focused.dataset.key;
  return () => {
    const entry = key && part.querySelector(`[data-entry="${CSS.escape(key)}"]`);
    const place = focused.isConnected ? focused : (which && entry?.querySelector(`[data-key="${which}"]`)) || entry;
    place?.focus({ preventScroll: true });
  };
}

/** Find the entry at the top of the window: what is read must not move. At the very top, news may come in. */
function anchor() {
  if (scrollY < 40) return null;
  const entry = entries(part).find((one) => one.getBoundingClientRect().bottom > 80);
  return entry && { entry, top: entry.getBoundingClientRect().top };
}

const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
const UNITS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
setInterval(() => {
  for (const time of part.querySelectorAll("time[data-ago]")) {
    const ago = (Date.now() - Date.parse(time.dateTime)) / 1000;
    const found = UNITS.find(([, size]) => ago >= size);
    if (found) time.textContent = words.format(-Math.floor(ago / found[1]), found[0]);
  }
}, 30000);
