// Owns what will come to one person unasked, as things stand, and why: what 提醒 shows.
import { inShort, villageLeft } from '../domain/digestWords.ts';
import { forecast } from '../domain/forecast.ts';
import { areasOwed, type VillageStand } from '../domain/owed.ts';
import { horizon, type Rules } from '../domain/reminders.ts';
import { dayOf, showInstant } from '../domain/time.ts';
import type { Person } from '../ports.ts';
import { type OwedWork, owedOf } from './owed.ts';
import { rulesFor } from './reminderRules.ts';
import type { World } from './world.ts';

export interface Coming {
  readonly why: readonly string[]; // 大阿村：还有 28 户没有排查
  readonly slots: readonly { readonly when: string; readonly what: string }[];
}

export async function comingTo(world: World, person: Person): Promise<Coming> {
  const rules = rulesFor(await world.store.campaigns());
  const [works, stands] = await Promise.all([owedOf(world, person), standsFor(world, person, rules)]);
  const { openId, id, roles } = person;
  if (openId === null) return { why: works.map(line), slots: [] };
  const reader = { id, roles, openId, setting: await world.store.reminderSetting(id), lastDigestAt: 0 };
  const window = { from: world.clock.now(), now: Number.POSITIVE_INFINITY };
  const coming = forecast(rules, { people: [reader], groups: [], stands }, window).flatMap((wave) => wave.reminders);
  const zone = rules.campaigns[0]?.zone ?? 'UTC';
  return {
    why: works.map(line),
    slots: coming.map((r) => ({ when: showInstant(r.at, zone), what: r.why.join('、') })),
  };
}

const line = (w: OwedWork) => `${w.areaName}：${w.level === 'village' ? villageLeft(w).join('，') : inShort(w)}`;

/** Of all villages this person's areas answer for. */
async function standsFor(world: World, person: Person, { campaigns, calendar }: Rules): Promise<VillageStand[]> {
  const now = world.clock.now();
  const reads = campaigns.flatMap((c) => {
    const until = horizon(calendar, dayOf(now, c.zone));
    return areasOwed(c, person).map((a) => world.store.stands(c.id, { code: a.areaCode, level: a.level }, until));
  });
  const all = (await Promise.all(reads)).flat();
  return [...new Map(all.map((s) => [`${s.campaignId}|${s.areaCode}`, s])).values()];
}
