// Owns the store's promises about areas' own work, on the local file and on a libSQL server: of many at once one stands,
// nothing changes behind a hand-in, tallies move with a return.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../db/engine.ts';
import { openLocal } from '../../db/local.ts';
import { openRemote } from '../../db/remote.ts';
import { createStore } from '../../db/store.ts';
import type { AreaTask } from '../../src/areaStore.ts';
import { asSample } from '../../src/domain/campaign.ts';
import type { Area } from '../../src/ports.ts';
import type { Act, Store } from '../../src/store.ts';
import { type Bridge, startBridge } from '../support/bridge.ts';
import { newFolder } from '../support/folder.ts';
import { seed, villageCode } from '../support/seed.ts';
import { xinfeng } from '../support/xinfeng.ts';

const folder = newFolder('area');
let bridge: Bridge;
beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(async () => {
  await bridge.close();
  rmSync(folder, { recursive: true, force: true });
});

const campaign = asSample(xinfeng());
const now = Date.parse('2023-07-19T09:00:00+08:00');
const c = campaign.id;
const act = (actor = 'p1'): Act => ({ eventId: crypto.randomUUID(), actor, at: now });
const filled = { lookback: 'LB7', answers: { 'L7-02': '未' }, findings: [{ item: 'L7-02' }], late: false, doneAt: now };
const explained = ['空挂户'];

const engines: Readonly<Record<string, () => Promise<Engine>>> = {
  'the local file': () => openLocal(join(folder, 'area.db')),
  'a libSQL server': async () => openRemote(bridge.url('area'), ''),
};

