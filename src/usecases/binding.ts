// Owns which group works for which area: welcome, bind, move, unbind, bot removed. One group, one area of one campaign.

import type { HeadView } from '../../cards/views.ts';
import { findAreas, plain, showWithTownship } from '../domain/areaNames.ts';
import type { Campaign } from '../domain/campaign.ts';
import { may, rolesWith } from '../domain/scope.ts';
import type { Area, ChatRow, LoadedCampaign, Outgoing, Person } from '../ports.ts';
import type { Change } from '../store.ts';
import { campaignPicker, type Which, whichCampaign } from './whichCampaign.ts';
import { campaignOf, currentCampaigns, head, noCampaign, type Shown, type World } from './world.ts';

/** What a binding request comes to: something to show, or changes that bind. */
export type BindResult =
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'show'; readonly shown: Shown }
  | {
      readonly kind: 'bound';
      readonly area: Area;
      readonly campaign: LoadedCampaign;
      readonly changes: readonly Change[];
      readonly outgoing: readonly Outgoing[];
    };

export interface BindRequest {
  readonly person: Person;
  readonly chatId: string;
  readonly chatName: string;
  readonly eventId: string;
  /** Typed name, or an area code from a button, with or without a campaign's name; '' when only 绑定 was said. */
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
  const current = currentCampaigns(world, await world.store.campaigns());
  const own = person === null ? [] : current.filter((c) => rolesWith(c, person, 'bind').length > 0);
  const one = own.length === 1 || current.length === 1 ? (own[0] ?? current[0] ?? null) : null;
  const lists = await Promise.all(
    own.map(async (c) => offered(c, person ? await bindable(world, c, person) : [], chatName)),
  );
  const name = (c: LoadedCampaign, area: Area) => (own.length > 1 ? `${area.name}（${c.short}）` : area.name);
  const candidates = lists.flat().slice(0, atMost);
  return {
    card: 'welcome',
    view: {
      ...head(world, one),
      candidates: candidates.map(({ campaign, area }) => ({
        area: askFor(area.code, campaign),
        name: name(campaign, area),
      })),
    },
  };
}

interface Offer {
  readonly campaign: LoadedCampaign;
  readonly area: Area;
}

function offered(campaign: LoadedCampaign, areas: readonly Area[], chatName: string): Offer[] {
  const some = areas.length <= atMost ? areas : likely(areas, chatName).slice(0, atMost);
  return some.map((area) => ({ campaign, area }));
}

/** What a button asks for: the area and the campaign its card spoke of, read like a typed 绑定. */
const askFor = (areaCode: string, campaign: Campaign) => `${areaCode} ${campaign.id}`;

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
  const which = await whichCampaign(world, { person: r.person, argument: r.wanted, needs: ['bind'], chat });
  if (which.is === 'none') return { kind: 'say', text: noCampaign };
  if (which.is === 'several')
    return { kind: 'show', shown: campaignPicker(world, '绑定', await known(world, which, r)) };
  const { campaign } = which;
  const all = await world.store.areas();
  const areas = await bindable(world, campaign, r.person);
  if (areas.length === 0) return { kind: 'say', text: notYours(campaign) };
  const found = which.area === '' ? guess(areas, r.chatName) : findAreas(which.area, areas, all);
  const more = which.named ? ` ${campaign.short}` : '';
  if (found.length === 0) return { kind: 'say', text: notFound(which.area, areas) };
  if (found.length > 1) return { kind: 'show', shown: picker(head(world, campaign), { found, all, more }) };
  return settle(world, { campaign, area: found[0] as Area, r, chat });
}

/** The picker of campaigns names the area too where there is only one it can be. */
async function known(
  world: World,
  which: Extract<Which, { is: 'several' }>,
  r: BindRequest,
): Promise<Extract<Which, { is: 'several' }>> {
  if (which.area !== '') return which;
  const lists = await Promise.all(which.campaigns.map((c) => bindable(world, c, r.person)));
  const codes = new Set(lists.flatMap((areas) => guess(areas, r.chatName)).map((a) => a.code));
  const [only] = codes;
  const area = codes.size === 1 && only !== undefined ? ((await world.store.area(only))?.name ?? '') : '村名';
  return { ...which, area };
}

function notYours(campaign: Campaign): string {
  const roles = campaign.roles.filter((role) => role.may.includes('bind')).map((role) => role.name);
  return `绑定要由${roles.join('、')}来做。您还不在名单里，请联系乡镇。`;
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

/** `more`: the campaign's name as it was asked for, so that the line picked asks for it again. */
function picker(
  top: HeadView,
  p: { readonly found: readonly Area[]; readonly all: readonly Area[]; readonly more: string },
): Shown {
  const { found, all } = p;
  const shown = found.slice(0, atMost);
  const more = found.length > atMost ? `共 ${found.length} 个，只列出前 ${atMost} 个；` : '';
  const choices = shown.map((a) => {
    const text = showWithTownship(a, all);
    return { text, command: `绑定 ${text}${p.more}` };
  });
  const text = `${more}请点开下面的一项，或发送：绑定 村名`;
  return { card: 'notice', view: { ...top, title: '请选一个地区绑定', text, tone: 'ask', choices } };
}

async function settle(
  world: World,
  p: { campaign: LoadedCampaign; area: Area; r: BindRequest; chat: ChatRow | null },
): Promise<BindResult> {
  const { campaign, area, r } = p;
  const taken = await occupied(world, p);
  if (taken !== null) return { kind: 'say', text: taken };
  const other = await world.store.chatOfArea(campaign.id, area.code);
  if (other && !r.move) {
    const view = {
      ...head(world, campaign),
      area: { code: askFor(area.code, campaign), name: area.name },
      from: other.name || '另一个群',
    };
    return { kind: 'show', shown: { card: 'move', view } };
  }
  const at = world.clock.now();
  const { chatId, chatName } = r;
  return {
    kind: 'bound',
    area,
    campaign,
    changes: [{ do: 'bind', chatId, chatName, campaignId: campaign.id, areaCode: area.code, by: r.person.id, at }],
    outgoing: [areaCard({ campaign, area, chatId, key: `vil/${r.eventId.slice(-46)}`, at })],
  };
}

/** Why the group stays what it is: it works for an area and a campaign already; null when it is free. */
async function occupied(
  world: World,
  p: { campaign: LoadedCampaign; area: Area; chat: ChatRow | null },
): Promise<string | null> {
  const { campaign, area, chat } = p;
  if (!chat?.areaCode) return null;
  const now = (await world.store.area(chat.areaCode))?.name ?? '别的地区';
  const job = (await campaignOf(world, chat.campaignId))?.short ?? '';
  if (chat.areaCode !== area.code)
    return `本群现在是${now}的工作群，没有改动。要换成${area.name}，请先由${now}的干部或上级乡镇发送「解绑」。`;
  if (chat.campaignId !== campaign.id)
    return `本群现在做的是${job}，没有改动。要改做${campaign.short}，请先发送「解绑」，再绑定；也可以另建一个群来做。`;
  return `本群已经是${now}的工作群，不用再绑定，做的是${job}。发送「排查」打开填报卡。`;
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
