// Owns the chat commands: one table that routing, the help card and the README's list come from. A command decides and
// answers; where the answer goes (private or here) is a property of its row.
import { plain } from '../domain/areaNames.ts';
import type { Campaign, Capability } from '../domain/campaign.ts';
import { rolesWith } from '../domain/scope.ts';
import type { LoadedCampaign, OutboxPayload, Outgoing, Person } from '../ports.ts';
import type { Change } from '../store.ts';
import { campaignView, helpView } from '../usecases/about.ts';
import { areaCard, bind, unbind } from '../usecases/binding.ts';
import { askHousehold } from '../usecases/household.ts';
import { ownVillages, whichVillage } from '../usecases/ownVillages.ts';
import { workInPrivate } from '../usecases/privateWork.ts';
import { askProgress } from '../usecases/progress.ts';
import { ownTownship } from '../usecases/township.ts';
import { campaignPicker, whichCampaign } from '../usecases/whichCampaign.ts';
import { campaignOf, noCampaign, type Shown, type World } from '../usecases/world.ts';
import { reminderCommand } from './reminderCommand.ts';
import { textCommand } from './textCommand.ts';

/** A typed request that was understood. */
export interface Request {
  readonly world: World;
  readonly person: Person;
  readonly chatId: string;
  readonly chatType: 'p2p' | 'group';
  readonly chatName: string;
  readonly eventId: string;
  readonly argument: string;
}

/** What a command comes to: something said or shown, and changes and messages that belong to it. */
export interface Reply {
  readonly text?: string;
  readonly shown?: Shown;
  /** Instead of a card drawn now: one drawn when it is sent. */
  readonly payload?: Extract<OutboxPayload, { type: 'household' }>;
  readonly changes?: readonly Change[];
  readonly outgoing?: readonly Outgoing[];
  /** 「补发（08:31 的请求）」, put in front of what is shown. */
  readonly late?: string;
}

export interface Command {
  readonly id: string; // its English alias
  readonly word: string; // 帮助
  readonly aliases: readonly string[];
  readonly usage: string;
  readonly text: string;
  /** Shown in 帮助 to people with this capability; null: to all. */
  readonly needs: Capability | null;
  /** Or to people with this one. */
  readonly orNeeds?: Capability;
  /** 'asker': a question asked in a group is answered in private. 'here': answered where it was asked. */
  readonly answers: 'asker' | 'here';
  /** What follows the word is somebody's own words: dates, sentences. */
  readonly verbatim?: true;
  /** Asks first when the request is older than ten minutes. */
  readonly asksWhenLate: boolean;
  run(r: Request): Promise<Reply>;
}

export const commands: readonly Command[] = [
  {
    id: 'check',
    word: '排查',
    aliases: ['继续排查'],
    usage: '排查',
    text: '打开本村的排查卡，一户一户往下填；乡镇看各村提交，接收或退回',
    needs: 'answer',
    orNeeds: 'accept',
    answers: 'here',
    asksWhenLate: false,
    run: check,
  },
  textCommand,
  {
    id: 'progress',
    word: '进度',
    aliases: [],
    usage: '进度 [地区]',
    text: '查各项填了多少户，可点开看下一级',
    needs: 'progress',
    answers: 'asker',
    asksWhenLate: false,
    run: progress,
  },
  {
    id: 'household',
    word: '查户',
    aliases: [],
    usage: '查户 编码或户主',
    text: '看一户填了什么、谁填的，需要时更正',
    needs: 'answer',
    orNeeds: 'accept',
    answers: 'asker',
    asksWhenLate: false,
    run: household,
  },
  reminderCommand,
  {
    id: 'bind',
    word: '绑定',
    aliases: [],
    usage: '绑定 村名',
    text: '在群里@我发送，把本群设为这个村的工作群',
    needs: 'bind',
    answers: 'here',
    asksWhenLate: true,
    run: bindGroup,
  },
  {
    id: 'unbind',
    word: '解绑',
    aliases: [],
    usage: '解绑',
    text: '本群不再做工作群，已填的内容都还在',
    needs: 'bind',
    answers: 'here',
    asksWhenLate: true,
    run: unbindGroup,
  },
  {
    id: 'campaign',
    word: '活动',
    aliases: [],
    usage: '活动',
    text: '看各阶段的日期、还剩几天、联系谁',
    needs: null,
    answers: 'here',
    asksWhenLate: false,
    run: aboutCampaign,
  },
  {
    id: 'help',
    word: '帮助',
    aliases: ['菜单', '你好'],
    usage: '帮助',
    text: '看看在这里能做什么',
    needs: null,
    answers: 'here',
    asksWhenLate: false,
    run: help,
  },
];

