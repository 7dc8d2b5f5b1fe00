// Owns the nineteen days passing: the script's deeds at their instants, ticks at their minutes, sends until nothing is due.
// Empty hours are skipped but for a tick each; `everyMinute` skips nothing, and must come to the same.
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '../../db/engine.ts';
import type { VirtualClock } from '../../simulator/clock.ts';
import { hour, minute } from '../../src/domain/time.ts';
import type { Store } from '../../src/store.ts';
import type { Bots } from './bots.ts';
import { inHours } from './rules.ts';
import type { Deed } from './script.ts';

export interface Drive {
  readonly clock: VirtualClock;
  readonly bots: Bots;
  /** The proof's own way to the file, as a neighbour of the bots. */
  readonly store: Store;
  readonly engine: Engine;
  readonly deeds: readonly Deed[];
  /** The campaign's slots, 'HH:MM' of the county. */
  readonly slots: readonly string[];
  readonly everyMinute?: boolean;
  /** Told before every tick; false: nobody answers the bots until one of the next. */
  onTick(at: number): boolean;
}

/** Whole minutes in between; China has no summer time. */
const utcOffset = 8 * hour;
const day = 24 * hour;
/** Bots notice a neighbour's write within 10 real ms. */
const noticed = 12;

/** From one whole minute to another. */
export async function drive(d: Drive, from: number, to: number): Promise<void> {
  let deeds = d.deeds; // those of earlier days are done before the first tick
  for (let at = from, next = from; at <= to; at = d.everyMinute ? at + minute : next) {
    const now = deeds.filter((deed) => deed.at <= at);
    deeds = deeds.slice(now.length);
    await act(d, now);
    await d.clock.advanceTo(at);
    const answered = d.onTick(at);
    await d.bots.do('tick');
    if (answered) next = (await send(d, at + minute)) ? at + minute : nextTick(d, deeds, at);
    else next = Math.min(at + inVain, nextTick(d, deeds, at));
  }
}

async function act({ clock, store }: Drive, deeds: readonly Deed[]): Promise<void> {
  for (const deed of deeds) {
    await clock.advanceTo(deed.at);
    await deed.do(store);
  }
  if (deeds.length > 0) await pause(noticed);
}

/** The next full hour, slot, or minute after a deed. */
function nextTick({ slots }: Drive, deeds: readonly Deed[], at: number): number {
  const midnight = Math.floor((at + utcOffset) / day) * day - utcOffset;
  const ofSlots = slots.map((slot) => midnight + Number(slot.slice(0, 2)) * hour + Number(slot.slice(3)) * minute);
  const [deed] = deeds;
  const ofDeed = deed ? [Math.ceil(deed.at / minute) * minute] : [];
  return Math.min(Math.floor(at / hour) * hour + hour, ...[...ofSlots, ...ofDeed].filter((t) => t > at));
}

/** How often a process looks for what is due. */
const look = 1000;
/** Between two ticks while nobody answers: what is tried then is the same each time. */
const inVain = 10 * minute;
const dueSql =
  'select count(*) filter (where due_at < ?1), min(max(due_at, lease_until + 1)), count(*) ' +
  "from outbox where state = 'due' and due_at < ?1 + 60000";

/**
 * Sends what comes due before this instant; true: something was or is soon to be, so the next minute's tick counts. What
 * working hours hold back is left to the ticks.
 */
async function send({ clock, bots, engine }: Drive, until: number): Promise<boolean> {
  for (let sent = false; inHours(clock.now()); sent = true) {
    const [[count, next, soon] = []] = await engine.read(dueSql, [until]);
    if (Number(count) === 0) return sent || Number(soon) > 0;
    const at = Math.max(clock.now() + look, Number(next));
    if (at >= until) return true;
    await clock.advanceTo(at);
    await bots.do('deliver');
  }
  return false;
}
