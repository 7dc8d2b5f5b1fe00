// Owns the instants at which messages nobody asked for go out: never at :00 or :30 of an hour, when the platform is busiest,
// spread so that answers find room, in working hours. Pure; epoch milliseconds.
import type { Campaign } from './campaign.ts';
import { dayOf, instantAt, minute, timeOf } from './time.ts';
import { type Calendar, calendarOf, isWorkingTime, nextWorkday, workingHours } from './workdays.ts';

/** 14 a second of the platform's 1,000 a minute (16.7): 311 groups and 2,000 people in 164 s, and answers still pass. */
export const apart = 71;
/** One cause's messages lie within this (4,200 of them); what is more goes on at the same pace. */
export const wave = 5 * minute;

const isBusy = (at: number) => Math.floor(at / minute) % 30 === 0;
/** The instant itself, or the next minute's begin when it lies in a busy one. */
const calm = (at: number): number => (isBusy(at) ? (Math.floor(at / minute) + 1) * minute : at);

/** Instants for `n` messages from `start` on. */
export function spread(start: number, n: number): number[] {
  const instants: number[] = [];
  let at = calm(start);
  for (let i = 0; i < n; i++) {
    instants.push(at);
    at = calm(at + apart);
  }
  return instants;
}

export interface Hours {
  readonly calendar: Calendar;
  readonly zone: string;
  readonly morning: string; // first slot of a working day
}

/** The hours of all campaigns side by side: from the earliest first slot of any. */
export function hoursOfAll(campaigns: readonly Campaign[], zone: string): Hours {
  const mornings = campaigns.flatMap((c) => c.reminders?.times.morning ?? []);
  return { calendar: calendarOf(campaigns), zone, morning: mornings.sort()[0] ?? workingHours.from };
}

/** May the bot speak unasked? From the first slot of a working day on: what a night held back goes out with what is new. */
export const maySpeak = (at: number, { calendar, zone, morning }: Hours): boolean =>
  isWorkingTime(calendar, at, zone) && timeOf(at, zone) >= morning;

/** `at` when the bot may speak then, else the next first slot of a working day; null where the calendar ends. */
export function speakable(at: number, { calendar, zone, morning }: Hours): number | null {
  if (maySpeak(calm(at), { calendar, zone, morning })) return calm(at);
  const day = dayOf(at, zone);
  const today = instantAt(day, morning, zone);
  if (calendar.isWorkday(day) && at < today) return today;
  return morningAfter(at, { calendar, zone, morning });
}

/** The first slot of the working day after that of `at`; null where the calendar ends. */
export function morningAfter(at: number, { calendar, zone, morning }: Hours): number | null {
  const next = nextWorkday(calendar, dayOf(at, zone));
  return next === null ? null : instantAt(next, morning, zone);
}