/**
 * The command a text means and its argument: full-width or half-width, any spaces and punctuation, Chinese word or
 * English alias in front or behind (「大阿镇进度」), with or without 「@我」. null: none; the answer is the help card.
 */
export function find(text: string): { command: Command; argument: string } | null {
  const typed = text
    .normalize('NFKC')
    .replace(/[\u200b\u00a0]/g, ' ')
    .trim()
    .replace(/^@我\s*/u, ''); // cards for groups say it, and people type what they read
  const bare = plain(typed);
  const progress = /^(.*?)(?:排查)?进度$/u.exec(bare); // 大阿镇进度, 排查进度
  if (progress) return { command: row('progress'), argument: progress[1] ?? '' };
  for (const command of commands) {
    for (const word of [command.word, command.id, ...command.aliases].map(plain)) {
      if (word === '') continue;
      if (bare === word) return { command, argument: '' };
      if (command.verbatim && new RegExp(`^${word}(?![a-z])`, 'iu').test(typed))
        return { command, argument: text.trim().slice(word.length).trim() };
      if (bare.startsWith(word) && seam.test(bare.slice(word.length - 1)))
        return { command, argument: bare.slice(word.length) };
      const [first = '', ...rest] = typed.split(/[\s,，:：、]+/u);
      if (plain(first) === word) return { command, argument: rest.join(' ').replace(/[<>]/g, '') }; // echoed, calls nobody
    }
  }
  return null;
}

/** Where a word may end without a space: before or after a Chinese character. 'helpful' is not 'help'. */
const seam = /^(?:\p{Script=Han}|.\p{Script=Han})/u;

function row(id: string): Command {
  const command = commands.find((c) => c.id === id);
  if (!command) throw new Error(`no command ${id}`);
  return command;
}

async function check(r: Request): Promise<Reply> {
  const { world, person, chatId } = r;
  const chat = await world.store.chat(chatId);
  const which = await whichCampaign(world, { person, argument: r.argument, needs: ['answer', 'accept'], chat });
  if (which.is === 'none') return { text: noCampaign };
  const bound = chat?.areaCode ? await world.store.area(chat.areaCode) : null;
  if (which.is === 'several' && r.chatType === 'p2p') return { shown: campaignPicker(world, '排查', which) };
  const campaign = which.is === 'one' ? which.campaign : (which.campaigns[0] as LoadedCampaign);
  const { own, named } = await ownVillages(world, { person, campaign, wanted: which.area });
  if (r.chatType === 'group' && !bound)
    return { text: `本群还没有绑定村（社区）。请本村干部在群里@我发送：绑定 ${own[0]?.name ?? '村名'}` };
  if (bound && chat?.campaignId !== campaign.id)
    return {
      text: `本群做的是${(await campaignOf(world, chat?.campaignId ?? null))?.short ?? '别的活动'}。${elsewhere(campaign)}`,
    };
  const area = bound ?? (named.length === 1 ? named[0] : null);
  const key = `vil/${r.eventId.slice(-46)}`;
  const town = area ? null : await ownTownship(world, { campaign, person }, which.area);
  const shown = town ?? area;
  if (!shown) return { text: whichVillage(own, '排查') };
  const card = areaCard({ campaign, area: shown, chatId, key, at: world.clock.now() });
  if (r.chatType === 'group') return { outgoing: [card] };
  const alone = { ...card, payload: { ...card.payload, audience: 'private' as const } };
  if (!area || person.openId === null) return { outgoing: [alone] };
  const first = { ...alone, target: { kind: 'user' as const, id: person.openId }, lane: person.openId };
  const asker = { person, eventId: `${r.eventId}/sit` }; // the event's own id is taken by the inbox
  const refusal = await workInPrivate(world, { asker, campaign, village: area, first });
  return refusal === '' ? {} : { text: refusal };
}

