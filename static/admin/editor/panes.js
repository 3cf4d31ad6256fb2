// What is on view: on a wide window the text and one pane beside it, on a phone one at a time.

const WIDTH = "meishi-editor-width";

export class Panes extends EventTarget {
  #form;
  #tabs;
  #narrow = matchMedia("(max-width: 52rem)");

  constructor(form) {
    super();
    this.#form = form;
    this.#tabs = [...form.querySelectorAll("[data-views] [role=tab]")];
    this.view = "write";
    this.side = "preview";
    for (const tab of this.#tabs) {
      tab.addEventListener("click", () => this.show(tab.dataset.view));
      tab.addEventListener("keydown", (event) => this.#move(event));
    }
    this.#narrow.addEventListener("change", () => this.#apply());
    this.#prepareDivider(form.querySelector("[data-divider]"));
    this.#preparePhone(form.querySelector("[data-phone]"));
    this.#apply();
  }

  get narrow() {
    return this.#narrow.matches;
  }

  /** Whether the preview can be seen. */
  get previewing() {
    return (this.narrow ? this.view : this.side) === "preview";
  }

  show(view) {
    if (view !== "write") this.side = view;
    this.view = view;
    this.#apply();
    this.dispatchEvent(new CustomEvent("shown", { detail: view }));
  }

  #apply() {
    const current = this.narrow ? this.view : this.side;
    Object.assign(this.#form.dataset, { view: this.view, side: this.side.replace(/-.*/, "") });
    for (const tab of this.#tabs) {
      const chosen = tab.dataset.view === current;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    for (const name of ["preview", "fields", "beside"]) {
      this.#form.querySelector(`#pane-${name}`).hidden = !this.side.startsWith(name);
    }
    this.#form.querySelector("#pane-beside").setAttribute("aria-labelledby", `tab-${this.side}`);
  }

  #move(event) {
    const shown = this.#tabs.filter((tab) => tab.getClientRects().length);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = shown[(shown.indexOf(event.target) + step + shown.length) % shown.length];
    next.click();
    next.focus();
  }

  #prepareDivider(divider) {
    const set = (share) => {
      const width = Math.round(Math.min(75, Math.max(25, share)));
      this.#form.style.setProperty("--width", `${width}%`);
      divider.setAttribute("aria-valuenow", String(width));
      try {
        localStorage.setItem(WIDTH, String(width));
      } catch {
        // Then the width lasts for this visit.
      }
    };
    try {
      const kept = Number(localStorage.getItem(WIDTH));
      if (kept) set(kept);
    } catch {
      // As above.
    }
    divider.addEventListener("pointerdown", (event) => {
      divider.setPointerCapture(event.pointerId);
      this.#form.dataset.dragging = "";
    });
    divider.addEventListener("pointermove", (event) => {
      if (!divider.hasPointerCapture(event.pointerId)) return;
      const { left, width } = divider.parentElement.getBoundingClientRect();
      set((100 * (event.clientX - left)) / width);
    });
    divider.addEventListener("lostpointercapture", () => delete this.#form.dataset.dragging);
    divider.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -5, ArrowRight: 5 }[event.key];
      if (!step) return;
      event.preventDefault();
      set(Number(divider.getAttribute("aria-valuenow")) + step);
    });
  }

  #preparePhone(button) {
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      this.#form.toggleAttribute("data-as-phone", on);
    });
  }
}
