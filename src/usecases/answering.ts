// Owns the working card's clicks: open, submit, more, skip, back, put off. Each loads facts, decides purely, commits one
// unit and hands back the card as it then stands. No outbound call happens here.
import type { ActionValue } from '../../cards/actions.ts';
import { faultSentence, readAnswers } from '../domain/answers.ts';
import type { Campaign } from '../domain/campaign.ts';
import { computedAnswers } from '../domain/facts.ts';
import { findings } from '../domain/findings.ts';
import { standing } from '../domain/phase.ts';
import { nextStep, settle } from '../domain/questions.ts';
import { may } from '../domain/scope.ts';
import { dayOf, minute, showDay, showInstant } from '../domain/time.ts';
import type { Answers, Area, LoadedCampaign, Outgoing, Screening, Sitting } from '../ports.ts';
import type { Act, NextRule, Written } from '../store.ts';
import { villageView } from './village.ts';
import { formOf, questionsOn, shortId, workingView } from './workingView.ts';
import { type Answer, type Asker, head, noCampaign, say, type World } from './world.ts';

/** How the card names fields; the card kit's function, handed in so that use-cases know no card. */
export interface FieldNames {
  name(questionId: string, household: string, rev: number): string;
  read(form: Readonly<Record<string, unknown>>, household: string, rev: number): Record<string, unknown>;
}

export interface WorkingClick {
  readonly asker: Asker;
  readonly chatId: string;
  readonly value: ActionValue<'screening.submit'>;
  readonly form: Readonly<Record<string, unknown>>;
  readonly names: FieldNames;
}

/** Facts of a click that may go on. */
interface Loaded {
  readonly campaign: LoadedCampaign;
  readonly village: Area;
  readonly sitting: Sitting;
  readonly act: Act;
  readonly next: NextRule;
  readonly click: WorkingClick;
}

const claimFor = 30 * minute;

function nextRule(world: World, campaign: Campaign, all: boolean): NextRule {
  const now = world.clock.now();
  return { today: all ? '9999-12-31' : dayOf(now, campaign.zone), claimUntil: now + claimFor };
}

/** Shows the sitting as it stands now, with an optional toast. */
async function show(
  world: World,
  l: Pick<Loaded, 'campaign' | 'village' | 'click'>,
  sitting: Sitting,
  toast?: Answer['toast'],
): Promise<Answer> {
  const card = {
    campaign: l.campaign,
    sitting,
    person: l.click.asker.person,
    village: l.village.name,
    fieldName: l.click.names.name,
  };
  const shown = { card: 'working' as const, view: await workingView(world, card) };
  return toast ? { toast, shown } : { shown };
}

/** 继续排查: a working card of one's own, as a reply in the thread of the village's card. */
export async function openWorking(
  world: World,
  p: { asker: Asker; chatId: string; anchorId: string; campaignId: string; villageCode: string },
): Promise<Answer> {
  const [campaign, village] = await Promise.all([world.store.campaign(p.campaignId), world.store.area(p.villageCode)]);
  if (!campaign || !village) return say('warning', noCampaign);
  const refusal = await mayAnswer(world, campaign, village, p.asker);
  if (refusal) return say('warning', refusal);
  const opened = await open(world, { ...p, campaign, village });
  const view = await villageView(world, campaign, village);
  const text = opened ? `${p.asker.person.name}，您的填报卡已发在下面，请往下看。` : '您的填报卡刚发过，请往下看。';
  return { toast: { tone: 'success', text }, shown: { card: 'village', view } };
}

/** Why this person may not answer here and now; null when they may. */
async function mayAnswer(world: World, campaign: Campaign, village: Area, asker: Asker): Promise<string | null> {
  if (!may(campaign, asker.person, 'answer', village)) {
    const township = village.township === null ? null : await world.store.area(village.township);
    return `您还不在${village.name}的排查名单，请联系${township?.name ?? '乡镇'}。`;
  }
  const state = standing(campaign, world.clock.now());
  const from = campaign.phases.find((phase) => phase.screening)?.from;
  return state.open || !from ? null : `排查从${showDay(from)}开始，到时再点“继续排查”。`;
}

