// Owns that a conclusion is kept for those who say the same of a household with the same facts, and for nobody else.
import { expect, test } from 'vitest';
import type { HouseholdFacts, Screening } from '../src/ports.ts';
import { conclude } from '../src/usecases/conclusion.ts';
import { allWell as normal, xinfeng } from './support/xinfeng.ts';

const campaign = xinfeng();
const ordinary: HouseholdFacts = { kind: '一般农户', register: 'none', labour: 'unknown', keyGroups: [] };
const at = Date.parse('2023-07-12T08:30:00+08:00');
const house = (no: number, more: Partial<Screening> = {}, facts = ordinary): Screening => ({
  id: `c:${no}`,
  campaignId: 'c',
  villageCode: '360722108201',
  townshipCode: '360722108',
  lookbacks: ['LB1'],
  form: 'short',
  state: 'todo',
  rev: 0,
  submittedBy: null,
  submittedAt: null,
  answersEvent: null,
  household: { no, code: String(no), headName: '例', villageCode: '', townshipCode: '', facts },
  ...more,
});

test('the same said of two households with the same facts is concluded once', () => {
  const first = conclude(campaign, house(1), { draft: normal, at });
  expect(first).toMatchObject({
    further: [],
    findings: [],
    answers: { 'L1-06': '全部在校' },
    provenance: { 'L1-06': 'short' },
  });
  expect(conclude(campaign, house(2), { draft: { ...normal }, at })).toBe(first);
});

test('another word, another fact, another form or another campaign is concluded anew', () => {
  const first = conclude(campaign, house(1), { draft: normal, at });
  const risky = conclude(campaign, house(1), { draft: { ...normal, 'L1-15': '有返贫致贫风险' }, at });
  expect(risky.answers['L1-15']).toBe('有返贫致贫风险');
  const more = conclude(campaign, house(1), { draft: { ...normal, 'L1-S1': '有问题' }, at });
  expect(more.further.map((q) => q.id)).toEqual(['L1-06', 'L1-07', 'L1-08', 'L1-09']);
  const full = conclude(campaign, house(1, { form: 'full' }), { draft: normal, at });
  expect(full.answers).not.toHaveProperty('L1-06');
  const monitored: HouseholdFacts = { ...ordinary, register: 'active', labour: 'none', identifiedDay: '2023-07-02' };
  const ofMonitored = conclude(campaign, house(3, { lookbacks: ['LB2'], form: 'full' }, monitored), { draft: {}, at });
  expect(ofMonitored.provenance).toMatchObject({ 'L2-10': 'computed' });
  const later = conclude(campaign, house(3, { lookbacks: ['LB2'], form: 'full' }, monitored), {
    draft: {},
    at: at + 86_400_000,
  });
  expect(later.answers, 'a computed item counts its days anew').not.toEqual(ofMonitored.answers);
  expect(conclude({ ...campaign }, house(1), { draft: normal, at })).not.toBe(first);
});

test('what somebody typed does not stay for long', () => {
  const first = conclude(campaign, house(1), { draft: normal, at });
  for (let i = 0; i < 8; i++) conclude(campaign, house(1), { draft: { ...normal, 'L1-02': `写了${i}` }, at });
  expect(conclude(campaign, house(1), { draft: normal, at })).not.toBe(first);
  expect(conclude(campaign, house(1), { draft: normal, at })).toEqual(first);
});
