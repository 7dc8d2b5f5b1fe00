// Owns when a village may hand in, what a township may send back and what changed since. Pure: facts in, sentences out.
import type { Answers } from '../ports.ts';
import type { Campaign, Item } from './campaign.ts';
import { type FormOf, followUpQuestion, isAsked, itemQuestion, nextStep, type Question } from './questions.ts';

/** What a hand-in is judged by. */
export interface HandInFacts {
  readonly todo: number; // households not asked
  readonly putOff: readonly { readonly reason: string }[];
  readonly unsettled: number; // households whose conclusion still wants its explanation
  readonly forms: readonly string[]; // short names of village forms not filled in
}

/** Reasons that explain why a household could not be asked. */
export const explainingReasons = (campaign: Campaign): readonly string[] => campaign.deferExplains ?? [];

/** Every reason why the village cannot hand in yet, with the way on. Empty: it may. Counts only, no household. */
export function missingForHandIn(campaign: Campaign, facts: HandInFacts): string[] {
  const explains = explainingReasons(campaign);
  const open = facts.putOff.filter((p) => !explains.includes(p.reason)).length;
  return [
    facts.todo > 0 ? `还有 ${facts.todo} 户没有排查，请点“继续排查”` : '',
    open > 0
      ? `有 ${open} 户登记了联系不上，但原因还不能说明为什么没排查，请点“继续排查”再联系一次，或改登记${explains.join('、')}`
      : '',
    facts.unsettled > 0 ? `有 ${facts.unsettled} 户还缺情况说明（结论与所填情况不一致等），请重新填这几户` : '',
    facts.forms.length > 0 ? `村级表还有${facts.forms.map((f) => `“${f}”`).join('、')}没有填，请点“村级表”` : '',
  ].filter((line) => line !== '');
}

export const notYet = (reasons: readonly string[]): string => `还没有提交：${reasons.join('；')}。`;

/**
 * A conclusion that does not go with what was said wants a written reason: an asked follow-up that must be answered and is
 * not. True for households answered before the question existed, too.
 */
export function isUnsettled(campaign: Campaign, of: FormOf, answers: Answers): boolean {
  return nextStep(campaign, of, answers).some((q) => q.required && q.kind === 'text');
}

/** Items of household look-backs that the village as a whole answers when it hands in (村级研判). */
const meetingItems = (campaign: Campaign): Item[] =>
  campaign.items.filter(
    (i) =>
      i.scope === 'village' &&
      isAsked(i) &&
      campaign.lookbacks.some((l) => l.id === i.lookback && l.scope === 'household'),
  );

/** The record of the meeting: was it held, and when. The day is only wanted when it was. */
export function meetingQuestions(campaign: Campaign): Question[] {
  return meetingItems(campaign).flatMap((i) => [
    itemQuestion(i),
    ...i.followUps.map((f) => ({ ...followUpQuestion(i, f), required: false })),
  ]);
}

const about = (campaign: Campaign, item: Item): string =>
  campaign.lookbacks.find((l) => l.id === item.lookback)?.short ?? '各户';

/** The day of the meeting, or a sentence. A campaign without such an item needs no meeting: the day is today. */
export function meetingDay(campaign: Campaign, answers: Answers, today: string): { day: string } | { refused: string } {
  let day = '';
  for (const item of meetingItems(campaign)) {
    const normal = item.options?.find((o) => o.normal)?.value;
    if (normal !== undefined && answers[item.id] !== normal)
      return { refused: `还没有提交：请先召开村级研判会，把${about(campaign, item)}过一遍，再点“村级提交”。` };
    const given = item.followUps
      .map((f) => (f.type === 'date' ? answers[f.id] : undefined))
      .find((v) => v !== undefined);
    if (typeof given === 'string') day = given;
  }
  if (day === '' && meetingItems(campaign).length > 0) return { refused: '还没有提交：请选村级研判会的召开日期。' };
  if (day > today) return { refused: '还没有提交：研判会的召开日期还没有到，请核对日期。' };
  return { day: day === '' ? today : day };
}

export interface ReturnLine {
  readonly code: string;
  readonly reason: string;
}

/** '大阿-01-003 原因' line by line → households to send back, or sentences about lines that cannot be read. */
export function readReturnLines(text: string): { lines: ReturnLine[]; faults: string[] } {
  const lines: ReturnLine[] = [];
  const faults: string[] = [];
  const rows = text.split(/[\n;；]/).map((row) => row.trim());
  for (const row of rows.filter((r) => r !== '')) {
    const [, code = '', reason = ''] = /^([^\s,，:：、]+)[\s,，:：、]*(.*)$/u.exec(row) ?? [];
    if (reason.trim() === '') faults.push(`「${code}」后面请写上退回的原因`);
    else if (lines.some((l) => l.code === code.normalize('NFKC'))) faults.push(`「${code}」写了两次，请合并成一行`);
    else lines.push({ code: code.normalize('NFKC'), reason: reason.trim() });
  }
  return { lines, faults };
}

/** Ids whose answers differ; computed along the way or not. null = nothing was said. */
export function changedItems(before: Answers | null, after: Answers | null): string[] {
  const [a, b] = [before ?? {}, after ?? {}];
  const ids = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...ids].filter((id) => JSON.stringify(a[id] ?? '') !== JSON.stringify(b[id] ?? '')).sort();
}
