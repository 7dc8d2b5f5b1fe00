// Owns mending a household's answers: who may, with what reason, and what happens when two do it at once. Works in the
// private chat only; the form and everything typed into it is a sitting and outlives a restart.
import { type FieldFault, faultSentence, readAnswers } from '../domain/answers.ts';
import { standing } from '../domain/phase.ts';
import { dayOf } from '../domain/time.ts';
import type { Answers, Area, LoadedCampaign, Outgoing, Screening, Sitting } from '../ports.ts';
import { conclude } from './conclusion.ts';
import {
  base,
  correctionPlace,
  correctionQuestions,
  correctionView,
  isCorrection,
  othersMark,
  proxyMark,
  why,
} from './correctionView.ts';
import { householdView } from './household.ts';
import { isProxy, needsReason, whyNot } from './householdRights.ts';
import { spoken, typedOnly, withTyped } from './privateWorkView.ts';
import type { WorkingClick } from './workingClick.ts';
import { type Answer, type Asker, say, type World } from './world.ts';

/** 更正 and 代录: the form goes to the person's private chat, wherever the button was pressed. */
export async function openCorrection(
  world: World,
  p: { readonly asker: Asker; readonly screening: string },
): Promise<Answer> {
  const { person, eventId } = p.asker;
  const c = await world.store.screening(p.screening);
  const [campaign, village] = c ? await placeOf(world, c) : [null, null];
  if (!c || !campaign || !village || person.openId === null) return say('warning', '这户不在您的范围。');
  const refusal = await whyNot(world, { campaign, village, person, screening: c });
  if (refusal !== '') return say('warning', refusal);
  const at = world.clock.now();
  const id = world.newId();
  const card: Outgoing = {
    key: `sit/${id}`,
    kind: 'send',
    target: { kind: 'user', id: person.openId },
    lane: person.openId,
    payload: { type: 'sitting', id },
    dueAt: at,
  };
  await world.store.openCorrection({
    act: { eventId, actor: person.id, at },
    id,
    place: correctionPlace(person.openId),
    screening: c,
    draft: {
      [base]: String(c.rev),
      [proxyMark]: isProxy({ campaign, village, person }) ? '1' : '',
      [othersMark]: needsReason(c, person.id) ? '1' : '',
    },
    outgoing: [card],
  });
  return say('info', '表已发在下面，改好后点“提交”。');
}

const placeOf = (world: World, c: Screening) =>
  Promise.all([world.store.campaign(c.campaignId), world.store.area(c.villageCode)]);

interface Fixing {
  readonly campaign: LoadedCampaign;
  readonly village: Area;
  readonly sitting: Sitting;
  readonly screening: Screening;
  readonly click: WorkingClick;
  readonly notice?: string;
}

async function load(world: World, click: WorkingClick): Promise<Fixing | Answer> {
  const sitting = await world.store.sitting(click.value.s);
  const screening = sitting?.screening;
  if (!sitting || !screening || !isCorrection(sitting)) return say('warning', '这张表已失效，请重新发送「查户」。');
  const { person } = click.asker;
  const own = sitting.personId === person.id && (sitting.messageId ?? click.messageId) === click.messageId;
  if (!own) return say('warning', '这张卡片只能由本人在和我的私聊里用。');
  const [campaign, village] = await placeOf(world, screening);
  if (!campaign || !village) return say('warning', '这张表已失效，请重新发送「查户」。');
  const fixing = { campaign, village, sitting, screening, click };
  if (sitting.state === 'closed') return household(world, fixing, '这张表已经用过，这是现在的情况。');
  if (click.value.r !== sitting.rev) return form(world, fixing, { tone: 'info', text: '卡片已更新，请看最新的。' });
  const refusal = await whyNot(world, { ...fixing, person });
  return refusal === '' ? fixing : say('warning', refusal);
}

const isFixing = (f: Fixing | Answer): f is Fixing => 'sitting' in f;

/** The form as it stands. */
async function form(world: World, f: Fixing, toast?: Answer['toast']): Promise<Answer> {
  const { campaign, village, sitting, click, notice } = f;
  const of = { campaign, village: village.name, sitting, fieldName: click.names.name };
  const view = await correctionView(world, notice === undefined ? of : { ...of, notice });
  if (view === null) return say('warning', '这张表已失效，请重新发送「查户」。');
  return { ...(toast ? { toast } : {}), shown: { card: 'correction', view }, audience: 'private' };
}

/** The household as it stands, in place of the form. */
async function household(world: World, f: Fixing, text: string): Promise<Answer> {
  const view = await householdView(world, { screening: f.screening.id, person: f.click.asker.person, page: 0 });
  if (view === null) return say('info', text);
  return { toast: { tone: 'success', text }, shown: { card: 'household', view }, audience: 'private' };
}

const actOf = (world: World, { click }: Fixing) => ({
  eventId: click.asker.eventId,
  actor: click.asker.person.id,
  at: world.clock.now(),
});

