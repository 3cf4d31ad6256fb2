// "in 3 hours": kept true while the page is open; when a moment comes, the page is asked for anew.
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
let known = [];

function tell() {
  let next = 60;
  for (const place of document.querySelectorAll("time[data-until]")) {
    const left = (Date.parse(place.dateTime) - Date.now()) / 1000;
    if (left <= 0) {
      if (known.includes(place)) {
        setTimeout(() => location.reload(), 1000);
        return;
      }
      continue;
    }
    if (!known.includes(place)) known.push(place);
    const [unit, size] = UNITS.find(([, size]) => left >= size * 1.5) ?? UNITS.at(-1);
    place.textContent = words.format(Math.max(1, Math.round(left / size)), unit);
    next = Math.min(next, left < 120 ? 1 : 60, left);
  }
  known = known.filter((place) => place.isConnected);
  setTimeout(tell, Math.max(next, 0.5) * 1000);
}
tell();
document.querySelector("[data-list]")?.addEventListener("filled", () => {
  for (const place of document.querySelectorAll("time[data-until]")) if (Date.parse(place.dateTime) > Date.now()) known.push(place);
});
