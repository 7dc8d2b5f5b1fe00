// Owns what is right after an outage that lasts past working hours, said without the planner (contract §6, ADR 0013 and 0014):
// what should have gone out goes with the next working day's first slot, joins that day's digest, or has nothing left to say.
import type { County } from './county.ts';
import { dayOf, nextWorkday } from './rules.ts';
import { hasWork, isAway } from './script.ts';
import type { Told } from './told.ts';

/** Local times. Where `to` lies after 18:00, what it held back waits for the next working day. */
export interface Outage {
  readonly from: string;
  readonly to: string;
  /** In its first minute messages arrive, and the answers are lost. */
  readonly answersLost?: true;
}

/** Six hours, from the middle of a morning's wave: what arrived is known by looking, hours after its key has ended. */
export const sixHours: Outage = { from: '2023-07-14T09:02', to: '2023-07-14T15:10', answersLost: true };

/** Five that last past working hours. */
export const overnight: readonly Outage[] = [
  { from: '2023-07-12T08:30', to: '2023-07-12T20:00' }, // nobody hears of the beginning that day
  { from: '2023-07-17T08:30', to: '2023-07-17T20:00' }, // a day after which villages have no cause of their own
  { from: '2023-07-19T08:30', to: '2023-07-19T20:00' }, // until the day of a deadline
  { from: '2023-07-21T15:50', to: '2023-07-21T20:00' }, // over a weekend
  { from: '2023-07-28T15:50', to: '2023-07-28T20:00' }, // until the campaign is over
];

const instant = (local: string) => Date.parse(`${local}:00+08:00`);
const firstSlot = '09:02';

const deadline = '村级排查即将截止';
/** A beginning stays true, told so; what comes near is none any more when it has passed. */
const lateMilestones: Readonly<Record<string, { readonly until: string; readonly title: string }>> = {
  '集中排查“回头看”今天开始': { until: '2023-07-22T00:00', title: '集中排查“回头看”已开始' },
  [deadline]: { until: '2023-07-20T18:00', title: deadline },
  转入县级抽查督查: { until: '2023-07-31T00:00', title: '转入县级抽查督查' },
  活动即将结束: { until: '2023-07-31T00:00', title: '活动即将结束' },
};

/** What a digest says is drawn when it is sent; which milestone it is stays. */
export const lineOf = (t: Pick<Told, 'at' | 'kind' | 'name' | 'title'>): string =>
  [dayOf(t.at), t.kind, t.name, ...(t.kind === 'milestone' ? [t.title] : [])].join(' ');

/** Lines of everything that is to be told when a good campaign would have been `good`. */
export function heldBack(county: County, good: readonly Told[], outages: readonly Outage[]): string[] {
  const told = good.flatMap((t) => {
    const at = outAt(t.slot, outages);
    return at === t.slot ? [t] : late(county, t, at);
  });
  return [...new Set(told.map(lineOf))].sort();
}

/** When it can go out. */
function outAt(at: number, outages: readonly Outage[]): number {
  const hit = outages.some((o) => at >= instant(o.from) && at < instant(o.to));
  return hit ? outAt(instant(`${nextWorkday(dayOf(at))}T${firstSlot}`), outages) : at;
}

function late(county: County, t: Told, at: number): Told[] {
  if (t.kind === 'groupDigest') return []; // of its day alone
  if (t.kind === 'digest') {
    const person = county.people.find((p) => p.openId === t.to);
    return person && hasWork(county, t.areaCode, at) && !isAway(person, county, at) ? [{ ...t, at }] : [];
  }
  const [place = '', name = ''] = t.title.split('：');
  const then = lateMilestones[name];
  if (name === deadline && t.level === 'village' && !hasWork(county, t.areaCode, at)) return []; // it handed in
  return then && at < instant(then.until) ? [{ ...t, at, title: `${place}：${then.title}` }] : [];
}
