// Changes of the same lines: base, mine and theirs, and a choice for each part.

export class Clash {
  #dialog = document.getElementById("clash");
  #holder = this.#dialog.querySelector("[data-clash-holder]");
  #settled;

  /** `settled(text, version, theirs)` gets what the owner put together. */
  constructor(settled) {
    this.#settled = settled;
    this.#dialog.querySelector("[data-settle]").addEventListener("click", () => this.#settle());
  }

  show(clash) {
    this.current = clash;
    // Our own server's page, with everything in it escaped.
    this.#holder.innerHTML = clash.clash;
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#holder.querySelector("input[type=radio]")?.focus();
  }

  #settle() {
    const pieces = JSON.parse(this.#holder.querySelector("[data-pieces]").textContent);
    const text = pieces.map((piece, number) => {
      if (piece.kind !== "clash") return piece.text;
      const chosen = this.#holder.querySelector(`input[name="part-${number}"]:checked`)?.value ?? "mine";
      const gap = piece.mine && !piece.mine.endsWith("\n") && piece.theirs ? "\n" : "";
      return chosen === "both" ? piece.mine + gap + piece.theirs : piece[chosen];
    });
    this.#dialog.close();
    this.#settled(text.join(""), this.current);
  }
}
