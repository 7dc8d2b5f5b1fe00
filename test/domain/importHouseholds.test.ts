// The roster: rows become households, and every doubt is named by its cell.
import { describe, expect, test } from 'vitest';
import { checkDigit } from '../../src/domain/idNumber.ts';
import { type HouseholdRecord, keyGroupsOf } from '../../src/domain/importFacts.ts';
import { Roster } from '../../src/domain/importHouseholds.ts';
import type { Refused, Table } from '../../src/domain/importTable.ts';

const areas = new Map(
  [
    { code: '360722', level: 'county' as const, name: '信丰县', township: null },
    { code: '360722108', level: 'township' as const, name: '大阿镇', township: '360722108' },
    { code: '360722108201', level: 'village' as const, name: '大阿村', township: '360722108' },
    { code: '360722108202', level: 'village' as const, name: '阿南村', township: '360722108' },
  ].map((a) => [a.code, a]),
);
const id = (n: number, birth = '19700101') => {
  const first = `360799${birth}${String(n).padStart(3, '0')}`;
  return first + checkDigit(first);
};

interface Parsed {
  readonly records: HouseholdRecord[];
  readonly refused: Refused[];
  readonly notes: string[];
}
function parse(table: Table): Parsed {
  const roster = new Roster({ areas, keyGroups: keyGroupsOf([]) });
  for (const _ of roster.read(table));
  return { records: [...roster.finish()], refused: roster.refused, notes: roster.notes };
}
const rowsOf = (rows: readonly (readonly string[])[]) => rows.map((cells, i) => ({ row: i + 1, cells }));
/** Households given as records; the header is the union of their columns, in row 1. */
function roster(...records: Record<string, string>[]): Parsed {
  const columns = [...new Set(records.flatMap((r) => Object.keys(r)))];
  return parse({
    sheets: [{ name: '', rows: rowsOf([columns, ...records.map((r) => columns.map((c) => r[c] ?? ''))]) }],
  });
}
const base = { 户编码: '大阿-01-001', 区划代码: '360722108201', 户主姓名: '刘桂例', 家庭人口数: '3' };
const cells = (p: Parsed) => p.refused.map((r) => [r.row, r.column, r.code]);
const factsOf = (record: Record<string, string>) => {
  const p = roster({ ...base, ...record });
  expect(p.refused).toEqual([]);
  return p.records[0]?.facts;
};

describe('finding the columns', () => {
  test('two title rows above the header do no harm, and rows keep their number', () => {
    const rows = rowsOf([
      ['监测对象信息'],
      ['导出时间 2023-07-01'],
      ['户编号', '村（居）代码', '户主', '人口数'],
      ['A-1', '1', '例', '2'],
    ]);
    expect(cells(parse({ sheets: [{ name: '', rows }] }))).toEqual([[4, '村（居）代码', 'area']]);
  });

  test('full-width brackets, spaces, stars and the system’s own misspelling are the same header', () => {
    const p = roster({ ...base, '户主 证件号码*': '', '证件号码（户主）': id(1), 检测对象类别: '边缘易致贫户' });
    expect(p.refused).toEqual([]);
    expect(p.records[0]).toMatchObject({ id: id(1), facts: { register: 'active', monitorType: '边缘易致贫户' } });
  });

  test('a header given twice counts by its first filled cell', () => {
    const rows = rowsOf([
      ['户编码', '区划代码', '户主姓名', '家庭人口数', '监测对象类别', '风险是否已消除', '风险是否已消除'],
      ['A', '360722108201', '例', '1', '突发严重困难户', '', '是'],
    ]);
    expect(parse({ sheets: [{ name: '', rows }] }).records[0]?.facts.register).toBe('eliminated');
  });

  test('unknown columns are mentioned; a missing required one is refused by name', () => {
    expect(roster({ ...base, 政治面貌: '群众' }).notes).toEqual(['这些列没有用到：政治面貌']);
    const { 家庭人口数: _, ...less } = base;
    expect(cells(roster(less))).toEqual([[1, '家庭人口数', 'no-column']]);
  });

  test('beside a usable sheet a legend is skipped; alone it is refused', () => {
    const legend = { name: '填表说明', rows: rowsOf([['说明'], ['请如实填写']]) };
    const good = { name: '名单', rows: rowsOf([Object.keys(base), Object.values(base)]) };
    const both = parse({ sheets: [good, legend] });
    expect([both.refused, both.records.length, both.notes]).toEqual([[], 1, ['工作表“填表说明”没有需要的列，已跳过']]);
    expect(parse({ sheets: [legend] }).refused.map((r) => r.column)).toEqual([
      '户编码',
      '区划代码',
      '户主姓名',
      '家庭人口数',
    ]);
  });
});

