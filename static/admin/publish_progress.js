// The progress of a publication, as its journal tells it. When it has ended the page is asked for anew.
const place = document.querySelector("[data-running]");
const bar = place.querySelector("[data-bar]");
const count = place.querySelector("[data-count]");
const item = place.querySelector("[data-item]");
const log = place.querySelector("[data-log]");
const said = place.querySelector("[data-said]");
const connection = place.querySelector("[data-connection]");
const stages = [...place.querySelectorAll("[data-stage]")];

function enter(name) {
  const here = stages.findIndex((stage) => stage.dataset.stage === name);
  if (here < 0) return;
  stages.forEach((stage, number) => {
    stage.dataset.standing = number < here ? "done" : number === here ? "current" : "waiting";
    stage.toggleAttribute("aria-current", false);
  });
  stages[here].setAttribute("aria-current", "step");
  said.textContent = stages[here].textContent;
  bar.removeAttribute("value");
  count.textContent = item.textContent = "";
}

function advance({ done, total, item: name }) {
  if (total) {
    bar.max = total;
    bar.value = done;
    count.textContent = `${done} / ${total}`;
  }
  item.textContent = name ?? "";
}

function write(text) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.append(`${text}\n`);
  if (atEnd) log.scrollTop = log.scrollHeight;
}

const { dataset: told } = place;
let after = Number(told.after);
let losing;

function hear(event) {
  after = event.number;
  if (event.kind === "stage") enter(event.stage);
  if (event.kind === "progress") advance(event);
  else if (event.kind === "waiting") item.textContent = event.text;
  else if (event.text) write(event.text);
}

function here() {
  clearTimeout(losing);
  connection.hidden = true;
}

/** Say that the connection is lost, unless it is back in a moment. */
function lost() {
  clearTimeout(losing);
  losing = setTimeout(() => {
    connection.textContent = told.lost;
    connection.hidden = false;
  }, 1500);
}

/** Listen over the socket that the guestbook has; the journal is read from where this page has come to. */
async function listen() {
  let io;
  try {
    ({ io } = await import("./socket.io.js"));
  } catch {
    return stream(); // It was not installed.
  }
  const auth = (give) => give({ job: told.job, after });
  const socket = io("/publishing", { path: told.socket, transports: ["websocket"], auth });
  socket.on("connect", here);
  socket.on("progress", hear);
  socket.on("end", () => (socket.close(), location.reload()));
  socket.on("disconnect", (reason) => (reason === "io server disconnect" ? away() : lost()));
  socket.on("connect_error", away);

  // There is no guestbook, or no WebSocket comes through, or the server is away.
  function away() {
    socket.close();
    stream();
  }
}

function stream() {
  const source = new EventSource(`${told.running}?after=${after}`);
  source.addEventListener("open", here);
  source.addEventListener("message", ({ data }) => hear(JSON.parse(data)));
  source.addEventListener("end", () => {
    source.close();
    location.reload();
  });
  source.addEventListener("error", () => {
    lost();
    // Signed out, or the server does not know the stream any more: the page itself says more.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000);
  });
}

log.scrollTop = log.scrollHeight;
listen();
