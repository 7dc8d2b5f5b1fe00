// Owns what a working card shows. In a group that is the household's code and 姓某 above an empty form: no stored,
// prefilled or computed answer ever enters this view. What a private card shows beyond that comes from privateWorkView.ts.
import type { FieldView, WorkingView } from '../../cards/views.ts';
import { villageLookbacks } from '../domain/areaForm.ts';
import type { Campaign } from '../domain/campaign.ts';
import { conditionFacts } from '../domain/enrol.ts';
import { maskName } from '../domain/mask.ts';
import { screeningPhase } from '../domain/phase.ts';
import { type FormOf, firstStep, nextStep, type Question } from '../domain/questions.ts';
import { dayOf, showDay } from '../domain/time.ts';
import type { HouseholdFacts, Person, Screening, Sitting } from '../ports.ts';
import { privateParts } from './privateWorkView.ts';
import { countsOf } from './village.ts';
import { head, type World } from './world.ts';

export const shortId = (c: Screening) => c.household.no.toString(36);

export function formOf(c: Screening): FormOf {
  const { facts } = c.household;
  const known = forms.get(facts);
  if (known?.form === c.form && known.lookbacks.join() === c.lookbacks.join()) return known;
  const of = { lookbacks: c.lookbacks, form: c.form, facts: conditionFacts(facts) };
  forms.set(facts, of);
  return of;
}
/** Asked for at every step of a click; households with the same facts are asked the same. */
const forms = new WeakMap<HouseholdFacts, FormOf>();

/** The questions on the card now. */
export function questionsOn(campaign: Campaign, sitting: Sitting): readonly Question[] {
  const c = sitting.screening;
  if (!c) return [];
  if (sitting.stage === 'more') return nextStep(campaign, formOf(c), sitting.draft);
  if (sitting.stage === 'defer') return deferQuestions(campaign);
  return firstStep(campaign, formOf(c));
}

/** 联系不上: why, and when to try again. */
function deferQuestions(campaign: Campaign): Question[] {
  const options = campaign.deferReasons.map((value) => ({ value, alone: false }));
  return [
    { id: 'reason', lookback: '', label: '没联系上的原因', kind: 'single', options, required: true, number: '原因' },
    { id: 'day', lookback: '', label: '下次联系的日期', kind: 'date', options: [], required: true, number: '日期' },
  ];
}

const hints: Record<Question['kind'], string> = {
  single: '请选择',
  multi: '可多选',
  number: '请填数字',
  money: '请填金额，单位元',
  date: '请选日期',
  text: '请填写',
};

export function fieldOf(q: Question, fieldName: (id: string) => string): FieldView {
  return {
    name: fieldName(q.id),
    label: q.label,
    kind: q.kind,
    options: q.options.map((o) => ({ text: o.value, value: o.value })),
    required: q.required,
    hint: q.number === q.label ? hints[q.kind] : `${q.number}，${hints[q.kind]}${q.required ? '' : '（可不填）'}`,
  };
}

export interface WorkingCard {
  readonly campaign: Campaign;
  readonly sitting: Sitting;
  readonly person: Person;
  readonly village: string; // shown name
  readonly fieldName: (questionId: string, household: string, rev: number) => string;
  readonly notice?: string;
}

