// Owns gathering what is known of a village for its own look-backs and for its hand-in. Decides nothing.
import type { AreaForm } from '../areaStore.ts';
import { type AreaKnown, villageLookbacks } from '../domain/areaForm.ts';
import { type HandInFacts, isUnsettled } from '../domain/handIn.ts';
import type { Area, LoadedCampaign } from '../ports.ts';
import { countsOf } from './village.ts';
import { formOf } from './workingView.ts';
import type { World } from './world.ts';

/** A village in a campaign: what every click on its own affairs is about. */
export interface Place {
  readonly campaign: LoadedCampaign;
  readonly village: Area;
}

export async function knownOfVillage(world: World, { campaign, village }: Place): Promise<AreaKnown> {
  const { store } = world;
  const [roster, tallies] = await Promise.all([store.villageRoster(village.code), store.tallies(campaign.id, village)]);
  const { total, done } = countsOf(tallies, 'ALL');
  return { ...roster, total, done, openDoubts: 0 };
}

/** Everything a hand-in is judged by, read fresh. */
export async function handInFacts(world: World, { campaign, village }: Place): Promise<HandInFacts> {
  const { store } = world;
  const [tallies, forms, putOff, found] = await Promise.all([
    store.tallies(campaign.id, village),
    store.areaForms(campaign.id, village.code),
    store.putOff(campaign.id, village.code),
    store.foundHouseholds(campaign.id, village.code),
  ]);
  return {
    todo: countsOf(tallies, 'ALL').todo,
    putOff,
    unsettled: found.filter((f) => isUnsettled(campaign, formOf(f.screening), f.answers)).length,
    forms: villageLookbacks(campaign)
      .filter((l) => !isDone(forms.find((f) => f.lookback === l.id)))
      .map((l) => l.short),
  };
}

export const isDone = (form: AreaForm | undefined): boolean => form !== undefined && form.doneAt !== null;
