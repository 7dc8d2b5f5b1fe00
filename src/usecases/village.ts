// Owns the village's card and counts: what stands where, for people in the group. Counts only, no household.
import type { VillageView } from '../../cards/views.ts';
import type { Campaign, Lookback } from '../domain/campaign.ts';
import { dueLine, standing } from '../domain/phase.ts';
import { dayOf, showDay, showInstant } from '../domain/time.ts';
import type { Area, TallyRow } from '../ports.ts';
import { head, type World } from './world.ts';

/** Said beside the data time while a roster is being applied. */
export const rosterMoving = '（名单更新中）';

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

/** A look-back's line: households done of all, or what waits at village and township level. */
export function lookbackLine(campaign: Campaign, lookback: Lookback, rows: readonly TallyRow[]): string {
  if (lookback.scope === 'household') {
    const c = countsOf(rows, lookback.id);
    return c.total === 0 ? '没有这类户' : `${c.done}/${c.total} 户`;
  }
  if (lookback.scope === 'case') return '待办理 0';
  const waiting = campaign.items.filter(
    (i) => i.lookback === lookback.id && i.scope === 'village' && i.type !== 'calc' && i.card !== 'off',
  );
  return `待办理 ${waiting.length} 项`;
}

export async function villageView(world: World, campaign: Campaign, village: Area): Promise<VillageView> {
  const now = world.clock.now();
  const [rows, moving] = await Promise.all([world.store.tallies(campaign.id, village), world.store.importing()]);
  const state = standing(campaign, now);
  const due = dueLine(campaign, 'village', now);
  const { total, done, deferred, found } = countsOf(rows, 'ALL');
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
    rows: campaign.lookbacks.map((l) => ({ no: l.no, name: l.short, text: lookbackLine(campaign, l, rows) })),
    time: `数据时间：${showInstant(now, campaign.zone)}${moving ? rosterMoving : ''}`,
    ...(state.open ? {} : { closed: `排查从${showDay(start)}开始，到时再点“继续排查”。` }),
  };
}
