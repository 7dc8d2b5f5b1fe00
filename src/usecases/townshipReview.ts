// Owns what a township decides about a village's hand-in: shown in private with reasons and households, 接收, or 退回 with a
// reason for each household or item. The village's cadres learn it in their digest, never its group.
import type { ActionValue } from '../../cards/actions.ts';
import type { ReturnedView } from '../../cards/viewsOfVillage.ts';
import type { AreaTask, Returned } from '../areaStore.ts';
import { readReturnLines } from '../domain/handIn.ts';
import { may } from '../domain/scope.ts';
import type { Outgoing, Screening } from '../ports.ts';
import type { Written } from '../store.ts';
import { type AreaClick, actOf, isPlace, placeOf } from './areaForm.ts';
import type { Place } from './areaFormFacts.ts';
import { taskOf } from './handIn.ts';
import { itemName, reviewView, villageItems } from './townshipView.ts';
import { returnedCounts } from './village.ts';
import { type Answer, head, noCampaign, say, type World } from './world.ts';

/** The village of a click, when this person may accept for it. */
async function placeFor(world: World, click: AreaClick, at: { c: string; v: string }): Promise<Place | Answer> {
  const [campaign, village] = await Promise.all([world.store.campaign(at.c), world.store.area(at.v)]);
  if (!campaign || !village) return say('warning', noCampaign);
  if (may({ campaign, person: click.asker.person }, 'accept', village)) return { campaign, village };
  return say('warning', `${village.name}由乡镇干部接收或退回。`);
}

const unreachable = '私聊没有发出去。请点我的头像打开私聊，随便发一句话，再点一次。';

/** A card for the asker alone, whose failure the chat hears of. */
function privately(
  click: AreaClick,
  p: { readonly place: Place; readonly card: 'review' | 'returned'; readonly openId: string; readonly at: number },
): Outgoing {
  const { campaign, village } = p.place;
  const after = { replyTo: click.messageId, lane: click.chatId, sent: '', failed: unreachable };
  return {
    key: `rev/${click.asker.eventId.slice(-46)}`,
    kind: 'send',
    target: { kind: 'user', id: p.openId },
    lane: p.openId,
    payload: {
      type: 'area',
      card: p.card,
      campaignId: campaign.id,
      areaCode: village.code,
      audience: 'private',
      after,
    },
    dueAt: p.at,
  };
}

/** A village on the township's card: its hand-in, in private. */
export async function openReview(world: World, click: AreaClick, value: ActionValue<'review.open'>): Promise<Answer> {
  const place = await placeFor(world, click, value);
  if (!isPlace(place)) return place;
  const { person } = click.asker;
  if (person.openId === null) return say('warning', '请先私聊我发送「排查」，再点村名。');
  const act = actOf(world, click.asker);
  const card = privately(click, { place, card: 'review', openId: person.openId, at: act.at });
  await world.store.clickChange(act, [], [card]);
  return say('info', `${place.village.name}提交的情况已私发给您。`);
}

interface Decision {
  readonly place: Place;
  readonly task: AreaTask;
}

/** A click on a hand-in that still is what the card says. */
async function decisionOf(
  world: World,
  click: AreaClick,
  value: ActionValue<'review.accept'>,
): Promise<Decision | Answer> {
  if ((await world.store.chat(click.chatId)) !== null) return say('warning', '接收和退回请在私聊里办。');
  const place = await placeFor(world, click, value);
  if (!isPlace(place)) return place;
  const task = await taskOf(world, place);
  if (task.rev === value.r && task.state === 'submitted') return { place, task };
  return show(world, place, { toast: { tone: 'info', text: '提交的情况刚有变化，请看最新的。' } });
}
const isDecision = (d: Decision | Answer): d is Decision => 'task' in d;

async function show(
  world: World,
  place: Place,
  p: { readonly toast?: NonNullable<Answer['toast']>; readonly form?: boolean } = {},
): Promise<Answer> {
  const shown = { card: 'review' as const, view: await reviewView(world, place, p.form ?? false) };
  return { shown, audience: 'private', ...(p.toast ? { toast: p.toast } : {}) };
}

/** 接收. Nobody accepts what they handed in themselves. */
export async function acceptHandIn(
  world: World,
  click: AreaClick,
  value: ActionValue<'review.accept'>,
): Promise<Answer> {
  const d = await decisionOf(world, click, value);
  if (!isDecision(d)) return d;
  if (d.task.submittedBy === click.asker.person.id) return say('warning', '这是您自己提交的，请由另一位乡镇同事接收。');
  const w = await world.store.acceptHandIn({ act: actOf(world, click.asker), task: d.task });
  return told(world, d, { w, text: `已接收${d.place.village.name}。` });
}

