/** Values as people read them. Absent values (null, undefined, NaN) are "–"; times are integer ms since the epoch. */

const ABSENT = "–";
const LOCALE = "en-GB";
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const short = new Intl.NumberFormat(LOCALE, { notation: "compact", maximumFractionDigits: 1 });
const percentage = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1 });
const dayTime = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const hourMinute = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric" });

/** True where there is a number to show. */
export function present(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/** 12345.6 -> "12,346". */
export function integer(value) {
  return present(value) ? whole.format(value) : ABSENT;
}

/** 12.345 -> "12.3". */
export function decimal(value) {
  return present(value) ? tenth.format(value) : ABSENT;
}

/** 1234567 -> "1.2M", for where there is little room. */
export function compact(value) {
  return present(value) ? short.format(value) : ABSENT;
}

/** 0.123 -> "12.3%". */
export function percent(share) {
  return present(share) ? percentage.format(share) : ABSENT;
}

/** Kilometres an hour, with the unit. */
export function speed(value) {
  return present(value) ? `${whole.format(value)} km/h` : ABSENT;
}

/** Revolutions a minute, with the unit. */
export function rpm(value) {
  return present(value) ? `${whole.format(value)} rpm` : ABSENT;
}

/** Records a second, with the unit; one decimal below ten. */
export function rate(value) {
  if (!present(value)) return ABSENT;
  return `${value < 10 ? tenth.format(value) : whole.format(value)}/s`;
}

/** Bytes with a binary unit. */
export function bytes(value) {
  if (!present(value)) return ABSENT;
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const step = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  const scaled = value / 1024 ** step;
  return `${step === 0 || scaled >= 100 ? whole.format(scaled) : tenth.format(scaled)} ${units[step]}`;
}

/** A gear: "N" for neutral (0). */
export function gear(value) {
  if (!present(value)) return ABSENT;
  return value === 0 ? "N" : String(value);
}

/** Hours, minutes and seconds of a moment, in the viewer's zone. */
export function time(ms) {
  return present(ms) ? dayTime.format(ms) : ABSENT;
}

/** Hours and minutes of a moment, in the viewer's zone. */
export function minute(ms) {
  return present(ms) ? hourMinute.format(ms) : ABSENT;
}

/** Day and time of a moment, in the viewer's zone. */
export function dateTime(ms) {
  return present(ms) ? `${day.format(ms)}, ${dayTime.format(ms)}` : ABSENT;
}

/** The moment in UTC as the command line writes it, for titles and `datetime` attributes; "" if absent. */
export function iso(ms) {
  return present(ms) && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : "";
}

/** A length of time in ms in its two largest units: "840 ms", "42 s", "3 min 5 s", "2 h 10 min", "3 d 4 h". */
export function duration(ms) {
  if (!present(ms)) return ABSENT;
  const length = Math.max(0, ms);
  if (length < 1000) return `${whole.format(length)} ms`;
  const seconds = Math.floor(length / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return units(seconds, 60, "min", 1, "s");
  if (seconds < 86400) return units(seconds, 3600, "h", 60, "min");
  return units(seconds, 86400, "d", 3600, "h");
}

function units(seconds, large, largeName, small, smallName) {
  const rest = Math.floor((seconds % large) / small);
  const first = `${whole.format(Math.floor(seconds / large))} ${largeName}`;
  return rest ? `${first} ${rest} ${smallName}` : first;
}

/** Whole seconds of an age, so that a badge does not flicker between "0 ms" and "840 ms". */
export function age(ms) {
  if (!present(ms)) return ABSENT;
  return ms < 1000 ? "< 1 s" : duration(ms);
}

/** "Kia Rio"; "unknown model" while the enricher does not know the car. */
export function model(profile) {
  return [profile?.brand, profile?.model].filter(Boolean).join(" ") || "unknown model";
}
