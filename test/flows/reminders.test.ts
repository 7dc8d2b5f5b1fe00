// What is said unasked, through the front door: the tick plans, the platform is told, nobody hears twice. The world's clock
// stands until the story moves it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocal } from '../../db/local.ts';
import { createStore } from '../../db/store.ts';
import { newId } from '../../src/newId.ts';
import { planReminders } from '../../src/usecases/planning.ts';
import { daaGroup, people, townGroup, type Who } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { boundGroup } from './story.ts';

let w: TestWorld;
beforeEach(async () => {
  w = await newWorld();
  await boundGroup(w);
});
afterEach(() => w.end());

/** How many messages this person and the group got of the bot. */
const privately = (who: Who) => w.heard(w.privateChat(who)).length;
const inGroup = () => w.heard(daaGroup).length;
const rows = async (like: string) =>
  (await w.rows('select key from outbox where key like ? order by key', like)).length;

/** The bot has been running since before the first slot. */
const running = () => w.until('2023-07-12T08:31:00+08:00');

describe('the first morning', () => {
  it('brings every group its one message and everybody with something to do one digest', async () => {
    await running();
    const before = inGroup();
    expect(privately('cadre')).toBe(0);
    await w.until('2023-07-12T09:02:00+08:00');
    expect(inGroup()).toBe(before + 1);
    expect(w.reads(w.last(daaGroup))).toContain('集中排查“回头看”今天开始');
    for (const who of ['cadre', 'colleague', 'neighbour', 'clerk', 'office'] as const) expect(privately(who)).toBe(1);
    for (const who of ['leader', 'stranger'] as const) expect(privately(who)).toBe(0);
  });

  it('is not told again by the ticks that follow', async () => {
    await running();
    await w.until('2023-07-12T09:02:00+08:00');
    const before = inGroup();
    for (const time of ['09:03', '09:41', '16:02', '17:59']) await w.until(`2023-07-12T${time}:00+08:00`);
    await w.until('2023-07-13T09:02:00+08:00');
    expect(inGroup()).toBe(before);
    expect(privately('cadre')).toBe(1);
  });

  it('is planned once by two instances that tick at the same time', async () => {
    await running();
    await w.clock.advanceTo(Date.parse('2023-07-12T09:02:00+08:00'));
    const engine = await openLocal(w.path);
    const beside = { store: createStore(engine), clock: w.clock, newId, rehearsal: false, allowance: null };
    await Promise.all([w.running.bot.tick(), planReminders(beside), planReminders(beside)]);
    await w.settle();
    await engine.close();
    expect(await rows('dig/%')).toBe(5);
    expect(await rows('mil/%')).toBe(1);
    expect(privately('cadre')).toBe(1);
  });
});

describe('a bot that was not there', () => {
  it('on its first tick says nothing of the past', async () => {
    await w.until('2023-07-19T10:14:00+08:00');
    expect(await rows('dig/%')).toBe(0);
    expect(await rows('mil/%')).toBe(0);
  });

  it('for an hour, tells it when it is back', async () => {
    await running();
    await w.until('2023-07-12T10:01:00+08:00');
    expect(privately('cadre')).toBe(1);
    expect(await rows('mil/%')).toBe(1);
  });

  it('for six days, tells one digest and the last milestone', async () => {
    await running();
    await w.until('2023-07-12T09:02:00+08:00');
    await w.until('2023-07-18T08:00:00+08:00');
    const before = { cadre: privately('cadre'), group: inGroup() };
    await w.until('2023-07-24T10:14:00+08:00');
    expect(privately('cadre')).toBe(before.cadre + 1);
    expect(inGroup()).toBe(before.group + 1);
    expect(w.reads(w.last(daaGroup))).toContain('转入县级抽查督查');
  });

  it('over a weekend, waits for Monday', async () => {
    await running();
    await w.until('2023-07-21T15:00:00+08:00');
    const before = privately('office');
    await w.until('2023-07-22T11:00:00+08:00'); // the afternoon of Friday was missed
    expect(privately('office')).toBe(before);
    await w.until('2023-07-24T09:02:00+08:00');
    expect(privately('office')).toBe(before + 1);
  });
});

describe('who needs none', () => {
  it('gets none: on leave, muted, or with everything done by the time it is sent', async () => {
    await running();
    const act = (who: string) => ({ eventId: `set-${who}`, actor: who, at: w.clock.now() });
    const id = async (who: Who) =>
      String((await w.rows('select id from person where open_id = ?', people[who]))[0]?.[0]);
    const { store } = w.running;
    await store.setReminders({ act: act(await id('cadre')), leaveUntilDay: '2023-07-12', mutedUntilDay: null });
    await store.setReminders({ act: act(await id('clerk')), leaveUntilDay: null, mutedUntilDay: '2023-07-13' });
    await w.until('2023-07-12T09:02:00+08:00');
    expect([privately('cadre'), privately('clerk'), privately('colleague')]).toEqual([0, 0, 1]);
    await w.until('2023-07-14T09:02:00+08:00');
    expect(privately('cadre')).toBe(1);
  });
});

describe('a township’s own digest', () => {
  it('comes to its group once a working day, only where it was switched on', async () => {
    w.sim.addBot(townGroup, people.clerk);
    await w.settle();
    await w.says('clerk', townGroup, '绑定 大阿镇');
    await running();
    await w.until('2023-07-13T17:02:00+08:00');
    const before = w.heard(townGroup).length;
    const act = { eventId: 'switch', actor: 'x', at: w.clock.now() };
    const of = { campaignId: w.campaign.id, areaCode: '360722108' };
    await w.running.store.setGroupDigest({ act, ...of, wanted: true });
    await w.until('2023-07-14T17:02:00+08:00');
    expect(w.heard(townGroup).length).toBe(before + 1);
    await w.until('2023-07-15T17:30:00+08:00');
    expect(w.heard(townGroup).length).toBe(before + 1);
  });
});
