// Owns keeping what the loaded campaigns say of reminders worked out: every tick and every digest asks for it.
import { type Rules, rulesOf } from '../domain/reminders.ts';
import type { LoadedCampaign } from '../ports.ts';

/** Plain data, no I/O: may outlive an invocation on Workers. */
let known: { readonly of: string; readonly rules: Rules } | null = null;

export function rulesFor(campaigns: readonly LoadedCampaign[]): Rules {
  const of = campaigns.map((c) => `${c.id}:${c.hash}`).join();
  if (known?.of !== of) known = { of, rules: rulesOf(campaigns) };
  return known.rules;
}
