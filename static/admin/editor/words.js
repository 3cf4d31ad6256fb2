// The editor's words in the owner's language; the page brings them as JSON.
const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");

export const words = read("words");
export const known = { drafts: read("drafts") ?? [], tags: read("tags") ?? [] };

/** Say something: say("failed", reason) fills each {} in turn. */
export const say = (key, ...values) => values.reduce((text, value) => text.replace("{}", () => value), words[key]);

/** Give a text the line ends that browsers have. */
export const plain = (text) => text.replace(/\r\n?/g, "\n");

export const clock = (moment) =>
  new Date(moment).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
