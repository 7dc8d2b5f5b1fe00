// An import that began always finishes, once: after a crash at any commit, beside another process, around a campaign.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Engine, Value } from '../../db/engine.ts';
import { type Table, tableOf } from '../../src/domain/importTable.ts';
import { dyingAfter, load, newWorld, smallCampaign, tallies, type World } from './importWorld.ts';

const village = '360722108201';
const areaTable = (): Table =>
  tableOf(
    ['区划代码', '乡镇', '乡镇代码', '村(居)名称'],
    [{ 区划代码: village, 乡镇: '大阿镇', 乡镇代码: '360722108', '村(居)名称': '大阿村委会' }],
  );
const roster = (count: number): Table =>
  tableOf(
    ['户编码', '区划代码', '户主姓名', '家庭人口数', '监测对象类别'],
    Array.from({ length: count }, (_, i) => ({
      户编码: `大阿-${i}`,
      区划代码: village,
      户主姓名: '例',
      家庭人口数: '2',
      监测对象类别: i % 9 ? '' : '边缘易致贫户',
    })),
  );
const size = 400;

let w: World;
beforeEach(async () => {
  w = await newWorld();
  await w.imports.areas(areaTable());
});
afterEach(() => w.close());

const outcome = async (): Promise<Value[][]> => [
  ...(await w.rows('select count(*), count(distinct code) from household')),
  ...(await w.rows('select lookbacks, state, rev, count(*) from screening group by 1, 2, 3 order by 1')),
  ...(await w.rows("select count(*) from event where subject like 'import:%'")),
  ...(await w.rows("select count(*) from import_job where state <> 'done'")),
  ...(await w.rows('select count(*) from import_stage')),
];
const whole = [[size, size], ['LB1', 'todo', 0, 355], ['LB2', 'todo', 0, 45], [2], [0], [0]];

test('a crash after any commit loses nothing and doubles nothing', async () => {
  await load(w, smallCampaign('c1'));
  for (let lives = 0; ; lives++) {
    const dying = await w.another(dyingAfter(lives));
    const done = await dying.imports.households(roster(size)).then(
      () => true,
      () => false,
    );
    await w.imports.resume();
    const { kept, counted } = await tallies(w);
    expect(kept, `after ${lives} commits`).toEqual(counted);
    const households = await w.one('select count(*) from household');
    if (households === 0) {
      expect(done).toBe(false);
      w.now += 3_600_001; // what it staged is stale by now
      await w.imports.resume();
      expect(await w.one('select count(*) from import_stage')).toBe(0);
      continue;
    }
    expect(await outcome(), `after ${lives} commits`).toEqual(whole);
    if (done) break;
    await w.engine.commit(
      ['tally', 'screening', 'household', 'member'].map((t) => ({ sql: `delete from ${t}`, args: [] })),
    );
    await w.engine.commit([
      { sql: "delete from event where subject like 'import:%' and after like '%households%'", args: [] },
    ]);
  }
});

test('while an import is applied its job says so, and not while it is staged', async () => {
  const states: Value[] = [];
  const seen = await w.another((engine) => ({
    ...engine,
    read: (sql, args) => engine.read(sql, args),
    async commit(unit) {
      const result = await engine.commit(unit);
      states.push((await engine.read("select state from import_job where kind = 'households'", []))[0]?.[0] ?? 'none');
      return result;
    },
  }));
  await seen.imports.households(roster(size));
  expect([...new Set(states)]).toEqual(['staging', 'applying', 'done']);
});

test('two processes that push the same job do every step once', async () => {
  await load(w, smallCampaign('c1'));
  const dying = await w.another(dyingAfter(4)); // begin, two batches, ready: the first step fails
  await expect(dying.imports.households(roster(size))).rejects.toThrow('died');
  let steps = 0;
  const counting = (engine: Engine): Engine => ({
    ...engine,
    read: (sql, args) => engine.read(sql, args),
    async commit(unit) {
      const result = await engine.commit(unit);
      if (result.ok && unit.some((s) => s.sql.startsWith('insert into household'))) steps++;
      return result;
    },
  });
  const [one, other] = [await w.another(counting), await w.another(counting)];
  await Promise.all([one.imports.resume(), other.imports.resume()]);
  expect(steps).toBe(size / 80);
  expect(await outcome()).toEqual(whole);
  const { kept, counted } = await tallies(w);
  expect(kept).toEqual(counted);
});

test('a staging import of another process is left alone until it is an hour old', async () => {
  const dying = await w.another(dyingAfter(2));
  await expect(dying.imports.households(roster(size))).rejects.toThrow('died');
  await w.imports.resume();
  expect(await w.one("select state from import_job where kind = 'households'")).toBe('staging');
  w.now += 3_600_001;
  await w.imports.resume();
  expect(await w.rows("select count(*) from import_job where kind = 'households'")).toEqual([[0]]);
  expect(await w.one('select count(*) from household')).toBe(0);
});

test('a campaign loaded after the roster takes in every household, once', async () => {
  await w.imports.households(roster(size));
  const campaign = smallCampaign('c2');
  await load(w, campaign);
  await w.imports.enrolAll(campaign);
  await w.imports.enrolAll(campaign);
  expect(await w.rows('select lookbacks, rev, count(*) from screening group by 1, 2 order by 1')).toEqual([
    ['LB1', 0, 355],
    ['LB2', 0, 45],
  ]);
  const { kept, counted } = await tallies(w);
  expect(kept).toEqual(counted);
});

test('taking households into a campaign goes on after a crash', async () => {
  await w.imports.households(roster(size));
  const campaign = smallCampaign('c2');
  await load(w, campaign);
  const dying = await w.another(dyingAfter(5));
  await expect(dying.imports.enrolAll(campaign)).rejects.toThrow('died');
  const half = await w.one('select count(*) from screening');
  expect(half).toBeGreaterThan(0);
  expect(half).toBeLessThan(size);
  await w.imports.resume();
  expect(await w.one('select count(*) from screening')).toBe(size);
  const { kept, counted } = await tallies(w);
  expect(kept).toEqual(counted);
});

test('a campaign loaded in the middle of an import misses no household', async () => {
  const campaign = smallCampaign('late');
  let steps = 0;
  const importer = await w.another((engine) => ({
    ...engine,
    read: (sql, args) => engine.read(sql, args),
    async commit(unit) {
      if (unit.some((s) => s.sql.startsWith('insert into household')) && ++steps === 3) await load(w, campaign);
      return engine.commit(unit);
    },
  }));
  await importer.imports.households(roster(size));
  expect(steps).toBeGreaterThan(4);
  // From the step that met it on; those before are enrolAll's.
  expect(await w.one('select count(*) from screening')).toBe(size - 2 * 80);
  await w.imports.enrolAll(campaign);
  expect(await w.one('select count(*) from screening')).toBe(size);
  const { kept, counted } = await tallies(w);
  expect(kept).toEqual(counted);
});

test('two campaigns keep their households and counts apart', async () => {
  await load(w, smallCampaign('c1'));
  await load(w, smallCampaign('c2'));
  await w.imports.households(roster(90));
  expect(await w.rows('select campaign_id, count(*) from screening group by 1 order by 1')).toEqual([
    ['c1', 90],
    ['c2', 90],
  ]);
  const { kept, counted } = await tallies(w);
  expect(kept).toEqual(counted);
});
