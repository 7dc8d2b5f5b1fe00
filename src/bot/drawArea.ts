// Owns drawing the cards of areas' own work when they are sent: the village's forms and hand-in, the township's review.
import type { OutboxPayload } from '../ports.ts';
import { areaFormList } from '../usecases/areaForm.ts';
import type { Place } from '../usecases/areaFormFacts.ts';
import { handInView } from '../usecases/handIn.ts';
import { returnedView } from '../usecases/townshipReview.ts';
import { reviewView } from '../usecases/townshipView.ts';
import type { Shown, World } from '../usecases/world.ts';

type Of = Extract<OutboxPayload, { type: 'area' }>;

/** null: what it spoke of no longer stands. */
export async function areaCardShown(world: World, of: Of): Promise<Shown | null> {
  const [campaign, village] = await Promise.all([world.store.campaign(of.campaignId), world.store.area(of.areaCode)]);
  return campaign && village ? shownOf(world, of, { campaign, village }) : null;
}

async function shownOf(world: World, { card, audience }: Of, place: Place): Promise<Shown | null> {
  switch (card) {
    case 'form':
      return { card: 'areaForm', view: await areaFormList(world, place, audience === 'private') };
    case 'handIn':
      return { card: 'handIn', view: await handInView(world, place, audience === 'private') };
    case 'review':
      return { card: 'review', view: await reviewView(world, place, false) };
    case 'returned': {
      const view = await returnedView(world, place);
      return view === null ? null : { card: 'returned', view };
    }
  }
}
