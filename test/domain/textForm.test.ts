import { describe, expect, it } from 'vitest';
import { readAnswers } from '../../src/domain/answers.ts';
import type { Question } from '../../src/domain/questions.ts';
import { dayIn, questionLine, readText } from '../../src/domain/textForm.ts';

const question = (id: string, kind: Question['kind'], options: readonly string[] = []): Question => ({
  id,
  lookback: 'L1',
  label: `题${id}`,
  kind,
  options: options.map((value) => ({ value, alone: value === '都没有' })),
  required: true,
  number: '',
});

const how = question('how', 'single', ['入户面谈', '电话核实', '视频核实']);
const risks = question('risks', 'multi', ['因病', '因学、因残', '自然灾害', '都没有']);
const money = question('money', 'money');
const day = question('day', 'date');
const today = '2023-07-12';
const note = { ...question('note', 'text'), required: false };
const all = [how, risks, money, day, note];
const choices = [how, { ...how, id: 'how2' }, { ...how, id: 'how3' }];

const read = (text: string, questions: readonly Question[] = all, open: readonly string[] = []) =>
  readText(text, { questions, open, today });

describe('a question as a line', () => {
  it('has its number, its label and its options verbatim', () => {
    expect(questionLine(1, { question: how })).toBe('1 题how：①入户面谈 ②电话核实 ③视频核实');
  });
  it('says how to write what is no choice, and what may stay empty', () => {
    expect(questionLine(3, { question: money })).toBe('3 题money（填金额，单位元）：');
    expect(questionLine(5, { question: note })).toBe('5 题note（写一句话，可不答）：');
    expect(questionLine(2, { question: risks })).toContain('（可多选，如 1+2）：①因病 ②因学、因残');
  });
  it('shows what is known already, and what to do about what was typed', () => {
    expect(questionLine(2, { question: risks, given: ['因病', '自然灾害'] })).toContain('〔已有：因病、自然灾害〕');
    expect(questionLine(3, { question: money, given: '约三千', fault: '请填数字' })).toMatch(
      /〔已有：约三千〕——请填数字$/u,
    );
  });
  it('numbers more than twenty options on', () => {
    const many = question(
      'many',
      'single',
      Array.from({ length: 22 }, (_, i) => `村${i + 1}`),
    );
    expect(questionLine(1, { question: many })).toContain('⑳村20 (21)村21 (22)村22');
  });
});

const whole = { how: '电话核实', risks: ['因病', '自然灾害'], money: '12000', day: '2023-07-18', note: '家里在修房' };

describe('a typed answer', () => {
  it.each([
    ['in order', '2 1+3 12000 7-18 家里在修房'],
    ['in order, one a line', '2\n1+3\n12000\n7-18\n家里在修房'],
    ['with full-width figures', '２　１＋３ １２０００ ７月１８日 家里在修房'],
    ['by question', '1:2 2:1+3 3:12000 4:7-18 5:家里在修房'],
    ['by question, Chinese punctuation', '第1题：2，第2题：1、3；第3题：12000。 4：2023年7月18日 5：家里在修房'],
    ['by lines', '1 电话核实\n2 因病+自然灾害\n3 12000\n4 20230718\n5 家里在修房'],
    ['by lines with dots', '1. ②\n2、①+③\n3. 12000\n4．7.18\n5 家里在修房'],
  ])('is read %s', (_, text) => {
    const raw = read(text) ?? {};
    expect(readAnswers(all, raw, today)).toEqual({ answers: { ...whole, money: 12000 }, faults: [] });
  });

  it('of some questions only gives those', () => {
    expect(read('2:4 1:3')).toEqual({ risks: ['都没有'], how: '视频核实' });
    expect(read('3 约三千')).toEqual({ money: '约三千' });
  });

  it('with as many answers as are open goes to those, in order', () => {
    expect(read('2 3', choices, ['how', 'how3'])).toEqual({ how: '电话核实', how3: '视频核实' });
  });

  it('to one question alone is the whole message', () => {
    expect(read('添了一个孩子 上个月', [note])).toEqual({ note: '添了一个孩子 上个月' });
    expect(read('2023年7月18日', all, ['day'])).toEqual({ day: '2023-07-18' });
  });

  it('in one run of figures is read where every question has one', () => {
    expect(read('123', choices)).toEqual({ how: '入户面谈', how2: '电话核实', how3: '视频核实' });
    expect(read('12300')).toBeNull();
  });

  it('whose parts fit no question is not guessed at', () => {
    for (const text of ['', '2 1', '今天天气怎么样', '1 2 3 4 5 6 7', '9:1', '说明 1:2']) expect(read(text)).toBeNull();
  });

  it('that is no option is handed on, so that the reader names the question', () => {
    const { faults } = readAnswers(choices, read('1 9 二', choices) ?? {}, today);
    expect(faults.map((f) => [f.id, f.reason])).toEqual([
      ['how2', '请从选项里选一项'],
      ['how3', '请从选项里选一项'],
    ]);
    expect(readAnswers([risks], read('1+4', [risks]) ?? {}, today).faults[0]?.reason).toContain('不能和别的选项同时选');
  });

  it('may leave a question empty with a dash', () => {
    expect(readAnswers(all, read('2 1 12000 7-18 -') ?? {}, today)).toEqual({
      answers: { how: '电话核实', risks: ['因病'], money: 12000, day: '2023-07-18' },
      faults: [],
    });
  });

  it('finds an option by its number, its words or their beginning, also where its words hold a separator', () => {
    for (const typed of ['2', '②', '②电话核实', '电话', '电话 核实'])
      expect(read(typed, [how])).toEqual({ how: '电话核实' });
    for (const typed of ['2', '因学、因残', '因学']) expect(read(typed, [risks])).toEqual({ risks: ['因学、因残'] });
  });
});

describe('a day', () => {
  it('without its year is the nearest one', () => {
    expect(dayIn('7-1', '2023-07-12')).toBe('2023-07-01');
    expect(dayIn('1-5', '2023-12-28')).toBe('2024-01-05');
    expect(dayIn('12月30日', '2024-01-02')).toBe('2023-12-30');
    expect(dayIn('2-29', '2024-03-01')).toBe('2024-02-29');
  });
  it('that does not exist is handed on as it was typed', () => {
    for (const typed of ['2-30', '2023-13-01', '明天', '7', '7-18-1-1']) expect(dayIn(typed, '2023-07-12')).toBe(typed);
  });
});
