// The same wishes by HTTP, for networks that let no WebSocket through.
import { author } from "./store.js";

function place(base, room) {
  const path = room.startsWith("/") ? room : `/guestbook/${room}/`;
  return base + encodeURI(path);
}

function reading(base, { room, after = 0, epoch = "", lang }) {
  const query = new URLSearchParams({ after, epoch, lang });
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
  if (event === "older") return { ok: true, entries: [] };
  const answer = await (event === "join" ? reading(base, data) : writing(base, event, data));
  return answer.json();
}
