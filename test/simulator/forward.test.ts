// Hurrying through time: no minute is skipped, nothing overtakes a minute's work, and it can be stopped.
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';
import { Forward } from '../../simulator/forward.ts';

const MINUTE = 60_000;
const START = 30_000; // half a minute past

function hurrying(work: (minute: number) => Promise<unknown> | unknown = () => undefined) {
  const clock = createVirtualClock({ start: START, paused: true });
  const minutes: number[] = [];
  let heard = 0;
  const forward: Forward = new Forward({
    clock,
    heard: () => heard,
    async work() {
      minutes.push(clock.now() / MINUTE);
      await work(minutes.length);
    },
  });
  return { clock, forward, minutes, hear: () => heard++ };
}

test('every minute on the way is worked through, one after the other, up to the instant asked for', async () => {
  const { clock, forward, minutes } = hurrying();
  await forward.start({ until: 4.5 * MINUTE, speed: null });
  expect(forward.underWay).toMatchObject({ from: START, until: 4.5 * MINUTE });
  await forward.ended;
  expect(minutes).toEqual([1, 2, 3, 4, 4.5]);
  expect([clock.now(), forward.underWay]).toEqual([4.5 * MINUTE, null]);
});

test('stopped, it ends after the minute under way', async () => {
  const { forward, minutes } = hurrying(async (n) => {
    if (n === 2) void forward.stop();
  });
  await forward.start({ until: null, speed: null });
  await forward.ended;
  expect(minutes).toEqual([1, 2]);
});

test('it ends by itself when nothing more is wanted', async () => {
  const { forward, minutes } = hurrying();
  await forward.start({ until: 99 * MINUTE, speed: null, enough: () => minutes.length === 3 });
  await forward.ended;
  expect(minutes).toEqual([1, 2, 3]);
});

test('who waits inside a minute moves time on, and the next minute comes after; one wait for all who wait at once', async () => {
  const { forward, minutes } = hurrying(async (n) => {
    if (n === 1) await Promise.all([forward.wait(1000), forward.wait(1000)]);
  });
  await forward.start({ until: 2 * MINUTE, speed: null });
  await forward.ended;
  expect(minutes).toEqual([1, 2]);
});

test('waiting that reaches into later minutes leaves none of them out', async () => {
  const { forward, minutes } = hurrying(async (n) => {
    if (n === 1) await forward.wait(2.5 * MINUTE);
  });
  await forward.start({ until: 5 * MINUTE, speed: null });
  await forward.ended;
  expect(minutes).toEqual([1, 3.5, 3.5, 4, 5]);
});

test('a minute’s work that fails ends the run and is told', async () => {
  const { forward, minutes } = hurrying((n) => {
    if (n === 2) throw new Error('no');
  });
  await forward.start({ until: 9 * MINUTE, speed: null });
  await expect(forward.ended).rejects.toThrow('no');
  expect([minutes, forward.underWay]).toEqual([[1, 2], null]);
});
