// Owns sending: create and reply, with addressing, idempotency and limits per chat and person.
import { ApiFault, badField } from './apiFault.ts';
import { type Content, checkContent, laneOf, openChat, openMessage, takeTurn, wireMessage } from './message.ts';
import type { Platform } from './platform.ts';
import { type Call, type Route, text } from './route.ts';
import { newId } from './seal.ts';
import type { Chat, NewMessage, StoredMessage } from './state.ts';

const REMEMBERED = 3_600_000; // a uuid, after its message was sent
const ID_TYPES = ['open_id', 'user_id', 'union_id', 'email'];

function addressee(p: Platform, call: Call): Chat {
  const type = call.query.receive_id_type ?? '';
  const id = text(call, 'receive_id');
  if (type === 'chat_id') return reachable(p, openChat(p, id));
  if (!ID_TYPES.includes(type)) throw badField('receive_id_type', 'receive_id_type is not one of the allowed values');
  const user = p.world.userBy(id);
  const prefix = { open_id: 'ou_', union_id: 'on_' }[type];
  if (user === null || (prefix !== undefined && !id.startsWith(prefix))) throw new ApiFault(230034);
  if (!user.reachable) throw new ApiFault(230013);
  return reachable(p, p.world.p2pWith(user.openId, call.now));
}

function reachable(p: Platform, chat: Chat): Chat {
  const user = chat.type === 'p2p' ? p.world.users.get(chat.ownerId) : undefined;
  if (user?.reachable === false) throw new ApiFault(230013);
  if (user?.stoppedBot) throw new ApiFault(230053);
  return chat;
}

/** The message an earlier call with this uuid made, when that was less than an hour ago. */
function sentBefore(p: Platform, call: Call): StoredMessage | null {
  const uuid = call.body.uuid;
  if (uuid === undefined || uuid === '') return null;
  if (typeof uuid !== 'string' || uuid.length > 50) throw badField('uuid', 'uuid must be at most 50 characters');
  const sent = p.uuids.get(uuid);
  return sent !== undefined && call.now - sent.createdAt < REMEMBERED ? sent : null;
}

interface Target {
  readonly chat: Chat;
  /** Where in a conversation it goes; asked once the content is known to be good. */
  place?(): Pick<NewMessage, 'parentId' | 'rootId' | 'threadId'>;
}

function send(p: Platform, call: Call, { chat, place }: Target): Record<string, unknown> {
  const type = text(call, 'msg_type');
  const content: Content = checkContent(p, { type, content: call.body.content, bytes: call.bytes, chat });
  takeTurn(p, laneOf(chat));
  const uuid = typeof call.body.uuid === 'string' && call.body.uuid !== '' ? call.body.uuid : null;
  const from = { openId: p.world.bot.openId, bot: true };
  const message = p.world.addMessage({
    chatId: chat.chatId,
    from,
    type,
    ...content,
    createdAt: call.now,
    uuid,
    ...place?.(),
  });
  if (uuid !== null) p.uuids.set(uuid, message);
  return { data: wireMessage(p, message) };
}

function threadFor(p: Platform, parent: StoredMessage, asked: boolean): string | null {
  if (parent.threadId !== null || !asked) return parent.threadId;
  const threadId = newId('omt_');
  parent.threadId = threadId;
  p.world.touchMessage(parent);
  return threadId;
}

export const sendRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/im/v1/messages',
    run: (p, call) => {
      const before = sentBefore(p, call);
      if (before !== null) return { data: wireMessage(p, before) };
      return send(p, call, { chat: addressee(p, call) });
    },
  },
  {
    method: 'POST',
    path: '/im/v1/messages/:id/reply',
    run: (p, call) => {
      const before = sentBefore(p, call);
      if (before !== null) return { data: wireMessage(p, before) };
      const { message: parent, chat } = openMessage(p, call.params.id ?? '');
      reachable(p, chat);
      const place = () => ({
        parentId: parent.messageId,
        rootId: parent.rootId ?? parent.messageId,
        threadId: threadFor(p, parent, call.body.reply_in_thread === true),
      });
      return send(p, call, { chat, place });
    },
  },
];
