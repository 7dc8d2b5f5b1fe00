// Owns the life of a sent card: the platform ends it after 14 days, so what is still in use is sent anew before, with its
// draft, on a working day; the old one becomes a pointer once the new one is there. Everything else is forgotten.
import type { LiveCard } from '../cardStore.ts';
import { addDays, dayLength, dayOf, hour, instantAt, minute } from '../domain/time.ts';
import { type Calendar, calendarOf, isWorkingTime, nextWorkday } from '../domain/workdays.ts';
import type { OutboxPayload, Outgoing } from '../ports.ts';
import type { World } from './world.ts';

/** feishu-protocol 4.2, a little less: clocks differ. */
const cardLife = 14 * dayLength - minute;
/** Sent anew so long before its end at the latest. */
const ahead = hour;
const atOnce = 500;
const longestRest = 8; // days

export const isTooOld = (sentAt: number | null, now: number): boolean => sentAt !== null && now - sentAt >= cardLife;

/** Once a tick. Of cards that end before the next working day does, those in use are promised anew. */
export async function renewCards(world: World): Promise<void> {
  const { store, clock } = world;
  const now = clock.now();
  const campaigns = await store.campaigns();
  const zone = campaigns[0]?.zone;
  if (zone === undefined) return;
  const calendar = calendarOf(campaigns);
  if (!isWorkingTime(calendar, now, zone)) return;
  const cards = await store.ageing(endOfNextWorkday(calendar, now, zone) + ahead - cardLife, atOnce);
  if (cards.length === 0) return;
  const fronts = cards.some(isFront) ? await store.newestFronts() : new Map<string, string>();
  const renewed: Outgoing[] = [];
  const gone: string[] = [];
  for (const card of cards) {
    const payload = isFront(card) && fronts.get(card.lane) !== card.messageId ? null : await inUse(world, card);
    if (payload === null) gone.push(card.messageId);
    else renewed.push({ ...again(card, payload, now), proactive: {} });
  }
  await store.renew({ outgoing: renewed, gone, at: now });
}

/** The platform says that this card is too old: somebody is using it, so the new one comes at once. */
export async function renewNow(world: World, messageId: string): Promise<void> {
  const card = await world.store.liveCard(messageId);
  const payload = card && (await inUse(world, card));
  const now = world.clock.now();
  if (card && payload) await world.store.renew({ outgoing: [again(card, payload, now)], gone: [], at: now });
}

/** Whether a card promised anew is still wanted when it is sent. */
export async function stillInUse(world: World, m: Pick<LiveCard, 'key' | 'lane' | 'payload'>): Promise<boolean> {
  const { replaces } = m.payload;
  return replaces === undefined || (await inUse(world, { ...m, messageId: replaces })) !== null;
}

function endOfNextWorkday(calendar: Calendar, now: number, zone: string): number {
  const today = dayOf(now, zone);
  return instantAt(nextWorkday(calendar, today) ?? addDays(today, longestRest), '18:00', zone);
}

/** The card a group works from; the welcome became it when the group was bound by its button. */
const isFront = ({ key, payload }: Pick<LiveCard, 'key' | 'payload'>) =>
  key.startsWith('wel/') || (payload.type === 'village' && payload.audience !== 'private');

/** What stands on it now, to be drawn anew; null: nobody needs it. */
async function inUse(
  { store, clock }: World,
  card: Pick<LiveCard, 'key' | 'lane' | 'payload' | 'messageId'>,
): Promise<OutboxPayload | null> {
  const { payload } = card;
  if (payload.type === 'sitting') {
    const sitting = await store.sitting(payload.id);
    const asks = sitting?.state === 'open' && sitting.messageId === card.messageId && sitting.screening !== null;
    return asks && (await goesOn(store, sitting.campaignId, clock.now())) ? payload : null;
  }
  if (!isFront(card)) return null;
  const chat = await store.chat(card.lane);
  if (!chat?.campaignId || !chat.areaCode || !(await goesOn(store, chat.campaignId, clock.now()))) return null;
  const { campaignId, areaCode } = chat;
  if (payload.type === 'village' && (payload.campaignId !== campaignId || payload.areaCode !== areaCode)) return null;
  return { type: 'village', campaignId, areaCode };
}

/** After a campaign's last day nothing is sent anew. */
async function goesOn(store: World['store'], campaignId: string, now: number): Promise<boolean> {
  const campaign = await store.campaign(campaignId);
  return campaign !== null && dayOf(now, campaign.zone) <= (campaign.phases.at(-1)?.to ?? '');
}

function again(card: LiveCard, payload: OutboxPayload, now: number): Outgoing {
  const { after: _, ...rest } = payload;
  const ofGroup = payload.type === 'village';
  return {
    key: `age/${card.messageId.slice(-44)}`,
    kind: ofGroup ? 'send' : card.kind,
    target: ofGroup ? { kind: 'chat', id: card.lane } : card.target,
    lane: card.lane,
    payload: { ...rest, replaces: card.messageId },
    dueAt: now,
    priority: 'deadline',
  };
}
