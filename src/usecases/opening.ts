// Owns opening a working card: who may answer, which household comes first, what becomes of the card before.
import type { Campaign } from '../domain/campaign.ts';
import { standing } from '../domain/phase.ts';
import { may } from '../domain/scope.ts';
import { dayOf, minute, showDay } from '../domain/time.ts';
import type { Area, ChatRow, LoadedCampaign, Outgoing, Sitting } from '../ports.ts';
import type { NextRule } from '../store.ts';
import { villageView } from './village.ts';
import { type Answer, type Asker, head, noCampaign, say, type World } from './world.ts';

const claimFor = 30 * minute;

/** `early`: households put off until a later day are offered too. */
export function nextRule(world: World, campaign: Campaign, early: boolean): NextRule {
  const now = world.clock.now();
  return { today: dayOf(now, campaign.zone), early, claimUntil: now + claimFor };
}

/** 继续排查: a working card of one's own, as a reply in the thread of the village's card. */
export async function openWorking(
  world: World,
  p: { asker: Asker; chatId: string; anchorId: string; campaignId: string; villageCode: string },
): Promise<Answer> {
  const [campaign, village] = await Promise.all([world.store.campaign(p.campaignId), world.store.area(p.villageCode)]);
  if (!campaign || !village) return say('warning', noCampaign);
  const chat = await world.store.chat(p.chatId);
  const moved = wrongGroup(chat, campaign, village);
  if (moved) return say('warning', moved);
  const refusal = await mayAnswer(world, { campaign, village, asker: p.asker });
  if (refusal) return say('warning', refusal);
  const opened = await openSitting(world, { ...p, campaign, village });
  const view = await villageView(world, campaign, village);
  const text = opened ? `${p.asker.person.name}，您的填报卡已发在下面，请往下看。` : '您的填报卡刚发过，请往下看。';
  return { toast: { tone: 'success', text }, shown: { card: 'village', view } };
}

interface Wish {
  readonly campaign: Campaign;
  readonly village: Area;
  readonly asker: Asker;
}

/** Why an old card no longer works in its group: the group works for another area or campaign by now. null: it works. */
export function wrongGroup(chat: ChatRow | null, campaign: Campaign, area: Area): string | null {
  if (chat === null) return null; // no group
  if (chat.areaCode !== area.code) return `本群已不是${area.name}的工作群，请到${area.name}现在的工作群里办。`;
  if (chat.campaignId === campaign.id) return null;
  return `本群现在做的不是${campaign.short}。请@我发送「排查」，用新的卡片。`;
}

/** Why this person may not answer here and now; null when they may. */
export async function mayAnswer(world: World, p: Wish): Promise<string | null> {
  return (await mayWork(world, p)) ?? handedIn(world, p);
}

/** From 村级提交 on nothing changes under the township's eyes, until it sends the village back. */
async function handedIn(world: World, { campaign, village }: Wish): Promise<string | null> {
  const task = await world.store.areaTask(campaign.id, village.code);
  if (task?.state === 'submitted') return `${village.name}已提交，等乡镇接收或退回。要改，请联系乡镇退回。`;
  return task?.state === 'accepted' ? `${village.name}已由乡镇接收。要改，请联系乡镇。` : null;
}

/** Why this person does not work for the village now, whatever became of its hand-in; null when they do. */
export async function mayWork(world: World, p: Wish): Promise<string | null> {
  const { campaign, village, asker } = p;
  if (!may({ campaign, person: asker.person }, 'answer', village)) {
    const roles = campaign.roles.filter((r) => r.level !== 'county' && r.may.includes('answer')).map((r) => r.name);
    if (may({ campaign, person: asker.person }, 'progress', village))
      return `${village.name}由${roles.join('、')}来填。看进度请发送「进度 ${village.name}」。`;
    const township = village.township === null ? null : await world.store.area(village.township);
    return `您还不在${village.name}名单，请联系${township?.name ?? '乡镇'}。`;
  }
  const state = standing(campaign, world.clock.now());
  const from = campaign.phases.find((phase) => phase.screening)?.from;
  return state.open || !from ? null : `排查从${showDay(from)}开始，到时再点“继续排查”。`;
}

const justNow = 10_000;
const onItsWay = 5 * minute;
/** Not used yet, and opened within the last seconds or still on its way: a second tap on 继续排查 opens nothing more. */
const untouched = (s: Sitting, now: number) =>
  s.done === 0 && s.rev === 0 && now - s.updatedAt < (s.messageId === null ? onItsWay : justNow);

/** A new sitting with its card promised; false when one was opened just now. The person's earlier card becomes a pointer. */
export async function openSitting(
  world: World,
  p: { asker: Asker; chatId: string; anchorId: string; campaign: LoadedCampaign; village: Area },
): Promise<boolean> {
  const { store, clock, newId } = world;
  const now = clock.now();
  const before = await store.openSittingOf(p.asker.person.id, p.chatId, p.campaign.id);
  if (before && before.villageCode === p.village.code && untouched(before, now)) return false;
  const id = newId();
  const card: Outgoing = {
    key: `sit/${id}`,
    kind: 'thread',
    target: { kind: 'message', id: p.anchorId },
    lane: p.chatId,
    payload: { type: 'sitting', id },
    dueAt: now,
  };
  const written = await store.openSitting({
    act: { eventId: p.asker.eventId, actor: p.asker.person.id, at: now },
    id,
    campaignId: p.campaign.id,
    chatId: p.chatId,
    villageCode: p.village.code,
    anchorId: p.anchorId,
    next: nextRule(world, p.campaign, true),
    outgoing: before?.messageId ? [card, pointer(before, p.chatId, now)] : [card],
    replaces: before,
  });
  return written.ok;
}

/** The card that was replaced becomes a pointer, so that no dead button stays in the chat. */
export const pointer = (old: Sitting, lane: string, now: number): Outgoing => ({
  key: `ptr/${old.id}`,
  kind: 'patch',
  target: { kind: 'message', id: old.messageId ?? '' },
  lane,
  payload: { type: 'sitting', id: old.id },
  dueAt: now,
});

/** What a card that was replaced says. */
export const moved = (world: World, campaign: Campaign, alone: boolean) => ({
  card: 'pointer' as const,
  view: {
    ...head(world, campaign),
    alone,
    text: '这张填报卡已换成新的，请看下面最新的一张；找不到时点村卡片上的“继续排查”。',
  },
});
