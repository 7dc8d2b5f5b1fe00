// The people file: one row per person and area, the same person by open_id or phone.
import { describe, expect, test } from 'vitest';
import { parsePeople, roleLevels } from '../../src/domain/importPeople.ts';
import { plan, refusedLine, reportJson, reportOf } from '../../src/domain/importPlan.ts';
import { tableOf } from '../../src/domain/importTable.ts';

const areas = new Map(
  [
    { code: '360722', level: 'county' as const, name: '信丰县', township: null },
    { code: '360722108', level: 'township' as const, name: '大阿镇', township: '360722108' },
    { code: '360722108201', level: 'village' as const, name: '大阿村', township: '360722108' },
    { code: '360722108202', level: 'village' as const, name: '阿南村', township: '360722108' },
  ].map((a) => [a.code, a]),
);
const columns = ['姓名', '角色', '区划代码', 'open_id', '手机号', '请假至'];
const people = (...rows: Record<string, string>[]) => parsePeople(tableOf(columns, rows), areas);
const base = { 姓名: '刘桂例', 角色: '村干部', 区划代码: '360722108201', open_id: 'ou_1' };

test('the contract’s eight roles are known', () => {
  expect(Object.keys(roleLevels).sort()).toEqual(
    ['村干部', '驻村工作队', '乡镇干部', '乡镇负责人', '行业部门', '县级督查', '县办', '县领导'].sort(),
  );
});

test('one person with two villages is one person with two roles', () => {
  const p = people(
    { ...base, 手机号: '13900001234' },
    { ...base, 区划代码: '360722108202', open_id: '', 手机号: '13900001234', 请假至: '2023.7.20' },
  );
  expect(p.refused).toEqual([]);
  expect(p.records).toEqual([
    expect.objectContaining({
      name: '刘桂例',
      openId: 'ou_1',
      phone: '13900001234',
      leaveUntilDay: '2023-07-20',
      roles: [
        { role: '村干部', area: '360722108201' },
        { role: '村干部', area: '360722108202' },
      ],
    }),
  ]);
});

describe('what is refused, by cell', () => {
  test.each<[string, Record<string, string>[], [number, string, string]]>([
    ['a role nobody knows', [{ ...base, 角色: '村长' }], [2, '角色', 'role']],
    ['an area nobody knows', [{ ...base, 区划代码: '360722108299' }], [2, '区划代码', 'area']],
    ['a village cadre of a township', [{ ...base, 区划代码: '360722108' }], [2, '区划代码', 'level']],
    ['a township clerk of a village', [{ ...base, 角色: '乡镇干部' }], [2, '区划代码', 'level']],
    ['neither open_id nor phone', [{ ...base, open_id: '' }], [2, 'open_id', 'no-contact']],
    ['only a masked phone', [{ ...base, open_id: '', 手机号: '139****1234' }], [2, 'open_id', 'no-contact']],
    ['the same person, role and area twice', [base, base], [3, '区划代码', 'duplicate']],
    [
      'one account under two names',
      [base, { ...base, 姓名: '刘贵例', 区划代码: '360722108202' }],
      [3, '姓名', 'two-names'],
    ],
    [
      'one phone for two accounts',
      [
        { ...base, 手机号: '13900001234' },
        { ...base, open_id: 'ou_2', 手机号: '13900001234', 区划代码: '360722108202' },
      ],
      [3, '手机号', 'two-people'],
    ],
  ])('%s', (_name, rows, [row, column, code]) => {
    expect(people(...rows).refused.map((r) => [r.row, r.column, r.code])).toEqual([[row, column, code]]);
  });

  test('a file with neither an open_id nor a phone column', () => {
    const p = parsePeople(tableOf(['姓名', '角色', '区划代码'], [base]), areas);
    expect(p.refused.map((r) => r.column)).toEqual(['open_id 或 手机号']);
  });
});

describe('the plan', () => {
  const rows = [
    { key: 'a', hash: '1' },
    { key: 'b', hash: '2' },
    { key: 'c', hash: '3' },
  ];
  const known = new Map([
    ['b', '2'],
    ['c', 'old'],
    ['d', '4'],
    ['e', '5'],
  ]);

  test('tells new from changed from unchanged from missing', () => {
    const p = plan(rows, known, (key) => key !== 'e');
    expect([p.created.map((r) => r.key), p.updated.map((r) => r.key), p.unchanged, p.missing]).toEqual([
      ['a'],
      ['c'],
      1,
      ['d'],
    ]);
  });

  test('the same rows again are an empty plan', () => {
    const again = plan(rows, new Map(rows.map((r) => [r.key, r.hash])));
    expect([again.created, again.updated, again.unchanged, again.missing]).toEqual([[], [], 3, []]);
  });

  test('--json has exactly the promised fields', () => {
    expect(reportJson(reportOf('households', plan(rows, known), ['x']))).toEqual({
      kind: 'households',
      created: 1,
      updated: 1,
      unchanged: 1,
      missing: 2,
      refused: [],
    });
  });

  test('a refusal is FILE:ROW:COLUMN, with the sheet only when there are several', () => {
    const r = { sheet: '', row: 4, column: '户编码', code: 'empty', message: '没有填' };
    expect(refusedLine('a.xlsx', r)).toBe('a.xlsx:4:户编码: 没有填');
    expect(refusedLine('a.xlsx', { ...r, sheet: '大阿镇' })).toBe('a.xlsx!大阿镇:4:户编码: 没有填');
  });
});
