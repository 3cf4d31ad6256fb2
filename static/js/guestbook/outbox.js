// What is on its way: shown at once, sent one by one, kept until the server has it or the writer gives it up.
import { button, element } from "./build.js";
import { line } from "./line.js";
import { prove } from "./proof.js";
import * as store from "./store.js";
import { say } from "./words.js";

// Refusals that end by themselves; after the others the writer has to do something.
const PASSING = new Set(["rate_limited", "room_slow", "try_again", "full", "stale_ticket", "proof_needed"]);
const TICKET = 2500;

export class Outbox {
  #items = new Map();
  #busy = false;
  #timer = 0;

  // `place` shows what is on its way; `done` is given the server's answer and the item.
  constructor(book, place, done, back) {
    this.book = book;
    this.place = place;
    this.done = done;
    this.back = back;
    for (const item of store.outbox(book.server, book.room)) this.#take(item);
  }

  add(fields) {
    const item = {
      ...fields, id: store.random(16), server: this.book.server, room: this.book.room, at: new Date().toISOString(),
    };
    store.post(item);
    this.#take(item);
    this.pump();
  }

  has(id) {
    return this.#items.has(id);
  }

  async pump() {
    if (this.#busy || !this.book.connection.live || !this.book.ticket) return this.#tell();
    const now = Date.now();
    const waiting = [...this.#items.values()].filter((one) => !one.failed);
    const item = waiting.find((one) => (one.due ?? 0) <= now);
    clearTimeout(this.#timer);
    if (!item) {
      const next = Math.min(...waiting.map((one) => one.due));
      if (waiting.length) this.#timer = setTimeout(() => this.pump(), next - now);
      return this.#tell();
    }
    this.#busy = true;
    this.#say(item, say("sending"));
    try {
      await this.#send(item);
    } finally {
      this.#busy = false;
    }
    return this.pump();
  }

  async #send(item) {
    const { id, name, body, link, to, trap, proof } = item;
    const { room } = this.book;
    const page = room.startsWith("/") ? room : "";
    const answer = await this.book.connection.ask("sign", {
      room, id, name, body, link, to, trap, proof, page, ticket: item.ticket ?? this.book.ticket, lang: this.book.language,
    });
    if (answer === null) return; // nobody knows whether it arrived: the same id makes asking again harmless
    if (answer.ok) {
      store.unpost(id);
      if (answer.token) store.keepToken(id, answer.token);
      if (answer.entry?.face) store.keep("face", answer.entry.face);
      this.#drop(item);
      this.done(answer, item);
      return;
    }
    item.ticket = answer.ticket ?? item.ticket;
    if (answer.code === "proof_needed" && answer.challenge) {
      this.#say(item, say("checking"));
      item.proof = await prove(answer.challenge);
    }
    if (PASSING.has(answer.code)) {
      const wait = answer.code === "proof_needed" ? 0 : answer.code === "stale_ticket" ? TICKET : (answer.retry_after ?? 3) * 1000;
      item.due = Date.now() + wait;
      // The form was quicker than a person may be: that mends itself.
      item.said = answer.code === "stale_ticket" ? "" : answer.message;
    } else {
      item.failed = answer.message || say("failed");
      item.field = answer.field;
      this.book.status(item.failed);
    }
  }

  // What everyone sees by now needs no telling.
  settle(ids) {
    for (const id of ids) {
      const item = this.#items.get(id);
      if (!item) continue;
      store.unpost(id);
      this.#drop(item);
    }
  }

  #take(item) {
    const article = line({ ...item, face: store.text("face"), number: 0 }, this.book);
    article.classList.add("pending");
    const fate = element("p", { class: "fate" });
    article.append(fate);
    this.#items.set(item.id, Object.assign(item, { article, fate }));
    this.place.prepend(article);
    this.#tell();
  }

  #drop(item) {
    this.#items.delete(item.id);
    item.article.remove();
  }

  #tell() {
    for (const item of this.#items.values()) {
      if (item.failed) this.#fail(item);
      else if (!this.book.connection.live) this.#say(item, say("waiting"), this.#discard(item));
      else if (item.said && item.due > Date.now()) this.#count(item);
      else this.#say(item, say("sending"));
    }
  }

  #count(item) {
    const count = Math.ceil((item.due - Date.now()) / 1000);
    if (count < 1 || item.failed || !item.article.isConnected) return;
    this.#say(item, item.said ?? "", " ", say("again", { count }), " ", this.#discard(item));
    clearTimeout(item.counting);
    item.counting = setTimeout(() => this.#count(item), 1000);
  }

  #fail(item) {
    const again = button(say("retry"), () => {
      item.failed = "";
      item.due = 0;
      this.pump();
    });
    const change = button(say("edit"), () => {
      store.unpost(item.id);
      this.#drop(item);
      this.back(item, item.field);
    });
    this.#say(item, say("failed"), " ", item.failed, " ", again, change, this.#discard(item));
    item.article.classList.add("failed");
  }

  #discard(item) {
    return button(say("discard"), () => {
      store.unpost(item.id);
      this.#drop(item);
    });
  }

  #say(item, ...parts) {
    item.article.classList.toggle("failed", Boolean(item.failed));
    item.fate.replaceChildren(...parts);
  }
}
