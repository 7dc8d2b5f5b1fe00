import { expect, it } from 'vitest';
import type { Condition } from '../../src/domain/campaign.ts';
import { holds } from '../../src/domain/condition.ts';

const known = {
  answers: { water: '水量不足', events: ['大病', '失业'], amount: 12_000, none: [] },
  facts: { register: 'none', keyGroups: ['KG1', 'KG4'], keyGroup: true },
  thresholds: { line: 7500, large: 12_000 },
};
const no: Condition = { item: 'water', is: ['安全'] };
const yes: Condition = { item: 'water', is: ['水量不足'] };

it.each<[string, Condition, boolean]>([
  ['an answer is one of these', yes, true],
  ['an answer is none of these', no, false],
  ['a list contains one of these', { item: 'events', is: ['失业'] }, true],
  ['a list is something else only when it contains none of these', { item: 'events', isNot: ['失业'] }, false],
  ['an answer is something else', { item: 'water', isNot: ['安全'] }, true],
  ['what was not said is not something else either', { item: 'house', isNot: ['A或B级'] }, false],
  ['a number is at least its limit', { item: 'amount', atLeast: 12_000 }, true],
  ['a number is not below its own limit', { item: 'amount', below: 'large' }, false],
  ['a limit may be a threshold’s name', { item: 'amount', atLeast: 'line' }, true],
  ['an unknown threshold compares as false', { item: 'amount', atLeast: 'moon' }, false],
  ['a word is no number', { item: 'water', atLeast: 0 }, false],
  ['answered', { item: 'water', answered: true }, true],
  ['not answered', { item: 'house', answered: false }, true],
  ['an empty list was answered', { item: 'none', answered: true }, true],
  ['a fact is this', { fact: 'register', is: ['none'] }, true],
  ['a list of facts contains this', { fact: 'keyGroups', is: ['KG4'] }, true],
  ['a fact the roster is silent about is false', { fact: 'alerted', is: [false] }, true],
  ['a fact the roster is silent about is no word', { fact: 'labour', is: ['able'] }, false],
  ['all', { all: [yes, no] }, false],
  ['all of nothing', { all: [] }, true],
  ['any', { any: [no, yes] }, true],
  ['any of nothing', { any: [] }, false],
  ['not', { not: no }, true],
])('%s', (_, condition, result) => expect(holds(condition, known)).toBe(result));
