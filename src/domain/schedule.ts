// Owns what a campaign's reminders say about time: every cause with its slot, rest days stepped over as contract §6 wants
// it. Pure; needs no facts, so that a tick with nothing due reads nothing.
import type { Campaign, Level, Phase } from './campaign.ts';
import { addDays, dayOf, instantAt, instantOf } from './time.ts';
import { type Calendar, nextWorkday, previousWorkday, workdayAfter } from './workdays.ts';

type Reminders = NonNullable<Campaign['reminders']>;
type Milestone = Reminders['milestones'][number];

export type CauseKind = 'phase' | 'step' | 'deadline' | 'overdue' | 'escalation' | 'milestone' | 'groupDigest';

export interface Cause {
  readonly campaignId: string;
  readonly kind: CauseKind;
  readonly id: string; // of the phase, step, deadline or milestone
  readonly name: string; // for people: 村级完成还剩 1 天
  /** Whom it concerns; groups: those bound to an area of the campaign. */
  readonly to: Level | 'groups';
  readonly at: number; // slot, epoch ms
}

interface Wanted {
  readonly day: string;
  /** Later than this it says nothing new: a deadline or the beginning of what it announces. */
  readonly until: number;
  readonly say: Omit<Cause, 'campaignId' | 'at'>;
}

/** Every cause of a campaign, in the order of its slots. Days the calendar does not know have none. */
export function causesOf(campaign: Campaign, calendar: Calendar): Cause[] {
  const { reminders } = campaign;
  if (!reminders) return [];
  const wanted = [
    ...milestones(campaign, reminders),
    ...phaseStarts(campaign, reminders),
    ...steps(campaign, reminders),
    ...deadlines(campaign, reminders),
    ...afterDeadlines(campaign, { reminders, calendar }),
  ];
  const causes = wanted.flatMap((w) => {
    const at = slotOf(w, { campaign, reminders, calendar });
    return at === null ? [] : [{ ...w.say, campaignId: campaign.id, at }];
  });
  return [...causes, ...groupDigests(campaign, { reminders, calendar })].sort((a, b) => a.at - b.at);
}

type Within = { readonly campaign: Campaign; readonly reminders: Reminders; readonly calendar: Calendar };

/**
 * On a working day its first slot. What falls on a rest day: the first slot of the next working day or, where that is too
 * late for it, the last working day before, in the afternoon.
 */
function slotOf(w: Wanted, { campaign, reminders, calendar }: Within): number | null {
  const slot = (day: string | null, time: string) => (day === null ? null : instantAt(day, time, campaign.zone));
  const { morning, shifted } = reminders.times;
  if (calendar.isWorkday(w.day)) return slot(w.day, morning);
  const after = slot(nextWorkday(calendar, w.day), morning);
  if (after !== null && w.until >= after) return after;
  return slot(previousWorkday(calendar, w.day), shifted);
}

const startOf = (day: string, campaign: Campaign) => instantAt(day, '00:00', campaign.zone);
const toEach = (levels: readonly Level[], wanted: (to: Level) => Wanted): Wanted[] => [...new Set(levels)].map(wanted);

const phaseStarts = (campaign: Campaign, { phaseStart }: Reminders): Wanted[] =>
  campaign.phases.flatMap(({ id, name, from }) =>
    toEach(phaseStart, (to) => ({
      day: from,
      until: startOf(from, campaign),
      say: { kind: 'phase', id, name: `${name}开始`, to },
    })),
  );

const steps = (campaign: Campaign, reminders: Reminders): Wanted[] =>
  reminders.steps.flatMap(({ id, name, from, levels }) =>
    toEach(levels, (to) => ({ day: from, until: startOf(from, campaign), say: { kind: 'step', id, name, to } })),
  );

interface Deadline {
  readonly id: string;
  readonly name: string;
  readonly level: Level;
  readonly at: number;
  readonly day: string;
}
const deadlinesOf = (campaign: Campaign): Deadline[] =>
  campaign.phases.flatMap((p) =>
    p.deadlines.map((d) => ({ ...d, at: instantOf(d.at), day: dayOf(instantOf(d.at), campaign.zone) })),
  );

const left = (n: number) => (n === 0 ? '今天截止' : `还剩 ${n} 天`);

const deadlines = (campaign: Campaign, { daysBefore }: Reminders): Wanted[] =>
  deadlinesOf(campaign).flatMap((d) =>
    [...new Set(daysBefore)].map((n) => ({
      day: addDays(d.day, -n),
      until: d.at,
      say: { kind: 'deadline', id: d.id, name: `${d.name}${left(n)}`, to: d.level },
    })),
  );

type Counted = Pick<Within, 'reminders' | 'calendar'>;

/** Counted in working days, so that none of these falls on a rest day. */
function afterDeadlines(campaign: Campaign, { reminders, calendar }: Counted): Wanted[] {
  const { overdue, grace } = reminders;
  return deadlinesOf(campaign).flatMap((d) => {
    const on = (n: number, say: Wanted['say']): Wanted[] => {
      const day = workdayAfter(calendar, d.day, n);
      return day === null ? [] : [{ day, until: Number.POSITIVE_INFINITY, say }];
    };
    const late = { id: d.id, name: `${d.name}已到期` };
    const reminded = Array.from({ length: overdue }, (_, i) => on(i + 1, { kind: 'overdue', ...late, to: d.level }));
    const told = ladder(d.level, grace).flatMap(({ to, after }) => on(after, { kind: 'escalation', ...late, to }));
    return [...reminded.flat(), ...told];
  });
}

/** Who hears of it next, and how many working days after the deadline: 村 → 乡镇 → 县. */
function ladder(level: Level, grace: Reminders['grace']): { to: Level; after: number }[] {
  if (level === 'county') return [];
  const county = { to: 'county' as const, after: grace.township + (level === 'village' ? grace.village : 0) };
  return level === 'village' ? [{ to: 'township', after: grace.village }, county] : [county];
}

function milestones(campaign: Campaign, reminders: Reminders): Wanted[] {
  return reminders.milestones.flatMap((m) => {
    const when = dayOfMilestone(campaign, m);
    return when ? [{ ...when, say: { kind: 'milestone', id: m.id, name: m.name, to: 'groups' } }] : [];
  });
}

function dayOfMilestone(campaign: Campaign, m: Milestone): Pick<Wanted, 'day' | 'until'> | null {
  if ('deadline' in m) {
    const found = deadlinesOf(campaign).find((d) => d.id === m.deadline);
    return found ? { day: addDays(found.day, -m.daysBefore), until: found.at } : null;
  }
  const phase: Phase | undefined = campaign.phases.find((p) => p.id === m.phase);
  if (!phase) return null;
  if (m.edge === 'start') return { day: phase.from, until: startOf(phase.from, campaign) };
  return { day: phase.to, until: startOf(addDays(phase.to, 1), campaign) - 1 };
}

/** Each working day of the campaign, for townships that want it. */
function groupDigests(campaign: Campaign, { reminders, calendar }: Counted): Cause[] {
  const { id: campaignId, phases, zone } = campaign;
  const first = phases.find((p) => p.screening)?.from ?? '';
  const last = phases[phases.length - 1]?.to ?? '';
  const causes: Cause[] = [];
  for (let day = first; day !== '' && day <= last; day = addDays(day, 1))
    if (calendar.isWorkday(day)) {
      const at = instantAt(day, reminders.times.township, zone);
      causes.push({ campaignId, kind: 'groupDigest', id: 'day', name: '每日简报', to: 'groups', at });
    }
  return causes;
}
