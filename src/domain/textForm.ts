// Owns a form as plain text: questions with numbered options out, a typed answer in, as raw values for the same readers
// the card has. Pure; it knows numbers and options, no household and no store.
import type { Question } from './questions.ts';
import { daysBetween, isDay } from './time.ts';

/** What a card would show in the question's field beforehand: computed, answered earlier, or typed so far. */
export type Given = string | readonly string[];

export interface TextQuestion {
  readonly question: Question;
  readonly given?: Given | undefined;
  /** What to do about what was typed. */
  readonly fault?: string | undefined;
}

// ── the way out ──────────────────────────────────────────────────────────────────────────────────────────────────────

const hints: Record<Question['kind'], string> = {
  single: '',
  multi: '可多选，如 1+2',
  number: '填整数',
  money: '填金额，单位元',
  date: '填日期，如 7-18',
  text: '写一句话',
};

/** ① to ⑳, then (21). */
const mark = (n: number) => (n <= 20 ? String.fromCodePoint(0x245f + n) : `(${n})`);

/** 「1 本户核实方式：①入户面谈 ②…」, labels and options verbatim; `number` counts from 1. */
export function questionLine(number: number, { question: q, given, fault }: TextQuestion): string {
  const notes = [hints[q.kind], q.required ? '' : '可不答'].filter((n) => n !== '');
  const options = q.options.map((o, i) => `${mark(i + 1)}${o.value}`).join(' ');
  const note = notes.length > 0 ? `（${notes.join('，')}）` : '';
  const kept = given === undefined ? '' : `〔已有：${typeof given === 'string' ? given : given.join('、')}〕`;
  return `${number} ${q.label}${note}：${options}${kept}${fault === undefined ? '' : `——${fault}`}`;
}

// ── the way in ───────────────────────────────────────────────────────────────────────────────────────────────────────

export type Raw = Readonly<Record<string, string | readonly string[]>>;

export interface Asked {
  readonly questions: readonly Question[];
  /** Ids of those still to answer: as many answers as there are of these go to them, in order. */
  readonly open: readonly string[];
  /** Days without a year are the nearest to this one. */
  readonly today: string;
}

/**
 * Question id → raw value for the readers. Understood: 「1 1 3」 in order, 「1:1 3:2」, lines 「1 入户面谈」, several
 * options 「2+3」; 「-」 leaves a question empty. null: which answer belongs to which question is not clear.
 */
export function readText(text: string, asked: Asked): Raw | null {
  const typed = text.trim();
  if (typed === '') return null;
  const found = byMark(typed, asked) ?? byLine(typed, asked) ?? inOrder(typed, asked);
  if (found === null) return null;
  return Object.fromEntries(found.map(([q, answer]) => [q.id, rawOf(q, answer, asked.today)]));
}

type Pairs = readonly (readonly [Question, string])[];
const digits = '[0-9０-９]{1,2}';
const numberOf = (text: string) => Number(text.normalize('NFKC'));
const trimmed = (text: string) => text.replace(/^[\s,，;；、。]+|[\s,，;；、。]+$/gu, '');

/** 1:1 3:2, on one line or several. */
function byMark(typed: string, { questions }: Asked): Pairs | null {
  const marks = new RegExp(`(?<=^|[\\s,，;；、])第?\\s*(${digits})\\s*题?\\s*[:：]`, 'gu');
  const hits = [...typed.matchAll(marks)].filter((hit) => questions[numberOf(hit[1] ?? '') - 1]);
  if (hits.length === 0 || hits[0]?.index !== 0) return null;
  return hits.flatMap((hit, i): Pairs => {
    const q = questions[numberOf(hit[1] ?? '') - 1];
    const answer = trimmed(typed.slice(hit.index + hit[0].length, hits[i + 1]?.index));
    return q && answer !== '' ? [[q, answer]] : [];
  });
}

const numberedLine = new RegExp(`^第?\\s*(${digits})(?:\\s*题[、，,]?|[、．]|\\.(?!\\d)|\\s)\\s*(\\S.*)$`, 'u');
const linesOf = (typed: string) =>
  typed
    .split('\n')
    .map(trimmed)
    .filter((l) => l !== '');

