// What is being written: the surface, the version of the file that it began with, and this tab's name.

const NAME = "meishi-editor-tab";

export class Draft extends EventTarget {
  constructor(surface, { path, version, text }) {
    super();
    // A later life of this tab counts on where no earlier one came.
    Object.assign(this, { surface, path, version, began: text, seq: Date.now() });
    this.tab = tabName();
    surface.onChange((change) => {
      this.seq += 1;
      this.dispatchEvent(new CustomEvent("changed", { detail: change }));
    });
  }

  get text() {
    return this.surface.text;
  }

  get dirty() {
    return this.text !== this.began;
  }

  /** The file has this version now, and this text. */
  adopt(version, text) {
    this.version = version;
    this.began = text;
    this.dispatchEvent(new Event("based"));
  }

  /** Take another name: the browser copies the old one when a tab is duplicated. */
  rename() {
    this.tab = tabName(true);
  }
}

function tabName(anew = false) {
  try {
    const kept = sessionStorage.getItem(NAME);
    if (kept && !anew) return kept;
    const made = random();
    sessionStorage.setItem(NAME, made);
    return made;
  } catch {
    return random();
  }
}

const random = () => [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("");
