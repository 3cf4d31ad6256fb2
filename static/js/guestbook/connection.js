// The way to the server: one socket for all rooms of the page, opened again by itself, and honest about its state.
import { wish } from "./http.js";
import { author } from "./store.js";

const SILENCE = 40000; // the server says something at least every 25 s
const PATIENCE = 15000;
const SLOWEST = 30000;
const PACE = 8000; // between two looks, where there is no socket
const PATIENT = 1; // so many sockets fail before it is tried without

export class Connection extends EventTarget {
  // "connecting", "live", "offline" (this device), "away" (the server), "restarting"
  state = "connecting";
  #attempt = 0;
  #timer = 0;
  #wait = 0;
  #heard = Date.now();
  #socket = null;
  #poll = 0;

  constructor(server) {
    super();
    const base = new URL(server || location.origin, location.href);
    this.base = base.origin + base.pathname.replace(/\/$/, "");
    for (const name of ["online", "pageshow"]) addEventListener(name, () => this.#look());
    document.addEventListener("visibilitychange", () => document.hidden || this.#look());
    addEventListener("offline", () => this.#become("offline"));
  }

  async open() {
    let Manager;
    try {
      ({ Manager } = await import("../../dist/socket.io.js"));
    } catch {
      // The install had no npm registry: there is HTTP.
      await this.#goByHttp();
      return;
    }
    const { origin, pathname } = new URL(this.base);
    const manager = new Manager(origin, {
      path: `${pathname.replace(/\/$/, "")}/socket.io`, transports: ["websocket"], reconnection: false, timeout: 6000,
      autoConnect: false,
    });
    const socket = manager.socket("/guestbook", { auth: (tell) => tell({ v: 1, author: author(), lang: document.documentElement.lang }) });
    this.#socket = socket;
    manager.on("open", () => (this.#heard = Date.now()));
    manager.on("ping", () => (this.#heard = Date.now()));
    socket.on("connect", () => {
      this.#attempt = 0;
      this.#heard = Date.now();
      this.#endHttp();
      // One who was served by HTTP meanwhile is in no room yet, and would hear nothing from here on.
      if (this.live) this.dispatchEvent(new Event("look"));
      else this.#become("live");
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
    if (this.#poll) return this.#byHttp(event, data);
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
    else if (!this.#poll) {
      if (this.state !== "restarting" || this.#attempt) this.#become(this.#attempt ? "away" : "connecting");
      if (this.#attempt >= PATIENT) this.#goByHttp();
    }
    const backoff = Math.min(SLOWEST, 500 * 2 ** this.#attempt) * (0.5 + Math.random());
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.#connect(), seconds * 1000 || this.#wait || backoff);
    this.#wait = 0;
  }

  // Is there an answer by HTTP? Then look again and again, until a socket opens after all.
  async #goByHttp() {
    try {
      await wish(this.base, "join", { room: "lobby", after: 0, lang: document.documentElement.lang });
    } catch {
      if (!this.#socket) this.#become(navigator.onLine ? "away" : "offline");
      return;
    }
    if (this.#socket?.connected) return;
    clearInterval(this.#poll);
    this.#poll = setInterval(() => document.hidden || this.dispatchEvent(new Event("look")), PACE);
    this.#become("live");
  }

  #endHttp() {
    clearInterval(this.#poll);
    this.#poll = 0;
  }

  async #byHttp(event, data) {
    try {
      return await wish(this.base, event, data);
    } catch {
      this.#endHttp();
      this.#become(navigator.onLine ? "away" : "offline");
      if (!this.#socket) setTimeout(() => this.#goByHttp(), SLOWEST);
      return null;
    }
  }

  // Awake again, on another network, back from the history: is the line still alive?
  #look() {
    if (!this.#socket) {
      if (!this.live) this.#goByHttp();
      return;
    }
    if (this.#poll) {
      this.#become("live");
      this.dispatchEvent(new Event("look"));
    } else if (!this.#socket.connected) {
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
