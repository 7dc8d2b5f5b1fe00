// Owns work in the private chat: 转到私聊 from a group's card, and 排查 typed in private. A private card goes to the
// person's own open_id and nowhere else, whatever button asked for it.
import type { After, Area, LoadedCampaign, Outgoing, Sitting } from '../ports.ts';
import { mayAnswer, nextRule, pointer } from './opening.ts';
import { isAnswered, isLoaded, load, type WorkingClick } from './workingClick.ts';
import { type Answer, type Asker, head, noCampaign, say, type World } from './world.ts';

const noPrivateId = '暂时认不出您的私聊。请点我的头像打开私聊，发送「排查」。';

/** 转到私聊: the same household and draft go on in private; the group's card says so. */
export async function toPrivate(world: World, click: WorkingClick): Promise<Answer> {
  const l = await load(world, click);
  if (!isLoaded(l)) return l;
  const { campaign, village, sitting } = l;
  if (sitting.audience === 'private') return say('info', '这张卡已经在私聊里了。');
  const c = sitting.screening;
  if (c && isAnswered(c)) return say('info', `这户已经填好。要改，请私聊我发送「查户 ${c.household.code}」。`);
  const after: After = {
    replyTo: click.messageId,
    lane: click.chatId,
    sent: '',
    failed: '私聊没有发出去。请点我的头像打开私聊，发送「排查」接着填，已填的都还在。',
  };
  const opened = await openPrivate(world, { asker: click.asker, campaign, village, from: sitting, after });
  if (opened === 'nobody') return say('warning', noPrivateId);
  const text = `${click.asker.person.name}已转到私聊接着填。要在群里填，点村卡片上的“继续排查”。`;
  return {
    toast: { tone: 'success', text: '已转到私聊，请到和我的私聊里接着填。' },
    shown: { card: 'pointer', view: { ...head(world, campaign), text } },
  };
}

/** 排查 typed in private, or 继续排查 on a private village card: a reason, or '' once the card is on its way. */
export async function workInPrivate(
  world: World,
  p: { readonly asker: Asker; readonly campaign: LoadedCampaign; readonly village: Area; readonly first?: Outgoing },
): Promise<string> {
  const refusal = await mayAnswer(world, p);
  if (refusal) return refusal;
  return (await openPrivate(world, p)) === 'nobody' ? noPrivateId : '';
}

/** 继续排查 on a private village card. */
export async function continueInPrivate(
  world: World,
  p: { readonly asker: Asker; readonly campaignId: string; readonly villageCode: string },
): Promise<Answer> {
  const [campaign, village] = await Promise.all([world.store.campaign(p.campaignId), world.store.area(p.villageCode)]);
  if (!campaign || !village) return say('warning', noCampaign);
  const refusal = await workInPrivate(world, { asker: p.asker, campaign, village });
  if (refusal !== '') return say('warning', refusal);
  return say('success', '您的填报卡已发在和我的私聊里，请往下看。');
}

interface Opening {
  readonly asker: Asker;
  readonly campaign: LoadedCampaign;
  readonly village: Area;
  /** The group's sitting that moves here. */
  readonly from?: Sitting;
  readonly after?: After;
  /** Goes out before the card. */
  readonly first?: Outgoing;
}

/** Opens the private sitting with its card promised. 'nobody': the person cannot be written to by open_id. */
async function openPrivate(world: World, p: Opening): Promise<'opened' | 'nobody'> {
  const { asker, campaign, village, from } = p;
  const { openId, id: actor } = asker.person;
  if (openId === null) return 'nobody';
  const now = world.clock.now();
  const before = await world.store.openSittingOf(actor, openId, campaign.id);
  const id = world.newId();
  const card: Outgoing = {
    key: `sit/${id}`,
    kind: 'send',
    target: { kind: 'user', id: openId },
    lane: openId,
    payload: { type: 'sitting', id, ...(p.after ? { after: p.after } : {}) },
    dueAt: now,
  };
  const first = p.first ? [p.first] : [];
  await world.store.openSitting({
    // stale: another press was first, and its card is on its way
    act: { eventId: asker.eventId, actor, at: now },
    id,
    campaignId: campaign.id,
    chatId: openId,
    villageCode: village.code,
    anchorId: from?.anchorId ?? '',
    next: nextRule(world, campaign, true),
    outgoing: [...first, card, ...(before?.messageId ? [pointer(before, openId, now)] : [])],
    replaces: before,
    audience: 'private',
    ...(from ? { from } : {}),
  });
  return 'opened';
}