/** 提交: keeps a step, shows what is missing, or stores the whole. */
export async function submitCorrection(world: World, click: WorkingClick): Promise<Answer> {
  const f = await load(world, click);
  if (!isFixing(f)) return f;
  const { campaign, sitting, screening: c } = f;
  if (sitting.stage === 'finished') return form(world, f);
  const raw = click.names.read(click.form, click.value.h, click.value.r);
  const questions = correctionQuestions(campaign, sitting);
  const at = world.clock.now();
  const { answers, faults } = readAnswers(questions, raw, dayOf(at, campaign.zone));
  const kept = { ...sitting.draft, ...(typeof raw.why === 'string' ? { [why]: raw.why } : {}) };
  if (faults.length > 0) return notYet(world, { ...f, sitting: { ...sitting, draft: kept } }, { faults, raw });
  const { why: reason, ...said } = answers;
  const skipped = questions.filter((q) => q.id !== 'why' && !(q.id in answers)).map((q) => [q.id, ''] as const);
  const before = sitting.stage === 'more' ? kept : { ...typedOnly(spoken(kept)), ...marksOf(kept) };
  const draft: Answers = { ...before, ...said, ...Object.fromEntries(skipped) };
  if (typeof reason === 'string') Object.assign(draft, { [why]: reason });
  if (conclude(campaign, c, { draft, at }).further.length > 0)
    return step(world, f, { stage: 'more', draft, text: '先记下了，还要补充几项，填好再点提交。' });
  return store(world, f, draft);
}

const marksOf = (draft: Answers): Answers =>
  Object.fromEntries(Object.entries(draft).filter(([id]) => id.startsWith('~')));

async function notYet(
  world: World,
  f: Fixing,
  p: { readonly faults: readonly FieldFault[]; readonly raw: Readonly<Record<string, unknown>> },
): Promise<Answer> {
  const { stage, draft } = f.sitting;
  const w = await world.store.saveStep({
    act: actOf(world, f),
    sitting: f.sitting,
    stage,
    draft: withTyped(draft, p.raw),
  });
  const text = faultSentence(p.faults);
  return form(world, { ...f, sitting: w.ok ? w.value : f.sitting, notice: text }, { tone: 'error', text });
}

async function step(
  world: World,
  f: Fixing,
  p: { readonly stage: 'more' | 'finished'; readonly draft: Answers; readonly text: string },
): Promise<Answer> {
  const { stage, draft, text } = p;
  const w = await world.store.saveStep({ act: actOf(world, f), sitting: f.sitting, stage, draft });
  const sitting = w.ok ? w.value : ((await world.store.sitting(f.sitting.id)) ?? f.sitting);
  return form(world, { ...f, sitting }, { tone: 'info', text });
}

/** Stores the answers over those the form began from; when these are others by now, the person decides. */
async function store(world: World, f: Fixing, draft: Answers): Promise<Answer> {
  const { campaign, sitting, screening: c, village, click } = f;
  const conflict = { stage: 'finished' as const, draft, text: '这户刚有同事改过，请看两份再决定。' };
  if (String(c.rev) !== draft[base]) return step(world, f, conflict);
  const act = actOf(world, f);
  const said = conclude(campaign, c, { draft, at: act.at });
  const { late } = standing(campaign, act.at);
  const proxy = isProxy({ campaign, village, person: click.asker.person });
  const w = await world.store.correct({
    act,
    sitting,
    screening: c,
    before: await world.store.answersOf(c.id),
    state: said.findings.length > 0 ? 'found' : 'clear',
    answers: said.answers,
    provenance: said.provenance,
    findings: said.findings,
    late,
    proxy,
    reason: String(draft[why] ?? ''),
  });
  if (w.ok || w.why === 'duplicate') {
    const marks = `${proxy ? '（代录）' : ''}${late ? '（逾期）' : ''}`;
    return household(world, f, `已保存 ${c.household.code}${marks}。`);
  }
  const now = await world.store.screening(c.id);
  if (now && now.rev !== c.rev) return step(world, { ...f, screening: now }, conflict);
  return say('warning', '没有保存，请再点一次“提交”。');
}

/** 用我的: over what the other wrote and this person has read. */
export async function keepMine(world: World, click: WorkingClick): Promise<Answer> {
  const f = await load(world, click);
  if (!isFixing(f)) return f;
  if (f.sitting.stage !== 'finished') return form(world, f);
  const reason = f.sitting.draft[why] || '同时更正，看过两份后选用自己的';
  return store(world, f, { ...f.sitting.draft, [base]: String(f.screening.rev), [why]: reason });
}

/** 保留对方的 and 返回: the form is put away unsaved. */
export async function leaveCorrection(world: World, click: WorkingClick): Promise<Answer> {
  const f = await load(world, click);
  if (!isFixing(f)) return f;
  const kept = f.sitting.stage === 'finished' ? '已保留对方填的。' : '没有改动。';
  await world.store.closeCorrection({ act: actOf(world, f), sitting: f.sitting });
  return household(world, f, kept);
}
