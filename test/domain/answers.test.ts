import { describe, expect, it } from 'vitest';
import { faultSentence, readAnswers } from '../../src/domain/answers.ts';
import type { Question } from '../../src/domain/questions.ts';

const question = (kind: Question['kind'], rest: Partial<Question> = {}): Question => ({
  id: 'q',
  lookback: 'LB1',
  label: '题目',
  kind,
  options: [],
  required: true,
  number: '第4题',
  ...rest,
});
const options = ['无', '大病', '失业'].map((value) => ({ value, alone: value === '无' }));
const read = (q: Question, raw: unknown) => {
  const { answers, faults } = readAnswers([q], { q: raw }, '2023-07-14');
  return faults[0]?.reason ?? answers.q;
};

describe('a field is read', () => {
  it.each<[string, Question, unknown, unknown]>([
    ['one option', question('single', { options }), '大病', '大病'],
    ['one option in a list', question('single', { options }), ['大病'], '大病'],
    ['an option nobody offered', question('single', { options }), '地震', '请从选项里选一项'],
    ['no option', question('single', { options }), '', '请选择'],
    ['several, in the question’s order', question('multi', { options }), ['失业', '大病', '失业'], ['大病', '失业']],
    ['several as JSON text', question('multi', { options }), '["失业"]', ['失业']],
    ['several as one word', question('multi', { options }), '失业', ['失业']],
    ['broken JSON', question('multi', { options }), '["失业', '请从选项里选'],
    [
      'an excluding option beside others',
      question('multi', { options }),
      ['无', '大病'],
      '「无」不能和别的选项同时选，请核对',
    ],
    ['nothing of several', question('multi', { options }), [], '请选择'],
    ['a number', question('number'), '3', 3],
    ['a full-width number', question('number'), '　１２　', 12],
    ['half a person', question('number'), '3.5', '请填整数，如 3'],
    ['money', question('money'), '１２，０００．５０元', 12_000.5],
    ['money below nothing', question('money'), '-1', '请填数字，单位是元，如 12000'],
    ['money in words', question('money'), '一万', '请填数字，单位是元，如 12000'],
    ['a date with its zone', question('date'), '2023-07-14 +0800', '2023-07-14'],
    ['a day that does not exist', question('date'), '2023-02-30 +0800', '请选择日期'],
    ['today where it has happened', question('date', { past: true }), '2023-07-14 +0800', '2023-07-14'],
    ['tomorrow where it has happened', question('date', { past: true }), '2023-07-15', '这一天还没有到，请核对日期'],
    ['tomorrow where it may come', question('date'), '2023-07-15', '2023-07-15'],
    ['words', question('text'), '  添了一个孩子\u0000 ', '添了一个孩子'],
    ['words of several lines', question('text'), '一\n二', '一\n二'],
    ['blank words', question('text'), ' 　 ', '请填写'],
    ['too many words', question('text'), '字'.repeat(501), '请写短一些，最多 500 字'],
    ['as many words as fit', question('text'), '𠮷'.repeat(500), '𠮷'.repeat(500)],
    ['something that is no field value', question('text'), { a: 1 }, '请填写'],
  ])('%s', (...[, q, raw, result]) => expect(read(q, raw)).toEqual(result));

  it.each(['single', 'multi', 'number', 'money', 'date', 'text'] as const)(
    'an empty %s that may be empty is no answer and no fault',
    (kind) => {
      expect(readAnswers([question(kind, { options, required: false })], {}, '2023-07-14')).toEqual({
        answers: {},
        faults: [],
      });
    },
  );
});

describe('what is missing is said', () => {
  const fault = (n: number) => ({ id: `q${n}`, number: `第${n}题`, label: `题${n}`, reason: '请选择' });
  it('by number, words and what to do', () => {
    expect(faultSentence([fault(4)])).toBe('还没有保存：第4题「题4」请选择。已填的内容都还在，补好后再点提交。');
  });
  it('three by name, the others by their number', () => {
    const text = faultSentence([1, 2, 3, 4, 5].map(fault));
    expect(text).toContain('第3题「题3」请选择；另有 2 题也请补充。');
    expect(text).not.toContain('题4');
  });
});
