// The entries of a room, the newest first: what the server says is merged by number, and nothing ever jumps.
import { element } from "./build.js";
import { line } from "./line.js";

const BURST = 3;

// What scrolls: the panel, or the page.
function scroller(section) {
  return section.closest(".panel") ?? document.scrollingElement;
}

export class Log {
  #entries = new Map();
  #now;
  #past = element("div", { class: "lines h-feed past" });

  // `now` is the server's own list, which becomes the log; `dress` adds what one may do with an entry.
  constructor(now, book, dress) {
    this.#now = now;
    this.book = book;
    this.dress = dress;
    now.after(this.#past);
    for (const article of now.querySelectorAll(".line")) {
      const name = article.querySelector(".p-name").textContent;
      const number = Number(article.dataset.number);
      this.#entries.set(article.dataset.id, { id: article.dataset.id, number, name, article });
    }
    this.#days();
  }

  known(id) {
    return this.#entries.get(id);
  }

  get lowest() {
    return Math.min(...[...this.#entries.values()].map((one) => one.number));
  }

  get highest() {
    return Math.max(0, ...[...this.#entries.values()].map((one) => one.number));
  }

  get size() {
    return this.#entries.size;
  }

  // From here on a screen reader is told of what is new, and of nothing else.
  speak(label) {
    const all = { role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": label };
    for (const [name, value] of Object.entries(all)) this.#now.setAttribute(name, value);
  }

  clear() {
    this.#entries.clear();
    this.#now.replaceChildren();
    this.#past.replaceChildren();
  }

  // Put entries in; return those that nobody here has seen.
  merge(entries, { quiet = false } = {}) {
    const top = this.highest;
    const shown = entries.filter((entry) => this.#entries.has(entry.id) || entry.number >= this.lowest || entry.number > top);
    const fresh = shown.filter((entry) => entry.number > top);
    if (fresh.length > BURST || quiet) this.#hush();
    this.#still(() => {
      for (const entry of shown) this.#put(entry);
      this.#days();
    });
    return fresh;
  }

  older(entries) {
    for (const entry of entries) this.#put(entry, this.#past);
    this.#days();
  }

  remove(ids) {
    const found = ids.filter((id) => this.#entries.has(id));
    this.#still(() => {
      for (const id of found) {
        this.#entries.get(id).article.remove();
        this.#entries.delete(id);
      }
      this.#days();
    });
  }

  // Whether the newest entries are in view, or above it.
  get aboveView() {
    const frame = scroller(this.#now);
    const edge = frame === document.scrollingElement ? 0 : frame.getBoundingClientRect().top;
    return this.#now.getBoundingClientRect().top < edge;
  }

  show(article) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    article.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
    article.tabIndex = -1;
    article.focus({ preventScroll: true });
  }

  tick(now) {
    for (const list of [this.#now, this.#past]) {
      for (const time of list.querySelectorAll(".stamp time")) this.book.times.put(time, now);
    }
    this.#days(now);
  }

  #put(entry, list = null) {
    const old = this.#entries.get(entry.id);
    const article = line(entry, this.book);
    this.#entries.set(entry.id, { ...entry, article });
    this.dress(article, entry);
    if (old) {
      // One who is in the middle of changing the entry goes on.
      if (old.article.querySelector("form")) this.#entries.set(entry.id, { ...entry, article: old.article });
      else old.article.replaceWith(article);
      return;
    }
    const place = list ?? this.#now;
    const below = [...place.querySelectorAll(".line")].find((other) => Number(other.dataset.number) < entry.number);
    if (below) below.before(article);
    else place.append(article);
  }

  // The reader's days, as lines between the entries; those that are right already stay as they are.
  #days(now = new Date()) {
    const { times } = this.book;
    let last = "";
    for (const list of [this.#now, this.#past]) {
      for (const article of list.querySelectorAll(".line")) {
        const time = article.querySelector(".stamp time");
        times.put(time, now);
        const at = new Date(time.dateTime);
        const key = times.key(at);
        let before = article.previousElementSibling;
        if (before && !before.matches(".day")) before = null;
        if (key === last) {
          before?.remove();
        } else {
          before ??= article.parentElement.insertBefore(element("p", { class: "day" }), article);
          const word = times.day(at, now);
          if (before.textContent !== word) before.textContent = word;
        }
        last = key;
      }
      for (const day of list.querySelectorAll(".day")) if (!day.nextElementSibling?.matches(".line")) day.remove();
    }
  }

  // Change the list while what is being read stays where it is.
  #still(change) {
    const frame = scroller(this.#now);
    const hold = this.aboveView || this.#now.contains(document.activeElement);
    const edge = frame === document.scrollingElement ? 0 : frame.getBoundingClientRect().top;
    const articles = [...this.#now.querySelectorAll(".line"), ...this.#past.querySelectorAll(".line")];
    const anchor = hold && articles.find((article) => article.getBoundingClientRect().bottom > edge);
    const before = anchor ? anchor.getBoundingClientRect().top : 0;
    change();
    if (anchor?.isConnected) frame.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  // Many at once are summed up elsewhere instead of being read out one by one.
  #hush() {
    if (!this.#now.hasAttribute("role")) return;
    this.#now.setAttribute("aria-live", "off");
    setTimeout(() => this.#now.setAttribute("aria-live", "polite"), 1000);
  }
}
