// The page hears of changes: at once by the guestbook's own socket, or by looking every few seconds.
import { send } from "./request.js";
import { part, refresh, shown } from "./guestbook_room.js";

const OFTEN = 4000; // milliseconds between two looks without a socket,
const SELDOM = 30000; // and with one: it may miss what another process did
const { dataset: words } = part;
const sign = document.querySelector("[data-live]");
const title = document.title;
let timer;
let socket;
let here = "";

/** Begin to follow the room. */
export function follow() {
  sign.hidden = false;
  say("quiet");
  count();
  part.addEventListener("filled", count);
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : look()));
  addEventListener("online", look);
  addEventListener("focus", read);
  document.addEventListener("signed-out", () => location.reload());
  listen();
  later();
  read();
}

async function look() {
  clearTimeout(timer);
  try {
    const now = await send(words.pulseAddress);
    if (now.state !== shown().pulse) await refresh();
    say(socket?.connected ? "live" : "quiet");
    await read();
  } catch {
    say("away");
  }
  later();
}

function later() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(look, socket?.connected ? SELDOM : OFTEN);
}

/** What is in view while the window has the focus counts as read. */
async function read() {
  if (document.hidden || !document.hasFocus() || shown().unread === "0") return;
  shown().unread = "0";
  await send(words.readAddress, { form: new FormData() }).catch(() => (shown().unread = "1"));
  count();
}

function count() {
  const { unread, held, says } = shown();
  const number = Math.max(Number(unread), Number(held));
  document.title = number ? `(${number}) ${title}` : title;
  const badge = document.querySelector("[data-unread-badge=b]");
  if (!badge) return;
  badge.hidden = !number;
  badge.firstElementChild.textContent = number;
  badge.lastElementChild.textContent = says;
}

function say(state) {
  sign.classList.toggle("on", state === "live");
  sign.classList.toggle("off", state === "away");
  sign.querySelector("[data-live-text]").textContent = words[state] + (state === "live" && here ? ` · ${here}` : "");
}

async function listen() {
  if (!words.socket) return;
  let io;
  try {
    ({ io } = await import("./socket.io.js"));
  } catch {
    return; // It was not installed; looking goes on.
  }
  socket = io("/guestbook", { path: words.socket, transports: ["websocket"], auth: { v: 1, owner: true } });
  socket.on("connect", () => (say("live"), look()));
  socket.on("disconnect", () => (say("quiet"), later()));
  socket.on("desk", (told) => {
    if (told.here === undefined) {
      look();
      return;
    }
    here = words.here.replace("{count}", told.here);
    say("live");
  });
}