describe('what is refused, by cell', () => {
  test.each<[string, Record<string, string>, [string, string]]>([
    ['no household code', { 户编码: '' }, ['户编码', 'empty']],
    ['an area nobody knows', { 区划代码: '360722999201' }, ['区划代码', 'area']],
    ['a township where a village is wanted', { 区划代码: '360722108000' }, ['区划代码', 'area']],
    ['no head', { 户主姓名: '' }, ['户主姓名', 'empty']],
    ['no number of people', { 家庭人口数: '' }, ['家庭人口数', 'empty']],
    ['half a person', { 家庭人口数: '2.5' }, ['家庭人口数', 'count']],
    [
      'an identity number with a slip',
      { 户主证件号码: `${id(1).slice(0, 16)}${(Number(id(1)[16]) + 1) % 10}${id(1)[17]}` },
      ['户主证件号码', 'id-check'],
    ],
    ['a phone too short', { 联系电话: '1390000' }, ['联系电话', 'phone']],
    ['a register class nobody knows', { 监测对象类别: '贫困户' }, ['监测对象类别', 'choice']],
    ['neither yes nor no', { 风险是否已消除: '部分' }, ['风险是否已消除', 'choice']],
    ['an impossible day', { 消除时间: '2023-02-30' }, ['消除时间', 'date']],
    ['a key group nobody knows', { 八类人员: '脱贫户、养猫户' }, ['八类人员', 'key-group']],
    ['income in words', { 人均纯收入: '约一万' }, ['人均纯收入', 'number']],
    ['labour in other words', { 姓名: '例', 劳动技能: '能干' }, ['劳动技能', 'choice']],
    ['a disability certificate too short', { 姓名: '例', 残疾证号: id(1) }, ['残疾证号', 'id-length']],
  ])('%s', (_name, wrong, [column, code]) => {
    expect(cells(roster({ ...base, ...wrong }))).toEqual([[2, column, code]]);
  });

  test('two different household values on the rows of one household', () => {
    const p = roster({ ...base, 组: '1组' }, { ...base, 组: '2组' });
    expect(cells(p)).toEqual([[3, '组', 'two-values']]);
    expect(p.refused[0]?.message).toContain('第2行');
  });

  test('one household code in two villages', () => {
    expect(cells(roster(base, { ...base, 区划代码: '360722108202' }))).toEqual([[3, '区划代码', 'two-values']]);
  });

  test('the same person twice in one household', () => {
    const one = { ...base, 姓名: '例', 证件号码: id(3) };
    expect(cells(roster(one, one))).toEqual([[3, '证件号码', 'duplicate']]);
  });

  test('every fault of a file is told at once, with the sheet when there are several', () => {
    const bad = (name: string) => ({ name, rows: rowsOf([Object.keys(base), [name, 'x', '', '0']]) });
    const p = parse({ sheets: [bad('大阿镇'), bad('小江镇')] });
    expect(p.refused.map((r) => [r.sheet, r.column])).toEqual([
      ['大阿镇', '区划代码'],
      ['大阿镇', '户主姓名'],
      ['大阿镇', '家庭人口数'],
      ['小江镇', '区划代码'],
      ['小江镇', '户主姓名'],
      ['小江镇', '家庭人口数'],
    ]);
  });

  test('sentences ask and never blame, and repeat no number of a person', () => {
    const p = roster(
      { ...base, 户主证件号码: '360799197001010019', 联系电话: '13900', 组: '1' },
      { ...base, 户主证件号码: id(2), 组: '2', 区划代码: '1' },
    );
    expect(p.refused.length).toBeGreaterThan(3);
    for (const r of p.refused) {
      expect(r.message).not.toMatch(/错误|违规|非法|失败/);
      expect(r.message).not.toMatch(/\d{13}/);
    }
  });
});

