// Saving: one request at a time, nothing lost by what is typed meanwhile, and plain words for every outcome.
import { send, Refusal } from "../request.js";
import { plain } from "./words.js";

export class Saving extends EventTarget {
  #draft;
  #journal;
  #urls;
  #busy = false;
  #again = false;
  wanted = false; // the owner asked, and there was no connection
  #unanswered = new Set(); // what was sent, and may have been saved before the connection broke

  constructor(draft, journal, urls) {
    super();
    this.#draft = draft;
    this.#journal = journal;
    this.#urls = urls;
    addEventListener("online", () => this.wanted && this.save());
  }

  #tell(kind, detail = {}) {
    this.dispatchEvent(new CustomEvent("state", { detail: { kind, ...detail } }));
  }

  get busy() {
    return this.#busy;
  }

  /** Whether a text on disk is one of our own saves that nobody confirmed: what was typed since goes on from it. */
  isOurs(text) {
    return this.#unanswered.has(text);
  }

  async save() {
    const draft = this.#draft;
    if (draft.surface.composing) {
      setTimeout(() => this.save(), 80); // the input method writes its last letters first
      return;
    }
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    this.wanted = false;
    this.#tell("saving");
    const { kind, ...detail } = await this.#attempt(draft);
    this.#busy = false;
    if (kind) this.#tell(kind, detail);
    if (this.#again) {
      this.#again = false;
      this.save();
    }
  }

  /** Send the text; return what came of it. */
  async #attempt({ text, seq, version, tab }) {
    this.#unanswered.add(text);
    try {
      const saved = await send(this.#urls.save, { json: { text, base: version, tab, seq } });
      await this.#settle(text, plain(saved.text), saved);
      this.#unanswered.clear();
      this.#journal.settle(seq);
      return { kind: saved.merged ? "merged" : "saved", notice: saved.notice, version: saved.version };
    } catch (error) {
      return await this.#failure(error, text);
    }
  }

  /** Take over what is on disk now: our text, perhaps together with another's. */
  async #settle(sent, there, saved) {
    const { surface } = this.#draft;
    if (there === sent) return this.#draft.adopt(saved.version, there);
    for (let tries = 0; tries < 20; tries++) {
      const mine = surface.text;
      if (mine === sent) {
        surface.replace(there);
        return this.#draft.adopt(saved.version, there);
      }
      const { text } = await send(this.#urls.merge, { json: { base: sent, mine, theirs: there } });
      if (surface.text !== mine) continue; // typed on meanwhile
      // Where both touched a line, what stands in this window stays; the other version is in the history.
      surface.replace(plain(text ?? mine));
      return this.#draft.adopt(saved.version, there);
    }
  }

  async #failure(error, mine) {
    if (!(error instanceof Refusal)) {
      this.wanted = true;
      return { kind: "offline" };
    }
    const { status, answer } = error;
    const theirs = answer.error === "clash" ? plain(answer.theirs) : "";
    if (theirs && theirs !== mine && this.isOurs(theirs)) {
      this.#draft.adopt(answer.version, theirs);
      this.#again = true;
      return {};
    }
    // A new page that is there already may be our own, from a save that nobody confirmed.
    const there = this.#draft.version || status !== 422 ? null : await send(`${this.#urls.current}?version=`).catch(() => null);
    if (there?.text !== undefined && this.isOurs(plain(there.text))) {
      this.#draft.adopt(there.version, plain(there.text));
      this.#again = true;
      return {};
    }
    this.#unanswered.delete(mine);
    if (status === 401) return { kind: "signed_out", address: answer.sign_in };
    if (answer.error === "clash") return { kind: "clash", clash: answer.clash, version: answer.version, theirs, mine };
    return { kind: "failed", message: error.message, hint: answer.hint };
  }
}
