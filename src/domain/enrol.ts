// Owns which look-backs a household is asked in a campaign and with which form. Pure.
import type { HouseholdFacts } from '../ports.ts';
import type { Campaign } from './campaign.ts';
import { holds } from './condition.ts';

export interface Enrolment {
  readonly lookbacks: readonly string[]; // in the campaign's order; empty: the household is not part of the campaign
  readonly form: 'short' | 'full';
}

/** Household facts as conditions see them: lists also as booleans (`keyGroup`, `alerted`). */
export function conditionFacts(facts: HouseholdFacts): Readonly<Record<string, unknown>> {
  const known = seen.get(facts);
  if (known !== undefined) return known;
  const made = { ...facts, keyGroup: facts.keyGroups.length > 0, alerted: (facts.alert ?? '') !== '' };
  seen.set(facts, made);
  return made;
}
/** A household's facts never change under their object; each step of a click asks for them. */
const seen = new WeakMap<HouseholdFacts, Readonly<Record<string, unknown>>>();

/** The short form is used when every look-back of the household allows it. */
export function enrol(campaign: Campaign, facts: HouseholdFacts): Enrolment {
  const known = { answers: {}, facts: conditionFacts(facts), thresholds: campaign.thresholds };
  const own = campaign.lookbacks.filter((l) => l.scope === 'household' && l.population && holds(l.population, known));
  const short = own.length > 0 && own.every((l) => l.shortWhen !== undefined && holds(l.shortWhen, known));
  return { lookbacks: own.map((l) => l.id), form: short ? 'short' : 'full' };
}
