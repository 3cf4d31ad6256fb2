// The front matter as a form. The server writes and reads fields, so form and text cannot disagree on what is meant.
import { send, Refusal } from "../request.js";
import { plain, say, told } from "./words.js";

const PAUSE = 150; // ms after the last keystroke in a field

export class FieldsForm {
  #draft;
  #url;
  #root;
  #inputs = new Map(); // name of the input → its element
  #names = new Map(); // name of the input → how the file calls it
  #waiting = new Map(); // name in the file → change
  #timer = 0;
  #busy = false;

  constructor(root, draft, url) {
    this.#root = root;
    this.#draft = draft;
    this.#url = url;
    for (const place of root.querySelectorAll("[data-field]")) this.#prepare(place);
    root.querySelector("[data-add-field]").addEventListener("click", () => this.#add());
    root.querySelector("[data-new-name]").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#add();
    });
    this.#allow(false); // until the server has read the fields
    // Enter in a field must not send the whole page's form.
    root.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
    });
  }

  #prepare(place) {
    const { field, kind } = place.dataset;
    this.#inputs.set(field, place);
    if (kind === "tags") return this.#prepareTags(place, field);
    place.addEventListener("input", (event) => event.isComposing || this.#typed(field, this.#value(place)));
    place.addEventListener("compositionend", () => this.#typed(field, this.#value(place)));
    return undefined;
  }

  #value(place) {
    const input = place.querySelector("input, textarea");
    switch (place.dataset.kind) {
      case "switch":
        return input.checked;
      case "lines":
        return input.value.split("\n").map((line) => line.trim()).filter(Boolean);
      case "tags":
        return [...place.querySelectorAll("[data-tag]")].map((one) => one.dataset.tag);
      case "moment": {
        const [day, time] = place.querySelectorAll("input");
        return day.value && time.value ? `${day.value}T${time.value}${place.dataset.rest ?? ""}` : day.value;
      }
      default:
        return input.value;
    }
  }

  #fill(place, value) {
    const input = place.querySelector("input, textarea");
    switch (place.dataset.kind) {
      case "switch":
        input.checked = Boolean(value);
        break;
      case "lines":
        input.value = (value ?? []).join("\n");
        break;
      case "tags":
        this.#showTags(place, value ?? []);
        break;
      case "moment": {
        const [, day = "", time = "", rest = ""] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(.*))?$/.exec(value ?? "") ?? [];
        const [days, times] = place.querySelectorAll("input");
        [days.value, times.value, place.dataset.rest] = [day, time, rest.replace(/^:00(?![\d.])/, "")];
        break;
      }
      default:
        input.value = value ?? "";
    }
  }

  // Tags are chips; Enter or a comma adds one, Backspace takes the last.

  #prepareTags(place, field) {
    const input = place.querySelector("input");
    const add = () => {
      const fresh = input.value.split(/[,、]/).map((one) => one.trim().replace(/^#/, "")).filter(Boolean);
      input.value = "";
      const tags = [...new Set([...this.#value(place), ...fresh])];
      if (!fresh.length) return;
      this.#showTags(place, tags);
      this.#typed(field, tags);
    };
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter" || event.key === ",") {
        event.preventDefault();
        add();
      } else if (event.key === "Backspace" && !input.value) {
        this.#takeTag(place, field, this.#value(place).at(-1));
      }
    });
    input.addEventListener("change", add);
    input.addEventListener("blur", add);
  }

  #takeTag(place, field, tag) {
    const tags = this.#value(place).filter((one) => one !== tag);
    this.#showTags(place, tags);
    this.#typed(field, tags);
    place.querySelector("input").focus();
  }

  #showTags(place, tags) {
    const items = tags.map((tag) => {
      const item = document.createElement("li");
      item.dataset.tag = tag;
      item.append(tag);
      const button = document.createElement("button");
      Object.assign(button, { type: "button", ariaLabel: say("remove", tag) });
      button.className = "cross-small";
      button.addEventListener("click", () => this.#takeTag(place, place.dataset.field, tag));
      item.append(button);
      return item;
    });
    place.querySelector("[data-tag-list]").replaceChildren(...items);
  }

  // From the form to the text.

  #typed(input, value, name = this.#names.get(input) ?? input) {
    this.#waiting.set(name, { name, input, value });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), PAUSE);
  }

  /** Whether something typed in the form is not in the text yet. */
  get waiting() {
    return this.#waiting.size > 0 || this.#busy;
  }

  /** Bring what was typed in the form into the text; saving waits for it. */
  async write() {
    clearTimeout(this.#timer);
    while (this.waiting) {
      if (!(await this.#write())) return;
    }
  }

  async #write() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (this.#busy) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return true;
    }
    if (!this.#waiting.size) return true;
    const changes = [...this.#waiting.values()];
    const { text, surface } = this.#draft;
    this.#busy = true;
    try {
      const answer = await send(this.#url, { json: { text, changes } });
      if (surface.text === text) {
        for (const change of changes) {
          if (this.#waiting.get(change.name) === change) this.#waiting.delete(change.name);
          this.#complain(change.input, "");
        }
        this.#put(plain(answer.text));
      }
      return true;
    } catch (error) {
      if (error instanceof Refusal) {
        for (const change of changes) this.#waiting.delete(change.name);
        this.#complain(changes.at(-1).input, told(error.message, error.answer.hint));
      } else {
        this.#timer = setTimeout(() => this.#write(), 3000);
      }
      return false;
    } finally {
      this.#busy = false;
      if (this.#waiting.size && !this.#timer) this.#timer = setTimeout(() => this.#write(), PAUSE);
    }
  }

  #put(text) {
    const focused = document.activeElement;
    this.#draft.surface.replace(text);
    focused?.focus?.({ preventScroll: true });
  }

  #complain(input, message) {
    const place = this.#inputs.get(input);
    if (!place) return;
    place.querySelector("[data-field-error]").textContent = message;
    place.querySelector("input, textarea").setAttribute("aria-invalid", String(Boolean(message)));
  }

  // From the text to the form.

  /** Show the fields as the server read them; null where the front matter does not parse. */
  show(fields) {
    this.#root.querySelector("[data-fields-broken]").hidden = fields !== null;
    this.#allow(fields !== null);
    if (fields === null || this.waiting) return;
    const seen = new Map(fields.filter((one) => one.input).map((one) => [one.input, one]));
    for (const [name, place] of this.#inputs) {
      const row = seen.get(name);
      this.#names.set(name, row?.name ?? name);
      const same = JSON.stringify(this.#value(place)) === JSON.stringify(row?.value ?? null);
      if (!same && !place.contains(document.activeElement)) this.#fill(place, row?.value);
    }
    this.#showOthers(fields.filter((one) => !one.input));
  }

  /** The server writes fields: without a connection only the text can be edited, and nothing is typed in vain. */
  rest(away) {
    this.#root.querySelector("[data-fields-away]").hidden = !away;
    this.#allow(!away);
  }

  #allow(yes) {
    for (const group of this.#root.querySelectorAll("fieldset")) group.disabled = !yes;
  }

  #showOthers(rows) {
    const place = this.#root.querySelector("[data-other-fields]");
    const old = new Map([...place.children].map((one) => [one.dataset.name, one]));
    for (const row of rows) {
      const element = old.get(row.name) ?? this.#other(row.name);
      old.delete(row.name);
      const input = element.querySelector("textarea");
      if (input !== document.activeElement && input.value !== row.value) input.value = row.value;
      if (!element.isConnected) place.append(element);
    }
    for (const element of old.values()) {
      if (!element.contains(document.activeElement) && !("fresh" in element.dataset)) element.remove();
    }
  }

  #other(name) {
    const element = document.createElement("div");
    element.className = "field";
    element.dataset.name = name;
    const label = document.createElement("label");
    label.textContent = name;
    label.className = "mono";
    const input = document.createElement("textarea");
    Object.assign(input, { rows: 1, className: "mono", id: `other-${name}`, spellcheck: false });
    label.htmlFor = input.id;
    const told = () => {
      delete element.dataset.fresh;
      this.#typed("", input.value, name);
    };
    input.addEventListener("input", (event) => event.isComposing || told());
    input.addEventListener("compositionend", told);
    element.append(label, input);
    return element;
  }

  /** Write a field that has no input of its own. */
  set(name, value) {
    this.#typed("", value, name);
  }

  #add() {
    const input = this.#root.querySelector("[data-new-name]");
    const name = input.value.trim();
    if (!name) return;
    const known = this.#inputs.get(name) ?? this.#root.querySelector(`[data-name="${CSS.escape(name)}"]`);
    input.value = "";
    const element = known ?? this.#other(name);
    if (!known) {
      element.dataset.fresh = "";
      this.#root.querySelector("[data-other-fields]").append(element);
    }
    element.querySelector("input, textarea").focus();
  }
}
