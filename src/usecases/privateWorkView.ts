// Owns what a private card shows beyond a group's: full name, what the roster knows, earlier answers in their fields.
// Nothing of it may enter a card for a group.
import type { Campaign } from '../domain/campaign.ts';
import { computedAnswers } from '../domain/facts.ts';
import type { Question } from '../domain/questions.ts';
import { dayOf, showDay } from '../domain/time.ts';
import type { Answers, AnswerValue, HouseholdFacts, Screening, Sitting } from '../ports.ts';
import type { World } from './world.ts';

export interface PrivateParts {
  readonly name: string;
  readonly size: string; // 1组，3人
  readonly known: readonly string[]; // lines to confirm
  /** What stands in a question's field beforehand. */
  readonly initial: (q: Question) => string | readonly string[] | undefined;
}

// ── what was typed into a form that was not accepted ─────────────────────────────────────────────────────────────────

/** A draft keeps it under a name that is no question's, so that it never counts as an answer. */
const typedMark = '~';

/** The draft without what was only typed. */
export const spoken = (draft: Answers): Answers =>
  Object.keys(draft).some((id) => id.startsWith(typedMark))
    ? Object.fromEntries(Object.entries(draft).filter(([id]) => !id.startsWith(typedMark)))
    : draft;
/** Whether this was typed into a form that was not accepted. */
export const wasTyped = (draft: Answers, id: string): boolean => typedMark + id in draft;
/** Only what was typed; answers that were accepted before count as typed. */
export const typedOnly = (draft: Answers): Answers =>
  Object.fromEntries(Object.entries(draft).map(([id, v]) => [id.startsWith(typedMark) ? id : typedMark + id, v]));

/** The draft with everything that came in the form, right or not. */
export function withTyped(draft: Answers, raw: Readonly<Record<string, unknown>>): Answers {
  const typed = Object.entries(raw).flatMap(([id, v]): [string, AnswerValue][] => {
    if (typeof v === 'string') return [[typedMark + id, v.slice(0, 600)]];
    return Array.isArray(v) ? [[typedMark + id, v.filter((t): t is string => typeof t === 'string')]] : [];
  });
  return { ...draft, ...Object.fromEntries(typed) };
}

// ── what the card shows ──────────────────────────────────────────────────────────────────────────────────────────────

export async function privateParts(
  world: World,
  p: { readonly campaign: Campaign; readonly sitting: Sitting; readonly screening: Screening },
): Promise<PrivateParts> {
  const { campaign, sitting, screening: c } = p;
  const [detail, stored] = await Promise.all([
    world.store.householdDetail(c.household.no),
    world.store.answersOf(c.id),
  ]);
  const day = dayOf(world.clock.now(), campaign.zone);
  const computed = computedAnswers(campaign, campaign.items, { facts: c.household.facts, day });
  const earlier: Answers = { ...computed, ...stored?.answers, ...spoken(sitting.draft), ...plain(sitting.draft) };
  const group = detail?.groupName ? `${detail.groupName}，` : '';
  return {
    name: c.household.headName,
    size: detail ? `${group}${detail.memberCount}人` : '',
    known: sitting.stage === 'more' ? toldSoFar(campaign, sitting) : knownLines(campaign, c.household.facts),
    initial: (q) => initialOf(q, earlier[q.id]),
  };
}

/** What was only typed, under the questions' own names. */
const plain = (draft: Answers): Answers =>
  Object.fromEntries(Object.entries(draft).flatMap(([id, v]) => (id.startsWith(typedMark) ? [[id.slice(1), v]] : [])));

/** Only what the field can hold: a select none of whose options fits stays empty. */
/** A stored answer as a field shows it beforehand; undefined: nothing that fits. Private cards only. */
export function initialOf(q: Question, value: AnswerValue | undefined): string | readonly string[] | undefined {
  if (value === undefined || value === '') return undefined;
  const has = (v: string) => q.options.some((o) => o.value === v);
  const list = Array.isArray(value) ? (value as readonly string[]) : [String(value)];
  if (q.kind === 'multi') {
    const chosen = list.filter(has);
    return chosen.length > 0 ? chosen : undefined;
  }
  const [first = ''] = list;
  if (q.kind === 'single') return has(first) ? first : undefined;
  if (q.kind === 'date') return /^\d{4}-\d{2}-\d{2}/.test(first) ? first.slice(0, 10) : undefined;
  return first === '' ? undefined : first;
}

/** What the roster says, as lines to confirm. */
export function knownLines(campaign: Campaign, f: HouseholdFacts): string[] {
  const groups = campaign.keyGroups.filter((g) => f.keyGroups.includes(g.code)).map((g) => g.label);
  const labour = { able: '有劳动能力', weak: '弱劳力半劳力', none: '整户无劳动能力', unknown: '' }[f.labour];
  const register = { none: '未纳入监测', active: '监测对象，风险未消除', eliminated: '监测对象，风险已消除' }[
    f.register
  ];
  return [
    `户类型：${f.kind}；${register}`,
    said('监测对象类别', f.monitorType),
    said('识别时间', f.identifiedDay),
    said('主要风险', f.risks?.join('、')),
    said('消除时间', f.eliminatedDay),
    said('消除方式', f.eliminationMode),
    said('综合保障', f.safetyNet),
    said('劳动能力', labour),
    said('八类人员', groups.join('、')),
    said('人均纯收入（元）', f.netPerCapita === undefined ? '' : String(f.netPerCapita)),
    said('部门预警', f.alert),
  ].filter((line) => line !== '');
}

const said = (label: string, value: string | undefined) => (value ? `${label}：${dayShown(value)}` : '');
const dayShown = (value: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value.slice(0, 4)}年${showDay(value)}` : value;

/** In the second step: what was answered in the first to the questions it goes on with. */
function toldSoFar(campaign: Campaign, sitting: Sitting): string[] {
  return campaign.items
    .filter((i) => i.id in sitting.draft && i.followUps.length > 0 && sitting.draft[i.id] !== '')
    .map((i) => `${i.text}：${showAnswer(sitting.draft[i.id])}`);
}

export const showAnswer = (v: AnswerValue | undefined): string => (Array.isArray(v) ? v.join('、') : String(v ?? ''));
