// What this browser keeps: who one is, what is written and not sent, and the keys to one's own entries.
const prefix = "guestbook:";
const memory = new Map();

function read(key) {
  try {
    return localStorage.getItem(prefix + key) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

function write(key, value) {
  try {
    if (value) localStorage.setItem(prefix + key, value);
    else localStorage.removeItem(prefix + key);
    memory.delete(key);
  } catch {
    // A browser that keeps nothing remembers until the page closes.
    memory.set(key, value);
  }
}

function parsed(key, standard) {
  try {
    return JSON.parse(read(key)) ?? standard;
  } catch {
    return standard;
  }
}

export function random(bytes) {
  const made = crypto.getRandomValues(new Uint8Array(bytes));
  return [...made].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The secret by which the server knows its author again; nobody else is ever told.
export function author() {
  let token = read("author");
  if (!token) write("author", (token = random(24)));
  return token;
}

export const text = (key) => read(key) ?? "";
export const keep = write;

const tokens = () => parsed("tokens", {});
export const token = (id) => tokens()[id] ?? "";
export function keepToken(id, value) {
  const all = tokens();
  if (value) all[id] = value;
  else delete all[id];
  write("tokens", JSON.stringify(all));
}

// The outbox: other tabs write here too, so it is read anew each time.
export const outbox = (server, room) => parsed("outbox", []).filter((one) => one.server === server && one.room === room);
export function post(item) {
  write("outbox", JSON.stringify([...parsed("outbox", []).filter((one) => one.id !== item.id), item]));
}
export function unpost(id) {
  const rest = parsed("outbox", []).filter((one) => one.id !== id);
  write("outbox", rest.length ? JSON.stringify(rest) : "");
}
