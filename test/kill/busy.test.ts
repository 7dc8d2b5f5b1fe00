// Owns the product's promise beside a second process that keeps taking the write lock: every answer is stored once, none is
// lost, and nobody waits longer than the platform does.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openLocal } from '../../db/local.ts';
import { xinfeng } from '../support/xinfeng.ts';
import { type County, households, newCounty, type Started } from './county.ts';
import { startCrowd } from './crowd.ts';
import { expectSound, storedOnce } from './sound.ts';

/** feishu-protocol: a callback without an answer in this time is a failed click. */
const platformWaits = 3_000;

let county: County;
beforeAll(async () => {
  county = await newCounty(xinfeng());
}, 60_000);
afterAll(() => county.close());
const running: Started[] = [];
afterEach(() => {
  for (const { child } of running) child.kill('SIGKILL'); // also after a failed test
});

test(`beside a process that keeps taking the write lock, ${households} households are stored once, none lost, none late`, async () => {
  const file = county.copy();
  const bot = await county.start('bot', file);
  const hammer = await county.start('hammer', file);
  running.push(bot, hammer);
  const from = performance.now();
  const crowd = startCrowd(bot.said, county.cadres);
  await crowd.done;
  const seconds = (performance.now() - from) / 1000;
  hammer.child.stdin.end();
  const taken = Number((await hammer.rest).at(-1));
  bot.child.kill('SIGKILL');
  await bot.rest;
  const engine = await openLocal(file);
  const codes = crowd.acknowledged.map((a) => a.code);
  await expectSound(engine, codes);
  expect(await storedOnce(engine, codes)).toBe(households);
  expect(codes.length + crowd.others.length, crowd.others.join('\n')).toBe(households);
  expect(taken, 'times the lock was taken').toBeGreaterThan(50);
  expect(await engine.read("select value from meta where key = 'hammer'", [])).toEqual([[String(taken)]]);
  expect(crowd.slowest, 'slowest answer in ms').toBeLessThan(platformWaits);
  await engine.close();
  const rate = Math.round(codes.length / seconds);
  console.info(
    `lock taken ${taken} times; ${codes.length} acknowledged, ${rate}/s; slowest ${Math.round(crowd.slowest)} ms`,
  );
}, 180_000);
