// The way to the server: one socket for all rooms of the page, opened again by itself, and honest about its state.
import { author } from "./store.js";

const SILENCE = 40000; // the server says something at least every 25 s
const PATIENCE = 15000;
const SLOWEST = 30000;

export class Connection extends EventTarget {
  // "connecting", "live", "offline" (this device), "away" (the server), "restarting"
  state = "connecting";
  #attempt = 0;
  #timer = 0;
  #wait = 0;
  #heard = Date.now();
  #socket = null;

  constructor(server) {
    super();
    const base = new URL(server || location.origin, location.href);
    this.base = base.origin + base.pathname.replace(/\/$/, "");
    for (const name of ["online", "pageshow"]) addEventListener(name, () => this.#look());
    document.addEventListener("visibilitychange", () => document.hidden || this.#look());
    addEventListener("offline", () => this.#become("offline"));
  }

  async open() {
    const { Manager } = await import("../../dist/socket.io.js");
    const { origin, pathname } = new URL(this.base);
    const manager = new Manager(origin, {
      path: `${pathname.replace(/\/$/, "")}/socket.io`, transports: ["websocket"], reconnection: false, timeout: 10000,
      autoConnect: false,
    });
    const socket = manager.socket("/guestbook", { auth: (tell) => tell({ v: 1, author: author(), lang: document.documentElement.lang }) });
    this.#socket = socket;
    manager.on("open", () => (this.#heard = Date.now()));
    manager.on("ping", () => (this.#heard = Date.now()));
    socket.on("connect", () => {
      this.#attempt = 0;
      this.#heard = Date.now();
      this.#become("live");
    });
    socket.on("disconnect", () => this.#lost());
    socket.on("connect_error", (error) => this.#lost(error.data?.retry_after));
    socket.on("restarting", ({ in: seconds = 1 } = {}) => {
      this.#wait = (seconds + Math.random()) * 1000;
      this.#become("restarting");
    });
    manager.on("close", () => this.#lost());
    manager.on("error", () => this.#lost());
    socket.onAny((name, data) => {
      this.#heard = Date.now();
      this.dispatchEvent(new CustomEvent(name, { detail: data }));
    });
    this.#connect();
  }

  get live() {
    return this.state === "live";
  }

  // Ask, and get the server's answer; null when none came, and it is not known what became of the wish.
  async ask(event, data) {
    if (!this.live) return null;
    try {
      const answer = await this.#socket.timeout(PATIENCE).emitWithAck(event, data);
      this.#heard = Date.now();
      return answer;
    } catch {
      this.#renew();
      return null;
    }
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#socket || this.#socket.connected) return;
    this.#socket.connect();
  }

  #lost(seconds = 0) {
    if (this.#timer) return;
    if (!navigator.onLine) this.#become("offline");
    else if (this.state !== "restarting" || this.#attempt) this.#become(this.#attempt ? "away" : "connecting");
    const backoff = Math.min(SLOWEST, 500 * 2 ** this.#attempt) * (0.5 + Math.random());
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.#connect(), seconds * 1000 || this.#wait || backoff);
    this.#wait = 0;
  }

  // Awake again, on another network, back from the history: is the line still alive?
  #look() {
    if (!this.#socket) return;
    if (!this.#socket.connected) {
      this.#attempt = Math.min(this.#attempt, 1);
      this.#connect();
    } else if (Date.now() - this.#heard > SILENCE) {
      this.#renew();
    } else if (this.state === "offline") {
      this.#become("live");
      this.dispatchEvent(new Event("look"));
    }
  }

  #renew() {
    this.#socket.io.engine?.close();
    this.#socket.disconnect();
    this.#lost();
    this.#attempt = 0;
    this.#connect();
  }
}
