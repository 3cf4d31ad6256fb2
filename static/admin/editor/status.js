// One line says how the text stands; it is read out when it changes for good, not with each keystroke.
import { notify } from "../notices.js";
import { say } from "./words.js";

const typing = new Set(["unsaved", "unkept"]);

export class Status {
  #place;
  #said;
  #timer = 0;
  #text = "";
  kind = "saved";

  constructor(place, said) {
    this.#place = place;
    this.#said = said;
  }

  show(kind, text = say(kind)) {
    if (kind === this.kind && text === this.#text) return;
    // Whether the journal has the newest keystroke changes with each of them: that waits for a pause.
    const wait = typing.has(kind) && typing.has(this.#place.dataset.kind) ? 400 : 0;
    [this.kind, this.#text] = [kind, text];
    clearTimeout(this.#timer);
    const tell = () => {
      this.#place.dataset.kind = kind;
      this.#place.textContent = text;
      if (!typing.has(kind)) this.#said.textContent = text;
    };
    if (wait) this.#timer = setTimeout(tell, wait);
    else tell();
  }

  /** Say what needs more than the line: it stays until it is settled; a note that asks for nothing goes by itself. */
  explain(text, { kind = "warning", action, key = "editor" } = {}) {
    notify(text, { kind, action, key, seconds: kind === "note" && !action ? 8 : 0 });
  }

  settle(key = "editor") {
    document.querySelector(`[data-notices] [data-key="${key}"]`)?.remove();
  }
}
