// Owns the proof that every promised message arrives once, in time and within the platform's limits, whatever goes wrong
// on the way: two instances, failing calls, an outage of hours, a kick-off to everybody at once.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocal } from '../../db/local.ts';
import { operatorStore } from '../../db/storeOperator.ts';
import type { RunningBot } from '../../src/nodeServer.ts';
import type { Outgoing } from '../../src/ports.ts';
import { daaGroup, people } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';

let w: TestWorld;
beforeEach(async () => {
  w = await newWorld({ at: '2023-07-12T09:30:00+08:00' }); // a Wednesday
});
afterEach(() => w.close());

const openIdOf = (n: number) => `ou_${n.toString(16).padStart(32, '0')}`;
const crowd = (n: number) => {
  for (let i = 0; i < n; i++) w.sim.addUser({ name: `干部${i}例`, openId: openIdOf(i) });
};
const message = (key: string, openId: string, more: Partial<Outgoing> = {}): Outgoing => ({
  key,
  kind: 'send',
  target: { kind: 'user', id: openId },
  lane: openId,
  payload: { type: 'text', text: `说一句 ${key}`, audience: 'private' },
  dueAt: w.clock.now(),
  ...more,
});
const many = (n: number, more: Partial<Outgoing> = {}) =>
  Array.from({ length: n }, (_, i) => message(`m/${i}`, openIdOf(i), more));
const promise = async (all: readonly Outgoing[]) => {
  const act = { eventId: crypto.randomUUID(), actor: 'test', at: w.clock.now() };
  await w.running.store.clickChange(act, [], all);
};
/** Time goes on in steps, and every bot looks at each. True as soon as `over`. */
async function lives(p: { ms: number; step?: number; bots?: readonly RunningBot[]; over?: () => Promise<boolean> }) {
  const { ms, step = 500, bots = [w.running], over } = p;
  for (const end = w.clock.now() + ms; w.clock.now() < end; ) {
    await Promise.all(bots.map((b) => b.bot.deliver()));
    if (await over?.()) return true;
    await w.clock.advanceBy(step);
  }
  return (await over?.()) ?? true;
}
const nothingDue = async () => (await w.running.store.outboxState()).due === 0;
const heardBy = (openId: string) =>
  w.sim.messages(w.sim.openP2p(openId)).filter((m) => m.from.bot && m.type !== 'system');
/** What a monitoring system reads. */
const metrics = async () => (await fetch(`${w.running.url}/metrics`)).text();
const states = () => w.rows('select state, count(*) from outbox group by state order by state');
const sendCodes = () => [
  ...new Set(w.sim.calls.filter((c) => c.method !== 'GET' && c.path.startsWith('/im')).map((c) => c.code)),
];