const justNow = 10_000;

async function open(
  world: World,
  p: { asker: Asker; chatId: string; anchorId: string; campaign: LoadedCampaign; village: Area },
): Promise<boolean> {
  const { store, clock, newId } = world;
  const now = clock.now();
  const before = await store.openSittingOf(p.asker.person.id, p.chatId, p.campaign.id);
  if (
    before &&
    before.villageCode === p.village.code &&
    now - before.updatedAt < justNow &&
    before.done === 0 &&
    before.rev === 0
  )
    return false;
  const id = newId();
  const card: Outgoing = {
    key: `sit/${id}`,
    kind: 'thread',
    target: { kind: 'message', id: p.anchorId },
    lane: p.chatId,
    payload: { type: 'sitting', id },
    dueAt: now,
  };
  const replaces = before && before.villageCode === p.village.code ? before : null;
  const written = await store.openSitting({
    act: { eventId: p.asker.eventId, actor: p.asker.person.id, at: now },
    id,
    campaignId: p.campaign.id,
    chatId: p.chatId,
    villageCode: p.village.code,
    anchorId: p.anchorId,
    next: nextRule(world, p.campaign, true),
    outgoing: before?.messageId ? [card, pointer(before, p.chatId, now)] : [card],
    replaces,
  });
  return written.ok;
}

/** The card that was replaced becomes a pointer, so that no dead button stays in the chat. */
const pointer = (old: Sitting, lane: string, now: number): Outgoing => ({
  key: `ptr/${old.id}`,
  kind: 'patch',
  target: { kind: 'message', id: old.messageId ?? '' },
  lane,
  payload: { type: 'sitting', id: old.id },
  dueAt: now,
});

/** Loads a working card's click and settles everything that is not about its content. */
async function load(world: World, click: WorkingClick): Promise<Loaded | Answer> {
  const sitting = await world.store.sitting(click.value.s);
  if (!sitting) return gone(world);
  const [campaign, village] = await Promise.all([
    world.store.campaign(sitting.campaignId),
    world.store.area(sitting.villageCode),
  ]);
  if (!campaign || !village) return gone(world);
  const { person, eventId } = click.asker;
  if (sitting.personId !== person.id) return othersCard(world, { click, sitting, campaign, village });
  if (sitting.state === 'closed')
    return { shown: moved(world, campaign), toast: { tone: 'info', text: '这张卡已经换成新的，请往下看。' } };
  const refusal = await mayAnswer(world, campaign, village, click.asker);
  if (refusal) return say('warning', refusal);
  const act = { eventId, actor: person.id, at: world.clock.now() };
  const loaded = { campaign, village, sitting, act, next: nextRule(world, campaign, false), click };
  const h = sitting.screening ? shortId(sitting.screening) : '';
  if (click.value.r !== sitting.rev || click.value.h !== h)
    return show(world, loaded, sitting, { tone: 'info', text: '卡片已更新，请看最新的一户。' });
  return loaded;
}

const isLoaded = (l: Loaded | Answer): l is Loaded => 'sitting' in l;

export const moved = (world: World, campaign: Campaign) => ({
  card: 'pointer' as const,
  view: {
    ...head(world, campaign),
    text: '这张填报卡已换成新的，请看下面最新的一张；找不到时点村卡片上的“继续排查”。',
  },
});

const gone = (world: World): Answer => ({
  toast: { tone: 'warning', text: '这张卡片已失效，请发送「排查」重新打开。' },
  shown: { card: 'pointer', view: { ...head(world, null), text: '这张卡片已失效，请发送「排查」重新打开。' } },
});

