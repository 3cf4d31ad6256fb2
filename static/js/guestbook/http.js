// The same wishes by HTTP, for networks that let no WebSocket through.
import { author } from "./store.js";

function place(base, room) {
  const path = room.startsWith("/") ? room : `/guestbook/${room}/`;
  return base + encodeURI(path);
}

function reading(base, room, asked) {
  const query = new URLSearchParams(asked);
  if (room.startsWith("/")) query.set("room", room);
  const name = room.startsWith("/") ? "" : encodeURIComponent(room);
  return fetch(`${base}/guestbook/${name}.json?${query}`, { headers: { "X-Meishi-Author": author() } });
}

function writing(base, action, data) {
  return fetch(place(base, data.room), {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ ...data, action, author: author() }),
  });
}

// Returns the server's answer; throws where none comes.
export async function wish(base, event, data) {
  const { room, before, after = 0, epoch = "", lang } = data;
  const asked = { join: { after, epoch, lang }, older: { before, lang } }[event];
  const answer = await (asked ? reading(base, room, asked) : writing(base, event, data));
  return answer.json();
}
