// What the roster says of computed items, which words a campaign may not contain, and who must confirm it.
import { describe, expect, test } from 'vitest';
import { burdenRules, burdens } from '../../src/domain/burden.ts';
import { refuseUnconfirmed } from '../../src/domain/campaignCheck.ts';
import { computedAnswers, computedNames } from '../../src/domain/facts.ts';
import type { HouseholdFacts } from '../../src/ports.ts';
import { xinfeng } from '../support/xinfeng.ts';

const campaign = xinfeng();
const computed = (f: Partial<HouseholdFacts>) =>
  computedAnswers(campaign, campaign.items, {
    facts: { kind: '一般农户', register: 'none', labour: 'unknown', keyGroups: [], ...f },
    day: '2023-07-15',
  });

describe('computed items', () => {
  test('a silent roster fills nothing', () => {
    expect(computed({})).toEqual({});
  });
  test('key groups are named as the question offers them', () => {
    expect(computed({ keyGroups: ['KG8', 'KG1'] })['L1-12']).toEqual([
      '脱贫户',
      '因病因灾因意外等刚性支出较大或收入骤减户',
    ]);
  });
  test('labour fills both questions about it', () => {
    expect(computed({ register: 'active', labour: 'none' })).toMatchObject({
      'L2-04': '整户无劳动能力',
      'L4-01': '是',
      'L4-08': '否',
    });
    expect(computed({ register: 'active', labour: 'weak' })).toMatchObject({
      'L2-04': '仅弱劳力半劳力',
      'L4-01': '否',
    });
  });
  test('days since identification count to today', () => {
    expect(computed({ identifiedDay: '2023-06-14' })['L2-10']).toBe(31);
  });
  test.each([
    ['2022-01-31', '2022-07-30', 5],
    ['2022-01-31', '2022-07-31', 6],
    ['2021-11-15', '2022-05-15', 6],
  ])('from %s to %s are %i full months', (identifiedDay, eliminatedDay, months) => {
    expect(computed({ identifiedDay, eliminatedDay })['L3-12']).toBe(months);
  });
  test('every computed name of the campaign is known', () => {
    expect(campaign.items.flatMap((i) => i.computed ?? []).filter((name) => !computedNames.has(name))).toEqual([]);
  });
});

describe('words that burden people', () => {
  const asked = [
    ['H-01', '打卡'],
    ['H-02', '红黑榜'],
    ['H-03', '在线时长'],
    ['H-06', '接龙'],
    ['H-09', '@所有人'],
    ['H-10', '照片必传'],
    ['H-11', 'GPS'],
  ] as const;
  test.each(asked)('%s: %s is refused with its clause', (clause, text) => {
    expect(burdens(`请${text}`)).toEqual([expect.stringMatching(new RegExp(`${text}.*减负条款 ${clause}$`))]);
  });
  test('every clause of the table has its row here', () => {
    expect(asked.map(([clause]) => clause)).toEqual(burdenRules.map((r) => r.clause));
  });
  test.each(['可附照片，不作要求', '全家外出，电话或视频核实', '签字', '主要原因'])('%s is fine', (text) => {
    expect(burdens(text)).toEqual([]);
  });
});

describe('what the county confirms', () => {
  test('each open point says who decides, what and where', () => {
    const [line, groups] = refuseUnconfirmed(campaign);
    expect(line).toContain('监测范围 7500 元还没有确认：请县巩衔办');
    expect(line).toContain('confirmed.monitoringLine');
    expect(groups).toContain('“八类人员”还没有确认：请县巩衔办');
    expect(groups).toContain('confirmed.keyGroups');
  });
  test('one confirmed point does not confirm the other', () => {
    expect(refuseUnconfirmed({ ...campaign, confirmed: { monitoringLine: true, keyGroups: false } })).toEqual([
      expect.stringContaining('八类人员'),
    ]);
    expect(refuseUnconfirmed({ ...campaign, confirmed: { monitoringLine: false, keyGroups: true } })).toEqual([
      expect.stringContaining('监测范围'),
    ]);
  });
});
