// Owns what one person still has to do, over all campaigns that run: the digest's content and what 提醒 shows. Reads only.
import type { Campaign } from '../domain/campaign.ts';
import { areasOwed, minutesOf, type Owed, owed } from '../domain/owed.ts';
import { dayOf } from '../domain/time.ts';
import type { LoadedCampaign, Person } from '../ports.ts';
import type { World } from './world.ts';

/** One area's undone work in one campaign. */
export interface OwedWork extends Owed {
  readonly campaign: LoadedCampaign;
  readonly areaName: string;
  readonly minutes: number; // roughly; 0: the campaign does not say
}

/** In the order of the campaigns, then of the person's roles. Empty: nothing to do, nothing to be told. */
export async function owedOf(world: World, person: Person): Promise<OwedWork[]> {
  const campaigns = await world.store.campaigns();
  const works = await Promise.all(
    campaigns.flatMap((campaign) => areasOwed(campaign, person).map((area) => workOf(world, campaign, area))),
  );
  return works.filter((w) => w !== null);
}

async function workOf(
  world: World,
  campaign: LoadedCampaign,
  area: { readonly areaCode: string; readonly level: Campaign['roles'][number]['level'] },
): Promise<OwedWork | null> {
  const { store } = world;
  const now = world.clock.now();
  const { areaCode: code, level } = area;
  const stands = await store.stands(campaign.id, { code, level }, dayOf(now, campaign.zone));
  const owes = owed(campaign, { area, stands }, now);
  if (owes === null) return null;
  const todo = level === 'village' ? await store.todoForms(campaign.id, code) : { short: 0, full: 0 };
  const areaName = (await store.area(code))?.name ?? '';
  return { ...owes, campaign, areaName, minutes: minutesOf(campaign, owes, todo) };
}
