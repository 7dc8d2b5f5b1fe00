// Owns staying below the platform's limits: pure state on a clock it is told. Per API 50 a second and 1,000 a minute, per
// chat or person and per message 5 a second; never over nine tenths of any. The platform's own word goes before ours.
import { minute } from '../domain/time.ts';
import type { PlatformError } from '../ports.ts';

/** The platform counts each of these apart. */
export type Api = 'send' | 'reply' | 'patch' | 'list';

export interface Turn {
  readonly api: Api;
  /** The chat, person or message whose 5 a second it uses. */
  readonly lane: string;
  /** Nobody asked for it: leaves some of every limit to what somebody waits for. */
  readonly unasked: boolean;
}

export interface Governor {
  /** Milliseconds until this call may be made; 0: now. */
  waitFor(turn: Turn, now: number): number;
  /** It is made. */
  count(turn: Turn, now: number): void;
  /**
   * A call that was begun is about to leave: 0, and it does; else the milliseconds it should still wait. A slow machine draws
   * what was begun in good order and would let it leave in one heap.
   */
  leave(turn: Turn, now: number): number;
  /** It came to no call after all. */
  spared(now: number): void;
  /** What the platform answered; null: it took the call. */
  heard(turn: Turn, error: PlatformError | null, now: number): void;
  /** How many messages are worth taking up at once: all of them (Infinity), one to try with, or none. */
  openings(now: number): number;
  /** Whether an unasked message could be sent within `ms`. */
  roomForUnasked(now: number, ms: number): boolean;
}

interface Limit {
  readonly calls: number;
  readonly ms: number;
}
/** Nine tenths of the platform's limits. */
const perApi: readonly Limit[] = [
  { calls: 45, ms: 1000 },
  { calls: 900, ms: minute },
];
const unaskedPerApi: readonly Limit[] = [
  { calls: 40, ms: 1000 },
  { calls: 850, ms: minute }, // the planner's slots are 845 a minute: fewer would be 2.5 s later with every minute of a wave
];
const perLane = 4;
/** A lane that was refused goes slower: other bots write there too. One a second more after so much calm. */
const calmFor = 10_000;
const lanesAtMost = 5000;
/** Answers missing in a row until the platform is believed to be down. */
const lostInARow = 5;
const longestRest = 30_000;

/** Codes that stop every message alike, not this one: feishu-protocol 5.9. */
const stopsAll = new Set([10003, 10014, 10015, 230006, 232004, 232025, 99991401, 99991403]);
const stopsApi = new Set([2200, 11232, 11233, 1000004, 1000005, 99991400]);
const frequent = 230020;

interface Lane {
  times: number[];
  limit: number;
  restUntil: number;
  refusedAt: number;
}

export function createGovernor(): Governor {
  const windows = new Map<Api, Windows>();
  const lanes = new Map<string, Lane>();
  const outage = createOutage();
  const of = (api: Api) => {
    const known = windows.get(api) ?? windowsOfApi();
    windows.set(api, known);
    return known;
  };
  return {
    waitFor({ api, lane, unasked }, now) {
      const own = of(api);
      return Math.max(
        outage.waitFor(now),
        own.restUntil - now,
        own.all.waitFor(now),
        unasked ? own.unasked.waitFor(now) : 0,
        laneWait(lanes.get(lane), now),
        0,
      );
    },
    count({ api, lane, unasked }, now) {
      outage.count(now);
      of(api).all.count(now);
      if (unasked) of(api).unasked.count(now);
      if (lanes.size > lanesAtMost) forgetCalm(lanes, now);
      const known = lanes.get(lane) ?? { times: [], limit: perLane, restUntil: 0, refusedAt: Number.NEGATIVE_INFINITY };
      lanes.set(lane, known);
      known.times = [...known.times, now].slice(-perLane);
    },
    leave({ api }, now) {
      const { left } = of(api);
      const wait = Math.max(0, left.waitFor(now));
      if (wait === 0) left.count(now);
      return wait;
    },
    spared: (now) => outage.spared(now),
    heard(turn, error, now) {
      outage.heard(error, now);
      if (error === null) return;
      if (stopsApi.has(error.code)) of(turn.api).restUntil = now + (error.waitMs || 1000);
      if (error.code === frequent) slower(lanes.get(turn.lane), error, now);
    },
    openings: (now) => outage.openings(now),
    roomForUnasked(now, ms) {
      const { all, unasked, restUntil } = of('send');
      return Math.max(all.waitFor(now), unasked.waitFor(now), restUntil - now) <= ms;
    },
  };
}

