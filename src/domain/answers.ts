// Owns reading what was typed into a form: raw field values to answers, or one sentence per field that says what to do.
// Pure. The client checks `required` by itself, the server checks everything again.
import type { Answers, AnswerValue } from '../ports.ts';
import type { Question } from './questions.ts';
import { isDay } from './time.ts';

export interface FieldFault {
  readonly id: string;
  readonly number: string; // 第8题
  readonly label: string;
  readonly reason: string; // 请选择一项
}

type Read = { readonly value: AnswerValue } | { readonly fault: string } | { readonly empty: true };

/** Reads every question from `raw` (question id → what the platform sent). All faults at once. `today`: '2023-07-12'. */
export function readAnswers(
  questions: readonly Question[],
  raw: Readonly<Record<string, unknown>>,
  today: string,
): { answers: Answers; faults: FieldFault[] } {
  const answers: Record<string, AnswerValue> = {};
  const faults: FieldFault[] = [];
  for (const q of questions) {
    const read = readers[q.kind](raw[q.id], q, today);
    if ('value' in read) answers[q.id] = read.value;
    else if ('fault' in read) faults.push({ id: q.id, number: q.number, label: q.label, reason: read.fault });
    else if (q.required)
      faults.push({ id: q.id, number: q.number, label: q.label, reason: q.options.length > 0 ? '请选择' : '请填写' });
  }
  return { answers, faults };
}

/** '第4题「收入是否大幅缩减」请选择；第8题…' — at most three fields by name, then how many more. */
export function faultSentence(faults: readonly FieldFault[]): string {
  const shown = faults.slice(0, 3).map((f) => `${f.number}「${f.label}」${f.reason}`);
  const more = faults.length > 3 ? `；另有 ${faults.length - 3} 题也请补充` : '';
  return `还没有保存：${shown.join('；')}${more}。已填的内容都还在，补好后再点提交。`;
}

const readers: Record<Question['kind'], (raw: unknown, q: Question, today: string) => Read> = {
  single: readSingle,
  multi: readMulti,
  number: (raw) => readNumber(raw, true),
  money: (raw) => readNumber(raw, false),
  date: readDate,
  text: readText,
};

const textOf = (raw: unknown): string =>
  typeof raw === 'string' ? raw.trim() : typeof raw === 'number' ? String(raw) : '';

function readSingle(raw: unknown, q: Question): Read {
  const value = Array.isArray(raw) ? textOf(raw[0]) : textOf(raw);
  if (value === '') return { empty: true };
  return q.options.some((o) => o.value === value) ? { value } : { fault: '请从选项里选一项' };
}

/** The platform sends a list; some clients a JSON string of one, or a single string. */
function readMulti(raw: unknown, q: Question): Read {
  const values = [...new Set(listOf(raw))];
  if (values.length === 0) return { empty: true };
  const known = values.filter((v) => q.options.some((o) => o.value === v));
  if (known.length < values.length) return { fault: '请从选项里选' };
  const alone = q.options.find((o) => o.alone && known.includes(o.value));
  if (alone && known.length > 1) return { fault: `「${alone.value}」不能和别的选项同时选，请核对` };
  return { value: q.options.map((o) => o.value).filter((v) => known.includes(v)) };
}

function listOf(raw: unknown): string[] {
  if (Array.isArray(raw)) return raw.map(textOf).filter((v) => v !== '');
  const text = textOf(raw);
  if (!text.startsWith('[')) return text === '' ? [] : [text];
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.map(textOf).filter((v) => v !== '') : [text];
  } catch {
    return [text];
  }
}

/** Full-width digits, thousands separators and a trailing 元 are fine. */
function readNumber(raw: unknown, whole: boolean): Read {
  const text = textOf(raw)
    .normalize('NFKC')
    .replace(/[,，\s]/g, '')
    .replace(/元$/, '');
  if (text === '') return { empty: true };
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(text)) return { fault: whole ? '请填整数，如 3' : '请填数字，单位是元，如 12000' };
  const value = Number(text);
  if (whole && !Number.isInteger(value)) return { fault: '请填整数，如 3' };
  return { value };
}

/** '2024-04-01 +0800': the first word is the wall date. */
function readDate(raw: unknown, q: Question, today: string): Read {
  const day = textOf(raw).split(' ')[0] ?? '';
  if (day === '') return { empty: true };
  if (!isDay(day)) return { fault: '请选择日期' };
  return q.past && day > today ? { fault: '这一天还没有到，请核对日期' } : { value: day };
}

const longest = 500;
function readText(raw: unknown): Read {
  // biome's control-character rule is right about patterns; these are exactly what must not be stored.
  const text = [...textOf(raw)].filter((c) => c >= ' ' || c === '\n').join('');
  if (text === '') return { empty: true };
  return [...text].length > longest ? { fault: `请写短一些，最多 ${longest} 字` } : { value: text };
}
