// The buttons above the text, their shortcuts, and the small dialog for links, pictures and shortcodes.
import { register } from "../shortcuts.js";
import { commands, inserts } from "./commands.js";
import { say } from "./words.js";

const FIELDS = { link: ["text", "address"], picture: ["alt", "address"], shortcode: ["shortcode"] };
const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
const keycap = (keys) => keys.split("+").map((one) => ({ Mod: mac ? "⌘" : "Ctrl", Alt: mac ? "⌥" : "Alt", Shift: "⇧" })[one] ?? one.toUpperCase()).join(mac ? "" : "+");

export class Toolbar {
  #surface;
  #bar;
  #dialog = document.getElementById("insert");
  #form = this.#dialog.querySelector("form");
  #kind = "";
  #selection;

  constructor(bar, surface) {
    this.#bar = bar;
    this.#surface = surface;
    for (const button of bar.querySelectorAll("[data-tool]")) this.#prepare(button);
    this.#form.addEventListener("submit", () => this.#insert());
    this.#dialog.querySelector("[data-insert-cancel]").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => surface.focus());
    bar.addEventListener("keydown", (event) => this.#move(event));
    this.#stops()[0].tabIndex = 0;
  }

  #prepare(button) {
    const { tool, label, keys } = button.dataset;
    button.tabIndex = -1;
    button.title = keys ? `${label} (${keycap(keys)})` : label;
    button.setAttribute("aria-label", label);
    if (keys) button.setAttribute("aria-keyshortcuts", keys.replace("Mod", mac ? "Meta" : "Control"));
    // A press must not take the focus, and with it the keyboard of a phone, from the text.
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => this.run(tool));
    if (tool === "find" && !this.#surface.rich) button.hidden = true;
    if (keys && !button.hidden) register({ keys, label, group: say("group"), run: () => this.run(tool) });
  }

  run(tool) {
    const surface = this.#surface;
    if (surface.composing) return;
    if (tool === "undo" || tool === "redo" || tool === "find") surface[tool]();
    else if (tool in FIELDS) this.#ask(tool);
    else {
      const { from, to } = surface.selection;
      surface.change(commands[tool](surface.text, from, to));
    }
  }

  #ask(kind) {
    this.#kind = kind;
    this.#selection = this.#surface.selection;
    const chosen = this.#surface.text.slice(this.#selection.from, this.#selection.to);
    const url = /^(https?:\/\/|\/|mailto:)\S+$/.test(chosen);
    this.#form.querySelector("[data-insert-title]").textContent = say(`insert_${kind}`);
    for (const field of this.#form.querySelectorAll("[data-insert-field]")) {
      const { insertField } = field.dataset;
      const input = field.querySelector("input, select");
      field.hidden = !FIELDS[kind].includes(insertField);
      input.disabled = field.hidden;
      input.required = insertField === "address";
      if (input.matches("input")) input.value = insertField === "address" ? (url ? chosen : "") : url ? "" : chosen;
    }
    this.#dialog.showModal();
    const empty = [...this.#form.querySelectorAll("input:enabled, select:enabled")].find((input) => !input.value);
    (empty ?? this.#form.querySelector("input:enabled, select:enabled")).focus();
  }

  #insert() {
    const fields = {};
    for (const field of this.#form.querySelectorAll("[data-insert-field]")) {
      fields[field.dataset.insertField] = field.querySelector("input, select").value.trim();
    }
    const { from, to } = this.#selection;
    this.#surface.change(inserts[this.#kind](this.#surface.text, from, to, fields));
  }

  // One stop for Tab; arrows go from button to button.

  #stops() {
    return [...this.#bar.querySelectorAll("button:not([hidden])")];
  }

  #move(event) {
    const stops = this.#stops();
    const at = stops.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    const target = stops[(next + stops.length) % stops.length];
    stops.forEach((one) => (one.tabIndex = one === target ? 0 : -1));
    target.focus();
  }
}
