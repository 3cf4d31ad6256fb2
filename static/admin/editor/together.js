// The text and the preview scroll together: a line of the source stands where its block stands.

export class Together {
  #surface;
  #preview;
  #leader = "text";
  #quiet = 0;

  constructor(surface, preview, place) {
    this.#surface = surface;
    this.#preview = preview;
    const lead = (who) => () => (this.#leader = who);
    for (const kind of ["pointerenter", "pointerdown", "touchstart", "focusin", "wheel", "keydown"]) {
      place.addEventListener(kind, lead("text"), { passive: true });
    }
    surface.scroller.addEventListener("scroll", () => this.#leader === "text" && this.#follow(), { passive: true });
    preview.addEventListener("loaded", () => {
      const { window, document } = preview;
      for (const kind of ["pointerenter", "pointerdown", "touchstart", "focusin", "wheel", "keydown"]) {
        document.documentElement.addEventListener(kind, lead("preview"), { passive: true });
      }
      window.addEventListener("scroll", () => this.#leader === "preview" && this.#lead(), { passive: true });
      this.#follow();
    });
    preview.addEventListener("swapped", () => this.keepInView());
  }

  #anchors() {
    const { document, window } = this.#preview;
    const found = [{ line: 1, top: 0 }];
    for (const block of document?.querySelectorAll("[data-line]") ?? []) {
      if (!block.getClientRects().length) continue;
      const line = Number(block.dataset.line);
      const top = block.getBoundingClientRect().top + window.scrollY;
      if (line > found.at(-1).line && top >= found.at(-1).top) found.push({ line, top });
    }
    return found;
  }

  #between(anchors, value, from, to) {
    const next = anchors.findIndex((one) => one[from] > value);
    const low = anchors[next < 0 ? anchors.length - 1 : Math.max(0, next - 1)];
    const high = anchors[next];
    if (!high) return low[to] + (from === "line" ? (value - low.line) * 24 : (value - low.top) / 24);
    return low[to] + ((value - low[from]) / (high[from] - low[from])) * (high[to] - low[to]);
  }

  /** The preview goes where the text is. */
  #follow() {
    const { window } = this.#preview;
    if (!window || performance.now() < this.#quiet) return;
    const { top: line } = this.#surface;
    const anchors = this.#anchors();
    const top = line <= 1.01 ? 0 : this.#between(anchors, line, "line", "top") - 24;
    window.scrollTo({ top, behavior: "instant" });
  }

  /** The text goes where the preview is. */
  #lead() {
    const { window } = this.#preview;
    if (!window) return;
    const top = window.scrollY;
    this.#surface.scrollTo(top < 2 ? 1 : this.#between(this.#anchors(), top + 24, "top", "line"));
  }

  /** While the owner types, the block under the cursor is on view. */
  keepInView() {
    if (!this.#surface.focused) return;
    const { window } = this.#preview;
    if (!window) return;
    const line = this.#surface.cursorLine;
    const top = this.#between(this.#anchors(), line, "line", "top");
    const { scrollY, innerHeight } = window;
    if (top < scrollY || top > scrollY + innerHeight - 60) {
      window.scrollTo({ top: Math.max(0, top - innerHeight / 3), behavior: "instant" });
    }
    this.#quiet = performance.now() + 150;
  }
}