export async function workingView(world: World, p: WorkingCard): Promise<WorkingView> {
  const { campaign, sitting } = p;
  const c = sitting.screening;
  const counts = sitting.counts ?? (await countsNow(world, p));
  const alone =
    sitting.audience === 'private' && c ? await privateParts(world, { campaign, sitting, screening: c }) : null;
  const h = c ? shortId(c) : '';
  const questions = questionsOn(campaign, sitting);
  const groups =
    alone === null
      ? emptyGroups(campaign, questions)
      : groupsOf(campaign, questions, (q) =>
          filled(
            fieldOf(q, (name) => p.fieldName(name, h, sitting.rev)),
            alone.initial(q),
          ),
        );
  const { campaign: title, tags } = head(world, campaign);
  const view: WorkingView = {
    campaign: title,
    tags,
    value: { s: sitting.id, h, r: sitting.rev },
    owner: p.person.name,
    village: p.village,
    household: c ? { code: c.household.code, masked: maskName(c.household.headName) } : null,
    form: c?.form === 'short' ? '简表' : '全表',
    stage: c ? (sitting.stage === 'finished' ? 'form' : sitting.stage) : 'finished',
    groups: c ? groups : none,
    left: leftLine(counts, sitting.done),
    canGoBack: sitting.trail.some((id) => id !== c?.id),
    notice: p.notice ?? stageNotice(world, { campaign, sitting, counts }),
  };
  // Apart, so that the cards of groups, which are most, are put together in one go.
  return sitting.audience === 'private' ? { ...view, alone: alone ?? { name: '', size: '', known: [] } } : view;
}

async function countsNow(world: World, { campaign, sitting }: WorkingCard): Promise<Counts> {
  const place = { level: 'village' as const, name: '', fullName: '', parent: null, township: null };
  const area = { ...place, code: sitting.villageCode };
  return countsOf(await world.store.tallies(campaign.id, area, 'ALL'), 'ALL');
}

interface Counts {
  readonly todo: number;
  readonly deferred: number;
}

const none: Groups = [];
type Groups = WorkingView['groups'];

function groupsOf(campaign: Campaign, questions: readonly Question[], field: (q: Question) => FieldView): Groups {
  const lookbacks = campaign.lookbacks.filter((l) => questions.some((q) => q.lookback === l.id));
  const fields = (id: string) => questions.filter((q) => q.lookback === id).map(field);
  if (lookbacks.length === 0) return [{ title: '', fields: fields('') }];
  return lookbacks.map((l) => ({ title: lookbacks.length > 1 ? l.short : '', fields: fields(l.id) }));
}

/** An empty form is the same for all households that are asked the same questions. */
const empty = new WeakMap<readonly Question[], Groups>();
function emptyGroups(campaign: Campaign, questions: readonly Question[]): Groups {
  const known = empty.get(questions) ?? groupsOf(campaign, questions, (q) => fieldOf(q, (id) => id));
  empty.set(questions, known);
  return known;
}

const filled = (field: FieldView, initial: FieldView['initial']): FieldView =>
  initial === undefined ? field : { ...field, initial };

function leftLine(counts: Counts, done: number): string {
  const put = counts.deferred > 0 ? `，暂时联系不上 ${counts.deferred} 户` : '';
  return `还有 ${counts.todo} 户待排查${put}；您本次已填 ${done} 户`;
}

/** When a household put off should be tried again at the latest. */
function putOffUntil(campaign: Campaign, now: number): string {
  const last = screeningPhase(campaign, dayOf(now, campaign.zone))?.to;
  return `请选没联系上的原因和下次联系的日期${last === undefined ? '' : `，最好不晚于${showDay(last)}`}。`;
}

const handInNext = '村级表也填好后，请在村卡片上点“村级提交”。';

function stageNotice(
  world: World,
  { campaign, sitting, counts }: Pick<WorkingCard, 'campaign' | 'sitting'> & { readonly counts: Counts },
): string {
  if (sitting.screening === null) {
    if (counts.todo > 0) return '剩下的户正由同事在填。过半小时还没填好的，点村卡片上的“继续排查”接着填。';
    return counts.deferred > 0
      ? '其余各户都已填好。联系不上的户，到约好的日期再点村卡片上的“继续排查”。'
      : `本村各户都已填好，辛苦了。${villageLookbacks(campaign).length > 0 ? handInNext : ''}`;
  }
  if (sitting.stage === 'more') return '还要补充几项，填好后点“提交”。';
  if (sitting.stage === 'defer') return putOffUntil(campaign, world.clock.now());
  if (sitting.audience === 'private') return '';
  return sitting.screening.state === 'clear' || sitting.screening.state === 'found'
    ? '这户您已经填过。要改，请重新填一遍再提交；不改请点“跳过”。'
    : '';
}
