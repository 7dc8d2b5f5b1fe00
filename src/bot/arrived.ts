// Owns finding out whether an earlier try arrived, once the platform's idempotency key no longer covers it (an hour). The
// platform never says which key a message came with: ours is the one in the chat that no other promised message claims.
import { minute } from '../domain/time.ts';
import type { DueMessage } from '../outboxStore.ts';
import { type Platform, PlatformError, type Said } from '../ports.ts';
import type { World } from '../usecases/world.ts';

/** found: it is there · absent: it certainly is not · unknown: nobody can tell (scope missing, chat not known). */
export type Arrival = { readonly is: 'found'; readonly messageId: string } | { readonly is: 'absent' | 'unknown' };

/** Five minutes less than the platform's hour: clocks differ, and a call takes its time. */
const keyHolds = 55 * minute;
const around = 2 * minute;
const pagesAtMost = 20;

/** Whether sending again could double the message. A card changed twice is changed once. */
export const mayBeThere = (m: DueMessage, now: number): boolean =>
  m.kind !== 'patch' && m.triedAt !== null && now - m.triedAt > keyHolds;

/** Rejects with PlatformError where asking again later may help. */
export async function arrivalOf(
  { world, platform }: { world: World; platform: Platform },
  m: DueMessage,
): Promise<Arrival> {
  try {
    const chatId = await chatOf(world, platform, m);
    if (chatId === null) return { is: 'unknown' };
    return await lookFor({ world, platform }, m, chatId);
  } catch (error) {
    if (error instanceof PlatformError && error.retry !== 'later' && error.retry !== 'token') return { is: 'unknown' };
    throw error;
  }
}

/** A private chat has an id of its own: what was sent to this person before tells it. */
async function chatOf(world: World, platform: Platform, m: DueMessage): Promise<string | null> {
  if (m.target.kind === 'chat') return m.target.id;
  if (m.target.kind === 'message' && !m.lane.startsWith('ou_')) return m.lane;
  const before = await world.store.lastSentTo(m.lane);
  return before === null ? null : platform.chatOf(before);
}

async function lookFor(deps: { world: World; platform: Platform }, m: DueMessage, chatId: string): Promise<Arrival> {
  const { world, platform } = deps;
  // A rehearsed clock says nothing about the platform's: then the newest messages are looked at, whenever they came.
  const since = world.rehearsal ? null : (m.triedAt ?? 0) - around;
  let page = '';
  for (let n = 0; n < pagesAtMost; n++) {
    const { said, next } = await platform.history({ chatId, since, page });
    const ours = said.filter((one) => couldBe(m, one));
    const claimed = new Set(await world.store.claimed(ours.map((one) => one.messageId)));
    const free = ours.find((one) => !claimed.has(one.messageId));
    if (free) return { is: 'found', messageId: free.messageId };
    if (next === '') return { is: 'absent' };
    page = next;
  }
  return { is: 'unknown' };
}

/** The bot's own, answering the same message, saying the same where that can be compared: the platform rewrites cards. */
function couldBe(m: DueMessage, one: Said): boolean {
  if (!one.byApp || one.deleted) return false;
  if (m.kind !== 'send' && one.parentId !== '' && one.parentId !== m.target.id) return false;
  if (m.kind === 'send' && one.parentId !== '') return false;
  return m.payload.type !== 'text' || one.text === null || one.text === m.payload.text;
}
