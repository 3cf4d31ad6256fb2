// One entry as a line, like templates/_partials/guestbook_entry.html, with what one may do with it.
import { element } from "./build.js";
import { face } from "./face.js";
import { isAddress, paragraphs, REL } from "./text.js";
import { say } from "./words.js";

// `book` knows the room: its prefix, its address, its times.
export function line(entry, book) {
  const id = entry.number ? `${book.prefix}entry-${entry.number}` : null;
  const article = element("div", { class: `h-entry line${entry.owner ? " by-owner" : ""}`, id, "data-id": entry.id });
  if (entry.number) article.dataset.number = entry.number;
  article.append(face(entry.face || "0"), head(entry, book));
  const answered = entry.to && book.known(entry.to);
  if (answered) {
    const link = element("a", { href: `${book.url}#entry-${answered.number}` }, say("to", { name: answered.name }));
    article.append(element("p", { class: "to" }, link));
  }
  article.append(element("div", { class: "e-content", dir: "auto" }, ...paragraphs(entry.body)));
  return article;
}

function head(entry, book) {
  const linked = entry.link && isAddress(entry.link);
  const name = linked
    ? element("a", { class: "p-name u-url", href: entry.link, rel: REL, title: entry.link.replace(/^https?:\/\/(www\.)?|\/$/g, ""), dir: "auto" }, entry.name)
    : element("b", { class: "p-name", dir: "auto" }, entry.name);
  const made = element("header", {}, element("span", { class: "p-author h-card" }, name));
  if (entry.owner) made.append(" ", element("span", { class: "badge" }, say("owner")));
  const time = element("time", { class: "dt-published", datetime: entry.at });
  book.times.put(time);
  const stamp = entry.number
    ? element("a", { class: "u-url stamp", href: `${book.url}#entry-${entry.number}` }, time)
    : element("span", { class: "stamp" }, time);
  made.append(" ", stamp);
  if (entry.edited) made.append(" ", element("span", { class: "edited" }, say("edited")));
  return made;
}
