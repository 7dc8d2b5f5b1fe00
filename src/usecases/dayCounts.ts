// Owns keeping what every township has done as a day begins, so that a digest can say what changed. Once a day, however
// late the tick comes and however many processes tick.
import { standing } from '../domain/phase.ts';
import { dayOf } from '../domain/time.ts';
import type { World } from './world.ts';

export async function countDays(world: World): Promise<void> {
  const at = world.clock.now();
  for (const campaign of await world.store.campaigns()) {
    if (standing(campaign, at).when !== 'during') continue;
    const day = dayOf(at, campaign.zone);
    const known = await world.store.dayCounts(campaign.id, day);
    if (known?.day !== day) await world.store.countDay({ campaignId: campaign.id, day, at });
  }
}
