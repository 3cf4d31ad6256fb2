// After too many attempts: count the seconds down, then say that it is time.
for (const place of document.querySelectorAll("[data-countdown]")) {
  let left = Number(place.dataset.countdown);
  const timer = setInterval(() => {
    left -= 1;
    if (left <= 0) {
      clearInterval(timer);
      place.textContent = place.dataset.done;
    } else {
      // Only the number changes, without being read out each second.
      place.setAttribute("aria-live", "off");
      place.textContent = place.textContent.replace(/\d+/, left);
    }
  }, 1000);
}
