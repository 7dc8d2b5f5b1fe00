// Owns the chat commands: one table that routing, the help card and the README's list come from. A command decides and
// answers; where the answer goes (private or here) is a property of its row.
import { findAreas, plain } from '../domain/areaNames.ts';
import type { Capability } from '../domain/campaign.ts';
import { rolesWith } from '../domain/scope.ts';
import type { Area, LoadedCampaign, Outgoing, Person } from '../ports.ts';
import type { Change } from '../store.ts';
import { campaignView, helpView } from '../usecases/about.ts';
import { areaCard, bind, unbind } from '../usecases/binding.ts';
import { askProgress } from '../usecases/progress.ts';
import { campaignOf, currentCampaign, noCampaign, type Shown, type World } from '../usecases/world.ts';

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
  readonly changes?: readonly Change[];
  readonly outgoing?: readonly Outgoing[];
  /** 「补发（08:31 的请求）」, put in front of what is shown. */
  readonly late?: string;
}

interface Command {
  readonly id: string; // its English alias
  readonly word: string; // 帮助
  readonly aliases: readonly string[];
  readonly usage: string;
  readonly text: string;
  /** Shown in 帮助 to people with this capability; null: to all. */
  readonly needs: Capability | null;
  /** 'asker': a question asked in a group is answered in private. 'here': answered where it was asked. */
  readonly answers: 'asker' | 'here';
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
    text: '打开本村的排查卡，一户一户往下填',
    needs: 'answer',
    answers: 'here',
    asksWhenLate: false,
    run: check,
  },
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
 * English alias in front or behind (「大阿镇进度」). null: none; the answer is the help card.
 */
export function find(text: string): { command: Command; argument: string } | null {
  const typed = text
    .normalize('NFKC')
    .replace(/[\u200b\u00a0]/g, ' ')
    .trim();
  const bare = plain(typed);
  const progress = /^(.*?)(?:排查)?进度$/u.exec(bare); // 大阿镇进度, 排查进度
  if (progress) return { command: row('progress'), argument: progress[1] ?? '' };
  for (const command of commands) {
    for (const word of [command.word, command.id, ...command.aliases].map(plain)) {
      if (word === '') continue;
      if (bare === word) return { command, argument: '' };
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
  const campaign = await campaignOf(world, chat?.campaignId ?? null);
  if (!campaign) return { text: noCampaign };
  const held = new Set(rolesWith(campaign, person, 'answer').map((h) => h.areaCode));
  const own = (await world.store.areas()).filter((a) => a.level === 'village' && held.has(a.code));
  const named = own.length > 1 && r.argument !== '' ? findAreas(r.argument, own) : own;
  if (r.chatType === 'group' && !chat?.areaCode)
    return { text: `本群还没有绑定村（社区）。请本村干部在群里@我发送：绑定 ${own[0]?.name ?? '村名'}` };
  const area = chat?.areaCode ? await world.store.area(chat.areaCode) : named.length === 1 ? named[0] : null;
  if (!area) return { text: noVillage(own) };
  const key = `vil/${r.eventId.slice(-46)}`;
  return { outgoing: [areaCard({ campaign, area, chatId, key, at: world.clock.now() })] };
}

const noVillage = (own: readonly Area[]) =>
  own.length > 1
    ? `您名下有 ${own.length} 个村（社区），请写明排查哪一个，例如：排查 ${own[0]?.name ?? ''}`
    : '您名下没有要排查的村（社区）。如有疑问，请联系乡镇。';

async function progress(r: Request): Promise<Reply> {
  const chat = await r.world.store.chat(r.chatId);
  const campaign = await campaignOf(r.world, chat?.campaignId ?? null);
  if (!campaign) return { text: noCampaign };
  const result = await askProgress(r.world, { campaign, person: r.person }, r.argument);
  return result.kind === 'say' ? { text: result.text } : { shown: result.shown };
}

async function bindGroup(r: Request): Promise<Reply> {
  if (r.chatType === 'p2p') return { text: '绑定要在工作群里做：把我拉进群，在群里@我发送「绑定 村名」。' };
  const { world, person, chatId, chatName, eventId } = r;
  const result = await bind(world, { person, chatId, chatName, eventId, wanted: r.argument, move: false });
  if (result.kind === 'say') return { text: result.text };
  if (result.kind === 'show') return { shown: result.shown };
  return {
    text: `本群已绑定${result.area.name}。本工具不打卡、不排名、不计时。`,
    changes: result.changes,
    outgoing: result.outgoing,
  };
}

async function unbindGroup(r: Request): Promise<Reply> {
  if (r.chatType === 'p2p') return { text: '解绑要在工作群里做：在群里@我发送「解绑」。' };
  return unbind(r.world, r.person, r.chatId);
}

async function aboutCampaign(r: Request): Promise<Reply> {
  const chat = await r.world.store.chat(r.chatId);
  const campaign = await campaignOf(r.world, chat?.campaignId ?? null);
  return campaign ? { shown: { card: 'campaign', view: campaignView(r.world, campaign) } } : { text: noCampaign };
}

async function help(r: Request): Promise<Reply> {
  return { shown: await helpShown(r.world, r.person) };
}

/** The help card of a person: only what works for them. */
export async function helpShown(world: World, person: Person | null): Promise<Shown> {
  const campaign = await currentCampaign(world);
  const lines = commands.filter((c) => useful(c, campaign, person)).map(({ usage, text }) => ({ usage, text }));
  return { card: 'help', view: await helpView(world, { campaign, person, commands: lines }) };
}

function useful(command: Command, campaign: LoadedCampaign | null, person: Person | null): boolean {
  if (command.needs === null) return true;
  return campaign !== null && person !== null && rolesWith(campaign, person, command.needs).length > 0;
}
