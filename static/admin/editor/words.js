// The editor's words in the owner's language; the page brings them as JSON.
const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");

export const words = read("words");
export const known = { drafts: read("drafts") ?? [], tags: read("tags") ?? [] };

/** Say something: say("failed", reason) fills each {} in turn. */
export const say = (key, ...values) => values.reduce((text, value) => text.replace("{}", () => value), words[key]);

/** What is wrong, and what to do about it, as one text. */
export const told = (message, hint) =>
  hint ? `${message}${document.documentElement.lang === "ja" ? "。" : ". "}${hint}` : message;

/** Give a text the line ends that browsers have. */
export const plain = (text) => text.replace(/\r\n?/g, "\n");

export const clock = (moment) =>
  new Date(moment).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

/** What CodeMirror says by itself, in the owner's language. */
export function phrases() {
  const names = {
    Find: "cm_find", Replace: "cm_replace", next: "cm_next", previous: "cm_previous", all: "cm_all",
    "match case": "cm_case", regexp: "cm_regexp", "by word": "cm_word", replace: "cm_replace_one",
    "replace all": "cm_replace_all", close: "cm_close", "replaced $ matches": "cm_replaced",
    "current match": "cm_current", "on line": "cm_line", Diagnostics: "cm_diagnostics",
    "No diagnostics": "cm_none", "$ unchanged lines": "cm_folded",
  };
  return Object.fromEntries(Object.entries(names).map(([phrase, name]) => [phrase, words[name]]));
}
