// One room of the guestbook, alive: what the server tells goes into the log, what is written goes to the server.
import { missed, ring, setSound, sounds } from "./attention.js";
import { button, element } from "./build.js";
import { Connection } from "./connection.js";
import { Form } from "./form.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";
import { Own } from "./own.js";
import { Times } from "./times.js";
import { learn, say } from "./words.js";

const MINUTE = 60000;
const connections = new Map();

export async function open(section) {
  await learn(section.dataset.words);
  const room = new Room(section);
  if (section.dataset.live && !("past" in section.dataset)) await room.begin();
}

function connectionTo(server) {
  if (!connections.has(server)) connections.set(server, new Connection(server));
  return connections.get(server);
}

class Room {
  ticket = "";
  #status = element("p", { class: "hush", role: "status" });
  #pulse = element("p", { class: "pulse" });
  #here = "";
  #mine = element("div", { class: "lines mine" });
  #pill = button("", () => this.#showNew(), "pill");
  #new = 0;
  #catching = null;
  #again = false;
  #begun = false;

  constructor(section) {
    const { guestbook, server, epoch, head, url } = section.dataset;
    Object.assign(this, { section, room: guestbook, server, epoch, head: Number(head), url: new URL(url, location.href).pathname });
    this.prefix = section.id.replace(/book$/, "");
    this.language = section.lang;
    this.times = new Times(section.lang);
    this.own = new Own(this, this.#mine);
    const lines = section.querySelector(".lines");
    this.log = new Log(lines, this, (article, entry) => this.own.dress(article, entry));
    section.classList.add("awake");
    setInterval(() => this.log.tick(new Date()), MINUTE);
  }

  known(id) {
    return this.log?.known(id);
  }

  async begin() {
    const { section } = this;
    const lines = section.querySelector(".lines");
    const form = section.querySelector("form.sign");
    this.connection = connectionTo(this.server);
    this.longest = form?.elements.body.maxLength ?? null;
    lines.before(this.#status, this.#pulse, this.#mine, this.#pill);
    this.#pill.hidden = true;
    this.outbox = new Outbox(this, this.#mine, (answer) => this.#sent(answer), (item, field) => this.form?.refill(item, field));
    if (form) this.form = new Form(form, this.room, (item) => this.outbox.add(item));
    for (const article of lines.querySelectorAll(".line")) this.own.dress(article, this.log.known(article.dataset.id));
    this.#listen();
    this.#tell();
    try {
      await (this.connection.opening ??= this.connection.open());
    } catch {
      // Without the socket's code the page stays as it is, and the form goes the way of all forms.
      this.form = null;
    }
    if (this.connection.live) this.#catchUp();
  }

  status(text) {
    this.#status.textContent = text;
  }

  // An entry of one's own that was changed.
  changed(entry) {
    if (entry.state === "shown") this.log.merge([entry]);
    else {
      this.log.remove([entry.id]);
      this.own.show([entry]);
      this.status(say(entry.state === "held" ? "held" : "hidden"));
    }
  }

  #listen() {
    const { connection } = this;
    const on = (name, act) => connection.addEventListener(name, ({ detail }) => {
      if (!detail || detail.room === undefined || detail.room === this.room) act(detail);
    });
    on("state", () => {
      this.#tell();
      if (connection.live) this.#catchUp();
      else this.outbox.pump();
    });
    on("look", () => this.#catchUp());
    on("entries", (told) => this.#follow(told, () => this.#add(told.entries)));
    on("changed", (told) => this.#follow(told, () => this.#add(told.entries)));
    on("removed", (told) => this.#follow(told, () => this.log.remove(told.ids)));
    on("presence", (told) => {
      this.#presence(told);
      if (told.epoch !== this.epoch || told.head > this.head) setTimeout(() => this.#mend(told), 1000);
    });
    on("mode", (told) => this.#rules(told));
    on("own", ({ entries }) => {
      const mine = entries.filter((entry) => entry.room === this.room);
      if (!mine.length) return;
      this.own.show(mine);
      for (const { state } of mine) if (state === "held" || state === "hidden") this.status(say(state));
    });
  }

  // The next step of the room's log is taken; one that does not fit is asked for.
  #follow(told, act) {
    if (told.epoch === this.epoch && told.head <= this.head) return;
    if (this.#catching || told.epoch !== this.epoch || told.before !== this.head) {
      this.#catchUp();
      return;
    }
    act();
    this.head = told.head;
  }

  #mend(told) {
    if (told.epoch !== this.epoch || told.head > this.head) this.#catchUp();
  }

  #catchUp() {
    if (this.#catching) {
      this.#again = true;
      return;
    }
    this.#catching = this.#join().finally(() => {
      this.#catching = null;
      if (this.#again && this.connection.live) {
        this.#again = false;
        this.#catchUp();
      }
      this.outbox.pump();
    });
  }

  async #join() {
    for (;;) {
      const told = await this.connection.ask("join", { room: this.room, after: this.head, epoch: this.epoch, lang: this.language });
      if (!told?.ok) {
        if (told) setTimeout(() => this.connection.live && this.#catchUp(), (told.retry_after ?? 5) * 1000);
        return;
      }
      if (told.reset) this.log.clear();
      this.log.remove(told.removed);
      this.#add(told.entries, { first: !this.#begun || told.reset });
      this.epoch = told.epoch;
      this.head = told.head;
      this.ticket = told.ticket;
      if (told.more) continue;
      this.own.replace(told.own ?? []);
      this.#presence(told);
      this.#rules(told);
      this.#older(told.older);
      break;
    }
    if (!this.#begun) this.#ready();
  }

  // The first time that all is there.
  #ready() {
    this.#begun = true;
    this.section.querySelector(".as-of")?.remove();
    this.log.speak(this.section.getAttribute("aria-label"));
    const wanted = /^#(?:[\w-]*-)?entry-(\d+)$/.exec(location.hash);
    if (wanted) this.#find(Number(wanted[1]));
  }

  #add(entries, { first = false } = {}) {
    const above = this.#begun && this.log.aboveView;
    const fresh = this.log.merge(entries, { quiet: first });
    const ids = entries.map((entry) => entry.id);
    const others = fresh.filter((entry) => !this.outbox.has(entry.id));
    this.outbox.settle(ids);
    this.own.settle(ids);
    this.section.querySelector(".empty")?.toggleAttribute("hidden", this.log.size > 0);
    if (first || !others.length) return;
    missed(others.length);
    ring();
    if (others.length > 3) this.status(say("new", { count: others.length }));
    if (above) {
      this.#new += others.length;
      this.#pill.textContent = say("new", { count: this.#new });
      this.#pill.hidden = false;
    }
  }

  #showNew() {
    this.#new = 0;
    this.#pill.hidden = true;
    const newest = this.section.querySelector(".lines[role=log] .line");
    if (newest) this.log.show(newest);
  }

  #sent({ entry, state, message }) {
    if (state === "shown") {
      this.log.merge([entry]);
      this.section.querySelector(".empty")?.toggleAttribute("hidden", this.log.size > 0);
      this.status(say("sent"));
    } else {
      this.own.show([entry]);
      this.status(message || say(state === "held" ? "held" : "hidden"));
    }
  }

