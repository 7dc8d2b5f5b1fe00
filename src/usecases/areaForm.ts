// Owns 村级表: a village's own look-backs, opened below its card, filled in step by step. Every step is kept at once, so
// that nothing typed is lost; the same step twice at once leaves one.
import type { ActionValue } from '../../cards/actions.ts';
import type { AreaFormView } from '../../cards/viewsOfVillage.ts';
import type { AreaForm } from '../areaStore.ts';
import { faultSentence, readAnswers } from '../domain/answers.ts';
import {
  type AreaAsk,
  areaComputed,
  areaFacts,
  areaFindings,
  begunAfresh,
  finished,
  firstAreaStep,
  keptAs,
  nextAreaStep,
  saidBefore,
  villageLookbacks,
} from '../domain/areaForm.ts';
import { standing } from '../domain/phase.ts';
import type { Question } from '../domain/questions.ts';
import { dayOf, showInstant } from '../domain/time.ts';
import type { Answers, LoadedCampaign, Outgoing } from '../ports.ts';
import type { Act } from '../store.ts';
import { isDone, knownOfVillage, type Place } from './areaFormFacts.ts';
import { mayAnswer, mayWork, wrongGroup } from './opening.ts';
import { initialOf } from './privateWorkView.ts';
import type { FieldNames } from './workingClick.ts';
import { fieldOf } from './workingView.ts';
import { type Answer, type Asker, head, noCampaign, say, type World } from './world.ts';

/** A click on a card of the village's own work. */
export interface AreaClick {
  readonly asker: Asker;
  readonly chatId: string;
  readonly messageId: string;
  readonly form: Readonly<Record<string, unknown>>;
  readonly names: FieldNames;
}

interface At {
  readonly c: string;
  readonly v: string;
}

/** The campaign and village of a click, when this person may answer for the village here and now; else what to say. */
async function openPlace(world: World, click: AreaClick, at: At): Promise<Place | Answer> {
  const place = await placeOf(world, click, at);
  const refusal = isPlace(place) ? await mayAnswer(world, { ...place, asker: click.asker }) : null;
  return refusal ? say('warning', refusal) : place;
}

/** The same, also for a village that is handed in. */
export async function placeOf(world: World, click: AreaClick, at: At): Promise<Place | Answer> {
  const [campaign, village] = await Promise.all([world.store.campaign(at.c), world.store.area(at.v)]);
  if (!campaign || !village) return say('warning', noCampaign);
  const chat = await world.store.chat(click.chatId);
  const moved = wrongGroup(chat, campaign, village);
  if (moved) return say('warning', moved);
  const refusal = await mayWork(world, { campaign, village, asker: click.asker });
  return refusal ? say('warning', refusal) : { campaign, village };
}
export const isPlace = (p: Place | Answer): p is Place => 'village' in p;

/** A card of the village's below the clicked one, drawn when it is sent. */
export function below(
  click: Pick<AreaClick, 'asker' | 'chatId' | 'messageId'>,
  p: { readonly place: Place; readonly card: 'form' | 'handIn'; readonly at: number },
): Outgoing {
  const { campaign, village } = p.place;
  return {
    key: `are/${click.asker.eventId.slice(-46)}`,
    kind: 'thread',
    target: { kind: 'message', id: click.messageId },
    lane: click.chatId,
    payload: { type: 'area', card: p.card, campaignId: campaign.id, areaCode: village.code },
    dueAt: p.at,
  };
}

export const actOf = (world: World, asker: Asker): Act => ({
  eventId: asker.eventId,
  actor: asker.person.id,
  at: world.clock.now(),
});

/** 村级表 on the village's card. */
export async function openAreaForm(
  world: World,
  click: AreaClick,
  value: ActionValue<'areaForm.open'>,
): Promise<Answer> {
  const place = await openPlace(world, click, value);
  if (!isPlace(place)) return place;
  const act = actOf(world, click.asker);
  const card = below(click, { place, card: 'form', at: act.at });
  const { openId } = click.asker.person;
  const alone = value.p === true && openId !== null ? privately(card, openId) : card;
  await world.store.clickChange(act, [], [alone]);
  return say('info', '村级表已发在下面。');
}

