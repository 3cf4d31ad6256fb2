// Times as the reader's clock has them: the day, how long ago, and exactly when.
const MINUTE = 60;
const HOUR = 3600;

export class Times {
  constructor(language) {
    this.relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    this.clock = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
    this.exact = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
    this.date = new Intl.DateTimeFormat(language, { dateStyle: "long" });
  }

  // The reader's day as a key that sorts, and as a word.
  key(at) {
    return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
  }

  day(at, now = new Date()) {
    const between = Math.round((midnight(at) - midnight(now)) / 86400000);
    const word = between > -2 && between < 1 ? this.relative.format(between, "day") : this.date.format(at);
    return word.charAt(0).toLocaleUpperCase() + word.slice(1);
  }

  // How long ago within this hour, then the time of day: the day stands above.
  ago(at, now = new Date()) {
    const seconds = (now - at) / 1000;
    if (seconds < 45) return this.relative.format(0, "second");
    if (seconds >= HOUR) return this.clock.format(at);
    return this.relative.format(-Math.max(1, Math.floor(seconds / MINUTE)), "minute");
  }

  put(time, now = new Date()) {
    const at = new Date(time.dateTime);
    const text = this.ago(at, now);
    if (time.textContent !== text) time.textContent = text;
    if (!time.title) time.title = this.exact.format(at);
  }
}

function midnight(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}