describe('every message arrives once', () => {
  it('with two instances on one database and every second call failing, in each way in turn', async () => {
    crowd(100);
    const bots = [await w.beside({ allowance: 100_000 }), await w.beside({ allowance: 100_000 })];
    for (const kind of ['lost', 'error', 'limit', 'reset', 'token'] as const) w.sim.faults.outages.add(kind);
    await promise(many(100));
    await promise(many(20, { kind: 'send' }).map((m, i) => ({ ...m, key: `second/${i}` })));
    expect(await lives({ ms: 300_000, bots, over: nothingDue })).toBe(true);
    expect(await states()).toEqual([['sent', 120]]);
    for (let i = 0; i < 100; i++) expect(heardBy(openIdOf(i)), `person ${i}`).toHaveLength(i < 20 ? 2 : 1);
    const ids = await w.rows('select message_id from outbox');
    expect(new Set(ids.flat()).size).toBe(120);
  }, 120_000);

  it('after an outage of six hours, within a minute of its end, and nobody knocked all the time', async () => {
    crowd(60);
    w.sim.faults.apiFailures.push({ on: '/im/v1/messages', code: 0, when: 'reset', times: 1e9 });
    await promise(many(60));
    await lives({ ms: 6 * 3_600_000, step: 20_000 });
    expect(await states()).toEqual([['due', 60]]);
    const [calls] = await w.rows('select sum(calls) from call_count');
    expect(Number(calls?.[0])).toBeLessThan(1000);
    w.sim.faults.apiFailures.length = 0;
    expect(await lives({ ms: 60_000, over: nothingDue })).toBe(true);
    for (let i = 0; i < 60; i++) expect(heardBy(openIdOf(i))).toHaveLength(1);
  }, 120_000);

  it('when it arrived, the answer was lost, and the platform came back after the idempotency key had ended', async () => {
    crowd(6);
    const group = w.sim.chat(daaGroup);
    if (group) group.hasBot = true;
    await promise(Array.from({ length: 6 }, (_, i) => message(`before/${i}`, openIdOf(i))));
    await lives({ ms: 10_000, over: nothingDue });
    w.sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 0, when: 'cut', times: 3 });
    await promise([
      ...many(6),
      message('g/1', daaGroup, { target: { kind: 'chat', id: daaGroup }, payload: { type: 'text', text: '群里一句' } }),
    ]);
    await w.running.bot.deliver();
    w.sim.faults.apiFailures.push({ on: '/im/v1/messages', code: 0, when: 'reset', times: 1e9 });
    await lives({ ms: 2 * 3_600_000, step: 10_000 });
    w.sim.faults.apiFailures.length = 0;
    expect(await lives({ ms: 60_000, over: nothingDue })).toBe(true);
    expect(await states()).toEqual([['sent', 13]]);
    for (let i = 0; i < 6; i++)
      expect(
        heardBy(openIdOf(i)).map((m) => w.reads(m)),
        `person ${i}`,
      ).toHaveLength(2);
    expect(w.heard(daaGroup)).toHaveLength(1);
  });

  it('where nobody can look, a deadline rather comes twice, and a nicety waits for the operator', async () => {
    crowd(2);
    await promise([
      message('dl/0', openIdOf(0), { priority: 'deadline' }),
      message('ni/1', openIdOf(1), { priority: 'nicety' }),
    ]);
    w.sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 0, when: 'cut', times: 2 });
    await w.running.bot.deliver();
    await w.clock.advanceBy(2 * 3_600_000);
    w.sim.faults.apiFailures.push({ on: 'GET /im/v1/messages', code: 99991672, times: 10 });
    await lives({ ms: 60_000, over: nothingDue });
    expect(await w.rows('select key, state, last_error from outbox order by key')).toEqual([
      ['dl/0', 'sent', 'maybe twice'],
      ['ni/1', 'dead', 'unsure'],
    ]);
    expect(await metrics()).toContain('lookback_told_lately{how="maybe_twice"} 1\n');
    expect(heardBy(openIdOf(1))).toHaveLength(1);
  });
});

describe('limits', () => {
  it('2,311 people and groups are told within the platform’s limits plus a fifth, and nobody is refused for haste', async () => {
    crowd(2311);
    await promise(many(2311, { proactive: {}, priority: 'deadline' }));
    const from = w.clock.now();
    const bots = [await w.beside({ allowance: 100_000 })];
    expect(await lives({ ms: 200_000, bots, over: nothingDue })).toBe(true);
    expect(w.clock.now() - from).toBeLessThanOrEqual(166_000);
    expect(sendCodes()).toEqual([0]);
    expect(await states()).toEqual([['sent', 2311]]);
    const [calls] = await w.rows('select sum(calls) from call_count');
    expect(Number(calls?.[0])).toBe(2312); // and one for the token
  }, 120_000);

  it('an answer never waits behind them', async () => {
    crowd(1500);
    await promise(many(1500, { proactive: {}, priority: 'nicety' }));
    const bots = [await w.beside({ allowance: 100_000 })];
    await lives({ ms: 30_000, bots });
    const asked = w.clock.now();
    await promise([message('answer', people.cadre)]);
    const answered = async () => heardBy(people.cadre).length > 0;
    expect(await lives({ ms: 60_000, bots, over: answered })).toBe(true);
    expect(w.clock.now() - asked).toBeLessThanOrEqual(2000);
  }, 120_000);

  it('one chat gets at most four a second, in their order', async () => {
    crowd(1);
    await promise(Array.from({ length: 12 }, (_, i) => message(`o/${String(i).padStart(2, '0')}`, openIdOf(0))));
    await lives({ ms: 20_000, over: nothingDue });
    expect(heardBy(openIdOf(0)).map((m) => w.reads(m).slice(-2))).toEqual(
      Array.from({ length: 12 }, (_, i) => String(i).padStart(2, '0')),
    );
    expect(sendCodes()).toEqual([0]);
  });
});

