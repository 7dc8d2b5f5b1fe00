// Owns what people do on the platform outside cards: talk, open the private chat, let the bot in or out, dissolve a
// group, take a message back; and the events the bot hears of it.

import type { VirtualClock } from './clock.ts';
import type { Faults } from './faults.ts';
import { FILE_BYTES, IMAGE_BYTES, imageShape } from './fileRules.ts';
import { NotPossible } from './notPossible.ts';
import type { Pusher } from './push.ts';
import { newId } from './seal.ts';
import type { Chat, StoredMention, StoredMessage, User, World } from './state.ts';

export interface PeopleParts {
  readonly world: World;
  readonly pusher: Pusher;
  readonly clock: VirtualClock;
  readonly faults: Faults;
  readonly tenantKey: string;
}

export interface NewUser {
  readonly name: string;
  readonly note?: string;
  readonly openId?: string;
  readonly userId?: string;
  readonly email?: string;
  readonly mobile?: string;
}

export interface NewChat {
  readonly name: string;
  readonly members: readonly string[]; // open_ids; the first owns the group
  readonly chatId?: string;
  /** The bot is already in it, without an event. */
  readonly hasBot?: boolean;
}

export interface Upload {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface SayOptions {
  readonly mentionBot?: boolean;
  readonly replyTo?: string; // message_id
  readonly createdAt?: number; // for late events; default: virtual now
}

/** All methods throw NotPossible when the client would not let the person do it. */
export class People {
  readonly #p: PeopleParts;

  constructor(parts: PeopleParts) {
    this.#p = parts;
  }