  #presence({ here, owner_here: owner }) {
    this.#here = [here > 0 && say("here", { count: here }), owner && say("owner_here")].filter(Boolean).join(" · ");
    this.#tell();
  }

  #rules({ mode, paused, slow }) {
    const closed = mode === "read-only" || paused;
    this.form?.close(closed);
    this.rules = closed ? say("closed") : slow ? say("slow", { count: slow }) : "";
    this.#tell();
  }

  #tell() {
    const { state } = this.connection;
    const told = {
      live: say("now"), connecting: say("connecting"), offline: say("offline"), away: say("away"), restarting: say("restarting"),
    };
    this.#pulse.dataset.state = state;
    const text = [told[state], state === "live" && this.#here, state === "live" && this.rules].filter(Boolean).join(" · ");
    this.#sound ??= this.#soundSwitch();
    if (this.#pulse.firstChild?.textContent !== text) this.#pulse.replaceChildren(element("span", {}, text), this.#sound);
  }

  #sound = null;
  #soundSwitch() {
    const label = () => say(sounds() ? "sound_on" : "sound_off");
    const made = button(label(), () => {
      setSound(!sounds());
      made.textContent = label();
    }, "sound");
    return made;
  }

  // Older entries are fetched when they are asked for, into a list of their own that is not read out.
  #older(any) {
    const { section } = this;
    const pager = section.querySelector(".pager");
    const all = section.querySelector(".rest");
    if ((!any && !pager && !all) || this.more) return;
    pager?.remove();
    this.more = button(say("older"), () => this.#load(), "more-older");
    (all ?? section.appendChild(element("p", { class: "rest" }))).prepend(this.more);
  }

  async #load() {
    this.more.disabled = true;
    const told = await this.connection.ask("older", { room: this.room, before: this.log.lowest, lang: this.language });
    this.more.disabled = false;
    if (!told?.ok) return false;
    this.log.older(told.entries);
    this.more.hidden = !told.entries.length || this.log.lowest <= 1;
    return told.entries.length > 0;
  }

  // A link to an entry that is further down than what is shown.
  async #find(number) {
    const place = () => this.section.querySelector(`.line[data-number="${number}"]`);
    while (!place() && this.more && !this.more.hidden && this.log.lowest > number) if (!(await this.#load())) break;
    const found = place();
    if (found) this.log.show(found);
  }
}
