// Owns finding a campaign by what a person typed, alone or beside an area: 「大阿镇 防返贫回头看」. Pure.
import type { Area } from '../ports.ts';
import { findAreas, plain } from './areaNames.ts';
import type { Campaign } from './campaign.ts';

type Named = Pick<Campaign, 'id' | 'number' | 'short' | 'title'>;

/** Campaigns the text may mean: a whole name wins over a part of at least two letters. Empty: none. */
function findCampaigns<C extends Named>(text: string, campaigns: readonly C[], parts: boolean): C[] {
  const wanted = plain(text);
  if ([...wanted].length < 2) return [];
  const names = (c: C) => [c.short, c.title, c.number, c.id].map(plain);
  const exact = campaigns.filter((c) => names(c).includes(wanted));
  return exact.length > 0 || !parts ? exact : campaigns.filter((c) => names(c).some((n) => n.includes(wanted)));
}

/** What an argument speaks of: an area or what else it is about ('' = nothing said) and the campaigns it may mean (empty = none named). */
export interface Spoken<C> {
  readonly area: string;
  readonly campaigns: readonly C[];
}

/**
 * Takes a campaign's name off the end or the front of an argument. What is an area's name as a whole names no campaign,
 * so that 信丰 is the county even where a campaign's title says it too. `areas` null: the rest may be anything (a
 * household), and a campaign counts by a whole name only.
 */
export function splitCampaign<C extends Named>(
  argument: string,
  campaigns: readonly C[],
  areas: readonly Area[] | null,
): Spoken<C> {
  const letters = [...plain(argument)];
  if (letters.length === 0 || (areas && findAreas(argument, areas).length > 0))
    return { area: argument, campaigns: [] };
  for (let at = 0; at < letters.length; at++) {
    const [front, back] = [letters.slice(0, at).join(''), letters.slice(at).join('')];
    const fits = (text: string) => text === '' || areas === null || findAreas(text, areas).length > 0;
    const behind = findCampaigns(back, campaigns, areas !== null);
    if (behind.length > 0 && fits(front)) return { area: front, campaigns: behind };
    const before = findCampaigns(front, campaigns, areas !== null);
    if (before.length > 0 && fits(back)) return { area: back, campaigns: before };
  }
  return { area: argument, campaigns: [] };
}
