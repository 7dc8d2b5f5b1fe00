// Owns reading and changing messages that exist: get, list, patch (card), put (text), recall, reactions.
import { ApiFault, badField } from './apiFault.ts';
import { assertChangeable, checkContent, openChat, openMessage, takeTurn, wireMessage } from './message.ts';
import type { Platform } from './platform.ts';
import { type Call, paged, type Route, text } from './route.ts';
import { newId } from './seal.ts';
import type { StoredMessage } from './state.ts';

function patch(p: Platform, call: Call): Record<string, unknown> {
  const { message, chat } = openMessage(p, call.params.id ?? '');
  if (message.type !== 'interactive') throw new ApiFault(230054);
  assertChangeable(p, message);
  const { content } = checkContent(p, { type: 'interactive', content: call.body.content, bytes: call.bytes, chat });
  takeTurn(p, `patch ${message.messageId}`);
  message.content = content;
  message.updatedAt = call.now;
  p.world.touchMessage(message);
  return { data: {} };
}

function edit(p: Platform, call: Call): Record<string, unknown> {
  const { message, chat } = openMessage(p, call.params.id ?? '');
  const type = text(call, 'msg_type');
  if ((type !== 'text' && type !== 'post') || type !== message.type) throw new ApiFault(230054);
  if (!message.from.bot) throw new ApiFault(230071);
  if (message.edits >= 20) throw new ApiFault(230072);
  const { content } = checkContent(p, { type, content: call.body.content, bytes: call.bytes, chat });
  takeTurn(p, `patch ${message.messageId}`);
  message.content = content;
  message.edits += 1;
  message.updatedAt = call.now;
  p.world.touchMessage(message);
  return { data: wireMessage(p, message) };
}

function recall(p: Platform, call: Call): Record<string, unknown> {
  const { message } = openMessage(p, call.params.id ?? '');
  if (!message.from.bot) throw new ApiFault(230026);
  message.recalled = true;
  message.updatedAt = call.now;
  p.world.touchMessage(message);
  return { data: {} };
}

function container(p: Platform, call: Call): readonly StoredMessage[] {
  const id = call.query.container_id ?? '';
  if (call.query.container_id_type === 'chat') return p.world.messagesOf(openChat(p, id).chatId);
  if (call.query.container_id_type !== 'thread') throw badField('container_id_type', 'must be chat or thread');
  for (const chat of p.world.chats.values()) {
    const inThread = p.world.messagesOf(chat.chatId).filter((m) => m.threadId === id);
    if (inThread.length > 0)
      return p.world.messagesOf(openChat(p, chat.chatId).chatId).filter((m) => m.threadId === id);
  }
  throw new ApiFault(230019);
}

function list(p: Platform, call: Call): Record<string, unknown> {
  const from = Number(call.query.start_time ?? 0) * 1000;
  const to = Number(call.query.end_time ?? Number.POSITIVE_INFINITY) * 1000 + 999;
  if (Number.isNaN(from) || Number.isNaN(to)) throw badField('start_time', 'seconds expected');
  const found = container(p, call).filter((m) => m.createdAt >= from && m.createdAt <= to);
  if (call.query.sort_type === 'ByCreateTimeDesc') found.reverse();
  const page = paged(found, call, 50);
  return { data: { ...page, items: page.items.map((m) => wireMessage(p, m)) } };
}

function react(p: Platform, call: Call): Record<string, unknown> {
  const message = p.world.message(call.params.id ?? '');
  if (message === null || message.recalled) throw new ApiFault(231003);
  openChat(p, message.chatId);
  const type = call.body.reaction_type;
  const emoji = typeof type === 'object' && type !== null && 'emoji_type' in type ? type.emoji_type : undefined;
  if (typeof emoji !== 'string' || !/^[A-Za-z0-9_]+$/.test(emoji)) throw new ApiFault(231001);
  const operator = { operator_id: p.app.appId, operator_type: 'app' };
  return {
    data: { reaction_id: newId(''), operator, action_time: String(call.now), reaction_type: { emoji_type: emoji } },
  };
}

function get(p: Platform, call: Call): Record<string, unknown> {
  const message = p.world.message(call.params.id ?? '');
  if (message === null) throw new ApiFault(99992354);
  openChat(p, message.chatId);
  return { data: { items: [wireMessage(p, message)] } };
}

export const messageRoutes: readonly Route[] = [
  { method: 'GET', path: '/im/v1/messages', run: list },
  { method: 'GET', path: '/im/v1/messages/:id', run: get },
  { method: 'PATCH', path: '/im/v1/messages/:id', run: patch },
  { method: 'PUT', path: '/im/v1/messages/:id', run: edit },
  { method: 'DELETE', path: '/im/v1/messages/:id', run: recall },
  { method: 'POST', path: '/im/v1/messages/:id/reactions', run: react },
];
