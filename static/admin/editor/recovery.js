// After a crash: what differs between the disk, the server's journal and this browser's, to choose by looking.
import { send } from "../request.js";
import { compare } from "./compare.js";
import * as shelf from "./shelf.js";
import { clock, known, plain, say } from "./words.js";

export class Recovery {
  #draft;
  #journal;
  #urls;
  #options;
  #dialog = document.getElementById("recovery");
  #tabs = this.#dialog.querySelector("[data-recovery-tabs]");
  #records = [];
  #aside = [];
  #left = [];
  #chosen;
  #shown;

  constructor(draft, journal, urls, options) {
    this.#draft = draft;
    this.#journal = journal;
    this.#urls = urls;
    this.#options = options;
    this.#dialog.querySelector("[data-take]").addEventListener("click", () => this.#take());
    this.#dialog.querySelector("[data-keep-disk]").addEventListener("click", () => this.#keepDisk());
  }

  /** Find what was typed and not saved, apart from what other open tabs still hold. */
  async find(others) {
    const { path, began, tab } = this.#draft;
    const ofServer = known.drafts.map((one) => ({
      ...one, path, source: "server", when: Date.parse(one.when), text: plain(one.text),
      began: one.began === null ? null : plain(one.began),
    }));
    const shelved = (await shelf.list(path)).map((one) => ({ ...one, source: "browser" }));
    const ofBrowser = shelved.filter((one) => !one.aside);
    this.#aside = shelved.filter((one) => one.aside && one.text !== began);
    const byText = new Map();
    for (const record of this.#newest([...ofServer, ...ofBrowser])) {
      if (record.text === began || record.text === record.began) continue;
      if (others.has(record.tab) && record.tab !== tab) continue;
      const twin = byText.get(record.text);
      if (!twin || twin.when < record.when) byText.set(record.text, record);
    }
    this.#records = [...byText.values()].sort((one, other) => other.when - one.when);
    return this.#records;
  }

  // Of one tab's records the one with the higher number holds all that the other has.
  #newest(records) {
    return records.filter((one) => !records.some((other) => other.tab === one.tab && other.seq > one.seq));
  }

  /** Go on where this very tab was; nothing to choose, for its text goes on from what is on disk. */
  async resume() {
    const [record, ...more] = this.#records;
    const { tab, version } = this.#draft;
    if (!record || more.length || record.tab !== tab || record.base !== version) return false;
    this.#draft.surface.replace(record.text);
    return true;
  }

  get any() {
    return this.#records.length > 0;
  }

  /** Whether there is text that the owner put aside. */
  get anyAside() {
    return this.#aside.length > 0;
  }

  openAside() {
    this.#records = [...this.#aside];
    this.open();
  }

  open() {
    this.#tabs.replaceChildren(
      ...this.#records.map((record, number) => {
        const button = document.createElement("button");
        button.type = "button";
        button.setAttribute("role", "tab");
        button.textContent = say(`journal_${record.source}`, clock(record.when));
        button.addEventListener("click", () => this.#show(number));
        button.addEventListener("keydown", (event) => this.#move(event, number));
        return button;
      }),
    );
    this.#dialog.addEventListener("cancel", (event) => event.preventDefault());
    this.#dialog.showModal();
    this.#show(0);
    this.#tabs.firstElementChild.focus();
  }

  #move(event, number) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (number + step + this.#records.length) % this.#records.length;
    this.#show(next);
    this.#tabs.children[next].focus();
  }

  #show(number) {
    this.#chosen = this.#records[number];
    [...this.#tabs.children].forEach((tab, place) => {
      tab.setAttribute("aria-selected", String(place === number));
      tab.tabIndex = place === number ? 0 : -1;
    });
    this.#shown = compare(this.#dialog.querySelector("[data-compare]"), {
      before: this.#draft.began,
      after: this.#chosen.text,
      labels: [say("disk"), this.#tabs.children[number].textContent],
      ...this.#options(),
    });
  }

  async #take() {
    const text = this.#shown.text();
    const { began, surface } = this.#draft;
    const record = this.#chosen;
    this.#dialog.close();
    // Changes that came onto the disk since then stay, unless the owner took them out by looking.
    if (record.base !== this.#draft.version && record.began !== null && text === record.text) {
      const answer = await send(this.#urls.merge, { json: { base: record.began, mine: text, theirs: began } }).catch(() => ({}));
      surface.replace(plain(answer.text ?? text));
    } else {
      surface.replace(text);
    }
    surface.focus();
    this.#settle();
  }

  /** Put everything aside: the menu has it for a month. */
  async #keepDisk() {
    this.#dialog.close();
    this.#draft.surface.focus();
    const records = this.#records;
    this.#records = [];
    for (const record of records.filter((one) => !one.aside)) {
      const aside = { ...record, tab: `aside ${record.tab} ${record.seq}`, aside: true };
      this.#aside.push(aside);
      await shelf.put(aside);
      this.#journal.dismiss(record);
    }
    this.#options().changed();
  }

  /** What was not chosen is forgotten with the next save, not before. */
  #settle() {
    this.#left = this.#records;
    this.#records = [];
  }

  saved() {
    for (const record of this.#left) {
      if (record.tab !== this.#draft.tab) this.#journal.dismiss(record);
      this.#aside = this.#aside.filter((one) => one.tab !== record.tab);
    }
    this.#left = [];
  }
}
