// Owns what exists on the platform: people, chats, messages. Tells listeners what changed; knows no wire and no rule of
// an API.
import { newId } from './seal.ts';

export interface User {
  readonly openId: string;
  readonly userId: string;
  readonly unionId: string;
  readonly name: string;
  readonly note: string;
  readonly email: string | null;
  readonly mobile: string | null;
  /** Inside the app's availability range (else 230013). */
  reachable: boolean;
  /** Has stopped the bot's private messages (230053). */
  stoppedBot: boolean;
}

export interface Chat {
  readonly chatId: string;
  readonly type: 'p2p' | 'group';
  name: string;
  readonly ownerId: string;
  readonly members: Set<string>; // open_ids of people
  hasBot: boolean;
  dissolved: boolean;
  /** Whether @所有人 is open to everyone, the bot included. */
  atAll: boolean;
  readonly createdAt: number;
}

export interface StoredMention {
  readonly key: string; // '@_user_1'
  readonly openId: string;
  readonly name: string;
  readonly bot: boolean;
}

export interface StoredMessage {
  readonly messageId: string;
  readonly chatId: string;
  readonly seq: number; // order of arrival
  readonly from: { readonly openId: string; readonly bot: boolean };
  /** text | post | interactive | system … as the platform names it. */
  readonly type: string;
  content: string; // the platform's JSON string
  readonly mentions: readonly StoredMention[];
  readonly parentId: string | null;
  readonly rootId: string | null;
  threadId: string | null;
  readonly createdAt: number;
  updatedAt: number;
  edits: number;
  recalled: boolean;
  readonly uuid: string | null;
}

/** A picture or a file somebody uploaded. */
export interface StoredFile {
  readonly key: string;
  readonly kind: 'image' | 'file';
  /** As it was uploaded: message, avatar · opus, mp4, pdf, doc, xls, ppt, stream. */
  readonly type: string;
  readonly name: string;
  readonly from: { readonly openId: string; readonly bot: boolean };
  readonly size: number;
  readonly data: string; // base64
}

export type Thing =
  | { readonly kind: 'file'; readonly id: string; readonly value: StoredFile }
  | { readonly kind: 'user'; readonly id: string; readonly value: User }
  | { readonly kind: 'chat'; readonly id: string; readonly value: Chat }
  | { readonly kind: 'message'; readonly id: string; readonly value: StoredMessage };

export type NewMessage = Pick<StoredMessage, 'chatId' | 'from' | 'type' | 'content' | 'createdAt'> &
  Partial<Pick<StoredMessage, 'mentions' | 'parentId' | 'rootId' | 'threadId' | 'uuid'>>;

export class World {
  readonly users = new Map<string, User>();
  readonly chats = new Map<string, Chat>();
  readonly files = new Map<string, StoredFile>();
  readonly #messages = new Map<string, StoredMessage>();
  readonly #byChat = new Map<string, StoredMessage[]>();
  readonly #byAnyId = new Map<string, User>(); // open_id, user_id, union_id, email
  readonly #p2p = new Map<string, Chat>(); // open_id → private chat with the bot
  readonly #chatsOf = new Map<string, Set<Chat>>(); // open_id → chats
  readonly #read = new Map<string, number>(); // 'open_id chat_id' → seq
  readonly #listeners = new Set<(thing: Thing) => void>();
  #arrived: StoredMessage[] = [];
  readonly bot: { readonly openId: string; readonly name: string };
  #seq = 0;
  #seqAtStart = 0;

  constructor(bot: { openId: string; name: string }) {
    this.bot = bot;
  }

