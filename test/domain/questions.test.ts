import { describe, expect, it } from 'vitest';
import { firstStep, nextStep, settle } from '../../src/domain/questions.ts';
import type { Answers } from '../../src/ports.ts';
import { allWell as normal, xinfeng } from '../support/xinfeng.ts';

const campaign = xinfeng();
const short = { lookbacks: ['LB1'], form: 'short', facts: { register: 'none' } } as const;
const full = { ...short, form: 'full' } as const;
const eliminated = (mode: string) =>
  ({ lookbacks: ['LB3'], form: 'full', facts: { register: 'eliminated', eliminationMode: mode } }) as const;
const ids = (questions: readonly { id: string }[]) => questions.map((q) => q.id);
const wrong: Answers = { ...normal, 'L1-S1': '有问题' };
const bad: Answers = { ...wrong, 'L1-06': '全部在校', 'L1-07': '全部参保', 'L1-08': 'A或B级', 'L1-09': '水量不足' };

describe('the first step', () => {
  it('of the short card: six questions, one of them for four items', () => {
    expect(ids(firstStep(campaign, short))).toEqual(['L1-01', 'L1-02', 'L1-03', 'L1-S1', 'L1-13', 'L1-15']);
    expect(firstStep(campaign, short).find((q) => q.id === 'L1-S1')).toMatchObject({
      label: '义务教育、基本医疗、住房安全、饮水安全',
      number: '第6–9题',
      required: true,
    });
  });

  it('of the full card: every item of the household, no switch, nothing of the village, nothing switched off', () => {
    const asked = ids(firstStep(campaign, full));
    expect(asked).toEqual(Array.from({ length: 15 }, (_, i) => `L1-${String(i + 1).padStart(2, '0')}`));
  });

  it('of two look-backs: both, in the campaign’s order, computed items left out', () => {
    const asked = ids(
      firstStep(campaign, { lookbacks: ['LB2', 'LB4'], form: 'full', facts: { register: 'active', labour: 'none' } }),
    );
    expect(asked[0]).toBe('L2-01');
    expect(asked.some((id) => id.startsWith('L4-'))).toBe(true);
    expect(asked).not.toContain('L2-10');
    expect(asked).toEqual([...asked].sort());
  });

  it('leaves out what the roster has settled', () => {
    expect(ids(firstStep(campaign, eliminated('帮扶消除')))).not.toContain('L3-08');
    expect(ids(firstStep(campaign, eliminated('自然消除')))).toContain('L3-08');
  });

  it('asks in the campaign’s words with its options', () => {
    const [first] = firstStep(campaign, short);
    const item = campaign.items.find((i) => i.id === 'L1-01');
    expect(first).toMatchObject({ label: item?.text, kind: 'single', number: '第1题' });
    expect(first?.options.map((o) => o.value)).toEqual(item?.options?.map((o) => o.value));
  });
});

describe('the next step', () => {
  it.each<[string, Answers, string[]]>([
    ['all normal: none', normal, []],
    ['有问题: the four items behind the switch', wrong, ['L1-06', 'L1-07', 'L1-08', 'L1-09']],
    ['bad water and no risk: its details and why', bad, ['L1-09.since', 'L1-09.days', 'L1-15.reason']],
    ['bad water and a doubt: its details', { ...bad, 'L1-15': '疑似，提交乡镇研判' }, ['L1-09.since', 'L1-09.days']],
    [
      'what was left empty is not asked again',
      { ...bad, 'L1-09.since': '', 'L1-09.days': '', 'L1-15.reason': '打井' },
      [],
    ],
    ['a neighbour spoke for them', { ...normal, 'L1-01': '邻居或村民小组长代述' }, ['L1-01.contact', 'L1-01.next']],
    ['low income and no risk', { ...normal, 'L1-03': '低于监测范围' }, ['L1-03.amount', 'L1-15.reason']],
  ])('%s', (_, answers, asked) => expect(ids(nextStep(campaign, short, answers))).toEqual(asked));

  it('never gives the answer away: a follow-up’s words name its item’s number only', () => {
    const followUps = campaign.items.flatMap((i) =>
      i.followUps.map((f) => ({ text: f.text, values: (i.options ?? []).map((o) => o.value) })),
    );
    for (const f of followUps) expect(f.values.filter((v) => v.length > 1 && f.text.includes(v))).toEqual([]);
  });
});

describe('what is stored', () => {
  it('全部正常 becomes the four normal answers, marked 简表, and stays itself', () => {
    const { answers, provenance } = settle(campaign, short, normal);
    expect(answers).toEqual({
      ...normal,
      'L1-06': '全部在校',
      'L1-07': '全部参保',
      'L1-08': 'A或B级',
      'L1-09': '安全',
    });
    expect(provenance).toEqual({ 'L1-06': 'short', 'L1-07': 'short', 'L1-08': 'short', 'L1-09': 'short' });
  });

  it('有问题 keeps what was answered, marked by nobody', () => {
    expect(settle(campaign, short, bad)).toEqual({ answers: bad, provenance: {} });
  });

  it('what was left empty is no answer, of a follow-up or of an item', () => {
    const left = { ...bad, 'L1-09.since': '', 'L1-15.reason': '打井' };
    expect(settle(campaign, short, left).answers).toEqual({ ...bad, 'L1-15.reason': '打井' });
    expect(settle(campaign, eliminated('自然消除'), { 'L3-08': '' }).answers).toEqual({});
  });

  it('a follow-up whose reason is gone is gone', () => {
    expect(settle(campaign, full, { 'L1-09': '安全', 'L1-09.days': 3 }).answers).toEqual({ 'L1-09': '安全' });
  });
});
