// Owns what message APIs share: who may touch which message, content checks, and a message as the wire shows it.
import { ApiFault } from './apiFault.ts';
import { checkCard } from './cardCheck.ts';
import { CARD_LIFE } from './clicks.ts';
import { fileContent } from './fileRules.ts';
import type { Platform } from './platform.ts';
import type { Chat, StoredMention, StoredMessage } from './state.ts';

const CARD_BYTES = 30 * 1024;
const TEXT_BYTES = 150 * 1024;
const TYPES = ['text', 'post', 'interactive', 'image', 'file', 'audio', 'media', 'sticker', 'share_chat', 'share_user'];

export interface Content {
  readonly content: string;
  readonly mentions: readonly StoredMention[];
}

/** The chat, when the bot may act in it. */
export function openChat(p: Platform, chatId: string): Chat {
  const chat = p.world.chats.get(chatId);
  if (chat === undefined) throw new ApiFault(230034);
  if (chat.dissolved) throw new ApiFault(232009);
  if (!chat.hasBot || p.faults.withoutBot.has(chatId)) throw new ApiFault(230002);
  return chat;
}

/** The message, when it exists, is not recalled, and lies in a chat the bot is in. */
export function openMessage(p: Platform, id: string): { message: StoredMessage; chat: Chat } {
  const message = p.world.message(id);
  if (message === null) throw new ApiFault(99992354);
  const chat = openChat(p, message.chatId);
  if (message.recalled) throw new ApiFault(230011);
  return { message, chat };
}

/** 5 a second to one chat or person, and 5 a second for changes of one message. */
export function takeTurn(p: Platform, key: string): void {
  if (!p.faults.unlimited && p.limits.take({ key, limit: 5, ms: 1000 }) !== null) throw new ApiFault(230020);
}

export function laneOf(chat: Chat): string {
  return chat.type === 'p2p' ? `user ${chat.ownerId}` : `chat ${chat.chatId}`;
}

/** The old card may be replaced only within 14 days, and only the bot's own. */
export function assertChangeable(p: Platform, message: StoredMessage): void {
  if (!message.from.bot) throw new ApiFault(230071);
  if (p.clock.now() - message.createdAt > CARD_LIFE) throw new ApiFault(230031);
}

/** Checks an outbound content; text gets its <at> replaced by mention keys. `bytes` = the request's size. */
export function checkContent(p: Platform, o: { type: string; content: unknown; bytes: number; chat: Chat }): Content {
  if (typeof o.content !== 'string' || !TYPES.includes(o.type)) throw new ApiFault(230001);
  if (o.bytes > (o.type === 'text' ? TEXT_BYTES : CARD_BYTES)) throw new ApiFault(230025);
  let parsed: unknown;
  try {
    parsed = JSON.parse(o.content);
  } catch {
    if (o.type === 'interactive')
      throw cardRefused(
        `ErrCode: 200621; ErrMsg: parse card json err, please check whether the card json is correct; ErrorValue: ${o.content.slice(0, 60)}`,
      );
    throw new ApiFault(230001);
  }
  if (typeof parsed !== 'object' || parsed === null) throw new ApiFault(230001);
  if (o.type === 'interactive') {
    const fault = checkCard(p, parsed, o.chat);
    if (fault !== null) throw fault.code === 230025 ? new ApiFault(230025) : cardRefused(fault.ext);
    return { content: o.content, mentions: [] };
  }
  if (o.type === 'text') return textContent(p, parsed);
  return { content: fileContent(p, o.type, parsed) ?? o.content, mentions: [] };
}

function cardRefused(ext: string): ApiFault {
  return new ApiFault(230099, { msg: `Failed to create card content, ext=${ext}` });
}

function textContent(p: Platform, parsed: object): Content {
  const text = 'text' in parsed ? parsed.text : undefined;
  if (typeof text !== 'string' || text === '') throw new ApiFault(230001);
  const mentions: StoredMention[] = [];
  const shown = text.replace(
    /<at (?:user_id|id|open_id)="?([^">]+)"?>([^<]*)<\/at>/g,
    (_, id: string, name: string) => {
      if (id === 'all') return '@_all';
      const openId = p.world.userBy(id)?.openId ?? id;
      const key = `@_user_${mentions.length + 1}`;
      mentions.push({ key, openId, name: p.world.nameOf(openId) || name, bot: openId === p.world.bot.openId });
      return key;
    },
  );
  return { content: JSON.stringify({ text: shown }), mentions };
}

/** A message as REST shows it. */
export function wireMessage(p: Platform, m: StoredMessage): Record<string, unknown> {
  const sender = m.from.bot
    ? { id: p.app.appId, id_type: 'app_id', sender_type: 'app', tenant_key: p.tenantKey }
    : { id: m.from.openId, id_type: 'open_id', sender_type: 'user', tenant_key: p.tenantKey };
  return {
    message_id: m.messageId,
    ...(m.rootId === null ? {} : { root_id: m.rootId }),
    ...(m.parentId === null ? {} : { parent_id: m.parentId }),
    ...(m.threadId === null ? {} : { thread_id: m.threadId }),
    msg_type: m.type,
    create_time: String(m.createdAt),
    update_time: String(m.updatedAt),
    deleted: m.recalled,
    updated: m.updatedAt !== m.createdAt,
    chat_id: m.chatId,
    sender,
    body: { content: m.recalled ? '{"text":"This message was recalled"}' : m.content },
    ...(m.mentions.length === 0 ? {} : { mentions: m.mentions.map((one) => wireMention(p, one)) }),
  };
}

function wireMention(p: Platform, m: StoredMention): Record<string, unknown> {
  return { key: m.key, id: m.openId, id_type: 'open_id', name: m.name, tenant_key: p.tenantKey };
}