describe('what nobody asked for', () => {
  it.each([
    ['in the evening', '2023-07-12T18:00:00+08:00', '2023-07-13T09:01:00+08:00', '2023-07-13T09:02:00+08:00'],
    ['on a Saturday', '2023-07-15T10:00:00+08:00', '2023-07-17T09:01:00+08:00', '2023-07-17T09:02:00+08:00'],
  ])('%s waits for the next working day’s first slot; what somebody asked for does not', async (_, ...at) => {
    const [now, early, then] = at;
    crowd(2);
    await w.clock.advanceTo(Date.parse(now));
    await promise([message('p', openIdOf(0), { proactive: {} }), message('a', openIdOf(1))]);
    await w.running.bot.deliver();
    expect([heardBy(openIdOf(0)).length, heardBy(openIdOf(1)).length]).toEqual([0, 1]);
    await w.clock.advanceTo(Date.parse(early));
    await w.running.bot.deliver();
    expect(heardBy(openIdOf(0))).toHaveLength(0);
    await w.clock.advanceTo(Date.parse(then));
    await w.running.bot.deliver();
    expect(heardBy(openIdOf(0))).toHaveLength(1);
  });

  it('with nothing left to say leaves no trace for the operator', async () => {
    await promise([message('v', people.cadre, { payload: { type: 'sitting', id: 'nobody' } })]);
    await w.running.bot.deliver();
    expect(await states()).toEqual([['void', 1]]);
    expect(await w.running.store.outboxState()).toMatchObject({ due: 0, dead: 0 });
  });

  it('is not tried again for three days with somebody who stopped the bot', async () => {
    crowd(1);
    const digest = (key: string) => message(key, openIdOf(0), { proactive: { personId: 'p1' } });
    w.sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 230053, times: 1 });
    await promise([digest('d/1')]);
    await w.running.bot.deliver();
    for (const [i, day] of ['13', '14'].entries()) {
      await w.clock.advanceTo(Date.parse(`2023-07-${day}T09:30:00+08:00`));
      await promise([digest(`d/${i + 2}`)]);
      await w.running.bot.deliver();
    }
    expect(heardBy(openIdOf(0))).toHaveLength(0);
    expect(await w.rows('select last_error from outbox where key > ? order by key', 'd/1')).toEqual([
      ['skipped 230053'],
      ['skipped 230053'],
    ]);
    await w.clock.advanceTo(Date.parse('2023-07-17T09:30:00+08:00'));
    await promise([digest('d/9')]);
    await w.running.bot.deliver();
    expect(heardBy(openIdOf(0))).toHaveLength(1);
  });
});

