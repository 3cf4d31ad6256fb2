// Every keystroke goes into the browser's journal at once and to the server's within 300 ms.
import { send, Refusal } from "../request.js";
import * as shelf from "./shelf.js";

const WINDOW = 300; // ms from a keystroke to the server
const AGAIN = 3000; // ms until the next try when the server is away
const BEACON = 60_000; // bytes that a closing page may still send

export class Journal extends EventTarget {
  #draft;
  #url;
  #timer = 0;
  #flying = false;
  #writing = false;
  #waiting = false;
  kept = 0; // the newest number that the server has

  constructor(draft, url) {
    super();
    this.#draft = draft;
    this.#url = url;
    draft.addEventListener("changed", () => this.#note());
    // What another save brought onto the disk needs no journal.
    draft.addEventListener("based", () => draft.dirty || shelf.drop(draft.path, draft.tab));
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.#leave());
    addEventListener("online", () => this.#flush());
  }

  #note() {
    if (!this.#draft.dirty) return this.#settleIfSame();
    this.#write();
    if (!this.#timer) this.#timer = setTimeout(() => this.#flush(), WINDOW);
  }

  /** The owner typed back to what is on disk: nothing is left to keep. */
  #settleIfSame() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (this.kept || this.#flying) this.forget();
    else shelf.drop(this.#draft.path, this.#draft.tab);
  }

  async #write() {
    this.#waiting = this.#writing;
    if (this.#writing) return;
    this.#writing = true;
    await shelf.put(this.#record);
    this.#writing = false;
    if (this.#waiting) this.#write();
  }

  get #record() {
    const { path, tab, version, began, seq, text } = this.#draft;
    return { path, tab, base: version, began, seq, text, when: Date.now() };
  }

  get #state() {
    const { tab, version, seq, text } = this.#draft;
    return { tab, base: version, seq, text };
  }

  async #flush() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const { seq, dirty, surface } = this.#draft;
    if (this.#flying || !dirty || seq <= this.kept) return;
    if (surface.composing) {
      this.#timer = setTimeout(() => this.#flush(), WINDOW);
      return;
    }
    this.#flying = true;
    let wait = WINDOW;
    try {
      const { seq: newest } = await send(this.#url, { json: this.#state });
      this.kept = Math.max(seq, newest);
      // An earlier life of this tab had counted further, by a clock that was wrong.
      if (newest > this.#draft.seq) this.#draft.seq = newest + 1;
      this.dispatchEvent(new CustomEvent("kept"));
    } catch (error) {
      wait = AGAIN;
      this.dispatchEvent(new CustomEvent("away", { detail: error instanceof Refusal ? error : null }));
    }
    this.#flying = false;
    if (this.#draft.dirty && this.#draft.seq > this.kept && !this.#timer) {
      this.#timer = setTimeout(() => this.#flush(), wait);
    }
  }

  /** Hand over the last keystrokes while the page goes away; longer texts stay in the browser alone. */
  #leave() {
    const { seq, dirty } = this.#draft;
    if (!dirty || seq <= this.kept) return;
    shelf.putNow(this.#record);
    const size = new Blob([this.#draft.text]).size;
    if (size < BEACON) send(this.#url, { json: this.#state, keepalive: true }).catch(() => {});
  }

  /** What was typed up to a number is on the disk now. */
  settle(seq) {
    if (this.#draft.seq > seq) return;
    this.kept = seq;
    shelf.drop(this.#draft.path, this.#draft.tab);
  }

  forget() {
    const { path, tab, seq } = this.#draft;
    this.kept = 0;
    shelf.drop(path, tab);
    send(this.#url, { json: { tab, seq, drop: true }, keepalive: true }).catch(() => {});
  }

  /** Forget what another tab left, on both sides. */
  async dismiss(record) {
    await shelf.drop(record.path, record.tab);
    send(this.#url, { json: { tab: record.tab, seq: record.seq, drop: true }, keepalive: true }).catch(() => {});
  }
}