const elsewhere = (campaign: Campaign) => `${campaign.short}请到它的工作群里排查，或私聊我发送「排查」。`;

async function progress(r: Request): Promise<Reply> {
  const { world, person } = r;
  const chat = await world.store.chat(r.chatId);
  const which = await whichCampaign(world, { person, argument: r.argument, needs: ['progress'], chat });
  if (which.is === 'none') return { text: noCampaign };
  if (which.is === 'several') return { shown: campaignPicker(world, '进度', which) };
  const { campaign, named } = which;
  const result = await askProgress(world, { campaign, person, named }, which.area);
  return result.kind === 'say' ? { text: result.text } : { shown: result.shown };
}

async function household(r: Request): Promise<Reply> {
  const { world, person } = r;
  const chat = await world.store.chat(r.chatId);
  const needs = ['answer', 'accept', 'inspect'] as const;
  const which = await whichCampaign(world, { person, argument: r.argument, needs, chat, about: 'household' });
  if (which.is === 'none') return { text: noCampaign };
  if (which.is === 'several') return { shown: campaignPicker(world, '查户', which) };
  const { campaign, named } = which;
  const result = await askHousehold(world, { campaign, person, named }, which.area);
  if (result.kind === 'say') return { text: result.text };
  if (result.kind === 'pick') return { shown: result.shown };
  if (person.openId === null) return { text: '暂时认不出您的私聊，请联系县办核对名单。' };
  const { id } = result.screening;
  return {
    payload: { type: 'household', screening: id, openId: person.openId, page: 0 },
    changes: [{ do: 'view', campaignId: campaign.id, screening: id, by: person.id, at: world.clock.now() }],
  };
}

async function bindGroup(r: Request): Promise<Reply> {
  if (r.chatType === 'p2p') return { text: '绑定要在工作群里做：把我拉进群，在群里@我发送「绑定 村名」。' };
  const { world, person, chatId, chatName, eventId } = r;
  const result = await bind(world, { person, chatId, chatName, eventId, wanted: r.argument, move: false });
  if (result.kind === 'say') return { text: result.text };
  if (result.kind === 'show') return { shown: result.shown };
  return {
    text: `本群已绑定${result.area.name}，做的是${result.campaign.short}。本工具不打卡、不排名、不计时。`,
    changes: result.changes,
    outgoing: result.outgoing,
  };
}

async function unbindGroup(r: Request): Promise<Reply> {
  if (r.chatType === 'p2p') return { text: '解绑要在工作群里做：在群里@我发送「解绑」。' };
  return unbind(r.world, r.person, r.chatId);
}

async function aboutCampaign(r: Request): Promise<Reply> {
  const { world, person, argument } = r;
  const chat = await world.store.chat(r.chatId);
  const which = await whichCampaign(world, { person, argument, needs: [], chat });
  if (which.is === 'none') return { text: noCampaign };
  if (which.is === 'several') return { shown: campaignPicker(world, '活动', which) };
  return { shown: { card: 'campaign', view: campaignView(world, which.campaign) } };
}

async function help(r: Request): Promise<Reply> {
  return { shown: await helpShown(r.world, r.person, r.chatId) };
}

/** The help card of a person: only what works for them, in the group's campaign or in any that runs. */
export async function helpShown(world: World, person: Person | null, chatId: string): Promise<Shown> {
  const chat = await world.store.chat(chatId);
  const which = await whichCampaign(world, { person, argument: '', needs: [], chat });
  const campaigns = which.is === 'one' ? [which.campaign] : which.is === 'several' ? which.campaigns : [];
  const lines = commands.filter((c) => useful(c, campaigns, person)).map(({ usage, text }) => ({ usage, text }));
  const campaign = campaigns.length === 1 ? (campaigns[0] ?? null) : null;
  return { card: 'help', view: await helpView(world, { campaign, person, commands: lines }) };
}

function useful({ needs, orNeeds }: Command, campaigns: readonly LoadedCampaign[], person: Person | null): boolean {
  if (needs === null) return true;
  const has = (c: LoadedCampaign, what: Capability) => person !== null && rolesWith(c, person, what).length > 0;
  return campaigns.some((c) => has(c, needs) || (orNeeds !== undefined && has(c, orNeeds)));
}
