// The form: remembers who one is and what was begun, sends on Enter where there is a keyboard, and never half a word.
import { button, element } from "./build.js";
import { keep, text } from "./store.js";
import { say } from "./words.js";

const NEAR_THE_END = 100;
const desk = matchMedia("(hover: hover) and (pointer: fine)");

export class Form {
  #form;
  #draft;
  #to = null;
  #answering = element("span", { class: "answering", hidden: true });
  #left = element("span", { class: "left", hidden: true });
  #hint = element("span", { class: "keys", "aria-hidden": "true" }, say("keys"));
  #problem = element("p", { class: "problem", role: "alert", hidden: true });

  // `send` is given {name, body, link, to, trap}.
  constructor(form, room, send) {
    this.#form = form;
    this.#draft = `draft:${room}`;
    this.send = send;
    form.noValidate = true;
    const { body, name, link } = form.elements;
    body.before(this.#answering);
    form.querySelector(".send").before(element("p", { class: "aside" }, this.#hint, this.#left));
    form.prepend(this.#problem);
    this.#hint.hidden = !desk.matches;
    name.value ||= text("name");
    link.value ||= text("link");
    if (!body.value) this.#recall();
    this.#grow();
    form.addEventListener("input", () => this.#remember());
    form.addEventListener("submit", (event) => this.#submit(event));
    body.addEventListener("keydown", (event) => this.#key(event));
    // The keyboard of a phone covers the lower half: what is being written moves up.
    form.addEventListener("focusin", (event) => this.#lift(event.target));
    globalThis.visualViewport?.addEventListener("resize", () => this.#lift(document.activeElement));
  }

  answer(entry) {
    this.#to = { id: entry.id, name: entry.name };
    this.#tellAnswer();
    this.#remember();
    this.#form.elements.body.focus();
  }

  // Put an entry that was not taken back, so that it can be changed.
  refill(item, field) {
    for (const key of ["body", "name", "link"]) this.#form.elements[key].value ||= item[key] ?? "";
    this.#grow();
    this.#remember();
    this.#form.elements[field || "body"].focus();
  }

  close(closed) {
    for (const field of this.#form.elements) field.disabled = closed;
    this.#form.classList.toggle("closed", closed);
  }

  #submit(event) {
    event.preventDefault();
    const { body, name, link, website } = this.#form.elements;
    for (const field of [body, name]) {
      if (field.value.trim()) {
        field.removeAttribute("aria-invalid");
        continue;
      }
      field.setAttribute("aria-invalid", "true");
      this.#say(say(field === body ? "empty_body" : "empty_name"));
      field.focus();
      return;
    }
    this.#say("");
    const item = { name: name.value.trim(), body: body.value, link: link.value.trim(), to: this.#to?.id ?? "", trap: website.value };
    body.value = "";
    this.#to = null;
    this.#tellAnswer();
    this.#grow();
    this.#remember();
    this.send(item);
  }

  #say(message) {
    this.#problem.textContent = message;
    this.#problem.hidden = !message;
  }

  #key(event) {
    // While an input method is at work, Enter confirms a word (229 is what Safari says then).
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    if (event.shiftKey || event.altKey || !(desk.matches || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #remember() {
    const { body, name, link } = this.#form.elements;
    keep("name", name.value);
    keep("link", link.value);
    keep(this.#draft, body.value || this.#to ? JSON.stringify({ body: body.value, to: this.#to }) : "");
    const left = body.maxLength - body.value.length;
    this.#left.hidden = left > NEAR_THE_END;
    this.#left.textContent = say("left", { count: left });
    this.#grow();
  }

  #recall() {
    try {
      const { body, to } = JSON.parse(text(this.#draft)) ?? {};
      this.#form.elements.body.value = body ?? "";
      this.#to = to ?? null;
      this.#tellAnswer();
    } catch {
      // Nothing was begun.
    }
  }

  #tellAnswer() {
    this.#answering.hidden = !this.#to;
    if (!this.#to) return;
    const cancel = button(say("cancel"), () => {
      this.#to = null;
      this.#tellAnswer();
      this.#remember();
      this.#form.elements.body.focus();
    });
    this.#answering.replaceChildren(say("answering", { name: this.#to.name }), " ", cancel);
  }

  // As high as what is written, up to a third of the window.
  #grow() {
    const { body } = this.#form.elements;
    body.style.height = "";
    const most = innerHeight / 3;
    if (body.scrollHeight > body.clientHeight + 2) body.style.height = `${Math.min(body.scrollHeight + 4, most)}px`;
  }

  #lift(field) {
    const view = globalThis.visualViewport;
    if (!view || desk.matches || !this.#form.contains(field) || !field.matches("textarea, input")) return;
    const place = field.getBoundingClientRect();
    if (place.bottom > view.offsetTop + view.height - 60 || place.top < view.offsetTop) field.scrollIntoView({ block: "center" });
  }
}
