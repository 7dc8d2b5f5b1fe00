// The invented county: repeatable, plausible, nobody real, and good enough for the importer that real rosters go through.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { generateCounty, householdColumns, peopleColumns } from '../../simulator/county.ts';
import { idFault } from '../../src/domain/idNumber.ts';
import { type AreaRecord, parseAreas } from '../../src/domain/importAreas.ts';
import { type HouseholdRecord, keyGroupsOf } from '../../src/domain/importFacts.ts';
import { Roster } from '../../src/domain/importHouseholds.ts';
import { parsePeople } from '../../src/domain/importPeople.ts';
import { tableOf } from '../../src/domain/importTable.ts';

const orgs = readFileSync('campaigns/xinfeng_orgs.csv', 'utf8');
const lines = orgs
  .replace(/^\uFEFF/, '')
  .trim()
  .split(/\r?\n/);
const list = { sheets: [{ name: '', rows: lines.map((l, i) => ({ row: i + 1, cells: l.split(',') })) }] };
const areas = new Map(parseAreas(list, '信丰县').records.map((a): [string, AreaRecord] => [a.code, a]));

function imported(county: ReturnType<typeof generateCounty>): HouseholdRecord[] {
  const roster = new Roster({ areas, keyGroups: keyGroupsOf([]) });
  for (const _ of roster.read(tableOf(householdColumns, county.households)));
  expect(roster.refused).toEqual([]);
  return [...roster.finish()];
}
function groupBy<T>(list: readonly T[], key: (item: T) => string | undefined): Map<string | undefined, T[]> {
  const groups = new Map<string | undefined, T[]>();
  for (const item of list) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
const demo = generateCounty({ seed: 1, scale: 'demo', orgs });
const households = imported(demo);
const byVillage = groupBy(households, (h) => h.village);
const share = (of: readonly HouseholdRecord[], is: (h: HouseholdRecord) => boolean) => of.filter(is).length / of.length;

describe('the demo county', () => {
  test('is the same for the same seed and another for another', () => {
    const rows = (seed: number) =>
      JSON.stringify([...generateCounty({ seed, scale: 'demo', orgs }).households].slice(0, 2000));
    expect(rows(1)).toBe(rows(1));
    expect(rows(1)).not.toBe(rows(2));
  });

  test('has exactly 15,000 households over 311 villages of 15 to 100', () => {
    expect([households.length, byVillage.size]).toEqual([15_000, 311]);
    const sizes = [...byVillage.values()].map((v) => v.length);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(15);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    expect(new Set(sizes).size).toBeGreaterThan(40);
  });

  test('names households like 大阿-03-017, each once in the county', () => {
    expect(new Set(households.map((h) => h.code)).size).toBe(15_000);
    for (const h of households) expect(h.code).toMatch(/^[\u4e00-\u9fa5]+-\d{2}-\d{3}$/);
    const code = [...areas.values()].find((a) => a.name === '大阿村' && a.township === '360722108')?.code ?? '';
    for (const h of byVillage.get(code) ?? []) expect(h.code).toMatch(/^大阿-\d{2}-\d{3}$/);
  });

  test('gives every village something in and something out of the register', () => {
    for (const village of byVillage.values()) {
      const register = new Set(village.map((h) => h.facts.register));
      expect(register).toEqual(new Set(['active', 'eliminated', 'none']));
    }
    const safetyNet = households.filter((h) => h.facts.safetyNet === '甲' || h.facts.safetyNet === '乙');
    expect(safetyNet.length).toBeGreaterThan(20);
    for (const h of safetyNet) expect([h.facts.register, h.facts.labour]).toEqual(['active', 'none']);
  });

  test('has the shares of the field: outside the register, key groups, lifted', () => {
    expect(share(households, (h) => h.facts.register === 'none')).toBeGreaterThan(0.94);
    const outside = households.filter((h) => h.facts.register === 'none');
    expect(share(outside, (h) => h.facts.keyGroups.length > 0)).toBeGreaterThan(0.15);
    expect(share(outside, (h) => h.facts.keyGroups.length > 0)).toBeLessThan(0.25);
    expect(share(households, (h) => h.facts.kind === '脱贫户')).toBeGreaterThan(0.06);
    expect(share(households, (h) => h.facts.kind === '脱贫户')).toBeLessThan(0.11);
  });
});

test('nobody is real: names say so, identity numbers have an unassigned area and are unique, phones are masked', () => {
  const names = [
    ...demo.people.map((p) => p.姓名 ?? ''),
    ...demo.featured.map((f) => f.name),
    ...households.map((h) => h.headName),
  ];
  for (const name of names) expect(name).toMatch(/[例样示]$/);
  const heads = households.map((h) => h.id ?? '');
  const members = households.flatMap((h) => h.members.map((m) => m.id ?? ''));
  for (const id of [...heads, ...members])
    if (idFault(id) !== null || !id.startsWith('360799')) throw new Error(`not invented: ${id}`);
  expect(new Set(heads).size).toBe(15_000);
  const persons = households.flatMap((h) => h.members.filter((m) => m.relation !== '户主').map((m) => m.id));
  expect(new Set([...heads, ...persons]).size).toBe(15_000 + persons.length);
  for (const h of households) if (h.phone) expect(h.phone).toMatch(/^1\d{2}\*{4}\d{4}$/);
  for (const p of demo.people) expect(p.手机号).toBeUndefined();
});

describe('people and groups', () => {
  const { records, refused } = parsePeople(tableOf(peopleColumns, demo.people), areas);
  const inRole = (role: string) => records.filter((p) => p.roles.some((r) => r.role === role));

  test('pass the importer and cover every village, township and county role', () => {
    expect(refused).toEqual([]);
    const staffed = new Set(records.flatMap((p) => p.roles.map((r) => r.area)));
    expect([...areas.keys()].filter((code) => !staffed.has(code))).toEqual([]);
    expect(['县办', '县级督查', '县领导', '行业部门'].map((r) => inRole(r).length)).toEqual([5, 20, 3, 12]);
    expect(inRole('乡镇干部').length + inRole('乡镇负责人').length).toBe(16 * 15);
    const cadres = groupBy([...inRole('村干部'), ...inRole('驻村工作队')], (p) => p.roles[0]?.area);
    for (const crew of cadres.values()) expect(crew.length).toBeGreaterThanOrEqual(3);
  });

  test('ids look like the platform’s and are each used once', () => {
    const ids = demo.people.map((p) => p.open_id ?? '');
    for (const id of ids) expect(id).toMatch(/^ou_[0-9a-f]{32}$/);
    expect(new Set(ids).size).toBe(ids.length);
    for (const g of demo.groups) expect(g.chatId).toMatch(/^oc_[0-9a-f]{32}$/);
    expect(new Set(demo.groups.map((g) => g.chatId)).size).toBe(311 + 16);
  });

  test('both scales have the same people, so that one page fits both', () => {
    expect(generateCounty({ seed: 1, scale: 'full', orgs }).people).toEqual(demo.people);
  });

  test('worth playing first: two of 大阿村, one of 大阿社区, a clerk, three of the county, one who is in no list', () => {
    const listed = new Map(records.map((p) => [p.openId, p]));
    const held = demo.featured.map((f) =>
      listed
        .get(f.openId)
        ?.roles.map((r) => `${areas.get(r.area)?.name} ${r.role}`)
        .join(),
    );
    expect(held).toEqual([
      '大阿村 村干部',
      '大阿村 驻村工作队',
      '大阿社区 村干部',
      '大阿镇 乡镇干部',
      '信丰县 县办',
      '信丰县 县领导',
      '信丰县 县级督查',
      undefined,
    ]);
    const outsider = demo.featured.at(-1)?.openId ?? '';
    expect(demo.groups.filter((g) => g.members.includes(outsider)).map((g) => g.name)).toEqual(['大阿村回头看工作群']);
  });

  test('a group holds the cadres of its village', () => {
    const group = demo.groups.find((g) => g.name === '大阿村回头看工作群');
    for (const f of demo.featured.slice(0, 2)) expect(group?.members).toContain(f.openId);
  });
});
