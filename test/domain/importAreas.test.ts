// The area file: the county's real list, and the mistakes people make in such files.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAreas, shownName } from '../../src/domain/importAreas.ts';
import type { Table } from '../../src/domain/importTable.ts';

const table = (...rows: string[][]): Table => ({
  sheets: [{ name: '', rows: rows.map((cells, i) => ({ row: i + 1, cells })) }],
});
const real = (): Table => {
  const text = readFileSync('campaigns/xinfeng_orgs.csv', 'utf8').replace(/^\uFEFF/, '');
  return table(
    ...text
      .trim()
      .split(/\r?\n/)
      .map((l) => l.split(',')),
  );
};
const head = ['区划代码', '乡镇', '乡镇代码', '村(居)名称', '类别'];

test.each([
  ['大阿村委会', '大阿村'],
  ['大阿居委会', '大阿社区'],
  ['解放东路社区居委会', '解放东路社区'],
  ['南山居委会', '南山社区'],
  ['公佛社区居委会', '公佛社区'],
  ['阳明路社区', '阳明路社区'],
  ['城南社区居民委员会', '城南社区'],
  ['余村村委会', '余村'],
  ['余村村村委会', '余村村'],
  ['代屋村民委员会', '代屋村'],
  ['布社村委会', '布社村'],
])('%s is shown as %s', (full, shown) => {
  expect(shownName(full)).toBe(shown);
});

describe('the built-in county', () => {
  const { records, refused, notes } = parseAreas(real(), '信丰县');

  test('has one county, 16 townships, 263 villages and 48 communities', () => {
    expect(refused).toEqual([]);
    const count = (kind: string) => records.filter((a) => a.kind === kind).length;
    expect(['县', '乡镇', '村委会', '居委会'].map(count)).toEqual([1, 16, 263, 48]);
  });

  test('leaves the virtual community out and says so', () => {
    expect(notes).toEqual([expect.stringMatching(/虚拟社区.*已跳过/)]);
    expect(records.some((a) => a.code.startsWith('360722400'))).toBe(false);
  });

  test('shows no two areas of a township under one name', () => {
    const names = records.filter((a) => a.level === 'village').map((a) => `${a.township} ${a.name}`);
    expect(new Set(names).size).toBe(311);
  });

  test('hangs together: county over townships over villages', () => {
    const byCode = new Map(records.map((a) => [a.code, a]));
    for (const a of records) {
      if (a.level === 'county') expect([a.parent, a.township]).toEqual([null, null]);
      else if (a.level === 'township')
        expect([byCode.get(a.parent ?? '')?.level, a.township]).toEqual(['county', a.code]);
      else expect(byCode.get(a.parent ?? '')?.level).toBe('township');
    }
    expect(byCode.get('360722108')?.name).toBe('大阿镇');
    expect(byCode.get('360722')?.name).toBe('信丰县');
  });
});

const row = ['360722108201', '大阿镇', '360722108', '大阿村委会', '村委会'];

test.each<[string, string[], [number, string, string]]>([
  ['a code that is no code', ['36072210820', ...row.slice(1)], [3, '区划代码', 'area-code']],
  ['a parent of another township', ['360722109201', ...row.slice(1)], [3, '乡镇代码', 'parent']],
  ['the same code twice', row, [3, '区划代码', 'duplicate']],
  ['two villages of one township under one name', ['360722108202', ...row.slice(1)], [3, '村(居)名称', 'same-name']],
  [
    'two names for one township',
    ['360722108202', '大啊镇', '360722108', '阿南村委会', '村委会'],
    [3, '乡镇', 'township-name'],
  ],
  ['a missing name', ['360722108202', '大阿镇', '360722108', '', '村委会'], [3, '村(居)名称', 'empty']],
])('%s is refused at its cell', (_name, wrong, [at, column, code]) => {
  const { refused } = parseAreas(table(head, row, wrong), '县');
  expect(refused.map((r) => [r.row, r.column, r.code])).toEqual([[at, column, code]]);
});

test('a missing required column is named, an unknown one is only mentioned', () => {
  const missing = parseAreas(table(['区划代码', '村(居)名称'], row), '县');
  expect(missing.refused.map((r) => [r.row, r.column, r.code])).toEqual([[1, '上级代码', 'no-column']]);
  const extra = parseAreas(table([...head, '海拔'], [...row, '312']), '县');
  expect([extra.refused, extra.notes]).toEqual([[], ['这些列没有用到：海拔']]);
});

test('rows of the county and of townships give their names and facts', () => {
  const columns = ['区划代码', '名称', '上级代码', '农村户籍人口', '省定重点帮扶村'];
  const { records, refused } = parseAreas(
    table(
      ['信丰县区划表'],
      columns,
      ['360722000000', '信丰县', '360700', '', ''],
      ['360722108000', '大阿镇', '360722', '23,456', ''],
      ['360722108201', '大阿村委会', '360722108', '1800', '是'],
    ),
    '全县',
  );
  expect(refused).toEqual([]);
  expect(records.map((a) => [a.code, a.name, a.facts])).toEqual([
    ['360722', '信丰县', {}],
    ['360722108', '大阿镇', { 农村户籍人口: 23456 }],
    ['360722108201', '大阿村', { 农村户籍人口: 1800, 省定重点帮扶村: true }],
  ]);
});
