// Tabs of the same page know each other, and hear of each other's saves.

const PATIENCE = 400; // ms until a name is taken to be another tab's, and not our own before a reload
const SILENCE = 120; // ms for answers where there are no locks: a tab that sleeps gives none

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
    if (navigator.locks) await this.#meet();
    this.#say("hello");
    if (!navigator.locks) await new Promise((resolve) => setTimeout(resolve, this.#channel ? SILENCE : 0));
    // A duplicated tab has its original's name: it takes another.
    if (this.#others.has(this.#draft.tab)) this.#draft.rename();
    return this.#others;
  }

  /** Hold our name as long as this page lives: tabs that sleep are found by theirs. */
  async #meet() {
    if (!(await this.#hold())) {
      this.#draft.rename();
      await this.#hold();
    }
    const { held } = await navigator.locks.query();
    const names = held.map(({ name }) => name).filter((name) => name.startsWith(this.#name("")));
    for (const name of names) this.#others.add(name.slice(this.#name("").length));
    this.#others.delete(this.#draft.tab);
    if (this.any) this.dispatchEvent(new Event("met"));
  }

  #hold() {
    const name = this.#name(this.#draft.tab);
    const signal = AbortSignal.timeout(PATIENCE);
    return new Promise((resolve) => {
      const hold = () => new Promise(() => resolve(true));
      navigator.locks.request(name, { signal }, hold).catch(() => resolve(false));
    });
  }

  #name(tab) {
    return `meishi-editor ${this.#draft.path}\n${tab}`;
  }

  get any() {
    return this.#others.size > 0;
  }

  tellSaved() {
    this.#say("saved");
  }
}
