// Owns the village's card and counts: what stands where, for people in the group. Counts only, no household.
import type { VillageView } from '../../cards/views.ts';
import type { AreaTask } from '../areaStore.ts';
import { villageLookbacks } from '../domain/areaForm.ts';
import type { Campaign, Lookback } from '../domain/campaign.ts';
import { dueLine, standing } from '../domain/phase.ts';
import { dayOf, showDay, showInstant } from '../domain/time.ts';
import type { Area, TallyRow } from '../ports.ts';
import { head, type World } from './world.ts';

/** The last line of a card with counts. `moving`: a roster is being applied. */
export const dataTime = ({ zone }: Pick<Campaign, 'zone'>, at: number, moving: boolean): string =>
  `数据时间：${showInstant(at, zone)}${moving ? '（名单更新中）' : ''}`;

export interface Counts {
  readonly total: number;
  readonly done: number;
  readonly deferred: number;
  readonly found: number;
  readonly todo: number;
}

/** Sums one section ('ALL' or a look-back id) of tally rows, over all areas in them or over one. */
export function countsOf(rows: readonly TallyRow[], section: string, areaCode?: string): Counts {
  const of = (state: string) =>
    rows
      .filter((r) => r.section === section && r.state === state && (areaCode === undefined || r.areaCode === areaCode))
      .reduce((n, r) => n + r.n, 0);
  const found = of('found');
  const done = of('clear') + found;
  const deferred = of('deferred');
  const todo = of('todo');
  return { total: done + deferred + todo, done, deferred, found, todo };
}

/** Villages of an area with a finished form, by look-back. */
export interface FormCounts {
  readonly filled: ReadonlyMap<string, number>;
  readonly villages: number;
}

/** A look-back's line: households done of all, village forms done, or cases that wait. */
export function lookbackLine(lookback: Lookback, rows: readonly TallyRow[], forms: FormCounts): string {
  if (lookback.scope === 'household') {
    const c = countsOf(rows, lookback.id);
    return c.total === 0 ? '没有这类户' : `${c.done}/${c.total} 户`;
  }
  if (lookback.scope === 'case') return '待办理 0';
  const filled = forms.filled.get(lookback.id) ?? 0;
  if (forms.villages === 1) return filled === 0 ? '待填' : '已填 1/1';
  return `已填 ${filled}/${forms.villages} 村`;
}

/** How the hand-in stands, in counts; '' before the first. */
async function handInLine(world: World, campaign: Campaign, task: AreaTask | null): Promise<string> {
  if (task === null || task.state === 'open') return '';
  const ids = [task.submittedBy ?? '', task.decidedBy ?? ''];
  const names = await world.store.personNames(ids);
  const stamp = (at: number | null, id: string) =>
    `（${at === null ? '' : showInstant(at, campaign.zone)} ${names.get(id) ?? ''}）`;
  if (task.state === 'submitted')
    return `已提交乡镇${stamp(task.submittedAt, ids[0] ?? '')}${task.late ? '，逾期' : ''}，等乡镇接收或退回`;
  if (task.state === 'accepted') return `乡镇已接收${stamp(task.decidedAt, ids[1] ?? '')}`;
  return `乡镇已退回${stamp(task.decidedAt, ids[1] ?? '')}，${returnedCounts(task)}，补好后再点“村级提交”`;
}

/** '2 户、1 项要补充': all a group hears of what was sent back. */
export function returnedCounts(task: Pick<AreaTask, 'returns'>): string {
  const households = task.returns.filter((r) => r.code !== undefined).length;
  const items = task.returns.length - households;
  return `${[households > 0 ? `${households} 户` : '', items > 0 ? `${items} 项` : ''].filter((t) => t !== '').join('、')}要补充`;
}

/** Households first, then the village's forms, then the hand-in; what was sent back comes the same way. */
function nextWork(
  campaign: Campaign,
  at: { readonly task: AreaTask | null; readonly forms: FormCounts; readonly todo: number; readonly deferred: number },
): VillageView['next'] {
  const { task, forms } = at;
  if (task?.state === 'submitted' || task?.state === 'accepted') return 'none';
  const own = villageLookbacks(campaign);
  if (at.todo > 0 || (own.length === 0 && at.deferred > 0)) return 'households';
  if (own.length === 0) return 'none';
  const sentBack = task?.state === 'returned' && task.returns.some((r) => r.item !== undefined);
  return sentBack || own.some((l) => (forms.filled.get(l.id) ?? 0) === 0) ? 'forms' : 'handIn';
}

export async function villageView(world: World, campaign: Campaign, village: Area): Promise<VillageView> {
  const now = world.clock.now();
  const { store } = world;
  const [rows, moving, forms, task] = await Promise.all([
    store.tallies(campaign.id, village),
    store.importing(),
    store.formCounts(campaign.id, village),
    store.areaTask(campaign.id, village.code),
  ]);
  const state = standing(campaign, now);
  const due = dueLine(campaign, 'village', now);
  const { total, done, deferred, found, todo } = countsOf(rows, 'ALL');
  const start = campaign.phases.find((p) => p.screening)?.from ?? dayOf(now, campaign.zone);
  return {
    ...head(world, campaign),
    open: { c: campaign.id, v: village.code },
    village: village.name,
    phase: state.phase.name,
    due: state.when === 'after' ? '活动已结束，仍可补报，会标注“逾期”' : due.text,
    late: due.late || state.late,
    total,
    done,
    deferred,
    found,
    rows: campaign.lookbacks.map((l) => ({ no: l.no, name: l.short, text: lookbackLine(l, rows, forms) })),
    handIn: await handInLine(world, campaign, task),
    returned: task?.state === 'returned',
    forms: state.open && villageLookbacks(campaign).length > 0,
    next: state.open ? nextWork(campaign, { task, forms, todo, deferred }) : 'none',
    time: dataTime(campaign, now, moving),
    ...(state.open ? {} : { closed: `排查从${showDay(start)}开始，到时再点“继续排查”。` }),
  };
}
