// Owns which questions a household's card asks: first the form of its look-backs (short or full), then, step by step,
// only what the answers make necessary. Pure; the campaign says everything, no item is known by name here.
import type { Answers } from '../ports.ts';
import type { Campaign, Condition, FollowUp, Item } from './campaign.ts';
import { holds, type Known } from './condition.ts';

/** One field of a form. `id` is an item, a switch or a follow-up. */
export interface Question {
  readonly id: string;
  readonly lookback: string;
  readonly label: string; // the campaign's text verbatim
  readonly kind: 'single' | 'multi' | 'number' | 'money' | 'date' | 'text';
  readonly options: readonly { readonly value: string; readonly alone: boolean }[];
  readonly required: boolean;
  readonly past?: boolean; // a date of what has happened: not after today
  readonly number: string; // 第8题 | 第6–9题 | '' where the item's id has no number
}

export interface FormOf {
  readonly lookbacks: readonly string[];
  readonly form: 'short' | 'full';
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Somebody is asked for it; not computed, not a reference, not switched off. */
export const isAsked = (item: Item) => item.type !== 'calc' && item.type !== 'ref' && item.card !== 'off';
const perHousehold = (item: Item) => item.scope === 'household' || item.scope === 'person';
/** 第8题 of an id that ends in a number; ids are the campaign's own, so that some have none. */
const numberOf = (id: string) => Number(/\d+$/.exec(id)?.[0] ?? Number.NaN);
const numbered = (...ids: readonly string[]): string => {
  const numbers = ids.map(numberOf);
  if (numbers.some(Number.isNaN)) return '';
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return low === high ? `第${low}题` : `第${low}–${high}题`;
};

/** What was left empty on purpose is '' while a household's steps go on; it says nothing. */
function said(answers: Answers): Answers {
  for (const id in answers)
    if (answers[id] === '') return Object.fromEntries(Object.entries(answers).filter(([, v]) => v !== ''));
  return answers;
}

function knownOf(campaign: Campaign, of: FormOf, answers: Answers): Known {
  return { answers: said(answers), facts: of.facts, thresholds: campaign.thresholds };
}

/** What does not depend on answers. */
interface Form {
  readonly items: readonly Item[]; // in the campaign's order
  readonly first: readonly Question[];
  /** Items behind a switch, with the switch and their normal answer. */
  readonly switched: readonly { readonly item: Item; readonly row: Switch; readonly normal: string | undefined }[];
  readonly followUps: readonly { readonly item: Item; readonly f: FollowUp }[];
}
type Switch = Campaign['switches'][number];

/** Nearly all households share a handful of forms: kept by the campaign's definition, which never changes. */
const kept = new WeakMap<Campaign, { readonly facts: readonly string[]; readonly forms: Map<string, Form> }>();
const keptForms = 500;

const lookedUp = new WeakMap<FormOf, { readonly campaign: Campaign; readonly form: Form }>();
function formFor(campaign: Campaign, of: FormOf): Form {
  const before = lookedUp.get(of);
  if (before?.campaign === campaign) return before.form;
  const form = sharedForm(campaign, of);
  lookedUp.set(of, { campaign, form });
  return form;
}

function sharedForm(campaign: Campaign, of: FormOf): Form {
  let own = kept.get(campaign);
  if (own === undefined) {
    own = { facts: [...new Set(campaign.items.flatMap((i) => (i.when ? factsIn(i.when) : [])))], forms: new Map() };
    kept.set(campaign, own);
  }
  const key = JSON.stringify([of.form, of.lookbacks, own.facts.map((name) => of.facts[name])]);
  const known = own.forms.get(key);
  if (known !== undefined) return known;
  const items = itemsOf(campaign, of);
  const form = {
    items,
    first: firstOf(campaign, of, items),
    switched: of.form === 'short' ? items.flatMap((item) => switchedOf(campaign, item)) : [],
    followUps: items.flatMap((item) => item.followUps.map((f) => ({ item, f }))),
  };
  if (own.forms.size >= keptForms) own.forms.clear();
  own.forms.set(key, form);
  return form;
}

/** Names of the facts a condition asks for. */
function factsIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(factsIn);
  if ('any' in condition) return condition.any.flatMap(factsIn);
  if ('not' in condition) return factsIn(condition.not);
  return 'fact' in condition ? [condition.fact] : [];
}

