// Owns which days are worked: the State Council's table (package chinese-days, its data alone: its functions guess a year
// they do not know by the weekday) and the county's own. Pure. A year nobody has a table for has no working day.
import table from 'chinese-days/dist/chinese-days.json';
import type { Campaign } from './campaign.ts';
import { addDays, dayOf, timeOf, weekdayOf } from './time.ts';

export interface Calendar {
  /** false for every day of a year that is not covered. */
  isWorkday(day: string): boolean;
  covers(year: number): boolean;
}

const restDays: Readonly<Record<string, string>> = table.holidays;
const shiftedWorkdays: Readonly<Record<string, string>> = table.workdays;
const yearOf = (day: string) => Number(day.slice(0, 4));
const published = new Set(Object.keys(restDays).map(yearOf));

type OwnDays = Pick<Campaign, 'extraWorkdays' | 'extraRestDays'>;

/** The county's days: what any of its campaigns says goes before the published table, work before rest. */
export function calendarOf(campaigns: readonly OwnDays[]): Calendar {
  const work = new Set(campaigns.flatMap((c) => c.extraWorkdays));
  const rest = new Set(campaigns.flatMap((c) => c.extraRestDays ?? []));
  const own = new Set([...rest].map(yearOf));
  const covers = (year: number) => published.has(year) || own.has(year);
  return {
    covers,
    isWorkday(day) {
      if (!covers(yearOf(day))) return false;
      if (work.has(day)) return true;
      if (rest.has(day) || day in restDays) return false;
      return day in shiftedWorkdays || (weekdayOf(day) !== 0 && weekdayOf(day) !== 6);
    },
  };
}

/** Longer than any rest: beyond it the calendar knows no more. */
const furthest = 40;

function seek(calendar: Calendar, from: string, step: 1 | -1): string | null {
  for (let n = 1; n <= furthest; n++) {
    const day = addDays(from, step * n);
    if (calendar.isWorkday(day)) return day;
  }
  return null;
}

/** The first working day after `day`; null where the calendar ends. */
export const nextWorkday = (calendar: Calendar, day: string): string | null => seek(calendar, day, 1);
/** The last working day before `day`; null where the calendar ends. */
export const previousWorkday = (calendar: Calendar, day: string): string | null => seek(calendar, day, -1);

/** The `n`-th working day after `day`, n ≥ 1; null where the calendar ends. */
export function workdayAfter(calendar: Calendar, day: string, n: number): string | null {
  let at: string | null = day;
  for (let i = 0; i < n && at !== null; i++) at = nextWorkday(calendar, at);
  return at;
}

/** The bot speaks unasked between these, on working days (contract §6). */
export const workingHours = { from: '09:00', to: '18:00' } as const;

/** May the bot speak unasked at this instant? */
export function isWorkingTime(calendar: Calendar, at: number, zone: string): boolean {
  const time = timeOf(at, zone);
  return calendar.isWorkday(dayOf(at, zone)) && workingHours.from <= time && time < workingHours.to;
}
