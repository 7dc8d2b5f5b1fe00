// Owns which campaign a request is about when several are loaded: the one it names, the group's own, else what runs now
// and the person has a part in. Several left: a picker that names them.

import type { Capability } from '../domain/campaign.ts';
import { splitCampaign } from '../domain/campaignNames.ts';
import { rolesWith } from '../domain/scope.ts';
import type { ChatRow, LoadedCampaign, Person } from '../ports.ts';
import { currentCampaigns, head, type Shown, type World } from './world.ts';

/** What was asked, by whom, where. `needs`: one of these capabilities; empty: none. */
export interface Wanted {
  readonly person: Person | null;
  readonly argument: string;
  readonly needs: readonly Capability[];
  readonly chat: ChatRow | null;
  /** What the argument is about beside a campaign; default: an area. */
  readonly about?: 'household';
}

export type Which =
  | { readonly is: 'none' } // nothing is loaded
  /** `area`: the argument (an area, a household) without the campaign's name; `named`: whether it was there. */
  | { readonly is: 'one'; readonly campaign: LoadedCampaign; readonly area: string; readonly named: boolean }
  | { readonly is: 'several'; readonly campaigns: readonly LoadedCampaign[]; readonly area: string };

export async function whichCampaign(world: World, w: Wanted): Promise<Which> {
  const all = await world.store.campaigns();
  const spoken = splitCampaign(w.argument, all, w.about ? null : await world.store.areas());
  const named = spoken.campaigns.length > 0;
  const bound = all.filter((c) => w.chat?.areaCode != null && c.id === w.chat.campaignId);
  const current = bound.length > 0 ? bound : currentCampaigns(world, all);
  const left = narrowed(named ? spoken.campaigns : current, w);
  const [first, ...more] = left;
  if (!first) return { is: 'none' };
  if (more.length > 0) return { is: 'several', campaigns: left, area: spoken.area };
  return { is: 'one', campaign: first, area: spoken.area, named };
}

/** Those the person has a part in. In none of them: one is enough to say so, unless everybody may ask. */
function narrowed(campaigns: readonly LoadedCampaign[], w: Wanted): readonly LoadedCampaign[] {
  if (campaigns.length < 2) return campaigns;
  const { person } = w;
  const own = person === null ? [] : campaigns.filter((c) => partIn(c, person, w.needs));
  if (own.length > 0) return own;
  return w.needs.length === 0 ? campaigns : campaigns.slice(0, 1);
}

function partIn(campaign: LoadedCampaign, person: Person, needs: readonly Capability[]): boolean {
  if (needs.length > 0) return needs.some((one) => rolesWith(campaign, person, one).length > 0);
  return person.roles.some((held) => campaign.roles.some((r) => r.name === held.role));
}

const atMost = 10;

/** Which of them? One line each, ready to send: 「进度 大阿镇 汛期住房安全」. */
export function campaignPicker(world: World, command: string, which: Extract<Which, { is: 'several' }>): Shown {
  const shown = which.campaigns.slice(0, atMost);
  const asked = which.area === '' ? command : `${command} ${which.area}`;
  return {
    card: 'notice',
    view: {
      ...head(world, null),
      title: '请选一项活动',
      text: `现在有 ${which.campaigns.length} 项活动，请把要用的那一行发给我：`,
      tone: 'ask',
      choices: shown.map((c) => ({ text: c.title, command: `${asked} ${c.short}` })),
    },
  };
}