describe.each(Object.entries(engines))('on %s', (_, open) => {
  let engine: Engine;
  let store: Store;
  beforeAll(async () => {
    engine = await open();
    const size = { villages: 6, households: 3, cadres: 1 };
    await seed(engine, { size, campaign, clock: { now: () => now } });
    store = createStore(engine);
  });
  afterAll(() => store.close());

  const areaOf = async (v: number): Promise<Area> => {
    const area = await store.area(villageCode(v));
    if (!area) throw new Error('no such village');
    return area;
  };
  const count = async (sql: string, ...args: string[]) => Number((await engine.read(sql, args))[0]?.[0]);
  const fresh = (v: number): AreaTask => ({
    campaignId: c,
    areaCode: villageCode(v),
    townshipCode: '360722999',
    state: 'open',
    rev: 0,
    meetingDay: null,
    returns: [],
    late: false,
    submittedBy: null,
    submittedAt: null,
    decidedBy: null,
    decidedAt: null,
  });
  const handIn = (task: AreaTask, lookbacks: string[] = []) => {
    const needs = { reasons: explained, lookbacks };
    return store.handIn({ act: act(), task, meetingDay: '2023-07-19', late: false, needs, outgoing: [] });
  };
  const taskOf = async (v: number): Promise<AreaTask> => (await store.areaTask(c, villageCode(v))) ?? fresh(v);
  /** Every household of the village is put off, and counted so. */
  const allPutOff = async (v: number, reason: string) => {
    const village = villageCode(v);
    const change = 'update screening set state = ?, defer_reason = ?, next_day = ? where village_code = ?';
    const forget = 'delete from tally where village_code = ?';
    const say =
      "insert into tally select ?1, ?2, '360722999', value, 'deferred', 3 from json_each('[\"ALL\", \"LB1\"]')";
    const outcome = await engine.commit([
      { sql: change, args: ['deferred', reason, '2023-07-20', village] },
      { sql: forget, args: [village] },
      { sql: say, args: [c, village] },
    ]);
    expect(outcome.ok).toBe(true);
  };
  const talliesAreRight = async () => {
    const kept = await engine.read(
      'select village_code, section, state, n from tally where n <> 0 order by 1, 2, 3',
      [],
    );
    const full = (await store.fullCount(c)).map((t) => [t.areaCode, t.section, t.state, t.n]);
    expect(kept.map((r) => r.map(String))).toEqual(full.map((r) => r.map(String)).sort());
  };

  test('twenty forms at once from the same rev leave one', async () => {
    const area = await areaOf(0);
    const form = { ...filled, rev: 0 };
    const all = await Promise.all(
      Array.from({ length: 20 }, () => store.saveAreaForm({ act: act(), campaignId: c, area, form })),
    );
    expect(all.filter((w) => w.ok)).toHaveLength(1);
    expect(all.filter((w) => !w.ok && w.why === 'stale')).toHaveLength(19);
    expect(await store.areaForms(c, area.code)).toMatchObject([
      { rev: 1, by: 'p1', doneAt: now, answers: filled.answers },
    ]);
    expect(
      await count("select count(*) from event where verb = 'areaForm' and subject = ?", `area:${c}:${area.code}`),
    ).toBe(1);
  });

  test('the same event twice is told as a duplicate', async () => {
    const area = await areaOf(0);
    const once = act();
    const save = () => store.saveAreaForm({ act: once, campaignId: c, area, form: { ...filled, rev: 1 } });
    expect(await save()).toEqual({ ok: true, value: null });
    expect(await save()).toEqual({ ok: false, why: 'duplicate' });
    expect((await store.areaForms(c, area.code))[0]?.rev).toBe(2);
  });

  test('only finished forms count, for the village and for those above it', async () => {
    const half = { ...filled, lookback: 'LB5', doneAt: null, rev: 0 };
    await store.saveAreaForm({ act: act(), campaignId: c, area: await areaOf(0), form: half });
    const counts = async (area: Area | null) => area && (await store.formCounts(c, area));
    expect(await counts(await areaOf(0))).toEqual({ villages: 1, filled: new Map([['LB7', 1]]) });
    expect(await counts(await areaOf(1))).toEqual({ villages: 1, filled: new Map() });
    for (const code of ['360722999', '360722'])
      expect(await counts(await store.area(code))).toEqual({ villages: 6, filled: new Map([['LB7', 1]]) });
  });

  test('a hand-in falls while a household is open, badly explained, or a form is missing', async () => {
    expect(await handIn(fresh(1))).toEqual({ ok: false, why: 'stale' });
    await allPutOff(1, '临时不在家');
    expect(await handIn(fresh(1))).toEqual({ ok: false, why: 'stale' });
    await allPutOff(1, '空挂户');
    expect(await handIn(fresh(1), ['LB7'])).toEqual({ ok: false, why: 'stale' });
    expect(await store.areaTask(c, villageCode(1))).toBeNull();
    await store.saveAreaForm({ act: act(), campaignId: c, area: await areaOf(1), form: { ...filled, rev: 0 } });
    expect(await handIn(fresh(1), ['LB7'])).toEqual({ ok: true, value: null });
  });

  test('twenty hand-ins at once are one, and close the forms', async () => {
    await allPutOff(2, '空挂户');
    const all = await Promise.all(Array.from({ length: 20 }, () => handIn(fresh(2))));
    expect(all.filter((w) => w.ok)).toHaveLength(1);
    const form = { ...filled, rev: 0 };
    const save = await store.saveAreaForm({ act: act(), campaignId: c, area: await areaOf(2), form });
    expect(save).toEqual({ ok: false, why: 'stale' });
  });

  test('接收 and 退回 at once: one of them stands, and the tallies go with it', async () => {
    await allPutOff(3, '空挂户');
    await handIn(fresh(3));
    const task = await taskOf(3);
    const households = (await store.householdsByCode(c, villageCode(3), ['例4-0001', '例4-0003', '例1-0001'])).slice();
    expect(households.map((h) => h.household.code)).toEqual(['例4-0001', '例4-0003']);
    const returns = households.map((h) => ({ code: h.household.code, reason: '请再核对' }));
    const back = () => store.returnHandIn({ act: act('p2'), task, returns, households });
    const both = await Promise.all([back(), store.acceptHandIn({ act: act('p3'), task }), back()]);
    expect(both.filter((w) => w.ok)).toHaveLength(1);
    await talliesAreRight();
    const after = await taskOf(3);
    const returned = await count(
      'select count(*) from screening where village_code = ? and state = ?',
      villageCode(3),
      'todo',
    );
    expect([after.state, returned]).toEqual(after.state === 'returned' ? ['returned', 2] : ['accepted', 0]);
  });

  test('a return brings the reason to the household, frees it and remembers it until it is answered', async () => {
    await allPutOff(4, '空挂户');
    await handIn(fresh(4));
    const households = await store.householdsByCode(c, villageCode(4), ['例5-0002']);
    const returns = [
      { code: '例5-0002', reason: '请入户' },
      { item: 'L7-10', reason: '请核对' },
    ];
    const w = await store.returnHandIn({ act: act('p2'), task: await taskOf(4), returns, households });
    expect(w.ok).toBe(true);
    await talliesAreRight();
    expect(await taskOf(4)).toMatchObject({ state: 'returned', rev: 2, returns, decidedBy: 'p2', submittedBy: 'p1' });
    const [row] = await engine.read('select state, return_reason, defer_reason from screening where id = ?', [
      households[0]?.id ?? '',
    ]);
    expect(row).toEqual(['todo', '请入户', null]);
  });

  test('what was said again between two hand-ins is told, with what was said before', async () => {
    const told = await store.changesSinceReturn(c, villageCode(4));
    expect(told).toEqual([]); // a first hand-in has nothing before it
    await store.saveAreaForm({ act: act(), campaignId: c, area: await areaOf(4), form: { ...filled, rev: 0 } });
    await allPutOff(4, '空挂户');
    const [house] = await store.householdsByCode(c, villageCode(4), ['例5-0002']);
    const happen = (verb: string, answers: object) => ({
      sql: 'insert into event (campaign_id, subject, actor, verb, after, at) values (?, ?, ?, ?, ?, ?)',
      args: [c, `screening:${house?.id}`, 'p1', verb, JSON.stringify(answers), now],
    });
    await engine.commit([happen('correct', { answers: { 'L1-03': '未测算' } }), happen('view', {})]);
    expect(await handIn(await taskOf(4))).toEqual({ ok: true, value: null });
    expect(await store.changesSinceReturn(c, villageCode(4))).toEqual([
      { name: '例5-0002', of: 'household', before: null, after: { 'L1-03': '未测算' } },
      { name: 'LB7', of: 'form', before: null, after: filled.answers },
    ]);
  });

  test('a phase is locked once, whoever is first', async () => {
    const lock = () => store.takeSnapshot({ campaignId: c, phaseId: 'P1', at: now });
    const all = await Promise.all([lock(), lock(), lock(), lock()]);
    expect(all.filter(Boolean)).toHaveLength(1);
    expect(await lock()).toBe(false);
    expect(await store.snapshots(c)).toEqual(['P1']);
    expect(await count("select count(*) from event where verb = 'lock'")).toBe(1);
  });
});
