// The virtual clock: never backwards, timers in their order, by hand or by itself.
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';

const manual = () => createVirtualClock({ start: 1000, paused: true });

test('a manual clock stands still until it is moved, and shows a jump at once', () => {
  const clock = manual();
  expect(clock.now()).toBe(1000);
  void clock.advanceTo(5000);
  expect(clock.now()).toBe(5000);
});

test('time never runs backwards', async () => {
  const clock = manual();
  await clock.advanceTo(500);
  expect(clock.now()).toBe(1000);
});

test('a jump fires due timers in their order, each at its own time, and waits for what they start', async () => {
  const clock = manual();
  const fired: (string | number)[] = [];
  clock.at(3000, () => fired.push('c', clock.now()));
  clock.at(2000, async () => {
    await Promise.resolve();
    fired.push('a', clock.now());
    clock.at(2500, () => fired.push('b', clock.now()));
  });
  clock.at(9000, () => fired.push('never'));
  await clock.advanceTo(4000);
  expect(fired).toEqual(['a', 2000, 'b', 2500, 'c', 3000]);
  expect(clock.now()).toBe(4000);
});

test('jumps asked for at once happen one after the other', async () => {
  const clock = manual();
  const fired: number[] = [];
  clock.at(2000, async () => {
    await new Promise((done) => setImmediate(done));
    fired.push(clock.now());
  });
  clock.at(4000, () => fired.push(clock.now()));
  await Promise.all([clock.advanceTo(3000), clock.advanceTo(5000)]);
  expect(fired).toEqual([2000, 4000]);
});

test('a cancelled timer does not fire', async () => {
  const clock = manual();
  let fired = false;
  const cancel = clock.at(2000, () => {
    fired = true;
  });
  cancel();
  await clock.advanceTo(3000);
  expect(fired).toBe(false);
});

test('a timer in the past fires at once, even while the clock stands', async () => {
  const clock = manual();
  await clock.sleepUntil(500);
  expect(clock.now()).toBe(1000);
});

test('while it plays, timers fire by themselves, sixty times faster if asked', async () => {
  const clock = createVirtualClock({ start: 0, speed: 60 });
  const began = performance.now();
  await clock.sleepUntil(3000);
  expect(performance.now() - began).toBeGreaterThanOrEqual(49);
  expect(clock.now()).toBeGreaterThanOrEqual(3000);
});

test('pausing keeps the time it has reached, playing goes on from there', async () => {
  const clock = createVirtualClock({ start: 0, speed: 60 });
  await clock.sleepUntil(600);
  clock.pause();
  const at = clock.now();
  await new Promise((done) => setTimeout(done, 5));
  expect(clock.now()).toBe(at);
  clock.play(1);
  expect(clock.now()).toBeLessThan(at + 1000);
});

test('listeners hear of every jump and are awaited', async () => {
  const clock = manual();
  const heard: number[] = [];
  clock.onAdvance(async (now) => {
    await Promise.resolve();
    heard.push(now);
  });
  await clock.advanceBy(10);
  await clock.advanceBy(10);
  expect(heard).toEqual([1010, 1020]);
});
