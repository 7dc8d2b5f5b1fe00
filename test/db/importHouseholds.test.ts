// The roster into a real database: what is created, what stays, what follows the facts, and that counts never drift.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from '../../db/engine.ts';
import { checkDigit } from '../../src/domain/idNumber.ts';
import { type Table, tableOf } from '../../src/domain/importTable.ts';
import { counts, dyingAfter, everything, load, newWorld, smallCampaign, tallies, type World } from './importWorld.ts';

const villages = ['360722108201', '360722108202', '360722109201'];
const areaTable = (): Table =>
  tableOf(
    ['区划代码', '乡镇', '乡镇代码', '村(居)名称', '类别'],
    villages.map((code, i) => ({
      区划代码: code,
      乡镇代码: code.slice(0, 9),
      乡镇: code.startsWith('360722108') ? '大阿镇' : '油山镇',
      '村(居)名称': `${'甲乙丙'[i]}村委会`,
      类别: '村委会',
    })),
  );
const id = (n: number) => {
  const first = `36079919700101${String(n % 1000).padStart(3, '0')}`;
  return first + checkDigit(first);
};
type Row = Record<string, string>;
const columns = [
  '户编码',
  '区划代码',
  '户主姓名',
  '家庭人口数',
  '户主证件号码',
  '联系电话',
  '户类型',
  '监测对象类别',
  '整户无劳动能力标注',
  '部门预警',
  '姓名',
  '证件号码',
  '劳动技能',
];
/** `count` households over the villages; every seventh is in the register, every fourteenth without labour. */
function roster(count: number): Row[] {
  return Array.from(
    { length: count },
    (_, i): Row => ({
      户编码: `户-${String(i).padStart(4, '0')}`,
      区划代码: villages[i % villages.length] ?? '',
      户主姓名: `刘${i}例`,
      家庭人口数: '3',
      户主证件号码: id(i),
      联系电话: i % 2 ? '13900001234' : '139****1234',
      户类型: i % 5 === 0 ? '脱贫户' : '一般农户',
      监测对象类别: i % 7 === 0 ? '边缘易致贫户' : '',
      整户无劳动能力标注: i % 14 === 0 ? '乙' : '',
      ...(i % 7 === 0 ? { 姓名: `刘${i}例`, 证件号码: id(i), 劳动技能: i % 14 === 0 ? '无劳动力' : '普通劳动力' } : {}),
    }),
  );
}
const table = (rows: Iterable<Row>) => tableOf(columns, rows);
let w: World;
beforeEach(async () => {
  w = await newWorld();
  await w.imports.areas(areaTable());
});
afterEach(() => w.close());

async function expectExact(): Promise<void> {
  const { kept, counted } = await tallies(w);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept).toEqual(counted);
}

describe('a roster', () => {
  test('creates households, members, screenings and exact counts', async () => {
    await load(w, smallCampaign('c1'));
    expect(counts(await w.imports.households(table(roster(300))))).toEqual([300, 0, 0, 0]);
    expect(await w.one('select count(*) from household')).toBe(300);
    expect(await w.one('select count(*) from member')).toBe(43);
    expect(await w.rows('select lookbacks, form, count(*) from screening group by 1, 2 order by 1, 2')).toEqual([
      ['LB1', 'full', 51],
      ['LB1', 'short', 206],
      ['LB2', 'full', 21],
      ['LB2,LB4', 'full', 22],
    ]);
    await expectExact();
    for (const [key, no] of await w.rows('select id, household_no from screening')) {
      expect(key).toBe(`c1:${Number(no).toString(36)}`);
    }
    expect(await w.rows('select distinct actor from event')).toEqual([['import']]);
    expect(await w.one('select count(*) from import_stage')).toBe(0);
  });

  test('given twice changes nothing', async () => {
    await load(w, smallCampaign('c1'));
    await w.imports.households(table(roster(60)));
    const before = await everything(w);
    expect(counts(await w.imports.households(table(roster(60))))).toEqual([0, 0, 60, 0]);
    expect(await everything(w)).toBe(before);
  });

  test('stores no identity or phone number in plain text, not even while it is staged', async () => {
    const half = await w.another(dyingAfter(4));
    await expect(half.imports.households(table(roster(600)))).rejects.toThrow('died');
    expect(await w.one('select count(*) from import_stage')).toBeGreaterThan(0);
    expect(await everything(w)).not.toMatch(/36079919700101|13900001234|139\*/);
    await w.imports.resume();
    await w.imports.households(table(roster(600)));
    expect(await everything(w)).not.toMatch(/36079919700101|13900001234|139\*/);
    expect(await w.one('select count(distinct id_hash) from household')).toBe(600);
    expect(await w.one('select count(distinct phone_hash) from household')).toBe(1); // masked ones are nobody's number
  });

  test('a person is found by the same hash as head and as member', async () => {
    await w.imports.households(table(roster(20)));
    const sql = 'select count(*) from household h join member m on m.id_hash = h.id_hash and m.household_no = h.no';
    expect(await w.one(sql)).toBe(3);
  });

  test('lists a household the file no longer has, of the same township, and keeps it', async () => {
    await w.imports.households(table(roster(30)));
    const report = await w.imports.households(
      table(roster(30).filter((r) => r.户编码 !== '户-0003' && r.区划代码 !== '360722109201')),
    );
    expect([counts(report), report.missingList]).toEqual([[0, 0, 19, 1], ['户-0003']]);
    expect(await w.one('select count(*) from household')).toBe(30);
  });

  test('with one refused row changes nothing at all', async () => {
    const rows = [...roster(30), { ...roster(1)[0], 户编码: '坏', 区划代码: '1' }];
    const before = await everything(w);
    const report = await w.imports.households(table(rows));
    expect(report.refused.map((r) => [r.row, r.column])).toEqual([[32, '区划代码']]);
    expect(await everything(w)).toBe(before);
  });

  test('in a dry run tells the same counts and changes nothing', async () => {
    const before = await everything(w);
    expect(counts(await w.imports.households(table(roster(30)), { dryRun: true }))).toEqual([30, 0, 0, 0]);
    expect(await everything(w)).toBe(before);
  });

  test('tells its progress up to the end', async () => {
    const told: [number, number][] = [];
    await w.imports.households(table(roster(300)), { onProgress: (done, total) => told.push([done, total]) });
    expect(told.at(-1)).toEqual([600, 600]);
    expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).sort((a, b) => a - b));
  });
});

