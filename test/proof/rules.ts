// Owns what must hold of every message nobody asked for (contract §6, domain B.3 and H), said without the planner: working
// days are listed here, who has something undone and who is away is asked of the script. One sentence for each breach.
import { hour, minute } from '../../src/domain/time.ts';
import type { County } from './county.ts';
import { hasWork, isAway, wantsDigest } from './script.ts';
import type { Told } from './told.ts';

/** 12–31 July 2023 by the State Council's calendar; the campaign ends with the weekend of the 29th and 30th. */
const workdays = ['12', '13', '14', '17', '18', '19', '20', '21', '24', '25', '26', '27', '28', '31'].map(
  (d) => `2023-07-${d}`,
);
export const nextWorkday = (day: string) => workdays.find((d) => d > day) ?? '';
const campaignEnds = '2023-07-31';
const local = (at: number) => new Date(at + 8 * hour).toISOString();
export const dayOf = (at: number) => local(at).slice(0, 10);
export const timeOf = (at: number) => local(at).slice(11, 16);

export interface Limits {
  /** Milliseconds a message may go out after its slot; Infinity where something else is proved. */
  readonly late: number;
  /** Calls for one message; Infinity where calls fail. */
  readonly calls: number;
}

/** Where nothing fails. */
export const goodDay: Limits = { late: 60_000, calls: 1 };
export const anyDay: Limits = { late: Number.POSITIVE_INFINITY, calls: Number.POSITIVE_INFINITY };

export function breaches(county: County, told: readonly Told[], limits: Limits): string[] {
  const where = (t: Told) => `${t.kind} to ${t.name} at ${local(t.at)}, slot ${local(t.slot)}`;
  const every = (rule: string, broken: (t: Told) => boolean) => told.filter(broken).map((t) => `${rule}: ${where(t)}`);
  return [
    ...every('outside working hours', (t) => !inHours(t.at) || !inHours(t.slot)),
    ...every('slot at a full or half hour', (t) => ['00', '30'].includes(timeOf(t.slot).slice(3))),
    ...every('after the campaign', (t) => dayOf(t.at) >= campaignEnds),
    ...every('before its slot', (t) => t.at < t.slot),
    ...every(`more than ${limits.late} ms after its slot`, (t) => t.at - t.slot > limits.late),
    ...every(`sent more than ${limits.calls} times`, (t) => t.calls > limits.calls),
    ...every('away', (t) => personOf(county, t, (p) => isAway(p, county, t.at))),
    ...every('nothing undone', (t) => t.kind === 'digest' && !hasWork(county, t.areaCode, t.at)),
    ...every('a role that owes nothing', (t) => personOf(county, t, (p) => silentRoles.includes(p.role))),
    ...every('digest in a group that wants none', (t) => t.kind === 'groupDigest' && !wants(t)),
    ...spreadTooWide(told),
    ...twice(
      told,
      'two digests to one on one day',
      (t) => t.kind !== 'milestone' && `${t.kind} ${t.to} ${dayOf(t.at)}`,
    ),
    ...twice(told, 'a milestone twice', (t) => t.kind === 'milestone' && `${t.to} ${t.title}`),
    ...tooManyMilestones(told),
  ];
}

const silentRoles = ['县级督查', '县领导', '行业部门'];
export const inHours = (at: number) => workdays.includes(dayOf(at)) && timeOf(at) >= '09:00' && timeOf(at) < '18:00';
const wants = (t: Told) => t.areaCode === wantsDigest.areaCode && t.at > wantsDigest.from;

function personOf(county: County, t: Told, is: (p: County['people'][number]) => boolean): boolean {
  const person = t.kind === 'digest' ? byId(county).get(t.to) : undefined;
  return person !== undefined && is(person);
}

const indexes = new WeakMap<County, Map<string, County['people'][number]>>();
function byId(county: County) {
  const known = indexes.get(county) ?? new Map(county.people.map((p) => [p.openId, p]));
  indexes.set(county, known);
  return known;
}

/** Slots planned by one tick belong to its causes. */
function spreadTooWide(told: readonly Told[]): string[] {
  return [...waves(told)].flatMap(([plannedAt, those]) => {
    const slots = those.map((t) => t.slot);
    const wide = Math.max(...slots) - Math.min(...slots);
    return wide > 5 * minute ? [`slots of one cause lie ${wide} ms apart: planned at ${local(plannedAt)}`] : [];
  });
}

/** Messages by the tick that planned them. */
export function waves(told: readonly Told[]): Map<number, Told[]> {
  const all = new Map<number, Told[]>();
  for (const t of told) {
    const those = all.get(t.plannedAt);
    if (those) those.push(t);
    else all.set(t.plannedAt, [t]);
  }
  return all;
}

function twice(told: readonly Told[], rule: string, keyOf: (t: Told) => string | false): string[] {
  const seen = new Set<string>();
  return told.flatMap((t) => {
    const key = keyOf(t);
    if (key === false || seen.size < seen.add(key).size) return [];
    return [`${rule}: ${t.name} ${dayOf(t.at)}`];
  });
}

function tooManyMilestones(told: readonly Told[]): string[] {
  const perGroup = new Map<string, number>();
  for (const t of told) if (t.kind === 'milestone') perGroup.set(t.to, (perGroup.get(t.to) ?? 0) + 1);
  return [...perGroup].filter(([, n]) => n > 4).map(([to, n]) => `${n} milestones to ${to}`);
}
