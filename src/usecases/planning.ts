// Owns the plan of a tick: what came due since the last one becomes outbox rows, in one unit behind a guard on the instant
// it begins at. The first tick plans nothing of the past. Content is drawn when it is sent.
import {
  type BoundGroup,
  due,
  horizon,
  mayBeDue,
  type Reminder,
  type ReminderFacts,
  type Rules,
} from '../domain/reminders.ts';
import { dayLength, dayOf } from '../domain/time.ts';
import type { Outgoing } from '../ports.ts';
import { rulesFor } from './reminderRules.ts';
import type { World } from './world.ts';

/** No rest lasts longer: whoever was told before that is told again. */
const lookBack = 15 * dayLength;

export async function planReminders(world: World): Promise<void> {
  const { store } = world;
  const now = world.clock.now();
  const from = await store.plannedTo();
  if (from !== null && from >= now) return;
  const outgoing = from === null ? [] : await comingDue(world, { from, now });
  await store.plan({ from, to: now, outgoing });
}

async function comingDue(world: World, window: { readonly from: number; readonly now: number }): Promise<Outgoing[]> {
  const { store } = world;
  const rules = rulesFor(await store.campaigns());
  if (rules.campaigns.length === 0) return [];
  const since = window.from - lookBack;
  if (!mayBeDue(rules, await store.handInChanges(since), window)) return [];
  return due(rules, await factsOf(world, { rules, now: window.now, since }), window).map(outgoingOf);
}

/** Where everything stands, for the working day of `now`. */
function factsOf(
  { store }: World,
  { rules, now, since }: { readonly rules: Rules; readonly now: number; readonly since: number },
): Promise<ReminderFacts> {
  const zone = rules.campaigns[0]?.zone ?? 'UTC';
  const day = horizon(rules.calendar, dayOf(now, zone));
  return store.reminderFacts({ campaignIds: rules.campaigns.map((c) => c.id), day, since });
}

function outgoingOf(r: Reminder): Outgoing {
  if (r.kind === 'digest') {
    const { personId, openId, day } = r;
    return {
      key: `dig/${personId}/${day}`,
      kind: 'send',
      target: { kind: 'user', id: openId },
      lane: openId,
      payload: { type: 'digest', personId, day, audience: 'private' },
      dueAt: r.at,
      priority: r.urgent ? 'deadline' : 'nicety',
      proactive: { personId },
    };
  }
  const { chatId, campaignId, areaCode } = r.group;
  const to = { kind: 'send', target: { kind: 'chat', id: chatId }, lane: chatId, dueAt: r.at, proactive: {} } as const;
  if (r.kind === 'milestone') {
    const { milestone } = r;
    const payload = { type: 'milestone', campaignId, milestone, areaCode } as const;
    return { ...to, key: groupKey('mil', milestone, r.group), payload, priority: 'deadline' };
  }
  const payload = { type: 'groupDigest', campaignId, areaCode, day: r.day } as const;
  return { ...to, key: groupKey('dgg', r.day, r.group), payload, priority: 'nicety' };
}

/** At most 50 characters: campaigns side by side differ at the end of their ids (year and number). */
const groupKey = (kind: string, what: string, { areaCode, campaignId }: BoundGroup) =>
  `${kind}/${what}/${areaCode}/${campaignId.slice(-20)}`;
