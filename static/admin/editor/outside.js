// Changes on disk by another program, another tab or another device arrive by themselves.
import { send, Refusal } from "../request.js";
import { plain } from "./words.js";

const EVERY = 2500; // ms

export class Outside extends EventTarget {
  #draft;
  #urls;
  #saving;
  #busy = false;
  away = false;
  seen = ""; // a version that clashes, and that the owner knows of

  constructor(draft, saving, urls) {
    super();
    this.#draft = draft;
    this.#saving = saving;
    this.#urls = urls;
    setInterval(() => document.hidden || this.check(), EVERY);
    document.addEventListener("visibilitychange", () => document.hidden || this.check());
    addEventListener("online", () => this.check());
  }

  #tell(kind, detail = {}) {
    this.dispatchEvent(new CustomEvent("state", { detail: { kind, ...detail } }));
  }

  async check() {
    const { version, surface } = this.#draft;
    if (this.#busy || this.#saving.busy || surface.composing) return;
    if (!version && !this.#saving.wanted) return; // a new page, which nobody else can change
    this.#busy = true;
    try {
      const there = await send(`${this.#urls.current}?version=${encodeURIComponent(version)}`);
      const { away } = this;
      this.away = false;
      if (away || this.#saving.wanted) this.#tell("back");
      if (!version) return;
      if (there.gone) this.#gone();
      else if (there.text !== undefined) await this.#arrived(there.version, plain(there.text));
    } catch (error) {
      if (!(error instanceof Refusal)) {
        const before = this.away;
        this.away = true; // first, as whoever hears of it asks
        if (!before) this.#tell("offline");
      }
    } finally {
      this.#busy = false;
    }
  }

  #gone() {
    this.#draft.adopt("", "");
    this.#tell("gone");
  }

  async #arrived(version, theirs) {
    const draft = this.#draft;
    if (this.#saving.busy || version === draft.version || version === this.seen) return;
    if (this.#saving.isOurs(theirs)) return draft.adopt(version, theirs);
    const base = draft.began;
    for (let tries = 0; tries < 20; tries++) {
      const mine = draft.text;
      const answer = mine === base ? { text: theirs } : await send(this.#urls.merge, { json: { base, mine, theirs } });
      if (draft.text !== mine || draft.surface.composing) continue;
      if (this.#saving.busy || draft.began !== base) return;
      if (answer.clash) {
        this.seen = version;
        return this.#tell("clash", { clash: answer.clash, version, theirs, mine });
      }
      draft.surface.replace(plain(answer.text));
      draft.adopt(version, theirs);
      return this.#tell("outside");
    }
  }
}
