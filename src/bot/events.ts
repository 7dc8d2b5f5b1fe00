// Owns what happens to an event after it was accepted: it runs once, however often and late it came. Its changes, its
// messages and its leaving the inbox are one unit.

import { minute, timeOf } from '../domain/time.ts';
import type { ChatEvent, MessageEvent } from '../feishu/inbound.ts';
import type { Log, Outgoing, Person } from '../ports.ts';
import type { Change, InboxItem } from '../store.ts';
import { welcome } from '../usecases/binding.ts';
import { answerByText } from '../usecases/textWork.ts';
import { campaignOf, type World } from '../usecases/world.ts';
import { strangerText } from './clicks.ts';
import { find, helpShown, type Reply } from './commands.ts';
import { prefixed, render } from './render.ts';

export interface EventDeps {
  readonly world: World;
  readonly log: Log;
  /** The bot's own open_id, to tell its mention from others'. */
  readonly self: () => Promise<string>;
}

interface Effects {
  readonly changes: readonly Change[];
  readonly outgoing: readonly Outgoing[];
}
const nothing: Effects = { changes: [], outgoing: [] };

/** Stores the event; 'duplicate' when its id or its message's id was seen before. */
export function accept(world: World, e: MessageEvent | ChatEvent): Promise<'new' | 'duplicate'> {
  const messageId = e.kind === 'message' ? e.messageId : null;
  return world.store.accept({ id: e.eventId, messageId, body: e, at: world.clock.now() });
}

/** Runs one accepted event. Throws when the world failed it; the caller keeps it for the next tick. */
export async function runEvent(deps: EventDeps, item: InboxItem): Promise<void> {
  const e = item.body as MessageEvent | ChatEvent;
  const { changes, outgoing } = await effectsOf(deps, e, item.receivedAt);
  await deps.world.store.finish({ id: item.id, changes, outgoing, at: deps.world.clock.now() });
}

function effectsOf(deps: EventDeps, e: MessageEvent | ChatEvent, cameAt: number): Promise<Effects> {
  switch (e.kind) {
    case 'message':
      return onMessage(deps, e, cameAt);
    case 'botAdded':
      return onBotAdded(deps.world, e);
    case 'botRemoved':
    case 'chatGone':
      return Promise.resolve({
        changes: [{ do: 'chatOut', chatId: e.chatId, by: 'platform', at: deps.world.clock.now() }],
        outgoing: [],
      });
  }
}

async function onBotAdded(world: World, e: Extract<ChatEvent, { kind: 'botAdded' }>): Promise<Effects> {
  const person = await world.store.personByOperator(e.operator);
  const at = world.clock.now();
  const card = render(await welcome(world, person, e.chatName));
  return {
    changes: [{ do: 'chatIn', chatId: e.chatId, chatName: e.chatName, by: person?.id ?? 'platform', at }],
    outgoing: [
      {
        key: `wel/${e.chatId.slice(-36)}/${Math.floor(e.at / minute).toString(36)}`, // told twice under two ids, welcomed once
        kind: 'send',
        target: { kind: 'chat', id: e.chatId },
        lane: e.chatId,
        payload: { type: 'card', card },
        dueAt: at,
      },
    ],
  };
}

async function onMessage(deps: EventDeps, e: MessageEvent, cameAt: number): Promise<Effects> {
  if (!e.senderIsUser) return nothing;
  const text = await addressed(deps, e);
  if (text === null) return nothing;
  const { world } = deps;
  const person = await world.store.personByOperator(e.sender);
  const late = await lateness(world, e);
  if (!person) {
    const text = e.chatType === 'group' ? await strangerText(world, e.chatId) : strangerAlone;
    return answer(world, e, { reply: marked({ text }, late) });
  }
  const found = find(text);
  if (!found) {
    const typed = { person, eventId: e.eventId, text, saidAt: e.at, cameAt, late };
    const worked = e.chatType === 'p2p' ? await answerByText(world, typed) : null;
    const reply = worked ?? marked({ shown: await helpShown(world, person, e.chatId) }, late);
    return answer(world, e, { reply });
  }
  if (late !== '' && found.command.asksWhenLate) {
    const again = `${found.command.word}${found.argument === '' ? '' : ` ${found.argument}`}`;
    const text = `${late}这条消息来晚了，先没有办。现在还要办的话，请再发一次「${again}」。`;
    return answer(world, e, { reply: { text } });
  }
  const chatName = (await world.store.chat(e.chatId))?.name ?? '';
  const request = {
    world,
    person,
    chatId: e.chatId,
    chatType: e.chatType,
    chatName,
    eventId: e.eventId,
    argument: found.argument,
  };
  const reply = await found.command.run(request);
  const toAsker = found.command.answers === 'asker' && e.chatType === 'group' ? person : null;
  return answer(world, e, { toAsker, reply: marked(reply, late) });
}

