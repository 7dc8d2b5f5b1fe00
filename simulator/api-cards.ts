// Owns the delayed update of a clicked card: 30 minutes, twice, only after the click was answered.
import { ApiFault } from './apiFault.ts';
import { checkCard } from './cardCheck.ts';
import type { Platform } from './platform.ts';
import { type Call, type Route, text } from './route.ts';

function update(p: Platform, call: Call): Record<string, unknown> {
  const card = call.body.card;
  const token = text(call, 'token');
  if (typeof card !== 'object' || card === null || Array.isArray(card)) throw new ApiFault(10002);
  const used = p.clicks.spend(token);
  if (typeof used === 'number') throw new ApiFault(used);
  const message = p.world.message(used.messageId);
  const chat = message === null ? undefined : p.world.chats.get(message.chatId);
  if (message === null || message.recalled || chat === undefined) throw new ApiFault(200000);
  const fault = checkCard(p, card, chat);
  if (fault !== null) throw new ApiFault(11310, { msg: fault.ext });
  p.clicks.replace(message, Object.fromEntries(Object.entries(card)));
  return { msg: 'ok' };
}

export const cardRoutes: readonly Route[] = [{ method: 'POST', path: '/interactive/v1/card/update', run: update }];
