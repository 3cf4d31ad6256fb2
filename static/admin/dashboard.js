// The whole site is checked when the dashboard is there already: it may take a while.
const place = document.querySelector("[data-check]");
const link = place?.querySelector("[data-check-link]");

if (link) {
  const busy = document.createElement("p");
  busy.className = "soft";
  busy.textContent = link.dataset.busy;
  link.closest("p").hidden = true;
  place.append(busy);
  fetch(place.dataset.check, { headers: { Accept: "text/html" } })
    .then(async (answer) => {
      if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
      place.innerHTML = await answer.text();
    })
    .catch(() => {
      busy.remove();
      link.closest("p").hidden = false;
    });
}