/** To the asker's own chat and nowhere else, whatever button was pressed: this card shows what was said. */
const privately = (card: Outgoing, openId: string): Outgoing => ({
  ...card,
  kind: 'send',
  target: { kind: 'user', id: openId },
  lane: openId,
  payload: { ...card.payload, audience: 'private' },
});

/** The list of forms as it stands; `alone`: in somebody's private chat. */
export async function areaFormList(world: World, place: Place, alone: boolean): Promise<AreaFormView> {
  const { campaign, village } = place;
  const forms = await world.store.areaForms(campaign.id, village.code);
  const names = await world.store.personNames(forms.map((f) => f.by));
  const rows = villageLookbacks(campaign).map((l) => {
    const form = forms.find((f) => f.lookback === l.id);
    const begun = form !== undefined && !isDone(form);
    return {
      no: l.no,
      name: l.short,
      text: form ? told(form, names.get(form.by) ?? '同事', campaign) : '待填',
      go: begun ? '接着填' : form ? '重新填写' : '填写',
      pick: { c: campaign.id, v: village.code, l: l.id, r: form?.rev ?? 0, s: stepNo(begun ? 1 : 0, alone) },
    };
  });
  const open = { c: campaign.id, v: village.code, ...(alone ? { p: true } : {}) };
  return { ...head(world, campaign), village: village.name, open, rows, form: null, notice: '' };
}

/** Step as a button carries it: from the start or what is missing, in a group or in private. */
const stepNo = (from: 0 | 1, alone: boolean) => from + (alone ? 2 : 0);

const told = (form: AreaForm, name: string, campaign: LoadedCampaign): string =>
  form.doneAt === null
    ? `填了一半（${name}）`
    : `已填 ${name} ${showInstant(form.doneAt, campaign.zone)}${form.late ? '（逾期）' : ''}`;

interface Here {
  readonly place: Place;
  /** The card is in somebody's private chat. */
  readonly alone: boolean;
}

async function showList(world: World, { place, alone }: Here, toast?: Answer['toast']): Promise<Answer> {
  const shown = { card: 'areaForm' as const, view: await areaFormList(world, place, alone) };
  return { shown, ...(toast ? { toast } : {}), ...(alone ? { audience: 'private' } : {}) };
}

/** Pressed where no group is. */
export const isAlone = async ({ store }: World, { chatId }: Pick<AreaClick, 'chatId'>): Promise<boolean> =>
  (await store.chat(chatId)) === null;

/** 返回 to the list. */
export async function backToForms(
  world: World,
  click: AreaClick,
  value: ActionValue<'areaForm.back'>,
): Promise<Answer> {
  const place = await openPlace(world, click, value);
  if (!isPlace(place)) return place;
  return showList(world, { place, alone: value.p === true && (await isAlone(world, click)) });
}

/** A form that was chosen, or is being filled in. */
interface Filling extends Here {
  readonly ask: AreaAsk;
  readonly form: AreaForm | undefined;
}

async function fillingOf(
  world: World,
  click: AreaClick,
  value: ActionValue<'areaForm.submit'>,
): Promise<Filling | Answer> {
  const place = await openPlace(world, click, value);
  if (!isPlace(place)) return place;
  const { campaign, village } = place;
  const lookback = villageLookbacks(campaign).find((l) => l.id === value.l);
  const alone = value.s >= 2 && (await isAlone(world, click)); // a private card's button
  if (!lookback) return showList(world, { place, alone });
  const [forms, known] = await Promise.all([
    world.store.areaForms(campaign.id, village.code),
    knownOfVillage(world, place),
  ]);
  const form = forms.find((f) => f.lookback === lookback.id);
  if ((form?.rev ?? 0) !== value.r) return showList(world, { place, alone }, changed);
  return { place, alone, ask: { campaign, lookback, known }, form };
}
const changed = { tone: 'info', text: '这张表刚有改动，请看最新的。' } as const;
const isFilling = (f: Filling | Answer): f is Filling => 'ask' in f;

/** 填写, 接着填, 重新填写. */
export async function pickForm(world: World, click: AreaClick, value: ActionValue<'areaForm.pick'>): Promise<Answer> {
  const f = await fillingOf(world, click, value);
  return isFilling(f) ? showStep(world, f, { r: value.r, from: fromOf(value) }) : f;
}