/** Somebody else's card: says whose, and opens one's own. The clicked card stays as it is. */
async function othersCard(
  world: World,
  p: { click: WorkingClick; sitting: Sitting; campaign: LoadedCampaign; village: Area },
): Promise<Answer> {
  const { click, sitting, campaign, village } = p;
  const owner = (await world.store.personNames([sitting.personId])).get(sitting.personId) ?? '同事';
  const refusal = await mayAnswer(world, campaign, village, click.asker);
  if (refusal) return say('warning', `这是${owner}的填报卡。${refusal}`);
  const anchorId = sitting.anchorId ?? '';
  const opened = await open(world, { asker: click.asker, chatId: sitting.chatId, anchorId, campaign, village });
  return say(
    'info',
    `这是${owner}的填报卡，没有改动。${opened ? '已为您另开一张，请往下看。' : '您自己的填报卡在下面。'}`,
  );
}

/** What a write came to, as a card. A repeated event shows the card as it is, a lost race says so. */
async function written(world: World, l: Loaded, w: Written<Sitting>, toast: Answer['toast']): Promise<Answer> {
  if (w.ok) return show(world, l, w.value, toast);
  const fresh = await world.store.sitting(l.sitting.id);
  if (!fresh) return gone(world);
  if (w.why === 'duplicate') return show(world, l, fresh);
  if (fresh.rev === l.sitting.rev) return takenByOther(world, { ...l, sitting: fresh });
  return show(world, l, fresh, { tone: 'info', text: '卡片已更新，请看最新的一户。' });
}

/** Another cadre answered or holds this household: say who, go on to the next. */
async function takenByOther(world: World, l: Loaded): Promise<Answer> {
  const c = l.sitting.screening;
  const other = c?.submittedBy ?? c?.claimedBy ?? null;
  const name = other === null ? undefined : (await world.store.personNames([other])).get(other);
  const when = c?.submittedAt ? `在${showInstant(c.submittedAt, l.campaign.zone)}` : '';
  const w = await world.store.skip({ act: l.act, sitting: l.sitting, next: l.next });
  const text = `这户${name ? `由${name}${when}填好` : '已有人在填'}，没有重复保存。已换下一户。`;
  return show(world, l, w.ok ? w.value : ((await world.store.sitting(l.sitting.id)) ?? l.sitting), {
    tone: 'warning',
    text,
  });
}

/** 提交, first step and further steps. */
export async function submitAnswers(world: World, click: WorkingClick): Promise<Answer> {
  const l = await load(world, click);
  if (!isLoaded(l)) return l;
  const c = l.sitting.screening;
  if (!c || l.sitting.stage === 'defer') return show(world, l, l.sitting);
  if (answeredByOther(c, l.act.actor)) return takenByOther(world, l);
  const questions = questionsOn(l.campaign, l.sitting);
  const { answers, faults } = readAnswers(questions, click.names.read(click.form, click.value.h, click.value.r));
  if (faults.length > 0) return say('error', faultSentence(faults));
  const skipped = questions.filter((q) => !(q.id in answers)).map((q) => [q.id, ''] as const);
  const draft: Answers = {
    ...(l.sitting.stage === 'more' ? l.sitting.draft : {}),
    ...answers,
    ...Object.fromEntries(skipped),
  };
  if (nextStep(l.campaign, formOf(c), draft).length > 0) {
    const w = await world.store.saveStep({ act: l.act, sitting: l.sitting, stage: 'more', draft });
    return written(world, l, w, { tone: 'info', text: '先记下了，还要补充几项，填好再点提交。' });
  }
  return store(world, l, c, draft);
}

const answeredByOther = (c: Screening, me: string) =>
  (c.state === 'clear' || c.state === 'found') && c.submittedBy !== me;

async function store(world: World, l: Loaded, c: Screening, draft: Answers): Promise<Answer> {
  const of = formOf(c);
  const settled = settle(l.campaign, of, draft);
  const computed = computedOf(l, c);
  const answers: Answers = { ...settled.answers, ...computed };
  const provenance = {
    ...settled.provenance,
    ...Object.fromEntries(Object.keys(computed).map((id) => [id, 'computed'])),
  };
  const found = findings(l.campaign, of, answers);
  const late = standing(l.campaign, l.act.at).late;
  const w = await world.store.submit({
    act: l.act,
    sitting: l.sitting,
    screening: c,
    state: found.length > 0 ? 'found' : 'clear',
    answers,
    provenance,
    findings: found,
    late,
    defer: null,
    next: l.next,
  });
  return written(world, l, w, {
    tone: 'success',
    text: `已保存 ${c.household.code}${late ? '（逾期补报）' : ''}。${nextLine(w)}`,
  });
}