const strangerAlone = '您还不在名单里，请联系所在村或乡镇登记，登记后再来找我。';

/** The text said to the bot, without its mention; null when it was not said to the bot. @所有人 is no call. */
async function addressed(deps: EventDeps, e: MessageEvent): Promise<string | null> {
  const self = e.mentions.length === 0 ? '' : await deps.self();
  const own = e.mentions.filter((m) => m.openId === self && self !== '');
  if (e.chatType === 'group' && own.length === 0) return null;
  return own.reduce((text, m) => text.replaceAll(m.key, ' '), e.text).trim();
}

const lateAfter = 10 * minute;

/** 「补发（08:31 的请求）」 for what was asked more than ten minutes ago, else ''. */
async function lateness(world: World, e: MessageEvent): Promise<string> {
  if (world.clock.now() - e.at <= lateAfter) return '';
  const chat = await world.store.chat(e.chatId);
  const zone = (await campaignOf(world, chat?.campaignId ?? null))?.zone ?? 'Asia/Shanghai';
  return `补发（${timeOf(e.at, zone)} 的请求）`;
}

function marked(reply: Reply, late: string): Reply {
  if (late === '') return reply;
  if (reply.text !== undefined) return { ...reply, text: `${late}${reply.text}` };
  if (reply.shown || reply.payload) return { ...reply, late };
  return { ...reply, text: late };
}

/** Turns a reply into messages: here, or to the asker with one line in the group. */
function answer(world: World, e: MessageEvent, p: { toAsker?: Person | null; reply: Reply }): Effects {
  const { toAsker = null, reply } = p;
  const at = world.clock.now();
  const payload = payloadOf(reply);
  if (!payload) return { changes: reply.changes ?? [], outgoing: reply.outgoing ?? [] };
  const openId = toAsker === null ? null : (toAsker.openId ?? e.sender.openId);
  const message: Outgoing =
    openId === null
      ? {
          key: keyOf('re', e.eventId),
          kind: 'reply',
          target: { kind: 'message', id: e.messageId },
          lane: e.chatId,
          payload: e.chatType === 'p2p' ? { ...payload, audience: 'private' } : payload,
          dueAt: at,
        }
      : {
          key: keyOf('re', e.eventId),
          kind: 'send',
          target: { kind: 'user', id: openId },
          lane: openId,
          payload: { ...payload, audience: 'private', after: told(e) },
          dueAt: at,
        };
  return { changes: reply.changes ?? [], outgoing: [message, ...(reply.outgoing ?? [])] };
}

const told = (e: MessageEvent) => ({
  replyTo: e.messageId,
  lane: e.chatId,
  sent: '已私发给您。',
  failed: '私聊没有发出去。请点我的头像打开私聊，随便发一句话，再问一次。',
});

function payloadOf(reply: Reply): Outgoing['payload'] | null {
  if (reply.payload) return reply.late ? { ...reply.payload, late: reply.late } : reply.payload;
  if (reply.shown) {
    const card = render(reply.shown);
    return { type: 'card', card: reply.late ? prefixed(card, reply.late) : card };
  }
  return reply.text === undefined ? null : { type: 'text', text: reply.text };
}

/** An outbox key from an event id: at most 50 characters, the platform's idempotency key. */
const keyOf = (what: string, eventId: string) => `${what}/${eventId.slice(-46)}`;
