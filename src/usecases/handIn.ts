// Owns 村级提交: whether the village is complete, the record of its meeting, and that its books are closed from then on.
import type { ActionValue } from '../../cards/actions.ts';
import type { FieldView } from '../../cards/views.ts';
import type { HandInView } from '../../cards/viewsOfVillage.ts';
import type { AreaTask } from '../areaStore.ts';
import { faultSentence, readAnswers } from '../domain/answers.ts';
import { villageLookbacks } from '../domain/areaForm.ts';
import { explainingReasons, meetingDay, meetingQuestions, missingForHandIn, notYet } from '../domain/handIn.ts';
import { pastDeadline } from '../domain/phase.ts';
import type { Question } from '../domain/questions.ts';
import { dayOf, showInstant } from '../domain/time.ts';
import type { Act, Written } from '../store.ts';
import { type AreaClick, actOf, below, isAlone, isPlace, placeOf } from './areaForm.ts';
import { handInFacts, type Place } from './areaFormFacts.ts';
import { mayAnswer } from './opening.ts';
import { countsOf, villageView } from './village.ts';
import { fieldOf } from './workingView.ts';
import { type Answer, head, say, type World } from './world.ts';

/** Where a village stands that never handed in. */
const freshTask = ({ campaign, village }: Place): AreaTask => ({
  campaignId: campaign.id,
  areaCode: village.code,
  townshipCode: village.township ?? '',
  state: 'open',
  rev: 0,
  meetingDay: null,
  returns: [],
  late: false,
  submittedBy: null,
  submittedAt: null,
  decidedBy: null,
  decidedAt: null,
});

export const taskOf = async (world: World, place: Place): Promise<AreaTask> =>
  (await world.store.areaTask(place.campaign.id, place.village.code)) ?? freshTask(place);

/** 村级提交 on the village's card: what is missing, or the form of the meeting below. */
export async function openHandIn(world: World, click: AreaClick, value: ActionValue<'handIn.open'>): Promise<Answer> {
  const place = await placeOf(world, click, value);
  if (!isPlace(place)) return place;
  const refusal = await mayAnswer(world, { ...place, asker: click.asker });
  if (refusal) return say('info', refusal);
  const missing = missingForHandIn(place.campaign, await handInFacts(world, place));
  if (missing.length > 0) return say('warning', notYet(missing));
  const act = actOf(world, click.asker);
  if (meetingQuestions(place.campaign).length === 0) return handInAtOnce(world, place, act);
  const card = below(click, { place, card: 'handIn', at: act.at });
  const alone = await isAlone(world, click);
  const own = alone ? { ...card, payload: { ...card.payload, audience: 'private' as const } } : card;
  await world.store.clickChange(act, [], [own]);
  return say('info', '都齐了。请在下面填村级研判会，再点“村级提交”。');
}

/** A campaign that asks for no meeting leaves nothing to fill in: the village's own card says what came of it. */
async function handInAtOnce(world: World, place: Place, act: Act): Promise<Answer> {
  const task = await taskOf(world, place);
  const { w, late } = await keep(world, place, { act, task, day: null });
  const shown = { card: 'village' as const, view: await villageView(world, place.campaign, place.village) };
  return { toast: w.ok ? { tone: 'success', text: done(late) } : { tone: 'info', text: changed }, shown };
}

const done = (late: boolean) => `已提交乡镇${late ? '（逾期）' : ''}，辛苦了。`;
const changed = '情况刚有变化，没有提交，请再点一次。';

/** Writes the hand-in. A village that was in time stays in time, however often the township sends it back. */
async function keep(
  world: World,
  { campaign }: Place,
  p: { readonly act: Act; readonly task: AreaTask; readonly day: string | null },
): Promise<{ w: Written<null>; late: boolean }> {
  const { act, task, day } = p;
  const late = task.submittedAt === null ? pastDeadline(campaign, 'village', act.at) : task.late;
  const needs = { reasons: explainingReasons(campaign), lookbacks: villageLookbacks(campaign).map((l) => l.id) };
  return { w: await world.store.handIn({ act, task, meetingDay: day, late, needs, outgoing: [] }), late };
}

/** The card below, as the hand-in stands. */
export async function handInView(world: World, place: Place, alone: boolean): Promise<HandInView> {
  const { campaign, village } = place;
  const [task, tallies] = await Promise.all([taskOf(world, place), world.store.tallies(campaign.id, village)]);
  const { total, done, deferred, found } = countsOf(tallies, 'ALL');
  const open = task.state === 'open' || task.state === 'returned';
  const when = task.submittedAt === null ? '' : showInstant(task.submittedAt, campaign.zone);
  const lines = [
    total === 0
      ? '本村没有要排查的户，按“无适用对象”提交'
      : `共 ${total} 户，已排查 ${done} 户，联系不上 ${deferred} 户，发现线索 ${found} 户`,
    ...(open ? [] : [`提交时间：${when}${task.late ? '（逾期）' : ''}`]),
  ];
  const fields = open ? meetingQuestions(campaign).map(meetingField) : [];
  const value = { c: campaign.id, v: village.code, r: task.rev };
  return { ...head(world, campaign), village: village.name, value, lines, fields, alone };
}

/** The day may be left empty by who has not met yet; whoever has is asked for it. */
function meetingField(q: Question): FieldView {
  const field = fieldOf(q, (id) => id);
  return q.required || q.kind !== 'date' ? field : { ...field, hint: `${q.number}，已召开的请选日期` };
}

interface Here {
  readonly place: Place;
  readonly alone: boolean; // in a private chat
}

async function show(world: World, { place, alone }: Here, toast?: Answer['toast']): Promise<Answer> {
  const shown = { card: 'handIn' as const, view: await handInView(world, place, alone) };
  return toast ? { toast, shown } : { shown };
}

/** 村级提交 with the meeting's record. */
export async function submitHandIn(
  world: World,
  click: AreaClick,
  value: ActionValue<'handIn.submit'>,
): Promise<Answer> {
  const place = await placeOf(world, click, value);
  if (!isPlace(place)) return place;
  const { campaign } = place;
  const [task, alone] = await Promise.all([taskOf(world, place), isAlone(world, click)]);
  const here = { place, alone };
  if (task.rev !== value.r) return show(world, here, { tone: 'info', text: '提交的情况刚有变化，请看最新的。' });
  const act = actOf(world, click.asker);
  const today = dayOf(act.at, campaign.zone);
  const raw = click.names.read(click.form, `${value.v}handIn`, value.r);
  const read = readAnswers(meetingQuestions(campaign), raw, today);
  if (read.faults.length > 0) return say('error', faultSentence(read.faults));
  const met = meetingDay(campaign, read.answers, today);
  if ('refused' in met) return say('warning', met.refused);
  const missing = missingForHandIn(campaign, await handInFacts(world, place));
  if (missing.length > 0) return say('warning', notYet(missing));
  const { w, late } = await keep(world, place, { act, task, day: met.day });
  if (w.ok) return show(world, here, { tone: 'success', text: done(late) });
  return show(world, here, w.why === 'stale' ? { tone: 'info', text: changed } : undefined);
}
