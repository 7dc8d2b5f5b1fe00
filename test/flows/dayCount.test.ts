// What every township has done is kept as a day begins, once, and equals what the counts say at that moment.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { daaTown } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { allNormal, boundGroup, continues } from './story.ts';

let w: TestWorld;
beforeEach(async () => {
  w = await newWorld();
});
afterEach(() => w.end());

const townOn = async (day: string) => {
  const counts = await w.running.store.dayCounts(w.campaign.id, day);
  return { day: counts?.day, town: counts?.towns.find((t) => t.townshipCode === daaTown) };
};

it('a day begins with what was done the day before, and stays as it was counted', async () => {
  await boundGroup(w);
  await w.until('2023-07-12T09:00:00+08:00');
  expect((await townOn('2023-07-12')).town).toMatchObject({ total: 14, done: 0, waiting: 0, accepted: 0 });
  const card = await continues(w, 'cadre');
  await w.taps('cadre', card, '提交', allNormal);
  await w.until('2023-07-13T00:00:00+08:00');
  await w.taps('cadre', card, '提交', allNormal);
  await w.until('2023-07-13T09:00:00+08:00');
  expect((await townOn('2023-07-13')).town).toMatchObject({ total: 14, done: 1, found: 0 });
  expect((await townOn('2023-07-12')).town?.done).toBe(0);
  expect((await w.rows('select distinct taken_at from day_count order by 1')).length).toBe(2);
});

it('a day without a tick has no counts of its own; the newest before it is given', async () => {
  expect(await w.running.store.dayCounts(w.campaign.id, '2023-07-11')).toBeNull();
  await w.until('2023-07-12T09:00:00+08:00');
  await w.until('2023-07-14T09:00:00+08:00');
  expect((await townOn('2023-07-13')).day).toBe('2023-07-12');
  expect((await townOn('2023-07-14')).day).toBe('2023-07-14');
});

it('nothing is counted before the campaign begins and after it ended', async () => {
  await w.end();
  w = await newWorld({ at: '2023-07-10T09:00:00+08:00' });
  await w.until('2023-07-11T09:00:00+08:00');
  await w.until('2023-08-02T09:00:00+08:00');
  expect(await w.rows('select count(*) from day_count')).toEqual([[0]]);
});
