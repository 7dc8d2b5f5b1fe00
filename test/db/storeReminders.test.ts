// Facts of reminders in a handful of reads: right, and quick enough for a tick in a county of 311 villages and 2,000 people.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../db/engine.ts';
import { openLocal } from '../../db/local.ts';
import { migrations } from '../../db/migrations.gen.ts';
import { createStore } from '../../db/store.ts';
import type { Outgoing } from '../../src/ports.ts';
import type { Store } from '../../src/store.ts';
import { newFolder } from '../support/folder.ts';
import { leaseOf } from '../support/seed.ts';

const dir = newFolder('lookback-reminders');
const numbers = (n: number) => `with recursive n(i) as (select 0 union all select i + 1 from n where i < ${n - 1}) `;
const village = (i: string) => `'360722' || substr('000' || (${i}), -3) || '200'`;
const perVillage = 100;

let engine: Engine;
let store: Store;
beforeAll(async () => {
  engine = await openLocal(join(dir, 'county.db'));
  await engine.migrate(migrations);
  store = createStore(engine);
  const fill = [
    `insert into area (code, level, name, full_name, parent, township) ${numbers(311)} select ${village('i')}, 'village', '村' || i, '村' || i, 't' || (i % 16), 't' || (i % 16) from n`,
    `insert into person (id, name, open_id) ${numbers(2000)} select 'p' || i, '例', 'ou_' || i from n`,
    `insert into person_role (person_id, role, area_code) ${numbers(2000)} select 'p' || i, '村干部', ${village('i % 311')} from n`,
    `insert into chat (id, name, area_code, campaign_id) ${numbers(311)} select 'oc_' || i, '群', ${village('i')}, 'c' from n`,
    `insert into screening (id, campaign_id, household_no, village_code, township_code, lookbacks, form, state, next_day) ${numbers(311 * perVillage)} select 's' || i, 'c', i, ${village('i % 311')}, 't' || (i % 311 % 16), 'LB1', case i % 4 when 0 then 'full' else 'short' end, case when i < 622 then 'deferred' else 'todo' end, case when i < 311 then '2023-07-14' when i < 622 then '2023-07-20' end from n`,
    `insert into tally (campaign_id, village_code, township_code, section, state, n) select campaign_id, village_code, township_code, 'ALL', state, count(*) from screening group by 1, 2, 3, 5`,
  ];
  for (const sql of fill) await engine.commit([{ sql, args: [] }]);
});
afterAll(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

const factsOn = (day: string) => store.reminderFacts({ campaignIds: ['c'], day, since: 0 });

test('every village is there once, with what was put off until the day', async () => {
  const { stands, people, groups } = await factsOn('2023-07-14');
  expect([stands.length, people.length, groups.length]).toEqual([311, 2000, 311]);
  expect(stands[0]).toEqual({
    campaignId: 'c',
    areaCode: '360722000200',
    townshipCode: 't0',
    todo: perVillage - 2,
    due: 1,
    forms: [],
    task: 'open',
    returned: 0,
    changedAt: null,
  });
  expect((await factsOn('2023-07-20')).stands[0]?.due).toBe(2);
  expect(await store.todoForms('c', '360722000200')).toEqual({ short: expect.any(Number), full: expect.any(Number) });
});

test('as quickly as some walks through all households, not one a village', async () => {
  const fastest = async (read: () => Promise<unknown>) => {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const began = performance.now();
      await read();
      times.push(performance.now() - began);
    }
    return Math.min(...times);
  };
  const walk = await fastest(() => engine.read("select count(*) from screening where state || form = ''", []));
  expect(await fastest(() => factsOn('2023-07-14'))).toBeLessThan(30 * walk);
});

const digest = (personId: string, day: string, dueAt: number): Outgoing => ({
  key: `dig/${personId}/${day}`,
  kind: 'send',
  target: { kind: 'user', id: `ou_${personId}` },
  lane: `ou_${personId}`,
  payload: { type: 'digest', personId, day, audience: 'private' },
  dueAt,
  proactive: { personId },
});

test('a plan stands once; a newer digest takes the place of one still unsent', async () => {
  expect(await store.plannedTo()).toBeNull();
  const first = { from: null, to: 1000, outgoing: [digest('p1', 'a', 1000), digest('p2', 'a', 1000)] };
  const [one, two] = await Promise.all([store.plan(first), store.plan(first)]);
  expect([one.ok, two.ok].sort()).toEqual([false, true]);
  expect(await store.plannedTo()).toBe(1000);
  await store.plan({ from: 1000, to: 2000, outgoing: [digest('p1', 'b', 2000)] });
  const rows = await engine.read("select key, state from outbox where key like 'dig/%' order by key", []);
  expect(rows).toEqual([
    ['dig/p1/b', 'due'],
    ['dig/p2/a', 'due'],
  ]);
  const { people } = await factsOn('2023-07-14');
  expect(people.find((p) => p.id === 'p1')?.lastDigestAt).toBe(2000);
});

test('an earlier day’s digest that is on its way, or has just gone, is today’s: no other beside it', async () => {
  const keys = async () =>
    (
      await engine.read("select key from outbox where key like 'dig/p7/%' or key like 'dig/p8/%' order by key", [])
    ).flat();
  const last = await store.plannedTo();
  await store.plan({ from: last, to: 5000, outgoing: [digest('p7', 'a', 5000), digest('p8', 'a', 5000)] });
  const leased = await store.lease(leaseOf({ now: 6000, until: 36_000, by: 'me' }));
  const gone = leased?.due.find((m) => m.key === 'dig/p8/a');
  if (!gone) throw new Error('nothing was leased');
  const sent = { do: 'sent', message: gone, messageId: 'om_1', at: 7001, card: true, follow: [] } as const;
  await store.mark([sent], { month: '2023-07', n: 0 });
  await store.plan({ from: 5000, to: 7000, outgoing: [digest('p7', 'b', 7000), digest('p8', 'b', 7000)] });
  expect(await keys()).toEqual(['dig/p7/a', 'dig/p8/a']);
  await store.plan({ from: 7000, to: 90_000, outgoing: [digest('p7', 'c', 90_000), digest('p8', 'c', 90_000)] });
  expect(await keys()).toEqual(['dig/p7/c', 'dig/p8/a', 'dig/p8/c']);
});

test('leave is the later of the file’s and one’s own', async () => {
  await engine.commit([{ sql: "update person set leave_until_day = '2023-07-13' where id in ('p5', 'p6')", args: [] }]);
  const set = (actor: string, leaveUntilDay: string) =>
    store.setReminders({ act: { eventId: `e-${actor}`, actor, at: 1 }, leaveUntilDay, mutedUntilDay: null });
  await set('p5', '2023-07-12');
  await set('p6', '2023-07-15');
  const { people } = await factsOn('2023-07-14');
  const leave = (id: string) => people.find((p) => p.id === id)?.setting.leaveUntilDay;
  expect([leave('p4'), leave('p5'), leave('p6')]).toEqual([null, '2023-07-13', '2023-07-15']);
});
