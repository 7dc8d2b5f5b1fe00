// Owns what a village's own look-backs ask, step by step, what of them the roster and the counts already know, and what
// in them is a finding. Pure; the campaign says everything, no item is known by name here.
import type { Answers, AnswerValue, Finding } from '../ports.ts';
import type { Campaign, Item, Lookback } from './campaign.ts';
import { holds, type Known } from './condition.ts';
import { followUpQuestion, isAsked, itemQuestion, type Question } from './questions.ts';

/** What is known of a village without asking. */
export interface AreaKnown {
  readonly facts: Readonly<Record<string, number | boolean>>; // by column of the areas file
  readonly activePersons: number;
  readonly liftedHouseholds: number;
  readonly total: number; // households of the campaign
  readonly done: number;
  readonly openDoubts: number;
}

/** One look-back of one village. */
export interface AreaAsk {
  readonly campaign: Campaign;
  readonly lookback: Lookback;
  readonly known: AreaKnown;
}

/** Look-backs that a village answers for itself. */
export const villageLookbacks = (campaign: Campaign): Lookback[] =>
  campaign.lookbacks.filter(
    (l) =>
      l.scope === 'village' &&
      campaign.items.some(
        (i) => i.lookback === l.id && i.scope === 'village' && isAsked(i) && i.computed === undefined,
      ),
  );

/** Questions that stand together. Titles are the campaign's words. */
export interface QuestionGroup {
  readonly title: string;
  readonly questions: readonly Question[];
}

interface Computed {
  /** undefined: not known, so it is asked, or waits. */
  readonly value: AnswerValue | undefined;
  readonly shown: string;
}
const silent = '名册里没有，请乡镇补充';
const yesNo = (b: unknown): Computed => {
  if (typeof b !== 'boolean') return { value: undefined, shown: '' };
  return { value: b ? '是' : '否', shown: b ? '是' : '否' };
};

const computes: Readonly<Record<string, (k: AreaKnown, campaign: Campaign) => Computed>> = {
  keySupportVillage: ({ facts }) => {
    const levels = ['省定', '市定', '县定'];
    const held = levels.filter((level) => facts[`${level}重点帮扶村`] === true);
    if (held.length > 0) return { value: held, shown: held.join('、') };
    const all = levels.every((level) => facts[`${level}重点帮扶村`] === false);
    return all ? { value: ['否'], shown: '否' } : { value: undefined, shown: '' };
  },
  resettlementSite: ({ facts }) => yesNo(facts.易地扶贫搬迁集中安置区),
  abandonedMine: ({ facts }) => yesNo(facts.废弃矿山区域),
  noLiftedButRural: ({ facts, liftedHouseholds }) => {
    const rural = facts.农村户籍人口;
    if (typeof rural !== 'number') return { value: undefined, shown: silent };
    return yesNo(rural > 0 && (facts.脱贫户数 ?? liftedHouseholds) === 0);
  },
  villageShareOverLine: villageShare,
  openDoubts: ({ openDoubts }) => ({
    value: openDoubts,
    shown: openDoubts === 0 ? '没有待核对的数据疑点' : `${openDoubts} 条数据疑点待核对`,
  }),
  screenedPercent: ({ total, done }) => {
    const value = total === 0 ? 100 : Math.floor((100 * done) / total);
    return { value, shown: total === 0 ? '没有要排查的户' : `${value}%（${done}/${total} 户）` };
  },
  ledgersFromCards: () => ({ value: '已建', shown: '已由填好的卡片自动生成，不用另填' }),
};

/** Persons in monitored households whose risk stands, of the rural registered population. */
function villageShare({ facts, activePersons }: AreaKnown, campaign: Campaign): Computed {
  const rural = facts.农村户籍人口;
  if (typeof rural !== 'number') return { value: undefined, shown: silent };
  if (rural === 0) return { value: '否', shown: '无农村户籍人口' };
  const share = activePersons / rural;
  const over = share > (campaign.thresholds.keyAreaShare ?? 1);
  return {
    value: over ? '是' : '否',
    shown: `${over ? '是' : '否'}（${activePersons}/${rural} 人，${(share * 100).toFixed(2)}%）`,
  };
}

const itemsOf = ({ campaign, lookback }: AreaAsk): Item[] =>
  campaign.items.filter((i) => i.lookback === lookback.id && i.scope === 'village' && i.card !== 'off');
const computedOf = (ask: AreaAsk, item: Item): Computed | null =>
  (item.computed === undefined ? undefined : computes[item.computed]?.(ask.known, ask.campaign)) ?? null;

/** Known values by item id: kept with the answers. */
export function areaComputed(ask: AreaAsk): Answers {
  const values = itemsOf(ask).map((i) => [i.id, computedOf(ask, i)?.value] as const);
  return Object.fromEntries(values.filter((e): e is [string, AnswerValue] => e[1] !== undefined));
}

/** '集中安置区：否' — what nobody is asked, as sentences. */
export function areaFacts(ask: AreaAsk): string[] {
  return itemsOf(ask).flatMap((i) => {
    const shown = computedOf(ask, i)?.shown ?? '';
    return shown === '' ? [] : [`${i.text}：${shown}`];
  });
}

