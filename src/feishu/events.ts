// Owns the shapes of decrypted events: envelope and payload to the typed Inbound. Total: no payload makes it throw.
// Knows nothing of signatures, keys or HTTP; everything it reads has been verified by inbound.ts.
import type { ChatEvent, Click, Inbound, Mention, MessageEvent, Operator } from './inbound.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Ids are opaque; the limit only keeps nonsense out of keys (the longest known id has 45 characters). */
const ID_LIMIT = 128;
const TOKEN_LIMIT = 512;
const NAME_LIMIT = 512;
/** A command is never longer, and what the inbox keeps stays small. In UTF-16 units. */
const TEXT_LIMIT = 8000;
const MENTION_LIMIT = 100;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const json = (value: unknown): Json => (isJson(value) ? value : {});
const short = (value: unknown, limit: number): string | null =>
  typeof value === 'string' && value !== '' && value.length <= limit ? value : null;
const id = (value: unknown): string | null => short(value, ID_LIMIT);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Text to a JSON object; null when it is anything else. */
export function parseObject(source: string): Json | null {
  try {
    const value: unknown = JSON.parse(source);
    return isJson(value) ? value : null;
  } catch {
    return null;
  }
}

/** Epoch ms of a platform time, whose unit only the number of digits tells (s, ms, µs); null when it is none. */
export function epochMs(value: unknown): number | null {
  const digits = typeof value === 'number' ? String(Math.trunc(value)) : value;
  if (typeof digits !== 'string' || !/^\d{1,16}$/.test(digits)) return null;
  if (digits.length <= 11) return Number(digits) * 1000;
  return digits.length <= 14 ? Number(digits) : Math.floor(Number(digits) / 1000);
}

/** Both spellings: `{open_id, user_id}` itself (clicks) or a UserId object; fields may be absent, null or ''. */
function person(value: unknown): Operator {
  const ids = json(value);
  return { openId: id(ids.open_id), userId: id(ids.user_id) };
}

interface Envelope {
  readonly root: Json;
  readonly eventId: string;
  readonly event: Json;
  readonly at: number;
}

/** null = a payload without what every event of its type has. */
type Reader = (envelope: Envelope) => Inbound | null;

/** A stand-alone select: `option`, or an `options` that is a plain string (select_img) or holds a single one. */
function chosen(action: Json): string | null {
  const { option, options } = action;
  const only: unknown = Array.isArray(options) && options.length === 1 ? options[0] : options;
  return short(option, TEXT_LIMIT) ?? short(only, TEXT_LIMIT);
}

function readClick({ root, eventId, event, at }: Envelope): Click | null {
  // Documented inside event.context; seen beside the event and at the root.
  const places = [json(event.context), event, json(root.context), root];
  const first = (key: string): string | null =>
    places.reduce<string | null>((got, place) => got ?? id(place[key]), null);
  const messageId = first('open_message_id');
  const chatId = first('open_chat_id');
  const operator = person(event.operator);
  const action = event.action;
  if (messageId === null || chatId === null || !isJson(action)) return null;
  if (operator.openId === null && operator.userId === null) return null;
  return {
    kind: 'click',
    eventId,
    operator,
    messageId,
    chatId,
    token: short(event.token, TOKEN_LIMIT) ?? '',
    value: action.value,
    name: short(action.name, NAME_LIMIT),
    form: isJson(action.form_value) ? action.form_value : null,
    option: chosen(action),
    at,
  };
}

function postNode(node: unknown): string {
  const { tag, text: shown, user_id: key } = json(node);
  if (tag === 'at') return text(key) === 'all' ? '@_all' : text(key);
  return text(shown);
}

/** Title and paragraphs as lines; pictures, rules and emoji leave nothing. */
function postText(content: Json): string {
  const paragraphs = Array.isArray(content.content) ? content.content : [];
  const lines = paragraphs.map((nodes: unknown) => (Array.isArray(nodes) ? nodes.map(postNode).join('') : ''));
  return [text(content.title), ...lines].filter((line) => line !== '').join('\n');
}

function messageText(message: Json): string {
  const content = parseObject(text(message.content)) ?? {};
  if (message.message_type === 'text') return text(content.text).slice(0, TEXT_LIMIT);
  return message.message_type === 'post' ? postText(content).slice(0, TEXT_LIMIT) : '';
}

function mentionsOf(value: unknown): Mention[] {
  const found: Mention[] = [];
  for (const entry of Array.isArray(value) ? value.slice(0, MENTION_LIMIT) : []) {
    const { key, id: whom, name } = json(entry);
    const mention = id(key);
    // @所有人 names nobody: it is not a call to the bot, whichever of its two shapes arrives.
    if (mention !== null && mention !== '@_all')
      found.push({ key: mention, openId: person(whom).openId ?? id(whom), name: text(name).slice(0, NAME_LIMIT) });
  }
  return found;
}

function readMessage({ eventId, event, at }: Envelope): MessageEvent | null {
  const message = json(event.message);
  const sender = json(event.sender);
  const messageId = id(message.message_id);
  const chatId = id(message.chat_id);
  if (messageId === null || chatId === null) return null;
  return {
    kind: 'message',
    eventId,
    messageId,
    chatId,
    // Whatever is not surely private is a group: less is said there.
    chatType: message.chat_type === 'p2p' ? 'p2p' : 'group',
    sender: person(sender.sender_id),
    senderIsUser: sender.sender_type === 'user',
    text: messageText(message),
    mentions: mentionsOf(message.mentions),
    at,
  };
}

const readBotAdded: Reader = ({ eventId, event, at }): ChatEvent | null => {
  const chatId = id(event.chat_id);
  if (chatId === null) return null;
  const chatName = text(event.name).slice(0, NAME_LIMIT);
  return { kind: 'botAdded', eventId, chatId, chatName, operator: person(event.operator_id), at };
};

const readGone =
  (kind: 'botRemoved' | 'chatGone'): Reader =>
  ({ eventId, event, at }) => {
    const chatId = id(event.chat_id);
    return chatId === null ? null : { kind, eventId, chatId, at };
  };

/** A Map, because an event type may be 'constructor'. */
const readers = new Map<string, Reader>([
  ['card.action.trigger', readClick],
  ['im.message.receive_v1', readMessage],
  ['im.chat.member.bot.added_v1', readBotAdded],
  ['im.chat.member.bot.deleted_v1', readGone('botRemoved')],
  ['im.chat.disbanded_v1', readGone('chatGone')],
]);

/** A verified v2 envelope to what the bot acts on; null when the payload lacks what its type always has. */
export function readEvent(root: Json, now: number): Inbound | null {
  const header = json(root.header);
  const type = id(header.event_type);
  if (type === null) return null;
  const read = readers.get(type);
  if (read === undefined) return { kind: 'ignored', type };
  const eventId = id(header.event_id);
  if (eventId === null) return null;
  return read({ root, eventId, event: json(root.event), at: epochMs(header.create_time) ?? now });
}
