// Owns how platform state looks on the page: chats of a person, messages, people. Pure.
import { type Chat, cardOf, fileKeyOf, plainText, type StoredMessage, type User, type World } from './state.ts';
import type { PageChat, PageMessage, PageUser } from './wire.ts';

export function pageUser(user: User): PageUser {
  return { openId: user.openId, name: user.name, note: user.note };
}

export function pageMessage(world: World, m: StoredMessage): PageMessage {
  const parent = m.parentId === null ? null : world.message(m.parentId);
  const card = m.recalled ? null : cardOf(m);
  const file = world.files.get(fileKeyOf(m) ?? '');
  return {
    messageId: m.messageId,
    chatId: m.chatId,
    from: { openId: m.from.openId, name: world.nameOf(m.from.openId), bot: m.from.bot },
    at: m.createdAt,
    updatedAt: m.updatedAt,
    type: kindOf(m, file !== undefined),
    text: m.recalled || card !== null ? '' : spoken(m),
    card,
    replyTo: parent === null ? null : { messageId: parent.messageId, line: lineOf(world, parent) },
    threadId: m.threadId,
    recalled: m.recalled,
    ...(file === undefined ? {} : { file: { key: file.key, name: file.name, size: file.size } }),
  };
}

function kindOf(m: StoredMessage, carriesFile: boolean): PageMessage['type'] {
  if (carriesFile) return m.type === 'image' ? 'image' : 'file';
  return m.type === 'interactive' ? 'card' : m.type === 'system' ? 'system' : 'text';
}

/** Chats with the bot first, then by last message. */
export function chatsOf(world: World, openId: string): PageChat[] {
  const mine = [...world.chatsOf(openId)].filter((c) => !c.dissolved).map((c) => pageChat(world, c, openId));
  const rank = (c: PageChat) => (c.type === 'p2p' ? 2 : c.hasBot ? 1 : 0);
  return mine.sort((a, b) => rank(b) - rank(a) || b.lastAt - a.lastAt);
}

function pageChat(world: World, chat: Chat, openId: string): PageChat {
  const messages = world.messagesOf(chat.chatId);
  const last = messages.at(-1);
  return {
    chatId: chat.chatId,
    name: chat.name,
    type: chat.type,
    members: chat.members.size,
    hasBot: chat.hasBot,
    last: last === undefined ? '' : lineOf(world, last),
    lastAt: last?.createdAt ?? 0,
    unread: world.unread(openId, chat.chatId),
  };
}

/** What a list of chats says of a message. */
export function lineOf(world: World, m: StoredMessage): string {
  const name = world.nameOf(m.from.openId);
  if (m.recalled) return `${name}撤回了一条消息`;
  const card = cardOf(m);
  return (card === null ? spoken(m) : cardLine(card)).replace(/\s+/g, ' ').slice(0, 60);
}

/** summary, else the header's title, as in the chat list. */
function cardLine(card: Record<string, unknown>): string {
  const summary = content(field(field(card, 'config'), 'summary'));
  return summary || content(field(field(card, 'header'), 'title')) || '[卡片]';
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function content(value: unknown): string {
  const text = field(value, 'content');
  return typeof text === 'string' ? text : '';
}

const OTHER: Readonly<Record<string, string>> = { image: '[图片]', file: '[文件]', post: '[富文本]' };

function spoken(m: StoredMessage): string {
  if (m.type !== 'text' && m.type !== 'system') return OTHER[m.type] ?? '[消息]';
  return plainText(m).replaceAll('@_all', '@所有人');
}
