// Owns what would be said unasked if nothing changed from here on: the planner's own rules, run slot by slot. Pure.
import { due, type Reminder, type ReminderFacts, type Rules, type Window } from './reminders.ts';

/** One slot and what goes out from it. */
export interface Wave {
  readonly at: number; // epoch ms
  readonly reminders: readonly Reminder[];
}

/**
 * Slot by slot after `from` until `now`; a digest counts as sent for those that follow. What a hand-in may still cause is
 * not known and not in it.
 */
export function forecast(rules: Rules, facts: ReminderFacts, { from, now }: Window): Wave[] {
  const slots = [...new Set(rules.causes.map((c) => c.at))].filter((at) => from < at && at <= now);
  const last = new Map(facts.people.map((p) => [p.id, p.lastDigestAt]));
  let since = from;
  return slots
    .sort((a, b) => a - b)
    .map((at) => {
      const people = facts.people.map((p) => ({ ...p, lastDigestAt: last.get(p.id) ?? 0 }));
      const reminders = due(rules, { ...facts, people }, { from: since, now: at });
      for (const r of reminders) if (r.kind === 'digest') last.set(r.personId, r.at);
      since = at;
      return { at, reminders };
    });
}
