// Owns what the page shows and how every piece of news changes it. Pure: no fetch, no DOM.
import type { PageChat, PageEvent, PageMessage, PageState } from '../wire.ts';

export interface Shown {
  readonly page: PageState | null;
  readonly clockAt: number; // local ms at which page.clock was true
  readonly messages: Readonly<Record<string, readonly PageMessage[]>>; // by chat, oldest first
  readonly seen: Readonly<Record<string, number>>; // by chat: everything up to then was on screen
  readonly meanwhile: Readonly<Record<string, readonly PageMessage[]>>; // by chat being fetched: what was heard since
}

export const nothing: Shown = { page: null, clockAt: 0, messages: {}, seen: {}, meanwhile: {} };

export function withState(shown: Shown, page: PageState, localNow: number): Shown {
  const same = shown.page?.me.openId === page.me.openId;
  return { ...(same ? shown : nothing), page, clockAt: localNow };
}

function withMessages(shown: Shown, chatId: string, messages: readonly PageMessage[]): Shown {
  return { ...shown, messages: { ...shown.messages, [chatId]: messages } };
}

/** A chat's history is being fetched: what is heard from now on may be newer than the answer. */
export function withFetching(shown: Shown, chatId: string): Shown {
  return { ...shown, meanwhile: { ...shown.meanwhile, [chatId]: shown.meanwhile[chatId] ?? [] } };
}

/** The history came, null: it did not. Nothing that was heard while it travelled is lost. */
export function withFetched(shown: Shown, chatId: string, messages: readonly PageMessage[] | null): Shown {
  const { [chatId]: heard = [], ...meanwhile } = shown.meanwhile;
  const next = { ...shown, meanwhile };
  return messages === null ? next : heard.reduce(placed, withMessages(next, chatId, messages));
}

/** A chat on screen is read. */
export function withSeen(shown: Shown, chatId: string): Shown {
  const at = Math.max(lastAt(shown, chatId), shown.seen[chatId] ?? 0);
  return at === shown.seen[chatId] ? shown : { ...shown, seen: { ...shown.seen, [chatId]: at } };
}

function lastAt(shown: Shown, chatId: string): number {
  const chat = shown.page?.chats.find((one) => one.chatId === chatId);
  return Math.max(chat?.lastAt ?? 0, shown.messages[chatId]?.at(-1)?.at ?? 0);
}

export function withEvent(shown: Shown, event: PageEvent, localNow: number): Shown {
  if (shown.page === null) return shown;
  switch (event.type) {
    case 'clock':
      return { ...shown, page: { ...shown.page, clock: event.clock }, clockAt: localNow };
    case 'faults':
      return { ...shown, page: { ...shown.page, faults: event.faults } };
    case 'flow':
      return { ...shown, page: { ...shown.page, flow: event.flow } };
    case 'chats':
      return { ...shown, page: { ...shown.page, chats: event.chats } };
    case 'message':
      return withMessage(shown, event.message);
    case 'restarted':
      return { ...nothing, page: withoutPrivate(shown.page), clockAt: shown.clockAt };
  }
}

/** Groups are there again after a restart, private chats are not: asking for one would be refused. */
function withoutPrivate(page: PageState): PageState {
  return { ...page, chats: page.chats.filter((chat) => chat.type === 'group') };
}

/** New at its time, changed in its place. A chat that was never opened is loaded when it is. */
function withMessage(shown: Shown, message: PageMessage): Shown {
  const { chatId } = message;
  const heard = shown.meanwhile[chatId];
  const kept = heard ? { ...shown, meanwhile: { ...shown.meanwhile, [chatId]: [...heard, message] } } : shown;
  return placed(kept, message);
}

function placed(shown: Shown, message: PageMessage): Shown {
  const known = shown.messages[message.chatId];
  if (!known) return shown;
  const at = known.findIndex((one) => one.messageId === message.messageId);
  if (at >= 0) return withMessages(shown, message.chatId, known.with(at, message));
  const after = known.findLastIndex((one) => one.at <= message.at) + 1;
  return withMessages(shown, message.chatId, known.toSpliced(after, 0, message));
}

/** Messages of others in it that were never on screen. */
export function unreadOf(shown: Shown, chat: PageChat): number {
  return chat.lastAt > (shown.seen[chat.chatId] ?? 0) ? chat.unread : 0;
}

/** The virtual time now: the clock runs on between two pieces of news. */
export function virtualNow(shown: Shown, localNow: number): number {
  const clock = shown.page?.clock;
  if (!clock) return 0;
  return clock.paused ? clock.now : clock.now + (localNow - shown.clockAt) * clock.speed;
}

/** Who is who, from everything the page has been told. */
export function namesIn(shown: Shown): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const page = shown.page;
  if (!page) return names;
  for (const message of Object.values(shown.messages).flat()) names.set(message.from.openId, message.from.name);
  for (const user of [...page.featured, page.me, page.bot]) names.set(user.openId, user.name);
  return names;
}
