// One's own entries: those that wait or were refused, and what one may still do with each.
import { button, element } from "./build.js";
import { line } from "./line.js";
import * as store from "./store.js";
import { say } from "./words.js";

export class Own {
  #held = new Map();

  constructor(book, place) {
    this.book = book;
    this.place = place;
  }

  // Entries of one's own that nobody else sees.
  show(entries) {
    for (const entry of entries) {
      this.#held.get(entry.id)?.remove();
      this.#held.delete(entry.id);
      if (entry.state !== "held" && entry.state !== "hidden") continue;
      const article = line({ ...entry, number: 0 }, this.book);
      article.classList.add("pending");
      article.append(element("p", { class: "fate" }, say(entry.state === "held" ? "held" : "hidden")));
      this.dress(article, entry);
      this.#held.set(entry.id, article);
      this.place.append(article);
    }
  }

  // After coming back: these, and no others.
  replace(entries) {
    const kept = new Set(entries.map((entry) => entry.id));
    this.settle([...this.#held.keys()].filter((id) => !kept.has(id)));
    this.show(entries);
  }

  settle(ids) {
    for (const id of ids) {
      this.#held.get(id)?.remove();
      this.#held.delete(id);
    }
  }

  // What can be done with an entry, at its foot.
  dress(article, entry) {
    article.querySelector(":scope > .deeds")?.remove();
    const token = store.token(entry.id);
    const deeds = element("p", { class: "deeds" });
    if (token) {
      deeds.append(
        button(say("edit"), () => this.#edit(article, entry, token)),
        this.#erasing(article, entry, token),
        button(say("private"), () => this.#link(deeds, token)),
      );
    } else if (this.book.form && entry.number) {
      deeds.append(button(say("answer"), () => this.book.form.answer(entry)));
    }
    if (deeds.childElementCount) article.append(deeds);
  }

  #link(deeds, token) {
    const open = deeds.parentElement.querySelector(".private");
    if (open) {
      open.remove();
      return;
    }
    const address = `${this.book.connection.base}/guestbook/mine/${encodeURIComponent(token)}`;
    const link = element("a", { href: address, "data-plain": true }, address);
    const text = element("span", {}, say("private_text"));
    deeds.after(element("p", { class: "private" }, link, text, this.#forgetting(deeds.parentElement)));
    globalThis.navigator.clipboard?.writeText(address).catch(() => {});
  }

  #erasing(article, entry, token) {
    return twice(say("erase"), async () => {
      const { room, language, connection } = this.book;
      const answer = await connection.ask("erase", { room, id: entry.id, token, lang: language });
      if (!answer?.ok && answer?.code !== "gone") {
        this.#refuse(article, answer);
        return;
      }
      store.keepToken(entry.id, "");
      this.settle([entry.id]);
      this.book.log.remove([entry.id]);
      this.book.status(say("erased"));
    });
  }

  // Everything that this browser ever wrote.
  #forgetting(article) {
    return twice(say("forget"), async () => {
      const { room, language, connection } = this.book;
      const answer = await connection.ask("forget", { room, lang: language });
      if (!answer?.ok) {
        this.#refuse(article, answer);
        return;
      }
      store.keep("tokens", "");
      this.settle([...this.#held.keys()]);
      this.book.status(say("forgotten"));
    });
  }

  #edit(article, entry, token) {
    const content = article.querySelector(".e-content");
    const field = element("textarea", { rows: 3, maxlength: this.book.longest, "aria-label": say("edit"), dir: "auto" });
    field.value = entry.body ?? written(content);
    const deeds = article.querySelector(":scope > .deeds");
    const end = () => {
      form.remove();
      content.hidden = deeds.hidden = false;
    };
    const form = element(
      "form",
      { class: "edit" },
      field,
      element("p", { class: "aside" }, button(say("cancel"), end), element("button", { type: "submit", class: "send" }, say("save"))),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const body = field.value;
      if (!body.trim()) return;
      const answer = await this.book.connection.ask("edit", { room: this.book.room, id: entry.id, token, body, lang: this.book.language });
      if (!answer?.ok) {
        this.#refuse(article, answer);
        return;
      }
      end();
      if (answer.entry) this.book.changed(answer.entry);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      end();
    });
    content.hidden = deeds.hidden = true;
    content.after(form);
    field.focus();
  }

  #refuse(article, answer) {
    article.querySelector(":scope > .problem")?.remove();
    article.append(element("p", { class: "problem", role: "alert" }, answer?.message ?? say("away")));
  }
}

// The first press asks, the second does it.
function twice(label, act) {
  const made = button(label, async () => {
    if (made.dataset.sure === undefined) {
      made.dataset.sure = "";
      made.textContent = say("sure");
      return;
    }
    made.disabled = true;
    await act();
    made.disabled = false;
  });
  made.addEventListener("blur", () => {
    delete made.dataset.sure;
    made.textContent = label;
  });
  return made;
}

// The text from which the server made this HTML.
function written(content) {
  const text = (node) => {
    if (node.nodeName === "BR") return "\n";
    const inner = node.nodeType === Node.TEXT_NODE ? node.data : [...node.childNodes].map(text).join("");
    return node.nodeName === "CODE" ? `\`${inner}\`` : inner;
  };
  return [...content.children].map(text).join("\n\n");
}
