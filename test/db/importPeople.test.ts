// Areas and people into a real database.
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tableOf } from '../../src/domain/importTable.ts';
import { readTable } from '../../src/sheets/table.ts';
import { counts, everything, load, newWorld, smallCampaign, type World } from './importWorld.ts';

let w: World;
beforeEach(async () => {
  w = await newWorld();
});
afterEach(() => w.close());

async function county() {
  const read = await readTable(readFileSync('campaigns/xinfeng_orgs.csv'));
  if (!read.ok) throw new Error(read.refused.message);
  return w.imports.areas(read.table);
}
describe('areas', () => {
  test('the county’s file makes 328 areas, and the same file again nothing', async () => {
    expect(counts(await county())).toEqual([328, 0, 0, 0]);
    const before = await everything(w);
    expect(counts(await county())).toEqual([0, 0, 328, 0]);
    expect(await everything(w)).toBe(before);
    expect(await w.rows("select name, parent, township from area where code = '360722108001'")).toEqual([
      ['大阿社区', '360722108', '360722108'],
    ]);
  });

  test('the county gets its name from a campaign, loaded before or after', async () => {
    await county();
    const name = "select name from area where level = 'county'";
    expect(await w.one(name)).toBe('全县');
    await w.imports.households(
      tableOf(
        ['户编码', '区划代码', '户主姓名', '家庭人口数'],
        [{ 户编码: 'A', 区划代码: '360722108001', 户主姓名: '例', 家庭人口数: '1' }],
      ),
    );
    await load(w, smallCampaign('c1'));
    await w.imports.enrolAll(smallCampaign('c1'));
    expect(await w.one(name)).toBe('信丰县');
    expect(counts(await county())).toEqual([0, 0, 328, 0]);
  });

  test('a corrected name is an update with before and after', async () => {
    const row = { 区划代码: '360722108201', 乡镇: '大阿镇', 乡镇代码: '360722108', 名称: '大啊村委会' };
    const columns = ['区划代码', '乡镇', '乡镇代码', '名称'];
    await w.imports.areas(tableOf(columns, [row]));
    expect(counts(await w.imports.areas(tableOf(columns, [{ ...row, 名称: '大阿村委会' }])))).toEqual([0, 1, 2, 0]);
    const sql =
      "select json_extract(before, '$.name'), json_extract(after, '$.name') from event where subject = 'area:360722108201' order by id desc";
    expect((await w.rows(sql))[0]).toEqual(['大啊村', '大阿村']);
  });
});

describe('people', () => {
  const columns = ['姓名', '角色', '区划代码', 'open_id', '手机号', '请假至'];
  const cadre = { 姓名: '刘桂例', 角色: '村干部', 区划代码: '360722108001', open_id: 'ou_1', 手机号: '13900001234' };
  const clerk = { 姓名: '李文样', 角色: '乡镇干部', 区划代码: '360722108', open_id: 'ou_2' };
  const people = (rows: Record<string, string>[], options = {}) => w.imports.people(tableOf(columns, rows), options);
  const roles = () =>
    w.rows(
      'select p.name, r.role, r.area_code, r.active from person_role r join person p on p.id = r.person_id order by 1, 2, 3',
    );
  beforeEach(county);

  test('are created with a sealed phone; the same file again changes nothing', async () => {
    expect(counts(await people([cadre, clerk]))).toEqual([2, 0, 0, 0]);
    const before = await everything(w);
    expect(before).not.toContain('13900001234');
    expect(counts(await people([cadre, clerk]))).toEqual([0, 0, 2, 0]);
    expect(await everything(w)).toBe(before);
  });

  test('an import that another one overtakes changes nothing and asks to come again; nobody exists twice', async () => {
    const overtaken = await w.another((engine) => ({
      ...engine,
      read: (sql, args) => engine.read(sql, args),
      async commit(unit) {
        if (unit.some((s) => s.sql.includes('into import_stage'))) await people([cadre, clerk]); // it has planned by now
        return engine.commit(unit);
      },
    }));
    const report = await overtaken.imports.people(tableOf(columns, [cadre, clerk]));
    expect(report.refused.map((f) => f.code)).toEqual(['beside']);
    expect(counts(await people([cadre, clerk]))).toEqual([0, 0, 2, 0]);
    expect(await roles()).toHaveLength(2);
    expect(await w.one('select count(*) from person')).toBe(2);
    expect(await w.rows("select state from import_job where kind = 'people'")).toEqual([['done']]);
    expect(await w.one('select count(*) from import_stage')).toBe(0);
  });

  test('a person known by phone gets an open_id, and keeps both', async () => {
    await people([{ ...cadre, open_id: '' }]);
    expect(counts(await people([cadre]))).toEqual([0, 1, 0, 0]);
    expect(counts(await people([{ ...cadre, 手机号: '' }]))).toEqual([0, 0, 1, 0]);
    expect(await w.rows('select open_id, phone_hash is not null, phone_sealed is not null from person')).toEqual([
      ['ou_1', 1, 1],
    ]);
  });

  test('a second village is a second role of the same person', async () => {
    await people([cadre]);
    expect(counts(await people([cadre, { ...cadre, 区划代码: '360722108200' }]))).toEqual([1, 0, 1, 0]);
    expect(await w.one('select count(*) from person')).toBe(1);
    expect((await roles()).length).toBe(2);
  });

  test('somebody missing from the file is listed and kept; asked to, their role ends and can come back', async () => {
    await people([cadre, clerk]);
    const report = await people([clerk]);
    expect([counts(report), report.missingList]).toEqual([[0, 0, 1, 1], ['刘桂例 村干部 360722108001']]);
    expect((await roles()).map((r) => r[3])).toEqual([1, 1]);
    await people([clerk], { deactivateMissing: true });
    expect(await roles()).toEqual([
      ['刘桂例', '村干部', '360722108001', 0],
      ['李文样', '乡镇干部', '360722108', 1],
    ]);
    expect(await w.one("select phone_hash is not null from person where name = '刘桂例'")).toBe(1);
    expect(counts(await people([cadre, clerk]))).toEqual([1, 0, 1, 0]);
    expect((await roles()).map((r) => r[3])).toEqual([1, 1]);
  });

  test('a phone that belongs to somebody else is refused at its cell, and nothing changes', async () => {
    await people([cadre, clerk]);
    const before = await everything(w);
    const report = await people([{ ...clerk, 手机号: '13900001234' }]);
    expect(report.refused.map((r) => [r.row, r.column, r.code])).toEqual([[2, '手机号', 'two-people']]);
    expect(await everything(w)).toBe(before);
  });

  test('leave is an update with before and after, and ends when the file no longer says it', async () => {
    await people([cadre]);
    expect(counts(await people([{ ...cadre, 请假至: '2023.7.20' }]))).toEqual([0, 1, 0, 0]);
    expect(await w.one('select leave_until_day from person')).toBe('2023-07-20');
    const sql =
      "select actor, json_extract(before, '$.leaveUntilDay'), json_extract(after, '$.leaveUntilDay') from event where subject like 'person:%' order by id desc";
    expect((await w.rows(sql))[0]).toEqual(['import', null, '2023-07-20']);
    await people([cadre]);
    expect(await w.one('select leave_until_day from person')).toBeNull();
  });
});
