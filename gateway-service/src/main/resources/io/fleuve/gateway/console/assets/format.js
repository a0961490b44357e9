// Numbers and times as people read them.

const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export const NONE = "–";

export function count(n) {
  return n === null || n === undefined ? NONE : plain.format(n);
}

/** Short from a hundred thousand on. */
export function brief(n) {
  return n === null || n === undefined ? NONE : Math.abs(n) < 100_000 ? plain.format(n) : short.format(n);
}

export function rate(n) {
  if (n === null || n === undefined) {
    return NONE;
  }
  return n === 0 ? "0" : n < 10 ? n.toFixed(1) : brief(n);
}

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** [number, unit] in powers of a thousand. */
export function bytesParts(n) {
  if (n === null || n === undefined) {
    return [NONE, ""];
  }
  let unit = 0;
  let value = n;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return [unit === 0 || value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2), UNITS[unit]];
}

export function bytes(n) {
  return bytesParts(n).join("\u00a0").trim();
}

export function millis(ms) {
  return ms === null || ms === undefined ? NONE : ms === 0 ? "0 ms" : ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms >= 10 ? ms.toFixed(0) : ms.toFixed(1)} ms`;
}

const two = (n) => String(n).padStart(2, "0");

/** Local time to the millisecond, sortable by eye. */
export function moment(date) {
  if (!date) {
    return NONE;
  }
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

export function shortTime(date) {
  return date ? `${date.getDate()} ${date.toLocaleString("en", { month: "short" })} ${two(date.getHours())}:${two(date.getMinutes())}` : NONE;
}

/** From one time to another, the day once if it is the same. */
export function timeSpan(from, to) {
  const end = shortTime(to);
  return `${shortTime(from)} – ${from.toDateString() === to.toDateString() ? end.split(" ").pop() : end}`;
}

export function ago(date, now = Date.now()) {
  const s = Math.max(0, Math.round((now - date.getTime()) / 1000));
  if (s < 60) {
    return `${s} s ago`;
  }
  return s < 3600 ? `${Math.floor(s / 60)} min ago` : s < 86400 ? `${Math.floor(s / 3600)} h ago` : `${Math.floor(s / 86400)} d ago`;
}

export function plural(n, one, many = `${one}s`) {
  return `${brief(n)} ${n === 1 ? one : many}`;
}
