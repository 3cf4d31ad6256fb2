// The text area itself as the surface: what is there when CodeMirror is not installed.
import { changes } from "./differences.js";

export class PlainSurface {
  #element;
  #listeners = [];
  composing = false;
  rich = false;

  constructor(element) {
    this.#element = element;
    this.scroller = element;
    element.addEventListener("compositionstart", () => (this.composing = true));
    element.addEventListener("compositionend", () => {
      this.composing = false;
      this.#tell(true);
    });
    element.addEventListener("input", () => this.#tell(true));
  }

  get text() {
    return this.#element.value;
  }

  get selection() {
    return { from: this.#element.selectionStart, to: this.#element.selectionEnd };
  }

  get focused() {
    return document.activeElement === this.#element;
  }

  onChange(listener) {
    this.#listeners.push(listener);
  }

  #tell(typed) {
    for (const listener of this.#listeners) listener({ typed });
  }

  /** Change a stretch as if it had been typed, so that undo takes it back. */
  change({ from, to, insert, select }) {
    this.#element.focus();
    this.#element.setSelectionRange(from, to);
    const done = insert ? document.execCommand("insertText", false, insert) : from === to || document.execCommand("delete");
    if (!done) {
      this.#element.setRangeText(insert, from, to, "end");
      this.#tell(true);
    }
    if (select) this.#element.setSelectionRange(...select);
  }

  /** Put another text in place, the cursor staying where it was in what is unchanged. */
  replace(text) {
    let { from, to } = this.selection;
    const top = this.#element.scrollTop;
    const moved = (place, made) => {
      let shift = 0;
      for (const one of made) {
        if (one.to <= place) shift += one.insert.length - (one.to - one.from);
        else if (one.from < place) return one.from + shift + one.insert.length;
      }
      return place + shift;
    };
    const made = changes(this.text, text);
    if (!made.length) return;
    [from, to] = [moved(from, made), moved(to, made)];
    this.#element.value = text;
    this.#element.setSelectionRange(from, to);
    this.#element.scrollTop = top;
    this.#tell(false);
  }

  focus() {
    this.#element.focus();
  }

  /** Put the cursor on a line, counted from 1, and show it. */
  goTo(line, { focus = true } = {}) {
    const lines = this.text.split("\n");
    const place = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.#element.setSelectionRange(place, place);
    this.scrollTo(Math.max(1, line - 3));
    if (focus) this.focus();
  }

  get #lineHeight() {
    return this.#element.scrollHeight / (this.text.split("\n").length || 1);
  }

  /** The line at the top of the window, with its fraction; wrapped lines make it an estimate. */
  get top() {
    return 1 + this.#element.scrollTop / this.#lineHeight;
  }

  scrollTo(line) {
    this.#element.scrollTop = (line - 1) * this.#lineHeight;
  }

  get cursorLine() {
    return this.text.slice(0, this.selection.from).split("\n").length;
  }

  mark() {}

  undo() {
    document.execCommand("undo");
  }

  redo() {
    document.execCommand("redo");
  }

  find() {
    return false; // the browser's own search is for that
  }
}