/** Lines that all begin with a question's number; one line only when what follows is no number. */
function byLine(typed: string, { questions }: Asked): Pairs | null {
  const lines = linesOf(typed);
  const pairs = lines.flatMap((line): Pairs => {
    const hit = numberedLine.exec(line);
    const q = questions[numberOf(hit?.[1] ?? '') - 1];
    return hit && q ? [[q, trimmed(hit[2] ?? '')]] : [];
  });
  if (pairs.length < lines.length || new Set(pairs.map(([q]) => q)).size < pairs.length) return null;
  const [only] = pairs;
  const alone = pairs.length === 1 && only !== undefined;
  return alone && (questions.length === 1 || /^[\d\s]/u.test(only[1].normalize('NFKC'))) ? null : pairs;
}

/** As many answers as questions, or as many as are still open. */
function inOrder(typed: string, { questions, open }: Asked): Pairs | null {
  const left = questions.filter((q) => open.includes(q.id));
  const splits = [linesOf(typed), typed.split(/\s+/u), typed.split(/[\s,，、;；]+/u), figures(typed, questions)];
  for (const wanted of [questions, left]) {
    const fits = splits.find((parts) => parts.length === wanted.length && parts.length > 1);
    if (fits) return wanted.map((q, i) => [q, trimmed(fits[i] ?? '')] as const);
  }
  const [only] = left.length === 1 ? left : questions;
  return only && (left.length === 1 || questions.length === 1) ? [[only, typed]] : null;
}

/** 113111: one figure per question, where every question has at most nine options. */
function figures(typed: string, questions: readonly Question[]): string[] {
  const plain = typed.normalize('NFKC');
  const short = questions.every((q) => q.kind === 'single' && q.options.length < 10);
  return short && /^\d+$/.test(plain) ? [...plain] : [];
}

function rawOf(q: Question, answer: string, today: string): string | readonly string[] {
  if (/^[-－—]+$/u.test(answer)) return '';
  switch (q.kind) {
    case 'single':
      return optionOf(q, answer);
    case 'multi':
      return optionsOf(q, answer);
    case 'date':
      return dayIn(answer, today);
    default:
      return answer;
  }
}

const bare = (text: string) => text.normalize('NFKC').replace(/\s/g, '');

/** The option a number or words mean; what means none is handed on as it is, for the reader to say so. */
function optionOf(q: Question, typed: string): string {
  const text = bare(typed);
  const exact = q.options.find((o) => bare(o.value) === text);
  if (exact) return exact.value;
  const [, number = '', rest = ''] = /^\(?(\d{1,2})\)?[.、]?(.*)$/u.exec(text) ?? [];
  const numbered = q.options[Number(number) - 1];
  if (numbered && bare(numbered.value).startsWith(rest)) return numbered.value;
  const begun = q.options.filter((o) => bare(o.value).startsWith(text));
  return begun.length === 1 && begun[0] ? begun[0].value : typed;
}

function optionsOf(q: Question, typed: string): readonly string[] {
  const whole = optionOf(q, typed);
  if (q.options.some((o) => o.value === whole)) return [whole];
  const parts = typed.split(/[\s+＋,，、/;；]+/u).filter((p) => p !== '');
  return parts.map((p) => optionOf(q, p));
}

/** 7-18, 7月18日, 2023.7.18, 20230718 as 'yyyy-mm-dd'; what is no day is handed on as it is. */
export function dayIn(typed: string, today: string): string {
  const text = typed
    .normalize('NFKC')
    .replace(/\s/g, '')
    .replace(/[日号]$/u, '');
  const parts = /^\d{8}$/.test(text) ? [text.slice(0, 4), text.slice(4, 6), text.slice(6)] : text.split(/[-/.年月]/u);
  if (!parts.every((p) => /^\d{1,4}$/.test(p)) || parts.length < 2 || parts.length > 3) return typed;
  const [day = '', month = '', year] = parts.toReversed();
  const inYear = (y: number) => `${y}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (year !== undefined) return isDay(inYear(Number(year))) ? inYear(Number(year)) : typed;
  const now = Number(today.slice(0, 4));
  const days = [now, now - 1, now + 1].map(inYear).filter(isDay);
  const far = (d: string) => Math.abs(daysBetween(today, d));
  return days.sort((a, b) => far(a) - far(b))[0] ?? typed;
}
