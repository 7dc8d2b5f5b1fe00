// Owns what happens when a phase's books are closed: one snapshot of counts and hand-ins, once, however late the tick comes
// and however many processes tick.
import { lockedPhases } from '../domain/phase.ts';
import type { World } from './world.ts';

export async function lockPhases(world: World): Promise<void> {
  const at = world.clock.now();
  for (const campaign of await world.store.campaigns()) {
    const due = lockedPhases(campaign, at);
    if (due.length === 0) continue;
    const taken = new Set(await world.store.snapshots(campaign.id));
    for (const phase of due.filter((p) => !taken.has(p.id)))
      await world.store.takeSnapshot({ campaignId: campaign.id, phaseId: phase.id, at });
  }
}