const told = (world: World, d: Decision, p: { w: Written<null>; text: string }): Promise<Answer> => {
  if (p.w.ok) return show(world, d.place, { toast: { tone: 'success', text: p.text } });
  if (p.w.why === 'duplicate') return show(world, d.place);
  return show(world, d.place, { toast: { tone: 'info', text: '情况刚有变化，没有改动，请看最新的。' } });
};

/** 退回 and 返回: the form of reasons, or the hand-in again. */
export async function turnReview(
  world: World,
  click: AreaClick,
  p: { readonly value: ActionValue<'review.reject'>; readonly form: boolean },
): Promise<Answer> {
  const d = await decisionOf(world, click, p.value);
  return isDecision(d) ? show(world, d.place, { form: p.form }) : d;
}

/** 退回 with reasons. */
export async function returnHandIn(
  world: World,
  click: AreaClick,
  value: ActionValue<'review.return'>,
): Promise<Answer> {
  const d = await decisionOf(world, click, value);
  if (!isDecision(d)) return d;
  const read = await readReturns(world, d.place, click.names.read(click.form, `${value.v}return`, value.r));
  if ('refused' in read) return say('error', `还没有退回：${read.refused}。已填的内容都还在。`);
  const { returns, households } = read;
  const act = actOf(world, click.asker);
  const w = await world.store.returnHandIn({ act, task: d.task, returns, households });
  return told(world, d, { w, text: `已退回${d.place.village.name}，${returnedCounts({ returns })}。` });
}

interface Returns {
  readonly returns: readonly Returned[];
  readonly households: readonly Screening[];
}
const textOf = (raw: unknown) => (typeof raw === 'string' ? raw.trim() : '');

async function readReturns(
  world: World,
  { campaign, village }: Place,
  raw: Readonly<Record<string, unknown>>,
): Promise<Returns | { refused: string }> {
  const { lines, faults } = readReturnLines(textOf(raw.lines));
  if (faults.length > 0) return { refused: faults.slice(0, 3).join('；') };
  const households = await world.store.householdsByCode(
    campaign.id,
    village.code,
    lines.map((l) => l.code),
  );
  const unknown = lines.filter((l) => !households.some((h) => h.household.code === l.code)).map((l) => l.code);
  if (unknown.length > 0) return { refused: `本村没有户编码 ${unknown.slice(0, 5).join('、')}，请核对` };
  const known = new Set(villageItems(campaign).map((i) => i.id));
  const items = (Array.isArray(raw.items) ? raw.items : [raw.items]).filter(
    (i): i is string => typeof i === 'string' && known.has(i),
  );
  const reason = textOf(raw.note);
  if (items.length > 0 && reason === '') return { refused: '选了村级内容，请写上退回的原因' };
  if (lines.length + items.length === 0) return { refused: '请写明要重新核实的户，或选要补充的村级内容' };
  return { returns: [...lines, ...items.map((item) => ({ item, reason }))], households };
}

/** 看退回原因 on the village's card: for whoever works there, in private. */
export async function tellReasons(
  world: World,
  click: AreaClick,
  value: ActionValue<'handIn.reasons'>,
): Promise<Answer> {
  const place = await placeOf(world, click, value);
  if (!isPlace(place)) return place;
  if ((await taskOf(world, place)).state !== 'returned') return say('info', '现在没有退回的内容。');
  const { openId } = click.asker.person;
  if (openId === null) return say('warning', '暂时认不出您的私聊。请点我的头像打开私聊，发送「排查」。');
  const act = actOf(world, click.asker);
  await world.store.clickChange(act, [], [privately(click, { place, card: 'returned', openId, at: act.at })]);
  return say('info', '退回的原因已私发给您。');
}

/** What was sent back; null when the village mended it meanwhile. */
export async function returnedView(world: World, place: Place): Promise<ReturnedView | null> {
  const { campaign, village } = place;
  const task = await taskOf(world, place);
  if (task.state !== 'returned') return null;
  const lines = task.returns.map((r) => ({ name: r.code ?? itemName(campaign, r.item ?? ''), reason: r.reason }));
  return { ...head(world, campaign), village: village.name, lines, way: wayOf(task) };
}

/** Households and the village's own content are mended behind different buttons of the village's card. */
function wayOf({ returns }: AreaTask): string {
  const ways = [
    returns.some((r) => r.code !== undefined) ? '写到的户，点“继续排查”重填' : '',
    returns.some((r) => r.item !== undefined) ? '村级内容，点“村级表”重填' : '',
  ];
  return `请在村卡片上补充：${ways.filter((way) => way !== '').join('；')}。补好后再点“村级提交”。`;
}