describe('a card the platform refuses', () => {
  const card = {
    schema: '2.0' as const,
    header: {
      title: { tag: 'plain_text', content: '大阿村还差3户' },
      subtitle: { tag: 'plain_text', content: '也可发送：未完成' },
    },
    body: { elements: [{ tag: 'action' }] },
  };
  const refused = () => promise([message('c', people.cadre, { payload: { type: 'card', card, audience: 'private' } })]);

  it('is told as a simpler card with its title and command', async () => {
    await refused();
    await w.running.bot.deliver();
    const [said] = heardBy(people.cadre);
    expect(said?.type).toBe('interactive');
    expect(said?.content).toContain('大阿村还差3户');
    expect(said?.content).toContain('也可发送：未完成');
    expect(await w.rows('select state, telling, attempts from outbox')).toEqual([['sent', 'simple', 0]]);
    expect(await metrics()).toContain('lookback_told_lately{how="simplified"} 1\n');
    await w.clock.advanceBy(25 * 3_600_000);
    expect(await metrics(), 'a day later').toContain('lookback_told_lately{how="simplified"} 0\n');
  });

  it('twice, as text; three times, it is given up', async () => {
    w.sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 230099, times: 2 });
    await refused();
    await w.running.bot.deliver();
    expect(heardBy(people.cadre).map((m) => [m.type, w.reads(m).split('\n').slice(0, 2)])).toEqual([
      ['text', ['大阿村还差3户', '也可发送：未完成']],
    ]);
    expect(await w.rows('select state, telling from outbox')).toEqual([['sent', 'text']]);
  });
});

describe('the month’s allowance', () => {
  const three = () =>
    promise([
      message('d', openIdOf(0), { priority: 'deadline', proactive: {} }),
      message('a', openIdOf(1)),
      message('n', openIdOf(2), { priority: 'nicety', proactive: {} }),
    ]);
  const heard = () => [0, 1, 2].map((n) => heardBy(openIdOf(n)).length);

  it.each([
    ['up to 80 %: everything', 700, [1, 1, 1]],
    ['over 80 %: unasked only deadlines', 850, [1, 1, 0]],
    ['all of it: nothing', 1000, [0, 0, 0]],
  ])('%s', async (_, calls, expected) => {
    crowd(3);
    const { bot, store } = await w.beside({ allowance: 1000 });
    await store.mark([], { month: '2023-07', n: calls });
    await three();
    await bot.deliver();
    expect(heard()).toEqual(expected);
  });

  it('over 95 %: deadlines, and one sentence a day for whoever asks', async () => {
    crowd(3);
    const { bot, store } = await w.beside({ allowance: 1000 });
    await store.mark([], { month: '2023-07', n: 960 });
    await three();
    await promise([message('a/2', openIdOf(1))]);
    await bot.deliver();
    expect(heard()).toEqual([1, 1, 0]);
    expect(heardBy(openIdOf(1)).map((m) => w.reads(m))).toEqual([expect.stringContaining('本月能发的消息快用完了')]);
  });

  it('all of it, and the operator says send: it goes', async () => {
    crowd(3);
    const { bot, store } = await w.beside({ allowance: 1000 });
    await store.mark([], { month: '2023-07', n: 850 });
    await three();
    await bot.deliver();
    await store.mark([], { month: '2023-07', n: 200 });
    await w.clock.advanceTo(Date.parse('2023-07-14T10:00:00+08:00'));
    await bot.tick();
    expect(await w.rows("select key, last_error from outbox where state = 'dead'")).toEqual([['n', 'budget']]);
    await operatorStore(await openLocal(w.path)).resend(null, w.clock.now());
    await bot.deliver();
    expect(heard()).toEqual([1, 1, 1]);
  });

  it('a new month begins anew', async () => {
    crowd(3);
    const { bot, store } = await w.beside({ allowance: 1000 });
    await store.mark([], { month: '2023-07', n: 1000 });
    await w.clock.advanceTo(Date.parse('2023-07-31T17:59:00+08:00'));
    await three();
    await bot.deliver();
    expect(heard()).toEqual([0, 0, 0]);
    await w.clock.advanceTo(Date.parse('2023-08-01T09:02:00+08:00'));
    await bot.deliver();
    expect(heard()).toEqual([1, 1, 1]);
  });
});