function itemsOf(campaign: Campaign, of: FormOf): Item[] {
  const known = knownOf(campaign, of, {});
  return campaign.items.filter(
    (i) => of.lookbacks.includes(i.lookback) && perHousehold(i) && isAsked(i) && (!i.when || holds(i.when, known)),
  );
}

/** On the short card: items asked by themselves. Items behind a switch are asked only after 有问题. */
const onShortCard = (item: Item) => item.card === 'short' && item.switch === undefined;

/** The first step: every item of the full card, or the short card's items with switches in place of theirs. */
export const firstStep = (campaign: Campaign, of: FormOf): readonly Question[] => formFor(campaign, of).first;

function firstOf(campaign: Campaign, of: FormOf, items: readonly Item[]): Question[] {
  if (of.form === 'full') return items.map(itemQuestion);
  const questions: Question[] = [];
  for (const item of items) {
    if (onShortCard(item)) questions.push(itemQuestion(item));
    else if (item.switch !== undefined && !questions.some((q) => q.id === item.switch)) {
      const question = switchQuestion(campaign, item.switch, items);
      if (question) questions.push(question);
    }
  }
  return questions;
}

/** What is still to ask after these answers: items behind a switch that was not normal, then follow-ups. Empty: done. */
export function nextStep(campaign: Campaign, of: FormOf, answers: Answers): Question[] {
  const { switched, followUps } = formFor(campaign, of);
  const known = knownOf(campaign, of, answers);
  const open = switched.filter(({ item, row }) => answers[row.id] === row.other && !(item.id in answers));
  const further = followUps.filter(({ f }) => !(f.id in answers) && holds(f.when, known));
  return [...open.map(({ item }) => itemQuestion(item)), ...further.map(({ item, f }) => followUpQuestion(item, f))];
}

function switchedOf(campaign: Campaign, item: Item): Form['switched'] {
  const row = campaign.switches.find((s) => s.id === item.switch);
  return row ? [{ item, row, normal: item.options?.find((o) => o.normal)?.value }] : [];
}

/**
 * The answers as they are stored: a switch at 全部正常 becomes the normal answer of each of its items, with provenance
 * 'short'; the switch itself is kept too. What was left empty (''), and follow-ups whose condition no longer holds, are dropped.
 */
export function settle(
  campaign: Campaign,
  of: FormOf,
  answers: Answers,
): { answers: Answers; provenance: Record<string, string> } {
  const settled: Record<string, Answers[string]> = { ...said(answers) };
  const provenance: Record<string, string> = {};
  const { switched, followUps } = formFor(campaign, of);
  for (const { item, row, normal } of switched) {
    if (answers[row.id] !== row.normal || normal === undefined) continue;
    settled[item.id] = item.type === 'multi' ? [normal] : normal;
    provenance[item.id] = 'short';
  }
  const known = knownOf(campaign, of, settled);
  for (const { f } of followUps) {
    if (f.id in settled && !holds(f.when, known)) delete settled[f.id];
  }
  return { answers: settled, provenance };
}

export function itemQuestion(item: Item): Question {
  return {
    id: item.id,
    lookback: item.lookback,
    label: item.text,
    kind: item.type as Question['kind'],
    options: optionsOf(item.options),
    required: item.required ?? true,
    past: item.past ?? false,
    number: numbered(item.id),
  };
}

export function followUpQuestion(item: Item, f: FollowUp): Question {
  return {
    id: f.id,
    lookback: item.lookback,
    label: f.text,
    kind: f.type,
    options: optionsOf(f.options),
    required: f.required,
    past: f.past ?? false,
    number: numbered(item.id),
  };
}

function switchQuestion(campaign: Campaign, id: string, items: readonly Item[]): Question | null {
  const row = campaign.switches.find((s) => s.id === id);
  const behind = items.filter((i) => i.switch === id).map((i) => i.id);
  if (!row || behind.length === 0) return null;
  return {
    id,
    lookback: items.find((i) => i.switch === id)?.lookback ?? '',
    label: row.text,
    kind: 'single',
    options: [row.normal, row.other].map((value) => ({ value, alone: false })),
    required: true,
    number: numbered(...behind),
  };
}

const optionsOf = (options: Item['options']) =>
  (options ?? []).map((o) => ({ value: o.value, alone: o.alone ?? false }));