/** Items of one row (a kind of risk), or, with row null, those answered once. */
interface Unit {
  readonly row: number | null;
  readonly title: string;
  readonly items: readonly Item[];
}

/**
 * Where a look-back asks per row, the first item opens a row, items with a condition belong to each open row, and every
 * other item speaks of the village as a whole: it is asked once.
 */
function unitsOf(ask: AreaAsk): { whole: Unit; rows: Unit[]; gate: Item | undefined } {
  const items = itemsOf(ask);
  const rows = ask.lookback.rows ?? [];
  if (rows.length === 0) return { whole: { row: null, title: '', items }, rows: [], gate: undefined };
  const [gate, ...others] = items;
  const perRow = [...(gate ? [gate] : []), ...others.filter((i) => i.when !== undefined)];
  const once = others.filter((i) => i.when === undefined);
  return {
    whole: { row: null, title: '', items: once },
    rows: rows.map((title, row) => ({ row, title, items: perRow })),
    gate,
  };
}

/** Key of an answer where it is kept. */
export const keptAs = (lookback: Lookback, question: string): string => {
  const [, row = '', id = ''] = /^r(\d+)\.(.+)$/.exec(question) ?? [];
  return id === '' ? question : `${lookback.rows?.[Number(row)] ?? ''}|${id}`;
};
/** What was said before a form was begun afresh, kept until it is finished: to show it beforehand, in private. */
const earlier = '前|';
export const saidBefore = (answers: Answers, kept: string): AnswerValue | undefined => answers[earlier + kept];
export function begunAfresh(before: Answers): Answers {
  const said = Object.entries(before).map(([key, v]) => [key.startsWith(earlier) ? key : earlier + key, v] as const);
  return Object.fromEntries(said.filter(([, value]) => value !== ''));
}
/** A finished form: nothing that was left empty, nothing of before. */
export const finished = (answers: Answers): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([key, value]) => value !== '' && !key.startsWith(earlier)));
const asWire = (unit: Unit, id: string) => (unit.row === null ? id : `r${unit.row}.${id}`);

/** Answers as one unit's conditions see them. */
function knownOf(ask: AreaAsk, unit: Unit, answers: Answers): Known {
  const mine = `${unit.title}|`;
  const seen = Object.entries({ ...answers, ...areaComputed(ask) })
    .filter(([key, value]) => value !== '' && (!key.includes('|') || (unit.row !== null && key.startsWith(mine))))
    .map(([key, value]) => [key.slice(key.indexOf('|') + 1), value]);
  return { answers: Object.fromEntries(seen), facts: {}, thresholds: ask.campaign.thresholds };
}

const isOpen = (ask: AreaAsk, item: Item, known: Known) =>
  isAsked(item) && computedOf(ask, item)?.value === undefined && (!item.when || holds(item.when, known));

/** The first step: one line for each row, and what is asked of the village as a whole. */
export function firstAreaStep(ask: AreaAsk): QuestionGroup[] {
  const { whole, rows, gate } = unitsOf(ask);
  const none = knownOf(ask, whole, {});
  const plain = whole.items.filter((i) => isOpen(ask, i, none)).map(itemQuestion);
  const gates = gate
    ? rows.map((unit) => ({ ...itemQuestion(gate), id: asWire(unit, gate.id), label: unit.title }))
    : [];
  const groups = [
    { title: gate?.text ?? '', questions: gates },
    { title: '', questions: plain },
  ];
  return groups.filter((g) => g.questions.length > 0);
}

/** What these answers make necessary next, one row at a time. Empty: the form is complete. */
export function nextAreaStep(ask: AreaAsk, answers: Answers): QuestionGroup[] {
  const { whole, rows } = unitsOf(ask);
  for (const unit of [whole, ...rows]) {
    const questions = missing(ask, unit, answers);
    if (questions.length > 0) return [{ title: unit.title, questions }];
  }
  return [];
}

function missing(ask: AreaAsk, unit: Unit, answers: Answers): Question[] {
  const known = knownOf(ask, unit, answers);
  const open = (id: string) => !(keptAs(ask.lookback, asWire(unit, id)) in answers);
  const questions = unit.items.flatMap((item) => [
    ...(open(item.id) && isOpen(ask, item, known) ? [itemQuestion(item)] : []),
    ...item.followUps.filter((f) => open(f.id) && holds(f.when, known)).map((f) => followUpQuestion(item, f)),
  ]);
  return questions.map((q) => ({ ...q, id: asWire(unit, q.id) }));
}

/** Findings of a finished form; of a row by 'row|item id'. */
export function areaFindings(ask: AreaAsk, answers: Answers): Finding[] {
  const { whole, rows } = unitsOf(ask);
  return [whole, ...rows].flatMap((unit) => {
    const known = knownOf(ask, unit, answers);
    return unit.items.flatMap((item) =>
      item.problems
        .filter((p) => holds(p.when, known))
        .map((p) => ({
          item: unit.row === null ? item.id : `${unit.title}|${item.id}`,
          ...(p.type ? { type: p.type } : {}),
          ...(p.procedure ? { procedure: p.procedure } : {}),
        })),
    );
  });
}
