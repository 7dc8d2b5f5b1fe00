// Owns what makes a finding: every problem rule of the household's items over answers and facts. Pure. A finding is a
// hint for people to look at, never a ledger entry by itself.
import type { Answers, Finding } from '../ports.ts';
import type { Campaign } from './campaign.ts';
import { holds } from './condition.ts';
import type { FormOf } from './questions.ts';

/** Findings of a household, in the campaign's order, one per rule that holds. */
export function findings(campaign: Campaign, of: FormOf, answers: Answers): Finding[] {
  const known = { answers, facts: of.facts, thresholds: campaign.thresholds };
  return campaign.items
    .filter((i) => of.lookbacks.includes(i.lookback) && (i.scope === 'household' || i.scope === 'person'))
    .flatMap((item) =>
      item.problems
        .filter((p) => holds(p.when, known))
        .map((p) => ({
          item: item.id,
          ...(p.type ? { type: p.type } : {}),
          ...(p.procedure ? { procedure: p.procedure } : {}),
        })),
    );
}
