// Owns the product's promise about power cuts: what a cadre was told is saved is on disk, once, whenever the process died.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../db/engine.ts';
import { openLocal } from '../../db/local.ts';
import { startBot } from '../../src/nodeServer.ts';
import { xinfeng } from '../support/xinfeng.ts';
import { app, type County, households, newCounty, now, type Started, silent } from './county.ts';
import { type Acknowledged, type Crowd, post, startCrowd } from './crowd.ts';
import { expectSound, storedOnce } from './sound.ts';

const rounds = 20;

let county: County;
beforeAll(async () => {
  county = await newCounty(xinfeng());
}, 60_000);
afterAll(() => county.close());
let running: Started | null = null;
afterEach(() => void running?.child.kill('SIGKILL')); // also after a failed test

/** The crowd of a bot that was killed after `acks` acknowledgements. */
async function killed(file: string, acks: number): Promise<Crowd> {
  const bot = await county.start('bot', file);
  running = bot;
  const crowd = startCrowd(bot.said, county.cadres, (n) => n === acks && bot.child.kill('SIGKILL'));
  await crowd.done;
  await bot.rest;
  return crowd;
}

/** What the cadres' clients do when no answer came, and then some more work. Resolves to all acknowledged codes. */
async function goesOn(engine: Engine, crowd: Crowd): Promise<string[]> {
  const settings = { engine, clock: { now: () => now }, log: silent, app, rehearsal: false };
  const bot = await startBot({ ...settings, baseUrl: 'http://127.0.0.1:9' }, '127.0.0.1', 0);
  const before = await engine.read("select count(*) from event where verb = 'submit'", []);
  const again = await Promise.all(crowd.acknowledged.slice(-40).map((click) => post(bot.url, click)));
  expect(again.filter((a) => a.toast?.type === 'success')).toEqual([]);
  expect(await engine.read("select count(*) from event where verb = 'submit'", [])).toEqual(before);
  await Promise.all([...crowd.unanswered].map((click) => post(bot.url, click)));
  const some = county.cadres.filter((_, i) => i % 4 === 0);
  const more: Crowd = startCrowd(bot.url, some, (n) => n === 30 && more.stop());
  await more.done;
  await bot.settled();
  const codes = more.acknowledged.map((a: Acknowledged) => a.code);
  await expectSound(engine, [...crowd.acknowledged.map((a) => a.code), ...codes]);
  await bot.stop();
  return codes;
}

test(`killed ${rounds} times in the middle of ${households} submissions, every acknowledged answer is on disk, none twice`, async () => {
  let [total, slowest] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    // All over the 2,000, most of them early: the later ones only cost time.
    const acks = 20 + Math.floor(1200 * ((round + Math.random()) / rounds) ** 5);
    const file = county.copy();
    const crowd = await killed(file, acks);
    const codes = crowd.acknowledged.map((a) => a.code);
    expect(codes.length).toBeGreaterThanOrEqual(acks);
    expect(crowd.others.filter((o) => o.startsWith('error'))).toEqual([]);
    const engine = await openLocal(file);
    const stored = await storedOnce(engine, codes);
    const cutOff = county.cadres.length + crowd.others.length;
    expect(stored - codes.length, 'stored, but never acknowledged').toBeLessThanOrEqual(cutOff);
    await expectSound(engine, codes);
    if ((await goesOn(engine, crowd)).length < Math.min(30, households - stored)) throw new Error('work did not go on');
    total += codes.length;
    slowest = Math.max(slowest, crowd.slowest);
  }
  console.info(`killed ${rounds} times; acknowledged ${total}; slowest answer ${Math.round(slowest)} ms`);
}, 180_000);
