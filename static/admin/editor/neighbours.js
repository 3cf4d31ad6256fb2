// Tabs of the same page know each other, and hear of each other's saves.

export class Neighbours extends EventTarget {
  #channel;
  #draft;
  #others = new Set();

  constructor(draft) {
    super();
    this.#draft = draft;
    if (!("BroadcastChannel" in globalThis)) return;
    this.#channel = new BroadcastChannel("meishi-editor");
    this.#channel.addEventListener("message", ({ data }) => this.#heard(data));
    addEventListener("pagehide", () => this.#say("bye"));
  }

  #say(kind) {
    this.#channel?.postMessage({ kind, path: this.#draft.path, tab: this.#draft.tab });
  }

  #heard({ kind, path, tab }) {
    if (path !== this.#draft.path) return;
    if (kind === "hello") this.#say("here");
    if (kind === "bye") this.#others.delete(tab);
    if (kind === "hello" || kind === "here") {
      this.#others.add(tab);
      this.dispatchEvent(new Event("met"));
    }
    if (kind === "saved") this.dispatchEvent(new Event("saved"));
  }

  /** Find out who else is there: the names of the other tabs. */
  async greet() {
    this.#say("hello");
    await new Promise((resolve) => setTimeout(resolve, this.#channel ? 120 : 0));
    // A duplicated tab has its original's name: it takes another.
    if (this.#others.has(this.#draft.tab)) this.#draft.rename();
    return this.#others;
  }

  get any() {
    return this.#others.size > 0;
  }

  tellSaved() {
    this.#say("saved");
  }
}