  addUser(o: NewUser): User {
    const openId = o.openId ?? newId('ou_');
    return this.#p.world.addUser({
      openId,
      userId: o.userId ?? newId('').slice(0, 8),
      unionId: `on_${openId.replace(/^ou_/, '')}`,
      name: o.name,
      note: o.note ?? '',
      email: o.email ?? null,
      mobile: o.mobile ?? null,
      reachable: true,
      stoppedBot: false,
    });
  }

  addChat(o: NewChat): Chat {
    for (const openId of o.members) this.#user(openId);
    return this.#p.world.addChat({
      chatId: o.chatId ?? newId('oc_'),
      type: 'group',
      name: o.name,
      ownerId: o.members[0] ?? '',
      members: new Set(o.members),
      hasBot: o.hasBot ?? false,
      dissolved: false,
      atAll: true,
      createdAt: this.#p.clock.now(),
    });
  }

  /** Opens the private chat with the bot; the bot hears of it every time. Returns its chat_id. */
  openP2p(openId: string): string {
    const user = this.#user(openId);
    const chat = this.#p.world.p2pWith(openId, this.#p.clock.now());
    this.#p.pusher.event('im.chat.access_event.bot_p2p_chat_entered_v1', {
      chat_id: chat.chatId,
      operator_id: wireId(user),
    });
    return chat.chatId;
  }

  /** eventId is '' when the bot does not hear of it (a group message that does not mention it). */
  say(...said: [openId: string, chatId: string, text: string, o?: SayOptions]): { eventId: string; messageId: string } {
    const [openId, chatId, text, o = {}] = said;
    const chat = this.#chatOf(openId, chatId);
    const parent = o.replyTo === undefined ? null : this.#p.world.message(o.replyTo);
    const { spoken, mentions } = this.#mention(text, o.mentionBot === true);
    const message = this.#p.world.addMessage({
      chatId,
      from: { openId, bot: false },
      type: 'text',
      content: JSON.stringify({ text: spoken }),
      mentions,
      createdAt: o.createdAt ?? this.#p.clock.now(),
      parentId: parent?.messageId ?? null,
      rootId: parent === null ? null : (parent.rootId ?? parent.messageId),
      threadId: parent?.threadId ?? null,
    });
    return this.#tell(message, chat);
  }

  /** A picture (when it is one the platform takes) or a file. A group's bot does not hear of it: it cannot be mentioned. */
  send(openId: string, chatId: string, upload: Upload): { eventId: string; messageId: string } {
    const chat = this.#chatOf(openId, chatId);
    const { name, bytes } = upload;
    if (bytes.length === 0) throw new NotPossible('这个文件是空的，请换一个');
    if (bytes.length > FILE_BYTES) throw new NotPossible('文件不能超过 30 MB，请压缩后再发');
    const image = imageShape(bytes) !== null && bytes.length <= IMAGE_BYTES;
    const key = newId(image ? 'img_v3_' : 'file_v3_');
    const from = { openId, bot: false };
    const what = image ? { kind: 'image' as const, type: 'message' } : { kind: 'file' as const, type: 'stream' };
    this.#p.world.addFile({ key, ...what, name, from, size: bytes.length, data: bytes.toString('base64') });
    const content = JSON.stringify(image ? { image_key: key } : { file_key: key, file_name: name });
    const createdAt = this.#p.clock.now();
    return this.#tell(this.#p.world.addMessage({ chatId, from, type: what.kind, content, createdAt }), chat);
  }

  #tell(message: StoredMessage, chat: Chat): { eventId: string; messageId: string } {
    const there = chat.hasBot && !this.#p.faults.withoutBot.has(chat.chatId);
    const hears = there && (chat.type === 'p2p' || message.mentions.some((m) => m.bot));
    if (!hears) return { eventId: '', messageId: message.messageId };
    const received = this.#received(message, chat);
    const eventId = this.#p.pusher.event('im.message.receive_v1', received, message.createdAt);
    return { eventId, messageId: message.messageId };
  }

  /** A person takes back their own message. */
  recall(openId: string, messageId: string): void {
    const { world, clock, pusher } = this.#p;
    const message = world.message(messageId);
    if (message === null || message.from.openId !== openId) throw new NotPossible('只能撤回自己发的消息');
    message.recalled = true;
    message.updatedAt = clock.now();
    world.touchMessage(message);
    if (!world.chats.get(message.chatId)?.hasBot) return;
    pusher.event('im.message.recalled_v1', {
      message_id: messageId,
      chat_id: message.chatId,
      recall_time: String(clock.now()),
      recall_type: 'message_owner',
    });
  }

  addBot(chatId: string, operatorOpenId: string): string {
    const chat = this.#chatOf(operatorOpenId, chatId);
    if (chat.hasBot) return '';
    chat.hasBot = true;
    this.#p.world.touchChat(chat);
    this.#note(chat, `${this.#p.world.nameOf(operatorOpenId)}邀请“${this.#p.world.bot.name}”机器人加入了群聊`);
    return this.#p.pusher.event('im.chat.member.bot.added_v1', this.#chatEvent(chat, operatorOpenId));
  }

  removeBot(chatId: string, operatorOpenId: string): string {
    const chat = this.#chatOf(operatorOpenId, chatId);
    if (!chat.hasBot || chat.type === 'p2p') return '';
    chat.hasBot = false;
    this.#p.world.touchChat(chat);
    this.#note(chat, `${this.#p.world.nameOf(operatorOpenId)}将“${this.#p.world.bot.name}”机器人移出了群聊`);
    return this.#p.pusher.event('im.chat.member.bot.deleted_v1', this.#chatEvent(chat, operatorOpenId));
  }

  dissolve(chatId: string): string {
    const chat = this.#p.world.chats.get(chatId);
    if (chat === undefined || chat.dissolved) throw new NotPossible('这个群不存在，或已经解散');
    chat.dissolved = true;
    this.#p.world.touchChat(chat);
    return chat.hasBot ? this.#p.pusher.event('im.chat.disbanded_v1', this.#chatEvent(chat, chat.ownerId)) : '';
  }

  #user(openId: string): User {
    const user = this.#p.world.users.get(openId);
    if (user === undefined) throw new NotPossible(`没有这个人：${openId}`);
    return user;
  }

  #chatOf(openId: string, chatId: string): Chat {
    this.#user(openId);
    const chat = this.#p.world.chats.get(chatId);
    if (chat === undefined || !chat.members.has(openId)) throw new NotPossible('这个人不在这个会话里');
    if (chat.dissolved) throw new NotPossible('这个群已经解散');
    return chat;
  }

  #mention(text: string, mentionBot: boolean): { spoken: string; mentions: StoredMention[] } {
    const { bot } = this.#p.world;
    const typed = `@${bot.name}`;
    if (!mentionBot && !text.includes(typed)) return { spoken: text, mentions: [] };
    const mention = { key: '@_user_1', openId: bot.openId, name: bot.name, bot: true };
    const spoken = text.includes(typed) ? text.replaceAll(typed, mention.key) : `${mention.key} ${text}`;
    return { spoken, mentions: [mention] };
  }

  #note(chat: Chat, text: string): void {
    const from = { openId: this.#p.world.bot.openId, bot: true };
    const content = JSON.stringify({ text });
    this.#p.world.addMessage({ chatId: chat.chatId, from, type: 'system', content, createdAt: this.#p.clock.now() });
  }

  #chatEvent(chat: Chat, operatorOpenId: string): Record<string, unknown> {
    const operator = this.#p.world.users.get(operatorOpenId);
    return {
      chat_id: chat.chatId,
      ...(operator === undefined ? {} : { operator_id: wireId(operator) }),
      external: false,
      operator_tenant_key: this.#p.tenantKey,
      name: chat.name,
      i18n_names: { zh_cn: chat.name },
    };
  }

  #received(m: StoredMessage, chat: Chat): Record<string, unknown> {
    const { tenantKey } = this.#p;
    const mentions = m.mentions.map((one) => ({
      key: one.key,
      id: { union_id: `on_${one.openId.replace(/^ou_/, '')}`, user_id: '', open_id: one.openId },
      mentioned_type: one.bot ? 'bot' : 'user',
      name: one.name,
      tenant_key: tenantKey,
    }));
    return {
      sender: { sender_id: wireId(this.#user(m.from.openId)), sender_type: 'user', tenant_key: tenantKey },
      message: {
        message_id: m.messageId,
        ...(m.rootId === null ? {} : { root_id: m.rootId, parent_id: m.parentId }),
        ...(m.threadId === null ? {} : { thread_id: m.threadId }),
        create_time: String(m.createdAt),
        update_time: String(m.createdAt),
        chat_id: m.chatId,
        chat_type: chat.type,
        message_type: m.type,
        content: m.content,
        ...(mentions.length === 0 ? {} : { mentions }),
      },
    };
  }
}

function wireId(user: User): Record<string, string> {
  return { union_id: user.unionId, user_id: user.userId, open_id: user.openId };
}
