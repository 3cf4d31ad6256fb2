// What the guestbook says, in the language of the page.
let words = {};

export async function learn(address) {
  const answer = await fetch(address);
  if (answer.ok) words = await answer.json();
}

export function say(key, values = {}) {
  const found = words[key] ?? "";
  const text = typeof found === "string" ? found : values.count === 1 && "one" in found ? found.one : found.other;
  return text.replace(/\{(\w+)\}/g, (gap, name) => (name in values ? String(values[name]) : gap));
}