  onChange(listener: (thing: Thing) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells listeners that `thing` was made or changed. */
  touch(thing: Thing): void {
    for (const listener of this.#listeners) listener(thing);
  }

  /** Puts something back that was stored earlier, without telling anyone. */
  restore(thing: Thing): void {
    if (thing.kind === 'user') this.#indexUser(thing.value);
    else if (thing.kind === 'chat') this.#indexChat(thing.value);
    else if (thing.kind === 'file') this.files.set(thing.id, thing.value);
    else this.#indexMessage(thing.value);
    this.#seqAtStart = this.#seq;
  }

  wipe(): void {
    const indexes = [this.users, this.chats, this.files, this.#messages, this.#byChat, this.#byAnyId, this.#p2p];
    for (const index of [...indexes, this.#chatsOf, this.#read]) index.clear();
    this.#arrived = [];
    this.#seq = 0;
    this.#seqAtStart = 0;
  }

  addUser(user: User): User {
    this.#indexUser(user);
    this.touch({ kind: 'user', id: user.openId, value: user });
    return user;
  }

  addChat(chat: Chat): Chat {
    this.#indexChat(chat);
    this.touchChat(chat);
    return chat;
  }

  addFile(file: StoredFile): StoredFile {
    this.files.set(file.key, file);
    this.touch({ kind: 'file', id: file.key, value: file });
    return file;
  }

  touchChat(chat: Chat): void {
    this.touch({ kind: 'chat', id: chat.chatId, value: chat });
  }

  /** The private chat of a person with the bot, made at its first use. */
  p2pWith(openId: string, at: number): Chat {
    const known = this.#p2p.get(openId);
    if (known !== undefined) return known;
    return this.addChat({
      chatId: newId('oc_'),
      type: 'p2p',
      name: this.bot.name,
      ownerId: openId,
      members: new Set([openId]),
      hasBot: true,
      dissolved: false,
      atAll: false,
      createdAt: at,
    });
  }

  addMessage(m: NewMessage): StoredMessage {
    const message: StoredMessage = {
      messageId: newId('om_'),
      seq: this.#seq + 1,
      mentions: [],
      parentId: null,
      rootId: null,
      threadId: null,
      uuid: null,
      updatedAt: m.createdAt,
      edits: 0,
      recalled: false,
      ...m,
    };
    this.#indexMessage(message);
    this.touchMessage(message);
    return message;
  }

  touchMessage(message: StoredMessage): void {
    this.touch({ kind: 'message', id: message.messageId, value: message });
  }

  message(id: string): StoredMessage | null {
    return this.#messages.get(id) ?? null;
  }

  /** All there ever were, in order of arrival; another array after `wipe`. */
  get arrived(): readonly StoredMessage[] {
    return this.#arrived;
  }

  /** In order of arrival. */
  messagesOf(chatId: string): readonly StoredMessage[] {
    return this.#byChat.get(chatId) ?? [];
  }

  chatsOf(openId: string): Iterable<Chat> {
    return this.#chatsOf.get(openId) ?? [];
  }

  /** `seq` of the last message this person has seen in the chat. What was there before a restart counts as seen. */
  #readUpTo(openId: string, chatId: string): number {
    return this.#read.get(`${openId} ${chatId}`) ?? this.#seqAtStart;
  }

  /** What others have written there since this person looked. */
  unread(openId: string, chatId: string): number {
    const messages = this.messagesOf(chatId);
    const readUpTo = this.#readUpTo(openId, chatId);
    let n = 0;
    for (let i = messages.length - 1; i >= 0; i--) {
      const m = messages[i];
      if (m === undefined || m.seq <= readUpTo) break;
      if (m.from.openId !== openId && m.type !== 'system') n += 1;
    }
    return n;
  }

  markRead(openId: string, chatId: string): void {
    this.#read.set(`${openId} ${chatId}`, this.messagesOf(chatId).at(-1)?.seq ?? 0);
  }

  /** By open_id, user_id, union_id or e-mail. */
  userBy(id: string): User | null {
    return this.#byAnyId.get(id) ?? null;
  }

  knowsPerson(id: string): boolean {
    return id === this.bot.openId || this.#byAnyId.has(id);
  }

  nameOf(openId: string): string {
    return openId === this.bot.openId ? this.bot.name : (this.users.get(openId)?.name ?? '');
  }

  #indexUser(user: User): void {
    this.users.set(user.openId, user);
    for (const id of [user.openId, user.userId, user.unionId, user.email]) if (id) this.#byAnyId.set(id, user);
  }

  #indexChat(chat: Chat): void {
    this.chats.set(chat.chatId, chat);
    if (chat.type === 'p2p') this.#p2p.set(chat.ownerId, chat);
    for (const openId of chat.members) {
      const mine = this.#chatsOf.get(openId) ?? new Set();
      this.#chatsOf.set(openId, mine.add(chat));
    }
  }

  #indexMessage(message: StoredMessage): void {
    this.#seq = Math.max(this.#seq, message.seq);
    this.#messages.set(message.messageId, message);
    this.#arrived.push(message);
    const list = this.#byChat.get(message.chatId);
    if (list === undefined) this.#byChat.set(message.chatId, [message]);
    else list.push(message);
  }
}

/** The card a message now shows, or null when it is none. */
export function cardOf(message: StoredMessage): Record<string, unknown> | null {
  if (message.type !== 'interactive') return null;
  const card: unknown = JSON.parse(message.content);
  return typeof card === 'object' && card !== null && !Array.isArray(card) ? (card as Record<string, unknown>) : null;
}

/** The key of the picture or file a message carries, or null. */
export function fileKeyOf(message: StoredMessage): string | null {
  if (message.recalled || !['image', 'file', 'audio', 'media'].includes(message.type)) return null;
  const content = JSON.parse(message.content) as { image_key?: unknown; file_key?: unknown };
  const key = message.type === 'image' ? content.image_key : content.file_key;
  return typeof key === 'string' ? key : null;
}

/** What a text says, with mention keys replaced by @name. */
export function plainText(message: StoredMessage): string {
  let text: string;
  try {
    const parsed: unknown = JSON.parse(message.content);
    text = typeof parsed === 'object' && parsed !== null && 'text' in parsed ? String(parsed.text) : '';
  } catch {
    text = '';
  }
  for (const m of message.mentions) text = text.replaceAll(m.key, `@${m.name}`);
  return text;
}
