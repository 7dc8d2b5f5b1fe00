// Owns the evaluation of a campaign's conditions over answers and household facts. Pure; an unanswered item makes a
// comparison false (and `isNot` false as well: only something said can be something else).
import type { Answers, AnswerValue } from '../ports.ts';
import type { Condition } from './campaign.ts';

export interface Known {
  readonly answers: Answers;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly thresholds: Readonly<Record<string, number>>;
}

/** Whether `condition` holds for what is known. Unknown thresholds compare as false. */
export function holds(condition: Condition, known: Known): boolean {
  if ('all' in condition) return condition.all.every((c) => holds(c, known));
  if ('any' in condition) return condition.any.some((c) => holds(c, known));
  if ('not' in condition) return !holds(condition.not, known);
  if ('fact' in condition) return factIs(known.facts[condition.fact], condition.is);
  const value = known.answers[condition.item];
  if ('answered' in condition) return (value !== undefined) === condition.answered;
  if (value === undefined) return false;
  if ('is' in condition) return chosen(value).some((v) => condition.is.includes(v));
  if ('isNot' in condition) return !chosen(value).some((v) => condition.isNot.includes(v));
  if ('atLeast' in condition) return numeric(value, condition.atLeast, known)((a, b) => a >= b);
  return numeric(value, condition.below, known)((a, b) => a < b);
}

const chosen = (value: AnswerValue): readonly string[] => (Array.isArray(value) ? value : [String(value)]);

/** A list fact matches when it contains one of the values; an absent fact compares as false. */
function factIs(fact: unknown, is: readonly (string | number | boolean)[]): boolean {
  if (Array.isArray(fact)) return fact.some((f) => is.includes(f));
  return is.includes((fact ?? false) as string | number | boolean);
}

type Test = (answer: number, bound: number) => boolean;
function numeric(value: AnswerValue, limit: number | string, known: Known): (test: Test) => boolean {
  const bound = typeof limit === 'number' ? limit : known.thresholds[limit];
  return (test) => typeof value === 'number' && bound !== undefined && test(value, bound);
}
