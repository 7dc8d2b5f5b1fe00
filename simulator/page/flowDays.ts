// Owns how the days of the message flow stand in a row: every day from the first to today, those without messages too.
// Pure.
import type { FlowDay } from '../wire.ts';
import { dayIn } from './card/when.ts';

export interface DayColumn {
  readonly day: string; // 2023-07-12
  readonly name: string; // 7月12日 周三
  readonly date: string; // 12
  readonly rest: boolean; // Saturday or Sunday
  readonly kinds: Readonly<Record<string, number>>;
  readonly total: number;
  readonly spoken: string; // 7月12日 周三，共 20 条：每日提醒 15 条、里程碑 5 条
}

const dayLength = 86_400_000;
const most = 31; // days that find room
const weekdays = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'];

/** Noon in China: no zone the browser stands in makes it another day there. */
const noon = (day: string): number => Date.parse(`${day}T12:00:00+08:00`);

/** `now` virtual ms. */
export function daysUpTo(days: readonly FlowDay[], now: number): readonly DayColumn[] {
  const known = new Map(days.map((d) => [d.day, d.kinds]));
  const today = dayIn(now, 'YYYY-MM-DD');
  const all = [today, ...known.keys()].toSorted();
  const [first = today] = all;
  const last = all.at(-1) ?? today;
  const columns: DayColumn[] = [];
  for (let at = Math.max(noon(first), noon(last) - (most - 1) * dayLength); at <= noon(last); at += dayLength)
    columns.push(columnOf(dayIn(at, 'YYYY-MM-DD'), known));
  return columns;
}

function columnOf(day: string, known: ReadonlyMap<string, FlowDay['kinds']>): DayColumn {
  const kinds = known.get(day) ?? {};
  const total = Object.values(kinds).reduce((a, b) => a + b, 0);
  const weekday = new Date(noon(day)).getUTCDay();
  const [, month, date] = day.split('-').map(Number);
  const name = `${month}月${date}日 ${weekdays[weekday]}`;
  const parts = Object.entries(kinds).map(([kind, n]) => `${kind} ${n} 条`);
  const spoken = total === 0 ? `${name}，没有消息` : `${name}，共 ${total} 条：${parts.join('、')}`;
  return { day, name, date: String(date), rest: weekday % 6 === 0, kinds, total, spoken };
}

/** In this order, whichever came first: each keeps its colour. */
const usual = ['每日提醒', '里程碑', '乡镇日报', '答复'];

/** The usual kinds once there is any, then what else was sent. */
export function kindsIn(days: readonly FlowDay[]): readonly string[] {
  const seen = new Set(days.flatMap((d) => Object.keys(d.kinds)));
  return usual.some((kind) => seen.has(kind)) ? [...new Set([...usual, ...seen])] : [...seen];
}
