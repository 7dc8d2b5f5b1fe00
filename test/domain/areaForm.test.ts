// What a village is asked for itself, step by step, and what of it is known without asking.
import { describe, expect, it } from 'vitest';
import {
  type AreaAsk,
  type AreaKnown,
  areaComputed,
  areaFacts,
  areaFindings,
  firstAreaStep,
  keptAs,
  nextAreaStep,
  villageLookbacks,
} from '../../src/domain/areaForm.ts';
import type { Answers } from '../../src/ports.ts';
import { xinfeng } from '../support/xinfeng.ts';

const campaign = xinfeng();
const nothing: AreaKnown = { facts: {}, activePersons: 0, liftedHouseholds: 0, total: 0, done: 0, openDoubts: 0 };
const ask = (id: string, known: Partial<AreaKnown> = {}): AreaAsk => {
  const lookback = campaign.lookbacks.find((l) => l.id === id);
  if (!lookback) throw new Error(`no ${id}`);
  return { campaign, lookback, known: { ...nothing, ...known } };
};
const idsOf = (groups: ReturnType<typeof firstAreaStep>) => groups.flatMap((g) => g.questions.map((q) => q.id));
const allNo: Answers = Object.fromEntries(ask('LB5').lookback.rows?.map((row) => [`${row}|L5-01`, '无']) ?? []);

it('a village answers look-backs 5 to 7 for itself', () => {
  expect(villageLookbacks(campaign).map((l) => l.id)).toEqual(['LB5', 'LB6', 'LB7']);
});

describe('a look-back with rows', () => {
  it('first asks every kind, and once what concerns the village as a whole', () => {
    expect(idsOf(firstAreaStep(ask('LB5')))).toEqual([...Array.from({ length: 9 }, (_, i) => `r${i}.L5-01`), 'L5-06']);
  });
  it('keeps answers by kind', () => {
    expect(keptAs(ask('LB5').lookback, 'r4.L5-02.persons')).toBe('洪涝|L5-02.persons');
    expect(keptAs(ask('LB5').lookback, 'L5-06')).toBe('L5-06');
  });
  it('is complete when there is no risk of any kind', () => {
    expect(nextAreaStep(ask('LB5'), { ...allNo, 'L5-06': '知道' })).toEqual([]);
    expect(areaFindings(ask('LB5'), { ...allNo, 'L5-06': '知道' })).toEqual([]);
  });
  it('asks kind by kind for those that exist; what was left empty is not asked again', () => {
    const two = { ...allNo, 'L5-06': '知道', '干旱|L5-01': '有', '其他|L5-01': '有' };
    const [first, ...more] = nextAreaStep(ask('LB5'), two);
    expect(more).toEqual([]);
    expect(first?.title).toBe('干旱');
    expect(first?.questions.map((q) => q.id)).toEqual(
      ['L5-01.detail', 'L5-02', 'L5-03', 'L5-04', 'L5-05'].map((id) => `r5.${id}`),
    );
    const dry = { 'L5-01.detail': '缺水', 'L5-02': 0, 'L5-03': '苗头', 'L5-04': '', 'L5-05': '已逐户' };
    const told = Object.fromEntries(Object.entries(dry).map(([id, v]) => [`干旱|${id}`, v]));
    expect(nextAreaStep(ask('LB5'), { ...two, ...told })[0]?.title).toBe('其他');
  });
  it('finds what is wrong in the kind where it is wrong', () => {
    const answers = { ...allNo, '洪涝|L5-01': '有', '洪涝|L5-02': 10, '洪涝|L5-05': '否', 'L5-06': '不知道' };
    expect(areaFindings(ask('LB5'), answers).map((f) => f.item)).toEqual([
      'L5-06',
      '洪涝|L5-01',
      '洪涝|L5-02',
      '洪涝|L5-04',
      '洪涝|L5-05',
    ]);
  });
});

describe('what is known', () => {
  const areas = { 省定重点帮扶村: false, 市定重点帮扶村: false, 县定重点帮扶村: false, 废弃矿山区域: false };
  it('is not asked; what the areas file is silent about is', () => {
    expect(idsOf(firstAreaStep(ask('LB6')))).toEqual(['L6-01', 'L6-02', 'L6-03', 'L6-07', 'L6-08']);
    const facts = { ...areas, 易地扶贫搬迁集中安置区: true };
    expect(idsOf(firstAreaStep(ask('LB6', { facts })))).toEqual(['L6-07', 'L6-08']);
    expect(areaComputed(ask('LB6', { facts }))).toEqual({ 'L6-01': ['否'], 'L6-02': '是', 'L6-03': '否' });
    expect(
      nextAreaStep(ask('LB6', { facts }), { 'L6-07': '未开展', 'L6-08': 0 })[0]?.questions.map((q) => q.id),
    ).toEqual(['L6-02.site']);
  });
  it.each([
    [100, 2, '否', '否（2/100 人，2.00%）'],
    [100, 3, '是', '是（3/100 人，3.00%）'],
    [150, 3, '否', '否（3/150 人，2.00%）'],
    [149, 3, '是', '是（3/149 人，2.01%）'],
    [0, 3, '否', '无农村户籍人口'],
  ])('of %i rural people, %i monitored: over two per cent is %s', (...[rural, activePersons, value, shown]) => {
    const of = ask('LB6', { facts: { 农村户籍人口: rural }, activePersons });
    expect(areaComputed(of)['L6-05']).toBe(value);
    expect(areaFacts(of).find((line) => line.includes('2%'))).toContain(shown);
  });
  it('without a population the share stays open and is said to be', () => {
    expect(areaComputed(ask('LB6', { activePersons: 9 }))).not.toHaveProperty('L6-05');
    expect(areaFacts(ask('LB6')).join()).toContain('名册里没有，请乡镇补充');
  });
  it.each([
    [{ 农村户籍人口: 10, 脱贫户数: 0 }, 4, '是'],
    [{ 农村户籍人口: 10, 脱贫户数: 3 }, 0, '否'],
    [{ 农村户籍人口: 10 }, 0, '是'],
    [{ 农村户籍人口: 10 }, 1, '否'],
    [{ 农村户籍人口: 0 }, 0, '否'],
  ])('rural people without lifted ones: %o with %i in the roster is %s', (facts, liftedHouseholds, value) => {
    expect(areaComputed(ask('LB6', { facts, liftedHouseholds }))['L6-04']).toBe(value);
  });
  it.each([
    [10, 10, 100],
    [300, 299, 99],
    [0, 0, 100],
  ])('coverage of %i households with %i done is %i', (total, done, percent) => {
    expect(areaComputed(ask('LB7', { total, done }))['L7-05']).toBe(percent);
  });
  it('ledgers come from the cards and are not asked', () => {
    expect(idsOf(firstAreaStep(ask('LB7')))).toEqual(['L7-01', 'L7-02', 'L7-03', 'L7-10']);
    expect(areaComputed(ask('LB7'))).toMatchObject({ 'L7-07': '已建', 'L7-08': '已建', 'L7-09': '已建' });
  });
});