const fromOf = (value: { readonly s: number }): 0 | 1 => (value.s % 2 === 0 ? 0 : 1);
const stepOf = (f: Filling, from: 0 | 1) =>
  from === 0 ? firstAreaStep(f.ask) : nextAreaStep(f.ask, f.form?.answers ?? {});

async function showStep(
  world: World,
  f: Filling,
  p: { readonly r: number; readonly from: 0 | 1; readonly toast?: NonNullable<Answer['toast']> },
): Promise<Answer> {
  const { campaign, village } = f.place;
  const { lookback } = f.ask;
  const stored = f.form?.answers ?? {};
  const initial = (q: Question) => {
    const key = keptAs(lookback, q.id);
    return f.alone ? initialOf(q, saidBefore(stored, key) ?? stored[key]) : undefined;
  };
  const fieldFor = (q: Question) => {
    const [field, before] = [fieldOf(q, (id) => id), initial(q)];
    return before === undefined ? field : { ...field, initial: before };
  };
  const view: AreaFormView = {
    ...(await areaFormList(world, f.place, f.alone)),
    form: {
      value: { c: campaign.id, v: village.code, l: lookback.id, r: p.r, s: stepNo(p.from, f.alone) },
      title: lookback.title,
      facts: p.from === 0 ? areaFacts(f.ask) : [],
      groups: stepOf(f, p.from).map((g) => ({ title: g.title, fields: g.questions.map(fieldFor) })),
    },
    notice: p.from === 0 ? '' : '还要补充几项，填好后点“提交”。',
  };
  const shown = { card: 'areaForm' as const, view };
  return { shown, ...(p.toast ? { toast: p.toast } : {}), ...(f.alone ? { audience: 'private' } : {}) };
}

/** 提交 of a step. A first step starts the form afresh. */
export async function submitForm(
  world: World,
  click: AreaClick,
  value: ActionValue<'areaForm.submit'>,
): Promise<Answer> {
  const f = await fillingOf(world, click, value);
  if (!isFilling(f)) return f;
  const from = fromOf(value);
  const questions = stepOf(f, from).flatMap((g) => g.questions);
  const raw = click.names.read(click.form, `${value.v}${value.l}`, value.r);
  const { answers, faults } = readAnswers(questions, raw, dayOf(world.clock.now(), f.place.campaign.zone));
  if (faults.length > 0) return say('error', faultSentence(faults));
  const said = questions.map((q) => [keptAs(f.ask.lookback, q.id), answers[q.id] ?? ''] as const);
  const before = f.form?.answers ?? {};
  return keep(world, click, {
    f,
    answers: { ...(from === 0 ? begunAfresh(before) : before), ...Object.fromEntries(said) },
  });
}

async function keep(world: World, click: AreaClick, p: { f: Filling; answers: Answers }): Promise<Answer> {
  const { f } = p;
  const { campaign, village } = f.place;
  const act = actOf(world, click.asker);
  const answers: Answers = { ...p.answers, ...areaComputed(f.ask) };
  const done = nextAreaStep(f.ask, answers).length === 0;
  const form = {
    lookback: f.ask.lookback.id,
    answers: done ? finished(answers) : answers,
    findings: done ? areaFindings(f.ask, answers) : [],
    rev: f.form?.rev ?? 0,
    late: standing(campaign, act.at).late,
    doneAt: done ? act.at : null,
  };
  const w = await world.store.saveAreaForm({ act, campaignId: campaign.id, area: village, form });
  if (!w.ok) return showList(world, f, w.why === 'stale' ? changed : undefined);
  const { lookback } = f.ask;
  if (done)
    return showList(world, f, {
      tone: 'success',
      text: `已保存${lookback.short}${form.late ? '（逾期补报）' : ''}。`,
    });
  const kept = { ...form, rev: form.rev + 1, by: act.actor };
  const toast = { tone: 'info', text: '先记下了，还要补充几项，填好再点提交。' } as const;
  return showStep(world, { ...f, form: kept }, { r: kept.rev, from: 1, toast });
}