interface Windows {
  readonly all: Window; // begun
  readonly unasked: Window; // of these
  readonly left: Window; // on their way
  restUntil: number;
}
const windowsOfApi = (): Windows => ({
  all: createWindow(perApi),
  unasked: createWindow(unaskedPerApi),
  left: createWindow(perApi),
  restUntil: 0,
});

interface Window {
  waitFor(now: number): number;
  count(now: number): void;
}

function createWindow(limits: readonly Limit[]): Window {
  const longest = Math.max(...limits.map((l) => l.calls));
  let times: number[] = [];
  return {
    waitFor: (now) =>
      Math.max(
        ...limits.map(({ calls, ms }) => {
          const first = times.at(-calls);
          return first === undefined ? 0 : first + ms - now;
        }),
      ),
    count(now) {
      times.push(now);
      if (times.length > 2 * longest) times = times.slice(-longest);
    },
  };
}

function laneWait(lane: Lane | undefined, now: number): number {
  if (!lane) return 0;
  const recovered = Math.min(perLane, lane.limit + Math.floor(Math.max(0, now - lane.refusedAt) / calmFor));
  const first = lane.times.at(-recovered);
  return Math.max(lane.restUntil - now, first === undefined ? 0 : first + 1000 - now);
}

function slower(lane: Lane | undefined, error: PlatformError, now: number): void {
  if (!lane) return;
  const inARow = now - lane.refusedAt < calmFor ? 2 : 1;
  lane.limit = Math.max(1, lane.limit >> 1);
  lane.refusedAt = now;
  lane.restUntil = now + (error.waitMs || 500 * inARow);
}

function forgetCalm(lanes: Map<string, Lane>, now: number): void {
  for (const [key, lane] of lanes)
    if ((lane.times.at(-1) ?? 0) < now - 1000 && lane.limit === perLane) lanes.delete(key);
}

/** Nobody answers, or everybody is refused: one message tries now and then, the others wait where they are. */
function createOutage() {
  let lost = 0;
  let closed: { until: number; readonly step: number } | null = null;
  let trying = false;
  const rest = (now: number, step: number, stopped: boolean) => {
    trying = false;
    closed = { until: now + (stopped ? minute : Math.min(longestRest, 1000 * 2 ** step)), step };
  };
  return {
    waitFor: (now: number) => (closed ? closed.until - now : 0),
    openings(now: number) {
      if (!closed) return Number.POSITIVE_INFINITY;
      return closed.until > now ? 0 : 1;
    },
    count(now: number) {
      if (!closed) return;
      trying = true;
      closed.until = now + longestRest; // until its answer is heard nobody else tries
    },
    /** The one that was to try says nothing: the next may. */
    spared(now: number) {
      if (closed && trying) closed.until = now;
      trying = false;
    },
    heard(error: PlatformError | null, now: number) {
      const silent = error !== null && error.code === 0 && error.retry === 'later';
      const stopped = error !== null && stopsAll.has(error.code);
      lost = silent ? lost + 1 : 0;
      if (!silent && !stopped) closed = null;
      else if (closed === null && (stopped || lost >= lostInARow)) rest(now, 0, stopped);
      else if (closed !== null && trying) rest(now, closed.step + 1, stopped);
    },
  };
}
