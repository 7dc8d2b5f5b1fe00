// Owns what one person still has to do, over all campaigns that run: the digest's content and what 提醒 shows. Reads only.
import type { Level } from '../domain/campaign.ts';
import { areasOwed, minutesOf, type Owed, owed } from '../domain/owed.ts';
import { horizon, type Rules } from '../domain/reminders.ts';
import { dayOf } from '../domain/time.ts';
import type { LoadedCampaign, Person } from '../ports.ts';
import { rulesFor } from './reminderRules.ts';
import type { World } from './world.ts';

/** One area's undone work in one campaign. */
export interface OwedWork extends Owed {
  readonly campaign: LoadedCampaign;
  readonly areaName: string;
  readonly minutes: number; // roughly; 0: the campaign does not say
  readonly why: readonly string[]; // what the campaign's calendar says of today: 入户排查, 村级完成还剩 1 天
}

/** In the order of the campaigns, then of the person's roles. Empty: nothing to do, nothing to be told. */
export async function owedOf(world: World, person: Person): Promise<OwedWork[]> {
  const campaigns = await world.store.campaigns();
  const rules = rulesFor(campaigns);
  const works = await Promise.all(
    campaigns.flatMap((campaign) =>
      areasOwed(campaign, person).map((area) => workOf(world, { campaign, rules, area })),
    ),
  );
  return works.filter((w) => w !== null);
}

async function workOf(
  world: World,
  p: {
    readonly campaign: LoadedCampaign;
    readonly rules: Rules;
    readonly area: { readonly areaCode: string; readonly level: Level };
  },
): Promise<OwedWork | null> {
  const { store } = world;
  const { campaign, rules, area } = p;
  const now = world.clock.now();
  const { areaCode: code, level } = area;
  const until = horizon(rules.calendar, dayOf(now, campaign.zone));
  const stands = await store.stands(campaign.id, { code, level }, until);
  const owes = owed(campaign, { area, stands, until }, now);
  if (owes === null) return null;
  const todo = level === 'village' ? await store.todoForms(campaign.id, code) : { short: 0, full: 0 };
  const areaName = (await store.area(code))?.name ?? '';
  const today = dayOf(now, campaign.zone);
  const why = rules.causes
    .filter((c) => c.campaignId === campaign.id && c.to === level && dayOf(c.at, campaign.zone) === today)
    .map((c) => c.name);
  return { ...owes, campaign, areaName, minutes: minutesOf(campaign, owes, todo), why: [...new Set(why)] };
}
