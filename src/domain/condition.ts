// Owns the evaluation of a campaign's conditions over answers and household facts. Pure; an unanswered item makes a
// comparison false (and `isNot` false as well: only something said can be something else).
import type { Answers, AnswerValue } from '../ports.ts';
import type { Condition } from './campaign.ts';

export interface Known {
  readonly answers: Answers;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly thresholds: Readonly<Record<string, number>>;
}

type Test = (known: Known) => boolean;

/** Whether `condition` holds for what is known. Unknown thresholds compare as false. */
export const holds = (condition: Condition, known: Known): boolean => testOf(condition)(known);

/** Looked at once: a campaign's definition never changes, and a click asks hundreds of its conditions. */
const tests = new WeakMap<Condition, Test>();
function testOf(condition: Condition): Test {
  let test = tests.get(condition);
  if (test === undefined) {
    test = made(condition);
    tests.set(condition, test);
  }
  return test;
}

function made(condition: Condition): Test {
  if ('all' in condition) {
    const all = condition.all.map(testOf);
    return (known) => all.every((test) => test(known));
  }
  if ('any' in condition) {
    const any = condition.any.map(testOf);
    return (known) => any.some((test) => test(known));
  }
  if ('not' in condition) {
    const not = testOf(condition.not);
    return (known) => !not(known);
  }
  if ('fact' in condition) {
    const { fact, is } = condition;
    return (known) => factIs(known.facts[fact], is);
  }
  const { item } = condition;
  const said = saidTest(condition);
  return (known) => said(known.answers[item], known);
}

type SaidTest = (value: AnswerValue | undefined, known: Known) => boolean;
function saidTest(condition: Extract<Condition, { item: string }>): SaidTest {
  if ('answered' in condition) return (value) => (value !== undefined) === condition.answered;
  if ('is' in condition) return (value) => value !== undefined && isOneOf(value, condition.is);
  if ('isNot' in condition) return (value) => value !== undefined && !isOneOf(value, condition.isNot);
  const limit = 'atLeast' in condition ? condition.atLeast : condition.below;
  const passes =
    'atLeast' in condition ? (n: number, bound: number) => n >= bound : (n: number, bound: number) => n < bound;
  return (value, { thresholds }) => {
    const bound = typeof limit === 'number' ? limit : thresholds[limit];
    return typeof value === 'number' && bound !== undefined && passes(value, bound);
  };
}

/** Of several answers one is enough. */
const isOneOf = (value: AnswerValue, is: readonly string[]): boolean =>
  Array.isArray(value) ? value.some((v) => is.includes(v)) : is.includes(String(value));

/** A list fact matches when it contains one of the values; an absent fact compares as false. */
function factIs(fact: unknown, is: readonly (string | number | boolean)[]): boolean {
  if (Array.isArray(fact)) return fact.some((f) => is.includes(f));
  return is.includes((fact ?? false) as string | number | boolean);
}
