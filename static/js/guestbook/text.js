// A message as the server shows it: paragraphs, line breaks, bare links, `code`; see meishi/guestbook/texts.py.
import { element } from "./build.js";

export const REL = "nofollow ugc noopener noreferrer";
const piece = /`([^`\n]+)`|(https?:\/\/[A-Za-z0-9[][A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]*)/gi;

export function isAddress(text) {
  try {
    const url = new URL(text);
    const web = url.protocol === "http:" || url.protocol === "https:";
    return web && !url.username && !url.password && !/[\s<>"\\^`{|}]/.test(text);
  } catch {
    return false;
  }
}

// Without the punctuation of the sentence around it.
function trimmed(url) {
  for (;;) {
    const last = url.at(-1);
    const opening = { ")": "(", "]": "[" }[last];
    const unpaired = opening && url.split(last).length > url.split(opening).length;
    if (!unpaired && !".,;:!?'*".includes(last)) return url;
    url = url.slice(0, -1);
  }
}

function line(parent, text) {
  text.split("\n").forEach((part, at) => parent.append(...(at ? [element("br"), part] : [part])));
}

function inline(parent, text) {
  let place = 0;
  for (const match of text.matchAll(piece)) {
    line(parent, text.slice(place, match.index));
    place = match.index + match[0].length;
    if (match[1] !== undefined) {
      parent.append(element("code", {}, match[1]));
      continue;
    }
    const url = trimmed(match[2]);
    parent.append(isAddress(url) ? element("a", { href: url, rel: REL }, url) : url, match[2].slice(url.length));
  }
  line(parent, text.slice(place));
}

export function paragraphs(body) {
  return body.split(/\n{2,}/).filter(Boolean).map((text) => {
    const made = element("p");
    inline(made, text);
    return made;
  });
}
