// Owns what a household's answers come to: what is still to ask, what is stored and what is found. Decides purely. Most
// households of a county say the same, so that the last conclusions are kept by form and words.
import type { Campaign, Item } from '../domain/campaign.ts';
import { computedAnswers } from '../domain/facts.ts';
import { findings } from '../domain/findings.ts';
import { type FormOf, nextStep, type Question, settle } from '../domain/questions.ts';
import { dayOf } from '../domain/time.ts';
import type { Answers, Finding, Screening } from '../ports.ts';
import { spoken } from './privateWorkView.ts';
import { formOf } from './workingView.ts';

export interface Conclusion {
  /** Empty: all steps are answered. */
  readonly further: readonly Question[];
  readonly answers: Answers;
  readonly provenance: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
}

/** `draft`: as typed so far, what was left out as ''. `at`: epoch ms. */
export function conclude(campaign: Campaign, c: Screening, p: { draft: Answers; at: number }): Conclusion {
  const of = formOf(c);
  const draft = spoken(p.draft);
  const computed = computedOf(campaign, c, p.at);
  const known = keptFor(campaign, of);
  const key = JSON.stringify([draft, computed]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = concluded(campaign, of, { draft, computed });
  if (known.size >= keptEach) known.clear();
  known.set(key, made);
  return made;
}

function concluded(campaign: Campaign, of: FormOf, p: { draft: Answers; computed: Answers }): Conclusion {
  const settled = settle(campaign, of, p.draft);
  const answers = { ...settled.answers, ...p.computed };
  const marks = Object.fromEntries(Object.keys(p.computed).map((id) => [id, 'computed']));
  return {
    further: nextStep(campaign, of, p.draft),
    answers,
    provenance: { ...settled.provenance, ...marks },
    findings: findings(campaign, of, answers),
  };
}

/** Forms are shared by households with the same facts, of which there are some hundred. */
const kept = new WeakMap<FormOf, { readonly campaign: Campaign; readonly by: Map<string, Conclusion> }>();
const keptEach = 8;
function keptFor(campaign: Campaign, of: FormOf): Map<string, Conclusion> {
  const known = kept.get(of);
  if (known?.campaign === campaign) return known.by;
  const by = new Map<string, Conclusion>();
  kept.set(of, { campaign, by });
  return by;
}

/** Items nobody is asked, as the roster has them today. */
function computedOf(campaign: Campaign, c: Screening, at: number): Answers {
  const items = calculated(campaign).filter((i) => c.lookbacks.includes(i.lookback));
  if (items.length === 0) return nothing;
  return computedAnswers(campaign, items, { facts: c.household.facts, day: dayOf(at, campaign.zone) });
}
const nothing: Answers = {};

const calculatedOf = new WeakMap<Campaign, readonly Item[]>();
function calculated(campaign: Campaign): readonly Item[] {
  const items = calculatedOf.get(campaign) ?? campaign.items.filter((i) => i.type === 'calc');
  calculatedOf.set(campaign, items);
  return items;
}
