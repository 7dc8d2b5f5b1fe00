// Owns which group works for which area: welcome, bind, move, unbind, bot removed. One group, one area.

import type { HeadView } from '../../cards/views.ts';
import { findAreas, plain, showWithTownship } from '../domain/areaNames.ts';
import type { Campaign } from '../domain/campaign.ts';
import { may, rolesWith } from '../domain/scope.ts';
import type { Area, LoadedCampaign, Outgoing, Person } from '../ports.ts';
import type { Change } from '../store.ts';
import { campaignOf, head, noCampaign, type Shown, type World } from './world.ts';

/** What a binding request comes to: something to show, or changes that bind. */
export type BindResult =
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'show'; readonly shown: Shown }
  | {
      readonly kind: 'bound';
      readonly area: Area;
      readonly changes: readonly Change[];
      readonly outgoing: readonly Outgoing[];
    };

export interface BindRequest {
  readonly person: Person;
  readonly chatId: string;
  readonly chatName: string;
  readonly eventId: string;
  /** Typed name, or an area code from a button; '' when only 绑定 was said. */
  readonly wanted: string;
  readonly move: boolean; // the asker said yes to moving
}

const atMost = 10;

/** Areas this person may bind: cadres their own village, townships what lies in them, the county all. */
async function bindable(world: World, campaign: Campaign, person: Person): Promise<Area[]> {
  if (rolesWith(campaign, person, 'bind').length === 0) return [];
  return (await world.store.areas()).filter((a) => a.level !== 'county' && may({ campaign, person }, 'bind', a));
}

/** The welcome card after the bot was added; candidates for the one who added it, the likeliest by the group's name first. */
export async function welcome(world: World, person: Person | null, chatName: string): Promise<Shown> {
  const campaign = await campaignOf(world, null);
  const areas = campaign && person ? await bindable(world, campaign, person) : [];
  const candidates = areas.length <= atMost ? areas : likely(areas, chatName).slice(0, atMost);
  return {
    card: 'welcome',
    view: { ...head(world, campaign), candidates: candidates.map((a) => ({ area: a.code, name: a.name })) },
  };
}

/** Areas whose name occurs in the group's name, longest first. */
function likely(areas: readonly Area[], chatName: string): Area[] {
  const name = plain(chatName);
  const hits = areas.filter((a) => name.includes(plain(a.name)));
  return hits.sort(
    (a, b) => Number(b.level === 'village') - Number(a.level === 'village') || b.name.length - a.name.length,
  );
}

export async function bind(world: World, r: BindRequest): Promise<BindResult> {
  const chat = await world.store.chat(r.chatId);
  const campaign = await campaignOf(world, chat?.campaignId ?? null);
  if (!campaign) return { kind: 'say', text: noCampaign };
  const areas = await bindable(world, campaign, r.person);
  if (areas.length === 0)
    return { kind: 'say', text: '绑定要由本村干部、驻村工作队或乡镇以上干部来做。您还不在名单里，请联系乡镇。' };
  const found = r.wanted === '' ? guess(areas, r.chatName) : findAreas(r.wanted, areas, await world.store.areas());
  if (found.length === 0) return { kind: 'say', text: notFound(r.wanted, areas) };
  if (found.length > 1) return { kind: 'show', shown: picker(head(world, campaign), found, areas) };
  return settle(world, { campaign, area: found[0] as Area, r, current: chat?.areaCode ?? null });
}

function guess(areas: readonly Area[], chatName: string): Area[] {
  if (areas.length === 1) return [...areas];
  const first = likely(areas, chatName).filter((a) => a.level === 'village');
  return first.length > 0 ? first.slice(0, 1) : [...areas];
}

function notFound(wanted: string, areas: readonly Area[]): string {
  const sample = areas.find((a) => a.level === 'village') ?? areas[0];
  return `您能绑定的范围里没有找到「${wanted}」。请核对名称，例如：绑定 ${sample?.name ?? ''}`;
}

function picker(top: HeadView, found: readonly Area[], areas: readonly Area[]): Shown {
  const shown = found.slice(0, atMost);
  const more = found.length > atMost ? `共 ${found.length} 个，只列出前 ${atMost} 个；` : '';
  return {
    card: 'notice',
    view: {
      ...top,
      title: '请选一个地区绑定',
      text: `${more}请点开下面的一项，或发送：绑定 村名`,
      tone: 'ask',
      choices: shown.map((a) => ({ text: showWithTownship(a, areas), command: `绑定 ${showWithTownship(a, areas)}` })),
    },
  };
}

async function settle(
  world: World,
  p: { campaign: LoadedCampaign; area: Area; r: BindRequest; current: string | null },
): Promise<BindResult> {
  const { campaign, area, r, current } = p;
  if (current !== null && current !== area.code) {
    const now = (await world.store.area(current))?.name ?? '别的地区';
    const text = `本群现在是${now}的工作群，没有改动。要换成${area.name}，请先由${now}的干部或上级乡镇发送「解绑」。`;
    return { kind: 'say', text };
  }
  const other = await world.store.chatOfArea(campaign.id, area.code);
  if (other && other.id === r.chatId)
    return { kind: 'say', text: `本群已经是${area.name}的工作群，不用再绑定。发送「排查」打开填报卡。` };
  if (other && !r.move) {
    const view = {
      ...head(world, campaign),
      area: { code: area.code, name: area.name },
      from: other.name || '另一个群',
    };
    return { kind: 'show', shown: { card: 'move', view } };
  }
  const at = world.clock.now();
  return {
    kind: 'bound',
    area,
    changes: [
      {
        do: 'bind',
        chatId: r.chatId,
        chatName: r.chatName,
        campaignId: campaign.id,
        areaCode: area.code,
        by: r.person.id,
        at,
      },
    ],
    outgoing: [areaCard({ campaign, area, chatId: r.chatId, key: `vil/${r.eventId.slice(-46)}`, at })],
  };
}

/** The area's card, sent to its group. */
export function areaCard(p: {
  campaign: LoadedCampaign;
  area: Area;
  chatId: string;
  key: string;
  at: number;
}): Outgoing {
  return {
    key: p.key,
    kind: 'send',
    target: { kind: 'chat', id: p.chatId },
    lane: p.chatId,
    payload: { type: 'village', campaignId: p.campaign.id, areaCode: p.area.code },
    dueAt: p.at,
  };
}

/** 解绑: the same people who may bind the area. */
export async function unbind(
  world: World,
  person: Person,
  chatId: string,
): Promise<{ text: string; changes: readonly Change[] }> {
  const chat = await world.store.chat(chatId);
  const area = chat?.areaCode ? await world.store.area(chat.areaCode) : null;
  if (!chat?.areaCode || !area) return { text: '本群还没有绑定地区，不用解绑。', changes: [] };
  const campaign = await campaignOf(world, chat.campaignId);
  if (!campaign || !may({ campaign, person }, 'bind', area))
    return { text: `解绑要由${area.name}的干部或上级乡镇来做。`, changes: [] };
  const change: Change = { do: 'unbind', chatId, by: person.id, at: world.clock.now() };
  return { text: `已解绑${area.name}。已填的内容都还在；要接着填，在新群里绑定就行。`, changes: [change] };
}
