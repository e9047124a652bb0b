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

/** "Mon 30 Nov 2026, 10:05 CET" */
export function full(at, zone) {
  const date = format(zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  const name = format(zone, { timeZoneName: "short", hour: "2-digit" }).formatToParts(new Date(at));
  return `${date.format(new Date(at))}, ${clockTime(at, zone)} ${name.find((p) => p.type === "timeZoneName").value}`;
}

/** "Mon 30 Nov, 10:05" */
export function short(at, zone) {
  const date = format(zone, { weekday: "short", day: "numeric", month: "short" });
  return `${date.format(new Date(at))}, ${clockTime(at, zone)}`;
}

/** The calendar day as a text that compares equal for equal days. */
export const dayKey = (at, zone) => format(zone, { dateStyle: "short" }).format(new Date(at));
