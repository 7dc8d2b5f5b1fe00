// Owns one line of a household's record: who did what when, and why.
import { showInstant } from '../domain/time.ts';
import type { HistoryRow } from '../householdStore.ts';

const verbs: Readonly<Record<string, string>> = {
  submit: '填报',
  defer: '登记联系不上',
  correct: '更正',
  return: '退回',
};

/** '第2次 7月12日 08:35 王例 更正，原因：…（逾期）（代录）' */
export function historyLine(h: HistoryRow, by: { readonly name: string; readonly zone: string }): string {
  const reason = h.reason === '' ? '' : `，原因：${h.reason}`;
  const marks = `${h.proxy ? '（代录）' : ''}${h.late ? '（逾期）' : ''}`;
  return `第${h.rev}次　${showInstant(h.at, by.zone)}　${by.name}　${verbs[h.verb] ?? h.verb}${marks}${reason}`;
}