describe('facts', () => {
  test('an ordinary household', () => {
    expect(factsOf({})).toEqual({ kind: '一般农户', register: 'none', labour: 'unknown', keyGroups: [] });
  });

  test('a lifted household belongs to the first key group by itself', () => {
    expect(factsOf({ 户类型: '脱贫户', 八类人员: '' })?.keyGroups).toEqual(['KG1']);
    expect(factsOf({ 户类型: '脱贫户', 八类人员: 'KG1、7' })?.keyGroups).toEqual(['KG1', 'KG7']);
  });

  test('key groups are read by code, number or label, quotes and 、 inside a label included', () => {
    expect(factsOf({ 八类人员: '低收入农户，就业不稳定户' })?.keyGroups).toEqual(['KG2', 'KG6']);
    expect(factsOf({ 八类人员: '"三保障"和饮水安全问题户' })?.keyGroups).toEqual(['KG4']);
    expect(factsOf({ 八类人员: '无' })?.keyGroups).toEqual([]);
  });

  test('register: class and elimination decide', () => {
    const monitored = { 监测对象类别: '脱贫不稳定户', 识别时间: '202112', 主要风险: '因病、因残' };
    expect(factsOf(monitored)).toMatchObject({
      kind: '脱贫户',
      register: 'active',
      identifiedDay: '2021-12-01',
      risks: ['因病', '因残'],
      keyGroups: ['KG1'],
    });
    expect(factsOf({ ...monitored, 风险是否已消除: '是', 消除时间: '2023.5.6', 消除方式: '帮扶消除' })).toMatchObject({
      register: 'eliminated',
      eliminatedDay: '2023-05-06',
      eliminationMode: '帮扶消除',
    });
    expect(factsOf({ 监测对象类别: '无' })?.register).toBe('none');
  });

  test.each<[string[], string, string]>([
    [['普通劳动力', '无劳动力'], '', 'able'],
    [['技能劳动力'], '甲', 'able'],
    [['弱劳动力或半劳动力', '丧失劳动力'], '', 'weak'],
    [['丧失劳动力', '无劳动力'], '', 'none'],
    [['丧失劳动力', ''], '', 'unknown'],
    [[], '乙', 'none'],
    [[], '否', 'unknown'],
    [[], '', 'unknown'],
  ])('labour of members %j with mark “%s” is %s', (skills, mark, labour) => {
    const rows = skills.map((s, i) => ({ ...base, 整户无劳动能力标注: mark, 姓名: `例${i}`, 劳动技能: s }));
    const p = roster(...(rows.length > 0 ? rows : [{ ...base, 整户无劳动能力标注: mark }]));
    expect([p.refused, p.records[0]?.facts.labour]).toEqual([[], labour]);
  });

  test('a bare 是 for the safety net is told apart by the members’ support', () => {
    const yes = { 整户无劳动能力标注: '是', 姓名: '例' };
    expect(factsOf({ ...yes, 特困供养方式: '分散供养' })?.safetyNet).toBe('甲');
    expect(factsOf({ ...yes, 低保类型: '农村低保' })?.safetyNet).toBe('乙');
  });

  test('alert, contact and income are kept', () => {
    expect(factsOf({ 部门预警: '医保：大额支出', 包户干部open_id: 'ou_1', 人均纯收入: '8,200' })).toMatchObject({
      alert: '医保：大额支出',
      contactOpenId: 'ou_1',
      netPerCapita: 8200,
    });
  });
});

test('rows of one household need not be neighbours; households come village by village', () => {
  const other = { ...base, 户编码: 'B', 区划代码: '360722108202' };
  const third = { ...base, 户编码: 'C' };
  const p = roster({ ...base, 姓名: '甲例' }, other, third, { ...base, 姓名: '乙例' });
  expect(p.records.map((r) => [r.code, r.members.map((m) => m.name)])).toEqual([
    ['大阿-01-001', ['甲例', '乙例']],
    ['C', []],
    ['B', []],
  ]);
});
