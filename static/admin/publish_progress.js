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

const source = new EventSource(`${place.dataset.running}?after=${place.dataset.after}`);
source.addEventListener("open", () => (connection.hidden = true));
source.addEventListener("message", ({ data }) => {
  const event = JSON.parse(data);
  if (event.kind === "stage") enter(event.stage);
  if (event.kind === "progress") advance(event);
  else if (event.kind === "waiting") item.textContent = event.text;
  else if (event.text) write(event.text);
});
source.addEventListener("end", () => {
  source.close();
  location.reload();
});
source.addEventListener("error", () => {
  connection.textContent = place.dataset.lost;
  connection.hidden = false;
  // Signed out, or the server does not know the stream any more: the page itself says more.
  if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000);
});
log.scrollTop = log.scrollHeight;
