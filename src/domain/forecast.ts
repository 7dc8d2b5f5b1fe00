// Owns what will be said unasked from now on, if everything stays as it stands: the planner's own rules, run slot by slot.
// Pure.
import { due, type Reminder, type ReminderFacts, type Rules } from './reminders.ts';
import { dayOf } from './time.ts';

/** In the order of their instants. What a hand-in may still cause is not known and not in it. */
export function forecast(
  rules: Rules,
  facts: ReminderFacts,
  span: { readonly from: number; readonly until: number },
): Reminder[] {
  const slots = [...new Set(rules.causes.map((c) => c.at))].filter((at) => span.from < at && at <= span.until);
  let people = facts.people;
  let from = span.from;
  return slots
    .sort((a, b) => a - b)
    .flatMap((now) => {
      const told = due(rules, { ...facts, people }, { from, now });
      const at = new Map(told.flatMap((r) => (r.kind === 'digest' ? [[r.personId, r.at] as const] : [])));
      people = people.map((p) => ({ ...p, lastDigestAt: at.get(p.id) ?? p.lastDigestAt }));
      from = now;
      return told;
    });
}

/** Messages of one day and kind, as the county office looks at them. */
export interface Wave {
  readonly day: string;
  readonly what: string; // 村级：村级完成还剩 1 天
  readonly from: number; // epoch ms
  readonly to: number;
  readonly n: number;
}

const levels = { village: '村级', township: '乡镇', county: '县办' } as const;

/** By day and kind, in the order of their first message. */
export function wavesOf(all: readonly Reminder[], zone: string): Wave[] {
  const waves = new Map<string, Wave>();
  for (const r of all) {
    const day = dayOf(r.at, zone);
    const what = `${r.kind === 'digest' ? levels[r.level] : '群'}：${r.why.join('、')}`;
    const known = waves.get(`${day} ${what}`);
    const wave = known
      ? { ...known, to: Math.max(known.to, r.at), n: known.n + 1 }
      : { day, what, from: r.at, to: r.at, n: 1 };
    waves.set(`${day} ${what}`, wave);
  }
  return [...waves.values()].sort((a, b) => a.from - b.from);
}
