/** Tells instants in the zone of the person at the page. */

const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
  return formats.get(key);
}

/** "10:05" */
export const clockTime = (at, zone) => format(zone, { hour: "2-digit", minute: "2-digit" }).format(new Date(at));

/** "Monday 30 November" */
export const day = (at, zone) => format(zone, { weekday: "long", day: "numeric", month: "long" }).format(new Date(at));

/** "Mon 30 Nov 2026, 10:05 CET"; `name` is what messages call the zone, if that is known. */
export function full(at, zone, name) {
  const date = format(zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  const parts = format(zone, { timeZoneName: "short", hour: "2-digit" }).formatToParts(new Date(at));
  return `${date.format(new Date(at))}, ${clockTime(at, zone)} ${name ?? parts.find((p) => p.type === "timeZoneName").value}`;
}

/** "30 Nov" */
export const dayMonth = (at, zone) => format(zone, { day: "numeric", month: "short" }).format(new Date(at));

/** "Mon 10:05" */
export const weekdayTime = (at, zone) => `${format(zone, { weekday: "short" }).format(new Date(at))} ${clockTime(at, zone)}`;

/** The day after, as a form's date field has it: "2026-12-01". */
export function nextDay(at, zone) {
  const parts = format(zone, { year: "numeric", month: "numeric", day: "numeric" }).formatToParts(new Date(at));
  const part = (type) => Number(parts.find((p) => p.type === type).value);
  return new Date(Date.UTC(part("year"), part("month") - 1, part("day") + 1)).toISOString().slice(0, 10);
}

/** "Mon 30 Nov, 10:05" */
export function short(at, zone) {
  const date = format(zone, { weekday: "short", day: "numeric", month: "short" });
  return `${date.format(new Date(at))}, ${clockTime(at, zone)}`;
}

/** The calendar day as a text that compares equal for equal days. */
export const dayKey = (at, zone) => format(zone, { dateStyle: "short" }).format(new Date(at));
