// Owns what makes a finding: every problem rule of the household's items over answers and facts. Pure. A finding is a
// hint for people to look at, never a ledger entry by itself.
import type { Answers, Finding } from '../ports.ts';
import type { Campaign, Item } from './campaign.ts';
import { holds } from './condition.ts';
import type { FormOf } from './questions.ts';

/** Findings of a household, in the campaign's order, one per rule that holds. */
export function findings(campaign: Campaign, of: FormOf, answers: Answers): Finding[] {
  const known = { answers, facts: of.facts, thresholds: campaign.thresholds };
  return rulesFor(campaign, of.lookbacks)
    .filter(({ p }) => holds(p.when, known))
    .map(({ item, p }) => ({
      item: item.id,
      ...(p.type ? { type: p.type } : {}),
      ...(p.procedure ? { procedure: p.procedure } : {}),
    }));
}

interface Rule {
  readonly item: Item;
  readonly p: Item['problems'][number];
}

/** Kept by the campaign's definition, which never changes, and by look-backs, of which there are few sets. */
const kept = new WeakMap<Campaign, Map<string, readonly Rule[]>>();
function rulesFor(campaign: Campaign, lookbacks: readonly string[]): readonly Rule[] {
  const own = kept.get(campaign) ?? new Map<string, readonly Rule[]>();
  kept.set(campaign, own);
  const key = lookbacks.join();
  const rules =
    own.get(key) ??
    campaign.items
      .filter((i) => lookbacks.includes(i.lookback) && (i.scope === 'household' || i.scope === 'person'))
      .flatMap((item) => item.problems.map((p) => ({ item, p })));
  own.set(key, rules);
  return rules;
}