/** Items nobody is asked, as the roster has them today. */
function computedOf(l: Loaded, c: Screening): Answers {
  const items = l.campaign.items.filter((i) => i.type === 'calc' && c.lookbacks.includes(i.lookback));
  return computedAnswers(l.campaign, items, { facts: c.household.facts, day: dayOf(l.act.at, l.campaign.zone) });
}

const nextLine = (w: Written<Sitting>) =>
  w.ok && w.value.screening ? `下一户：${w.value.screening.household.code}` : '眼下没有要填的户了，辛苦了。';

/** 跳过 */
export async function skipHousehold(world: World, click: WorkingClick): Promise<Answer> {
  const l = await load(world, click);
  if (!isLoaded(l)) return l;
  const w = await world.store.skip({ act: l.act, sitting: l.sitting, next: l.next });
  const same = w.ok && w.value.screening?.id === l.sitting.screening?.id;
  return written(world, l, w, { tone: 'info', text: same ? '本村眼下只剩这一户。' : '已跳过，这户还在待排查里。' });
}

/** 上一户 */
export async function goBack(world: World, click: WorkingClick): Promise<Answer> {
  const l = await load(world, click);
  if (!isLoaded(l)) return l;
  const id = l.sitting.trail.filter((t) => t !== l.sitting.screening?.id).at(-1);
  const to = id === undefined ? null : await world.store.screening(id);
  if (!to) return say('info', '前面没有别的户了。');
  if (answeredByOther(to, l.act.actor)) return say('info', '上一户已由别的同事填好。');
  const w = await world.store.back({ act: l.act, sitting: l.sitting, to, next: l.next });
  if (!w.ok && w.why === 'stale') return say('info', '上一户正由别的同事在填，请先填这一户。');
  return written(world, l, w, { tone: 'info', text: `已回到 ${to.household.code}` });
}

/** 联系不上 and 返回: shows the reason form, or the household's form again. Typed steps are kept. */
export async function showStage(world: World, click: WorkingClick, stage: 'defer' | 'form'): Promise<Answer> {
  const l = await load(world, click);
  if (!isLoaded(l)) return l;
  const c = l.sitting.screening;
  if (!c) return show(world, l, l.sitting);
  if (stage === 'defer' && (c.state === 'clear' || c.state === 'found'))
    return say('info', '这户已经填好，不用再登记联系不上。');
  const draft = stage === 'form' && l.sitting.stage === 'more' ? {} : l.sitting.draft;
  return written(world, l, await world.store.saveStep({ act: l.act, sitting: l.sitting, stage, draft }), undefined);
}

/** 联系不上, submitted. */
export async function putOff(world: World, click: WorkingClick): Promise<Answer> {
  const l = await load(world, click);
  if (!isLoaded(l)) return l;
  const c = l.sitting.screening;
  if (!c || l.sitting.stage !== 'defer') return show(world, l, l.sitting);
  const { answers, faults } = readAnswers(
    questionsOn(l.campaign, l.sitting),
    click.names.read(click.form, click.value.h, click.value.r),
  );
  if (faults.length > 0) return say('error', faultSentence(faults));
  const { reason, day } = answers as { reason: string; day: string };
  if (day < dayOf(l.act.at, l.campaign.zone))
    return say('error', '还没有保存：下次联系的日期已经过去了，请选今天或以后的日期。');
  const w = await world.store.submit({
    act: l.act,
    sitting: l.sitting,
    screening: c,
    state: 'deferred',
    answers: null,
    provenance: {},
    findings: [],
    late: false,
    defer: { reason, nextDay: day },
    next: l.next,
  });
  return written(world, l, w, {
    tone: 'success',
    text: `已登记 ${c.household.code}，${showDay(day)}再联系。${nextLine(w)}`,
  });
}