describe('changed facts', () => {
  const change = (rows: Row[], code: string, to: Row) => rows.map((r) => (r.户编码 === code ? { ...r, ...to } : r));

  beforeEach(async () => {
    await load(w, smallCampaign('c1'));
    await w.imports.households(table(roster(60)));
  });

  const screening = (code: string) =>
    w.rows(
      'select s.lookbacks, s.form, s.state, s.rev, s.village_code from screening s join household h on h.no = s.household_no where h.code = ?',
      code,
    );
  /** What a cadre's submit does to the row and the counts. */
  async function answer(code: string, state: string, engine: Engine = w.engine): Promise<void> {
    const [row] = await engine.read(
      'select s.id, s.village_code, s.township_code, s.lookbacks, s.state from screening s join household h on h.no = s.household_no where h.code = ?',
      [code],
    );
    const [key, village, township, lookbacks, was] = (row ?? []).map(String);
    const move = (section: string) => ({
      sql:
        'insert into tally (campaign_id, village_code, township_code, section, state, n) values (?1, ?2, ?3, ?4, ?5, -1), (?1, ?2, ?3, ?4, ?6, 1) ' +
        'on conflict (campaign_id, village_code, section, state) do update set n = n + excluded.n',
      args: ['c1', village ?? '', township ?? '', section, was ?? '', state],
    });
    await engine.commit([
      { sql: 'update screening set state = ?, rev = rev + 1 where id = ?', args: [state, key ?? ''] },
      ...['ALL', ...(lookbacks ?? '').split(',')].map(move),
    ]);
  }

  test('move an untouched household to its new form and raise its rev', async () => {
    expect(await screening('户-0001')).toEqual([['LB1', 'short', 'todo', 0, villages[1]]]);
    const report = await w.imports.households(table(change(roster(60), '户-0001', { 部门预警: '医保：大额支出' })));
    expect(counts(report)).toEqual([0, 1, 59, 0]);
    expect(await screening('户-0001')).toEqual([['LB1', 'full', 'todo', 1, villages[1]]]);
    await w.imports.households(table(change(roster(60), '户-0001', { 监测对象类别: '突发严重困难户' })));
    expect(await screening('户-0001')).toEqual([['LB2', 'full', 'todo', 2, villages[1]]]);
    await expectExact();
  });

  test('leave an answered household its form, and its counts where they are', async () => {
    await answer('户-0001', 'found');
    await w.imports.households(table(change(roster(60), '户-0001', { 监测对象类别: '突发严重困难户' })));
    expect(await screening('户-0001')).toEqual([['LB1', 'short', 'found', 1, villages[1]]]);
    expect(await w.one("select json_extract(facts, '$.register') from household where code = '户-0001'")).toBe(
      'active',
    );
    await expectExact();
  });

  test('that do not matter to the campaign leave the screening alone', async () => {
    await w.imports.households(table(change(roster(60), '户-0001', { 户主姓名: '刘新例' })));
    expect(await screening('户-0001')).toEqual([['LB1', 'short', 'todo', 0, villages[1]]]);
    expect(await w.one("select head_name from household where code = '户-0001'")).toBe('刘新例');
  });

  test('take an untouched household along to another village', async () => {
    await w.imports.households(table(change(roster(60), '户-0001', { 区划代码: villages[2] ?? '' })));
    expect(await screening('户-0001')).toEqual([['LB1', 'short', 'todo', 1, villages[2]]]);
    await expectExact();
  });

  test('are told with before and after', async () => {
    await w.imports.households(table(change(roster(60), '户-0001', { 部门预警: '残联' })));
    const [event] = await w.rows(
      "select actor, verb, json_extract(before, '$.facts.alert'), json_extract(after, '$.facts.alert') from event where subject = 'household:户-0001'",
    );
    expect(event).toEqual(['import', 'imported', null, '残联']);
    expect(await w.one("select json_extract(after, '$.form') from event where verb = 'enrolled'")).toBe('full');
  });

  test('replace the members', async () => {
    const rows = change(roster(60), '户-0007', { 姓名: '刘新例', 劳动技能: '弱劳动力或半劳动力' });
    await w.imports.households(table(rows));
    const sql = "select m.name from member m join household h on h.no = m.household_no where h.code = '户-0007'";
    expect(await w.rows(sql)).toEqual([['刘新例']]);
  });

  test('while cadres answer: counts stay exact', async () => {
    const rows = roster(400).map((r) => ({ ...r, 部门预警: '民政' }));
    const cadre = await w.another();
    const work = w.imports.households(table(rows));
    for (let i = 1; i < 60; i++)
      if (i % 7 !== 0) await answer(`户-${String(i).padStart(4, '0')}`, i % 2 ? 'clear' : 'found', cadre.engine);
    await work;
    await expectExact();
    expect(await w.one("select count(*) from screening where state <> 'todo'")).toBe(51);
  });
});
