// Owns what the form of a correction shows: stored answers in their fields, the reason where one is needed, and two
// versions side by side when somebody was quicker.

import type { FieldView } from '../../cards/views.ts';
import type { CorrectionView } from '../../cards/viewsOfHousehold.ts';
import type { Question } from '../domain/questions.ts';
import { showInstant } from '../domain/time.ts';
import type { Answers, AnswerValue, LoadedCampaign, Sitting } from '../ports.ts';
import { knownLines, privateParts, showAnswer, spoken } from './privateWorkView.ts';
import { fieldOf, questionsOn, shortId } from './workingView.ts';
import { head, type World } from './world.ts';

/** Where a person's forms for corrections live; no chat has such an id. */
export const correctionPlace = (openId: string): string => `${openId}/fix`;
export const isCorrection = (s: Sitting): boolean => s.chatId.endsWith('/fix');

/** A draft keeps under these names what is no answer: the rev it began from, the reason, whether it is 代录. */
export const base = '~base';
export const why = '~why';
export const proxyMark = '~proxy';
/** '1': the answers were somebody else's when the form was opened. */
export const othersMark = '~others';

const reason: Question = {
  id: 'why',
  lookback: '',
  label: '更正原因',
  kind: 'text',
  options: [],
  required: true,
  number: '原因',
};

/** The questions of this step; the reason comes first where it is needed. */
export function correctionQuestions(campaign: LoadedCampaign, s: Sitting): readonly Question[] {
  const questions = questionsOn(campaign, s);
  return s.stage === 'form' && s.draft[othersMark] === '1' ? [reason, ...questions] : questions;
}

export interface Fix {
  readonly campaign: LoadedCampaign;
  readonly village: string; // shown name
  readonly sitting: Sitting;
  readonly fieldName: (questionId: string, household: string, rev: number) => string;
  readonly notice?: string;
}

/** null: the household is gone. At stage `finished` everything is typed and waits for the choice. */
export async function correctionView(world: World, p: Fix): Promise<CorrectionView | null> {
  const { campaign, sitting } = p;
  const c = sitting.screening;
  if (!c) return null;
  const h = shortId(c);
  const deciding = sitting.stage === 'finished';
  const parts = await privateParts(world, { campaign, sitting, screening: c });
  const questions = deciding ? [] : correctionQuestions(campaign, sitting);
  const shown = (q: Question): FieldView => {
    const initial = q.id === 'why' ? textOf(sitting.draft[why]) : parts.initial(q);
    const field = fieldOf(q, (id) => p.fieldName(id, h, sitting.rev));
    return initial === undefined || initial === '' ? field : { ...field, initial };
  };
  const groups = ['', ...campaign.lookbacks.map((l) => l.id)]
    .map((id) => ({ id, fields: questions.filter((q) => q.lookback === id).map(shown) }))
    .filter((g) => g.fields.length > 0)
    .map((g) => ({ title: campaign.lookbacks.find((l) => l.id === g.id)?.short ?? '', fields: g.fields }));
  return {
    ...head(world, campaign),
    value: { s: sitting.id, h, r: sitting.rev },
    act: sitting.draft[proxyMark] === '1' ? '代录' : '更正',
    code: c.household.code,
    name: c.household.headName,
    village: p.village,
    known: sitting.stage === 'form' ? knownLines(campaign, c.household.facts) : parts.known,
    notice: p.notice ?? '',
    more: sitting.stage === 'more',
    groups,
    ...(deciding ? { decide: await differences(world, p) } : {}),
  };
}

const textOf = (v: AnswerValue | undefined): string => (typeof v === 'string' ? v : '');

async function differences(world: World, p: Fix): Promise<NonNullable<CorrectionView['decide']>> {
  const { campaign, sitting } = p;
  const stored = sitting.screening ? await world.store.answersOf(sitting.screening.id) : null;
  const by = stored?.submittedBy ?? '';
  const name = (await world.store.personNames([by])).get(by) ?? '同事';
  const [mine, theirs] = [spoken(sitting.draft), stored?.answers ?? {}] as const;
  const labels = new Map(campaign.items.flatMap((i) => [i, ...i.followUps]).map((q) => [q.id, q.text]));
  for (const s of campaign.switches) labels.set(s.id, s.text);
  const rows = [...labels]
    .filter(([id]) => id in mine && differ(mine, theirs, id))
    .map(([id, label]) => ({ label, mine: shownOr(mine[id]), theirs: shownOr(theirs[id]) }));
  const when = stored?.submittedAt ? ` ${showInstant(stored.submittedAt, campaign.zone)}` : '';
  return { by: `${name}${when}`, rows: rows.slice(0, 30) };
}

const differ = (a: Answers, b: Answers, id: string) => showAnswer(a[id]) !== showAnswer(b[id]);
const shownOr = (v: AnswerValue | undefined) => showAnswer(v) || '（没有填）';
