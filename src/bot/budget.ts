// Owns what the month's allowance of calls still permits. Pure. Answers inside a click's callback cost nothing and go on
// whatever is said here.
import type { Priority } from '../ports.ts';

/**
 * free: everything · tight (over 80 %): unasked only deadlines, and one call for an answer · scarce (over 95 %): deadlines,
 * and one sentence a day for whoever asks · spent: only what an operator ordered.
 */
export const spendings = ['free', 'tight', 'scarce', 'spent'] as const;
export type Spending = (typeof spendings)[number];

/** `allowance` null: nobody set one. */
export function spendingOf(calls: number, allowance: number | null): Spending {
  if (allowance === null || calls <= allowance * 0.8) return 'free';
  if (calls <= allowance * 0.95) return 'tight';
  return calls < allowance ? 'scarce' : 'spent';
}

/** The least urgent message that may still be taken up. */
export const upTo: Readonly<Record<Spending, Priority | 'ordered'>> = {
  free: 'nicety',
  tight: 'answer',
  scarce: 'answer',
  spent: 'ordered',
};

/** Why it was not sent, as it is stored. */
export const overspent = 'budget';

/** What whoever asks hears instead of an answer, once a day, while calls are scarce. */
export const scarceText =
  '本月能发的消息快用完了，先只发到期提醒，这次没有详细回复。已有卡片上的按钮照常能用；急事请直接联系乡镇或县办。';

/** Whether this chat or person hears it now: the first time of a day. */
export function createNotes(): (lane: string, day: string) => boolean {
  let today = '';
  let told = new Set<string>();
  return (lane, day) => {
    if (day !== today) told = new Set();
    today = day;
    const first = !told.has(lane);
    told.add(lane);
    return first;
  };
}
