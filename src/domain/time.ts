// Owns days and clock times of the campaign's zone. The only file that says `Date`; instants are epoch milliseconds,
// days are 'yyyy-mm-dd'. Deadlines count calendar days.

export const minute = 60_000;
export const hour = 60 * minute;
export const dayLength = 24 * hour;

interface Zone {
  readonly format: Intl.DateTimeFormat;
  minute: number;
  parts: Record<string, string>;
}
const zones = new Map<string, Zone>();
/** Instants come minute by minute, and Intl is slow: the last minute's parts are kept. */
function parts(at: number, zone: string): Record<string, string> {
  const known = zones.get(zone) ?? newZone(zone);
  const now = Math.floor(at / minute);
  if (now !== known.minute) {
    known.parts = Object.fromEntries(known.format.formatToParts(at).map((p) => [p.type, p.value]));
    known.minute = now;
  }
  return known.parts;
}

function newZone(zone: string): Zone {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const made = { format, minute: Number.NaN, parts: {} };
  zones.set(zone, made);
  return made;
}

/** Local day of an instant: '2023-07-12'. */
export function dayOf(at: number, zone: string): string {
  const p = parts(at, zone);
  return `${p.year}-${p.month}-${p.day}`;
}

/** Local clock time of an instant: '08:30'. */
export function timeOf(at: number, zone: string): string {
  const p = parts(at, zone);
  return `${p.hour}:${p.minute}`;
}

/** '7月12日 08:30', for people. */
export function showInstant(at: number, zone: string): string {
  return `${showDay(dayOf(at, zone))} ${timeOf(at, zone)}`;
}

/** '2023-07-12' → '7月12日'. */
export function showDay(day: string): string {
  const [, month, date] = day.split('-');
  return `${Number(month)}月${Number(date)}日`;
}

/** ISO instant with offset → epoch ms; NaN when it is none. */
export function instantOf(iso: string): number {
  return new Date(iso).getTime();
}

/** The instant a clock of the zone shows `time` ('09:02') on `day`. Where clocks are moved, one of the two that fit. */
export function instantAt(day: string, time: string, zone: string): number {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  const shownAs = (at: number) => Date.parse(`${dayOf(at, zone)}T${timeOf(at, zone)}:00Z`);
  const first = wanted - (shownAs(wanted) - wanted);
  return first - (shownAs(first) - wanted);
}

/** 0 = Sunday … 6 = Saturday. */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/** A real calendar day 'yyyy-mm-dd'? */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}

/** Calendar days from `from` to `to` (negative when `to` lies before). */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayLength);
}

/** The day `n` calendar days later. */
export function addDays(day: string, n: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + n * dayLength).toISOString().slice(0, 10);
}

/** An HTTP date ('Mon, 23 Nov 2026 09:00:00 GMT') as epoch ms; NaN when it is none. */
export const httpDateOf = (header: string): number => Date.parse(header);
