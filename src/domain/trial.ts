// Owns how a forecast is laid out for the county office: messages of one day and kind together. Pure.
import type { Reminder } from './reminders.ts';
import { dayOf } from './time.ts';

export interface TrialRow {
  readonly day: string;
  readonly what: string; // 村级：村级完成还剩 1 天
  readonly from: number; // epoch ms
  readonly to: number;
  readonly n: number;
}

const levels = { village: '村级', township: '乡镇', county: '县办' } as const;

/** By day and kind, in the order of their first message. */
export function trialRows(all: readonly Reminder[], zone: string): TrialRow[] {
  const rows = new Map<string, TrialRow>();
  for (const r of all) {
    const day = dayOf(r.at, zone);
    const what = `${r.kind === 'digest' ? levels[r.level] : '群'}：${r.why.join('、')}`;
    const key = `${day} ${what}`;
    const { n, from, to } = rows.get(key) ?? { n: 0, from: r.at, to: r.at };
    rows.set(key, { day, what, from: Math.min(from, r.at), to: Math.max(to, r.at), n: n + 1 });
  }
  return [...rows.values()].sort((a, b) => a.from - b.from);
}
