import { describe, expect, it } from 'vitest';
import { conditionFacts, enrol } from '../../src/domain/enrol.ts';
import type { HouseholdFacts } from '../../src/ports.ts';
import { xinfeng } from '../support/xinfeng.ts';

const campaign = xinfeng();
const ordinary: HouseholdFacts = { kind: '一般农户', register: 'none', labour: 'unknown', keyGroups: [] };

describe('the look-backs and the form of a household', () => {
  it.each<[string, Partial<HouseholdFacts>, string[], 'short' | 'full']>([
    ['ordinary', {}, ['LB1'], 'short'],
    ['ordinary without labour', { labour: 'none' }, ['LB1'], 'short'],
    ['of a key group', { keyGroups: ['KG1'] }, ['LB1'], 'full'],
    ['with an alert of a department', { alert: '大额医疗支出' }, ['LB1'], 'full'],
    ['lifted and of no key group', { kind: '脱贫户' }, ['LB1'], 'short'],
    ['monitored', { register: 'active', labour: 'able' }, ['LB2'], 'full'],
    ['monitored without any labour', { register: 'active', labour: 'none' }, ['LB2', 'LB4'], 'full'],
    ['whose risk was eliminated', { register: 'eliminated', labour: 'none' }, ['LB3'], 'full'],
  ])('%s', (...[, facts, lookbacks, form]) => {
    expect(enrol(campaign, { ...ordinary, ...facts })).toEqual({ lookbacks, form });
  });

  it('a household nobody asks about is not part of the campaign, and its form is not short', () => {
    const lookbacks = campaign.lookbacks.filter((l) => l.id !== 'LB1');
    expect(enrol({ ...campaign, lookbacks }, ordinary)).toEqual({ lookbacks: [], form: 'full' });
  });

  it('an empty alert is none', () =>
    expect(conditionFacts({ ...ordinary, alert: '' })).toMatchObject({ alerted: false }));
});
