// The site's own page beside the text: rendered by the server from what is not saved yet, swapped in place.
import { send } from "../request.js";
import { morph } from "./morph.js";

const SLOW = 3000; // ms after which a page that is still loading is taken as it is

export class Preview extends EventTarget {
  #form;
  #frame;
  #draft;
  #url;
  #before = null; // the page as the server last rendered it
  #busy = false;
  #again = false;
  #loading = null;
  shown = true;

  constructor(form, frame, draft, url) {
    super();
    this.#form = form;
    this.#frame = frame;
    this.#draft = draft;
    this.#url = url;
    frame.addEventListener("load", () => this.#loading?.());
    draft.addEventListener("changed", () => this.refresh());
    draft.addEventListener("based", () => this.refresh());
  }

  get document() {
    return this.#frame.contentDocument;
  }

  /** The frame's window; null while the page in it is not ours. */
  get window() {
    return this.document ? this.#frame.contentWindow : null;
  }

  /** Render the newest text; while one is under way the next one waits, and only the newest of those is sent. */
  async refresh() {
    if (this.#busy || this.#draft.surface.composing) {
      this.#again = this.#busy;
      return;
    }
    this.#busy = true;
    this.#again = false;
    const began = performance.now();
    try {
      const { text } = this.#draft;
      const answer = await send(this.#url, { json: { text } });
      if (!answer.error && this.shown) await this.#show(answer.html, text);
      this.dispatchEvent(new CustomEvent("rendered", { detail: { ...answer, ms: performance.now() - began } }));
    } catch (error) {
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    }
    this.#busy = false;
    if (this.#again) this.refresh();
  }

  async #show(html, text) {
    const after = new DOMParser().parseFromString(html, "text/html");
    if (!this.#before) {
      await this.#load(text);
      // Where the server went away meanwhile, the frame has the browser's own page: the next text tries again.
      if (!this.document) return;
      this.#before = after;
      this.#prepare();
      return;
    }
    const live = this.document;
    if (!live?.body || live.body.childNodes.length === 0) return;
    const before = this.#before;
    this.#before = after;
    const top = this.window.scrollY;
    this.#bringFiles(live, after);
    if (live.title !== after.title) live.title = after.title;
    morph(live.body, before.body, after.body);
    if (this.window.scrollY !== top) this.window.scrollTo({ top, behavior: "instant" });
    this.dispatchEvent(new Event("swapped"));
  }

  /** Send the text into the frame as a form: the page then has its own address and its own policy. */
  #load(text) {
    return new Promise((resolve) => {
      const done = () => {
        clearInterval(timer);
        this.#loading = null;
        resolve();
      };
      // A large picture may take its time: the text is there before it.
      const there = () => this.document?.URL !== "about:blank" && this.document?.readyState === "interactive";
      const timer = setInterval(() => there() && done(), SLOW);
      this.#loading = done;
      const form = document.createElement("form");
      Object.assign(form, { method: "post", action: this.#url, target: this.#frame.name, hidden: true });
      const fields = { text, csrf_token: this.#form.elements.csrf_token.value };
      for (const [name, value] of Object.entries(fields)) {
        const field = document.createElement("textarea");
        Object.assign(field, { name, value });
        form.append(field);
      }
      document.body.append(form);
      form.submit();
      form.remove();
    });
  }

  /** Style sheets and scripts that the text needs from now on. */
  #bringFiles(live, after) {
    const has = (element, name) =>
      [...live.querySelectorAll(`${element.nodeName}[${name}]`)].some((one) => one.getAttribute(name) === element.getAttribute(name));
    for (const link of after.querySelectorAll("link[rel=stylesheet]")) {
      if (!has(link, "href")) live.head.append(live.importNode(link));
    }
    for (const script of after.querySelectorAll("script[src]")) {
      if (has(script, "src")) continue;
      const made = live.createElement("script");
      Object.assign(made, { type: script.type, src: script.getAttribute("src") });
      live.head.append(made);
    }
  }

  /** No link leads away from the text; a click on a block leads to its source. */
  #prepare() {
    this.window.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href]");
      const here = link && new URL(link.href, this.document.baseURI).hash && link.pathname === this.window.location.pathname;
      if (link && !here && !event.defaultPrevented && !event.ctrlKey && !event.metaKey) event.preventDefault();
      if (here || event.target.closest?.("button, summary, input, label, select, video, audio")) return;
      const block = event.target.closest?.("[data-line]");
      if (block) this.dispatchEvent(new CustomEvent("jump", { detail: Number(block.dataset.line) }));
    });
    this.window.addEventListener("submit", (event) => event.preventDefault());
    this.dispatchEvent(new Event("loaded"));
  }
}
