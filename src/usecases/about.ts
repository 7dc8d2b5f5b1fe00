// Owns 活动 and 帮助: what is going on and what this person can do here.
import type { CampaignView, HelpView } from '../../cards/views.ts';
import { dueLine, standing } from '../domain/phase.ts';
import { showRoles } from '../domain/scope.ts';
import { dayOf, showDay } from '../domain/time.ts';
import type { LoadedCampaign, Person } from '../ports.ts';
import { head, type World } from './world.ts';

export function campaignView(world: World, campaign: LoadedCampaign): CampaignView {
  const now = world.clock.now();
  const today = dayOf(now, campaign.zone);
  const state = standing(campaign, now);
  const phases = campaign.phases.map((p) => ({
    name: p.name,
    days: `${showDay(p.from)}—${showDay(p.to)}`,
    state: today < p.from ? '未开始' : today > p.to ? '已结束' : '进行中',
  }));
  const left = state.when === 'after' ? '活动已结束，没填完的户仍可补报。' : dueLine(campaign, 'village', now).text;
  return {
    ...head(world, campaign),
    title: campaign.title,
    number: campaign.number,
    phases,
    left,
    contact: campaign.contact,
  };
}

export interface CommandLine {
  readonly usage: string;
  readonly text: string;
}

export async function helpView(
  world: World,
  p: {
    readonly campaign: LoadedCampaign | null;
    readonly person: Person | null;
    readonly commands: readonly CommandLine[];
  },
): Promise<HelpView> {
  const { campaign, person, commands } = p;
  const areas = new Map((await world.store.areas()).map((a) => [a.code, a.name]));
  const scope = person ? showRoles(person, (code) => areas.get(code) ?? code) : '还不在名单里，请联系乡镇登记';
  return { ...head(world, campaign), name: person?.name ?? '您好', scope, commands };
}
