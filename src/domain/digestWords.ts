// Owns how work that is left is said: 今日可办, never arrears. Counts and names of areas only. Pure.
import type { Campaign, Level } from './campaign.ts';
import type { Owed, OwedKind } from './owed.ts';
import { dayOf, daysBetween, showDay, showInstant } from './time.ts';

/** '约半小时', '约 2 小时'; '' for nothing or where nobody said. */
export function showMinutes(minutes: number): string {
  if (minutes <= 0) return '';
  if (minutes < 20) return `约 ${Math.max(5, Math.round(minutes / 5) * 5)} 分钟`;
  if (minutes < 45) return '约半小时';
  if (minutes < 90) return '约 1 小时';
  return `约 ${Math.round(minutes / 60)} 小时`;
}

type Deadline = NonNullable<Owed['deadline']>;
/** '村级完成：7月20日 18:00，还剩 3 天' */
export function showDeadline(campaign: Campaign, d: Deadline, now: number): string {
  const until = showInstant(d.at, campaign.zone);
  if (now >= d.at) return `${d.name}的时间（${until}）已过，仍可补报`;
  const left = daysBetween(dayOf(now, campaign.zone), dayOf(d.at, campaign.zone));
  return `${d.name}：${until}，${left === 0 ? '就在今天' : `还剩 ${left} 天`}`;
}

const countOf = (owed: Pick<Owed, 'items'>, kind: OwedKind) => owed.items.find((i) => i.kind === kind)?.n ?? 0;

/** What a village still has to do, one thing a phrase; what comes first, first. */
export function villageLeft(owed: Pick<Owed, 'items'>): string[] {
  const n = (kind: OwedKind) => countOf(owed, kind);
  const left = [
    n('returned') > 0 ? `乡镇退回 ${n('returned')} 处，请补充` : '',
    n('todo') > 0 && n('todo') <= n('returned') ? `其中 ${n('todo')} 户要重新核实` : '',
    n('todo') > n('returned') ? `还有 ${n('todo')} 户没有排查` : '',
    n('due') > 0 ? `${n('due')} 户到了再联系的日子` : '',
    n('forms') > 0 ? `村级表 ${n('forms')} 张待填` : '',
  ].filter((t) => t !== '');
  return left.length > 0 ? left : ['都填好了，可以村级提交'];
}

/** The same in a few letters, for a title. */
export function inShort(owed: Pick<Owed, 'items' | 'level'>): string {
  const n = (kind: OwedKind) => countOf(owed, kind);
  if (owed.level !== 'village') {
    if (n('waiting') > 0) return `待接收 ${n('waiting')} 村`;
    return `还在排查 ${n('missing')} 村`;
  }
  if (n('todo') + n('due') > 0) return ` ${n('todo') + n('due')} 户`;
  if (n('returned') > 0) return `补充 ${n('returned')} 处`;
  return n('forms') > 0 ? `村级表 ${n('forms')} 张` : '村级提交';
}

/** The county's schedule for this level: what is on now, else what comes next; '' for neither. */
export function nextStepOf(campaign: Campaign, level: Level, today: string): string {
  const step = campaign.reminders?.steps.find((s) => s.levels.includes(level) && today <= s.to);
  if (!step) return '';
  if (today < step.from) return `下一步：${showDay(step.from)} ${step.name}`;
  return step.to === today ? `今天：${step.name}` : `这几天：${step.name}，到${showDay(step.to)}`;
}

/** 大阿村、金星村 等 23 个 */
export function someNames(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join('、');
  return names.length > most ? `${shown} 等 ${names.length} 个` : shown;
}
