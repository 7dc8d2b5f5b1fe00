// Owns the proof that the governor never lets more than nine tenths of a limit through, whatever is asked of it and when.
import { describe, expect, test } from 'vitest';
import { createGovernor, type Governor, type Turn } from '../../src/bot/governor.ts';
import { PlatformError } from '../../src/ports.ts';

/** The same numbers every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Made extends Turn {
  readonly at: number;
}

/** Asks for calls in bursts and pauses, and makes each as soon as it may be made. */
function crowd(seed: number, calls: number): Made[] {
  const roll = dice(seed);
  const governor = createGovernor();
  const apis = ['send', 'reply', 'patch'] as const;
  const lanes = 1 + Math.floor(roll() * 200);
  const made: Made[] = [];
  let now = 1000;
  for (let n = 0; n < calls; n++) {
    const turn: Turn = {
      api: apis[Math.floor(roll() * roll() * 3)] ?? 'send',
      lane: `l${Math.floor(roll() * lanes)}`,
      unasked: roll() < 0.7,
    };
    if (roll() < 0.02) now += Math.floor(roll() * 5000);
    now += Math.max(0, governor.waitFor(turn, now));
    expect(governor.waitFor(turn, now)).toBe(0);
    governor.count(turn, now);
    governor.heard(turn, null, now);
    made.push({ ...turn, at: now });
  }
  return made;
}

/** The most that ever fell into one window. */
function most(times: readonly number[], ms: number): number {
  let [from, max] = [0, 0];
  for (const [i, at] of times.entries()) {
    while ((times[from] ?? 0) <= at - ms) from++;
    max = Math.max(max, i - from + 1);
  }
  return max;
}

function by(made: readonly Made[], key: (m: Made) => string): Map<string, Made[]> {
  const groups = new Map<string, Made[]>();
  for (const m of made) groups.set(key(m), [...(groups.get(key(m)) ?? []), m]);
  return groups;
}
const times = (made: readonly Made[]) => made.map((m) => m.at);

describe.each([1, 7, 42, 2023])('calls as fast as they are let through, dice %i', (seed) => {
  const made = crowd(seed, 4000);
  test('of one API never more than 45 in any second and 900 in any minute', () => {
    for (const [api, calls] of by(made, (m) => m.api)) {
      expect(most(times(calls), 1000), api).toBeLessThanOrEqual(45);
      expect(most(times(calls), 60_000), api).toBeLessThanOrEqual(900);
    }
  });
  test('to one chat, person or message never more than four in any second', () => {
    for (const [, calls] of by(made, (m) => m.lane)) expect(most(times(calls), 1000)).toBeLessThanOrEqual(4);
  });
  test('a tenth is left to what somebody waits for', () => {
    for (const [, calls] of by(made, (m) => m.api)) {
      const unasked = times(calls.filter((m) => m.unasked));
      expect(most(unasked, 1000)).toBeLessThanOrEqual(40);
      expect(most(unasked, 60_000)).toBeLessThanOrEqual(850);
    }
  });
});

test('limits are used: 2,311 unasked messages to as many people leave within the platform’s own time plus a fifth', () => {
  const governor = createGovernor();
  let now = 0;
  for (let n = 0; n < 2311; n++) {
    const turn = { api: 'send', lane: `l${n}`, unasked: true } as const;
    now += governor.waitFor(turn, now);
    governor.count(turn, now);
  }
  expect(now).toBeLessThanOrEqual(166_000);
  expect(now).toBeGreaterThan(120_000);
});

const refused = (code: number, waitMs = 0) => new PlatformError({ code, retry: 'later', message: '', waitMs });
const silence = () => new PlatformError({ code: 0, retry: 'later', message: 'no answer', ambiguous: true });
const to = (lane: string, api: Turn['api'] = 'send'): Turn => ({ api, lane, unasked: false });
/** A call and its outcome at that instant. */
const caller = (g: Governor) => (turn: Turn, now: number, error: PlatformError | null) => {
  g.count(turn, now);
  g.heard(turn, error, now);
};

describe('the platform’s own word', () => {
  test('429 stops its API for as long as the answer says, and no other', () => {
    const g = createGovernor();
    const call = caller(g);
    call(to('a'), 0, refused(99991400, 7000));
    expect(g.waitFor(to('b'), 1)).toBe(6999);
    expect(g.waitFor(to('b', 'reply'), 1)).toBe(0);
    expect(g.waitFor(to('b'), 7000)).toBe(0);
  });

  test('230020 slows its chat alone: other bots write there too; calm brings it back', () => {
    const g = createGovernor();
    const call = caller(g);
    call(to('a'), 0, refused(230020));
    expect(g.waitFor(to('a'), 1)).toBe(499);
    expect(g.waitFor(to('b'), 1)).toBe(0);
    call(to('a'), 2000, refused(230020));
    call(to('a'), 4000, null);
    expect(g.waitFor(to('a'), 4001), 'one a second').toBe(999);
    for (const at of [60_000, 60_001, 60_002]) call(to('a'), at, null);
    expect(g.waitFor(to('a'), 60_003), 'four a second again').toBe(0);
  });

  test('the one that was to try had nothing left to say: the next tries at once', () => {
    const g = createGovernor();
    const call = caller(g);
    for (let n = 0; n < 5; n++) call(to(`l${n}`), n, silence());
    const now = 5 + g.waitFor(to('l'), 5);
    g.count(to('l'), now);
    expect(g.openings(now)).toBe(0);
    g.spared(now);
    expect([g.openings(now), g.waitFor(to('m'), now)]).toEqual([1, 0]);
    call(to('m'), now, null);
    expect(g.openings(now)).toBe(Number.POSITIVE_INFINITY);
  });

  test('silence five times in a row: one message tries, less and less often, until somebody answers', () => {
    const g = createGovernor();
    const call = caller(g);
    for (let n = 0; n < 5; n++) call(to(`l${n}`), n, silence());
    expect(g.openings(5)).toBe(0);
    const tries: number[] = [];
    let now = 5;
    for (let n = 0; n < 8; n++) {
      now += g.waitFor(to('l'), now);
      expect(g.openings(now)).toBe(1);
      call(to('l'), now, silence());
      tries.push(now);
    }
    expect(tries.slice(1).map((at, n) => at - (tries[n] ?? 0))).toEqual([
      2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000,
    ]);
    now += g.waitFor(to('l'), now);
    call(to('l'), now, null);
    expect(g.openings(now)).toBe(Number.POSITIVE_INFINITY);
    expect(g.waitFor(to('m'), now)).toBe(0);
  });

  test.each([10015, 99991401, 99991403])('%i stops every message, tried once a minute', (code) => {
    const g = createGovernor();
    const call = caller(g);
    call(to('a'), 0, new PlatformError({ code, retry: 'config', message: '' }));
    expect(g.waitFor(to('b', 'reply'), 0)).toBe(60_000);
  });
});

test('what a slow machine drew in a heap leaves no faster than it was begun', () => {
  const governor = createGovernor();
  const turn: Turn = { api: 'send', lane: 'l', unasked: true };
  const left: number[] = [];
  for (let now = 5000; left.length < 200; now++) while (governor.leave(turn, now) === 0) left.push(now);
  expect(most(left, 1000)).toBe(45);
  expect(governor.leave(turn, left.at(-1) ?? 0)).toBeGreaterThan(0);
});
