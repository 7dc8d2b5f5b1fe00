// When a village may hand in, what a township may send back, and what counts as changed.
import { describe, expect, it } from 'vitest';
import {
  changedItems,
  isUnsettled,
  meetingDay,
  meetingQuestions,
  missingForHandIn,
  readReturnLines,
} from '../../src/domain/handIn.ts';
import { pastDeadline } from '../../src/domain/phase.ts';
import { xinfeng } from '../support/xinfeng.ts';

const campaign = xinfeng();
const complete = { todo: 0, putOff: [], unsettled: 0, forms: [] };

describe('a village may hand in', () => {
  it('when nothing is missing', () => {
    expect(missingForHandIn(campaign, complete)).toEqual([]);
  });
  it.each(['全家外出联系不上', '空挂户', '已去世', '迁出'])('with a household that is %s', (reason) => {
    expect(missingForHandIn(campaign, { ...complete, putOff: [{ reason }] })).toEqual([]);
  });
  it.each(['临时不在家', '其他原因', ''])('not with one that is “%s”', (reason) => {
    const [line] = missingForHandIn(campaign, { ...complete, putOff: [{ reason }, { reason: '迁出' }] });
    expect(line).toMatch(/^有 1 户登记了联系不上/);
  });
  it('not before everything else; each with a number and the way on', () => {
    const lines = missingForHandIn(campaign, { todo: 3, putOff: [], unsettled: 2, forms: ['重点区域'] });
    expect(lines).toEqual([
      '还有 3 户没有排查，请点“继续排查”',
      '有 2 户还缺情况说明（结论与所填情况不一致等），请重新填这几户',
      '村级表还有“重点区域”没有填，请点“村级表”',
    ]);
  });
});

describe('a conclusion that does not go with the answers', () => {
  const ordinary = { lookbacks: ['LB1'], form: 'short', facts: { register: 'none' } } as const;
  const eliminated = { lookbacks: ['LB3'], form: 'full', facts: { register: 'eliminated' } } as const;
  it('is unsettled until a reason is written: no risk below the line', () => {
    const answers = { 'L1-15': '无返贫致贫风险', 'L1-03': '低于监测范围' };
    expect(isUnsettled(campaign, ordinary, answers)).toBe(true);
    expect(isUnsettled(campaign, ordinary, { ...answers, 'L1-15.reason': '已核对流水' })).toBe(false);
    expect(isUnsettled(campaign, ordinary, { ...answers, 'L1-03': '1.5倍以上' })).toBe(false);
  });
  it('is unsettled until a reason is written: stable while out of school', () => {
    const answers = { 'L3-14': '稳定', 'L3-03': '有失学辍学' };
    expect(isUnsettled(campaign, eliminated, answers)).toBe(true);
    const settled = { ...answers, 'L3-03.detail': '一人', 'L3-14.reason': '已劝返' };
    expect(isUnsettled(campaign, eliminated, settled)).toBe(false);
  });
});

describe('the meeting', () => {
  const held = { 'L1-17': '已召开', 'L1-17.day': '2023-07-19' };
  it('is asked for once, with its day', () => {
    expect(meetingQuestions(campaign).map((q) => [q.id, q.required])).toEqual([
      ['L1-17', true],
      ['L1-17.day', false],
    ]);
  });
  it('has a day up to today', () => {
    expect(meetingDay(campaign, held, '2023-07-19')).toEqual({ day: '2023-07-19' });
    expect(meetingDay(campaign, held, '2023-07-18')).toMatchObject({ refused: expect.stringContaining('还没有到') });
    expect(meetingDay(campaign, { 'L1-17': '已召开' }, '2023-07-19')).toMatchObject({
      refused: expect.stringContaining('召开日期'),
    });
  });
  it('must have been held', () => {
    expect(meetingDay(campaign, { 'L1-17': '未召开' }, '2023-07-19')).toMatchObject({
      refused: expect.stringContaining('请先召开村级研判会'),
    });
  });
});

describe('lines of a return', () => {
  it.each([
    ['大阿-01-003 收入不符', '大阿-01-003', '收入不符'],
    ['大阿-01-003，收入 不符', '大阿-01-003', '收入 不符'],
    ['  大阿-01-003：收入不符  ', '大阿-01-003', '收入不符'],
    ['大阿－０１－００３ 收入不符', '大阿-01-003', '收入不符'],
  ])('%s', (text, code, reason) => {
    expect(readReturnLines(text)).toEqual({ lines: [{ code, reason }], faults: [] });
  });
  it('are read one by one; empty lines do not count', () => {
    expect(readReturnLines('a 甲\n\n b 乙；c 丙').lines.map((l) => l.code)).toEqual(['a', 'b', 'c']);
  });
  it('without a reason, or twice, are named', () => {
    expect(readReturnLines('a\nb 乙\nb 丙').faults).toEqual([
      '「a」后面请写上退回的原因',
      '「b」写了两次，请合并成一行',
    ]);
  });
});

it('what was said otherwise, more or no longer has changed', () => {
  expect(changedItems({ a: '1', b: ['x'], c: 2, e: '' }, { a: '1', b: ['y'], d: '4' })).toEqual(['b', 'c', 'd']);
  expect(changedItems(null, { a: '1' })).toEqual(['a']);
});

it.each([
  ['2023-07-20T17:59:59+08:00', false],
  ['2023-07-20T18:00:00+08:00', true],
])('a hand-in at %s is late: %s', (iso, late) => {
  expect(pastDeadline(campaign, 'village', Date.parse(iso))).toBe(late);
});
