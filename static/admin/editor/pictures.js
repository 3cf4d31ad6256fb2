// Files dropped or pasted into the text: sent at once, described meanwhile, then written at the cursor.
import { notify } from "../notices.js";
import { send } from "../request.js";
import { accept, upload } from "../uploads.js";
import { block } from "./commands.js";

const fill = (text, word) => text.replace("{}", () => word);

export class Pictures {
  #surface;
  #page;
  #dialog = document.getElementById("bring");
  #list = this.#dialog.querySelector("[data-bringing]");
  #insert = this.#dialog.querySelector("[data-bring-insert]");
  #words = this.#dialog.dataset;
  #rows = [];
  #selection;

  constructor(form, surface) {
    this.#surface = surface;
    this.#page = form.dataset.path;
    const input = document.querySelector("[data-bring-files]");
    input.addEventListener("change", () => (this.take([...input.files]), (input.value = "")));
    accept(form.querySelector(".write"), (files, event) => {
      if (event.type === "drop") surface.goToPoint?.(event.clientX, event.clientY);
      this.take(files);
    });
    this.#dialog.querySelector("form").addEventListener("submit", () => this.#write());
    this.#dialog.querySelector("[data-bring-cancel]").addEventListener("click", () => this.#cancel());
    this.#dialog.addEventListener("cancel", (event) => (event.preventDefault(), this.#cancel()));
    this.#offer(input);
  }

  /** Put a way to choose files into the dialog for pictures by address. */
  #offer(input) {
    const dialog = document.getElementById("insert");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.#words.choose;
    button.dataset.bringChoose = "";
    button.addEventListener("click", () => {
      this.#selection = this.#surface.selection;
      dialog.close();
      input.click();
    });
    dialog.querySelector("[data-insert-field=alt]").prepend(button);
  }

  take(files) {
    const other = document.querySelector("dialog:modal");
    if (!files.length || (other && other !== this.#dialog)) return;
    if (!this.#dialog.open) {
      this.#selection = this.#surface.selection;
      this.#rows = [];
      this.#list.replaceChildren();
      this.#dialog.showModal();
    }
    for (const file of files) this.#rows.push(this.#row(file));
    this.#list.querySelector("input")?.focus();
    this.#settle();
  }

  #row(file) {
    const row = { file, answer: null, failed: "" };
    const element = document.createElement("li");
    const shown = file.type.startsWith("image/");
    const id = `bring-${this.#rows.length}`;
    element.innerHTML = `<span class="thumb"></span><div class="field"><label></label><input autocomplete="off"></div><p class="hint"><progress max="1"></progress></p>`;
    const [thumb, label, field, hint] = ["span", "label", "input", "p"].map((name) => element.querySelector(name));
    label.textContent = fill(shown ? this.#words.label : this.#words.linkLabel, file.name);
    label.htmlFor = field.id = id;
    element.querySelector("progress").setAttribute("aria-label", file.name);
    if (shown) {
      const image = new Image();
      image.alt = "";
      image.src = URL.createObjectURL(file);
      image.addEventListener("load", () => URL.revokeObjectURL(image.src));
      thumb.append(image);
    } else {
      thumb.innerHTML = `<span class="ending"></span>`;
      thumb.firstChild.textContent = file.name.split(".").pop();
    }
    this.#list.append(element);
    row.field = field;
    row.done = this.#send(row, element.querySelector("progress"), hint);
    return row;
  }

  async #send(row, bar, hint) {
    // What browsers call every pasted picture says nothing.
    const { file } = row;
    const named = file.name === "image.png" ? new File([file], "picture.png", { type: file.type }) : file;
    try {
      row.answer = await upload(this.#words.address, named, {
        fields: { page: this.#page },
        progress: (part) => (bar.value = part),
        lost: this.#words.lost,
      });
      hint.textContent = row.answer.name;
    } catch (problem) {
      row.failed = problem.message;
      row.field.disabled = true;
      hint.textContent = fill(this.#words.failed, problem.message);
      hint.className = "error";
    }
    this.#settle();
  }

  #settle() {
    const waiting = this.#rows.filter((row) => !row.answer && !row.failed);
    this.#insert.disabled = waiting.length > 0 || !this.#rows.some((row) => row.answer);
    this.#dialog.querySelector("[data-bring-state]").textContent = waiting.length ? this.#words.arrives : "";
  }

  #write() {
    const rows = this.#rows.filter((row) => row.answer);
    const made = rows.map((row) => written(row.answer, row.field.value.trim()));
    const text = this.#surface.text;
    const { from, to } = inBody(text, this.#selection);
    const line = text.slice(text.lastIndexOf("\n", from - 1) + 1, from).trim();
    // A single one amid a sentence stays there; several, or one on a line of its own, stand apart.
    if (made.length === 1 && line) {
      this.#surface.change({ from, to, insert: made[0], select: [from + made[0].length, from + made[0].length] });
    } else {
      this.#surface.change(block(text, from, to, made.join("\n\n")));
    }
  }

  async #cancel() {
    this.#dialog.close();
    this.#surface.focus();
    const rows = this.#rows;
    this.#rows = [];
    await Promise.all(rows.map((row) => row.done));
    for (const { answer } of rows) {
      if (!answer?.new) continue;
      await send(answer.remove, { json: {} }).catch((problem) => notify(problem.message, { kind: "error" }));
    }
  }
}

/** Nobody means a picture to stand among the fields, where the cursor is when a page was just opened. */
function inBody(text, { from, to }) {
  const head = /^\ufeff?(---|\+\+\+)[ \t]*\r?\n[\s\S]*?\n\1[ \t]*(\r?\n|$)/.exec(text)?.[0].length ?? 0;
  return from < head ? { from: text.length, to: text.length } : { from, to };
}

function written({ destination, picture, file }, words) {
  const escaped = (words || (picture ? "" : file)).replace(/[[\]\\]/g, "\\$&").replace(/\s+/g, " ");
  return `${picture ? "!" : ""}[${escaped}](${destination})`;
}
