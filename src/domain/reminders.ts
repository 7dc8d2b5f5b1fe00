// Owns who is told what when, unasked (contract §6): only people with something undone, one private digest a person a day
// over all campaigns, working hours, leave, group milestones. What was missed is merged into one. Pure.
import type { Area, Person } from '../ports.ts';
import type { Campaign, Level } from './campaign.ts';
import { areasOwed, type Owed, owed, type VillageStand } from './owed.ts';
import { type Cause, causesOf } from './schedule.ts';
import { type Hours, morningAfter, speakable, spread } from './slots.ts';
import { addDays, dayOf, hour, instantAt, minute } from './time.ts';
import { type Calendar, calendarOf, nextWorkday } from './workdays.ts';

/** Days until which, inclusive; null: none. */
export interface ReminderSetting {
  readonly leaveUntilDay: string | null; // the later of the person's own and the people file's
  readonly mutedUntilDay: string | null;
}

/** Somebody who could be told something unasked. */
export interface Reader extends Pick<Person, 'id' | 'roles'> {
  readonly openId: string;
  readonly setting: ReminderSetting;
  /** The newest digest that was sent or waits, epoch ms of its slot; 0: none. */
  readonly lastDigestAt: number;
}

/** A group that is bound. */
export interface BoundGroup {
  readonly chatId: string;
  readonly campaignId: string;
  readonly areaCode: string;
  readonly level: Area['level'];
  /** Its township switched the daily digest on. */
  readonly digest: boolean;
}

export interface ReminderFacts {
  readonly people: readonly Reader[];
  readonly groups: readonly BoundGroup[];
  readonly stands: readonly VillageStand[];
}

/** A village handed in or was sent back: its township or its cadres are told in their next digest. */
export type HandInChange = Pick<VillageStand, 'campaignId' | 'areaCode' | 'townshipCode' | 'task' | 'changedAt'>;

/** What the campaigns say, worked out once: it changes only when one is loaded. */
export interface Rules {
  readonly campaigns: readonly Campaign[]; // those that say anything unasked
  readonly calendar: Calendar;
  readonly causes: readonly Cause[];
}

/** The county's days are those of all its campaigns. */
export function rulesOf(all: readonly Campaign[]): Rules {
  const campaigns = all.filter((c) => c.reminders);
  const calendar = calendarOf(all);
  return { campaigns, calendar, causes: campaigns.flatMap((c) => causesOf(c, calendar)) };
}

/** What happened after `from` and until `now`, epoch ms. */
export interface Window {
  readonly from: number;
  readonly now: number;
}

interface ToSend {
  readonly at: number; // epoch ms
  readonly day: string;
  readonly why: readonly string[]; // names of its causes
  readonly urgent: boolean; // about a deadline or something sent back
}
export type Reminder =
  | (ToSend & { readonly kind: 'digest'; readonly personId: string; readonly openId: string; readonly level: Level })
  | (ToSend & { readonly kind: 'milestone'; readonly group: BoundGroup; readonly milestone: string })
  | (ToSend & { readonly kind: 'groupDigest'; readonly group: BoundGroup });

/** A cause of private digests: from the campaign's calendar, or a village's hand-in. */
interface Prompt extends Pick<Cause, 'campaignId' | 'name' | 'at'> {
  readonly kind: Cause['kind'] | 'returned' | 'waiting';
  readonly to: Level;
  readonly areaCode?: string; // of this area only
  readonly since?: number; // told by any digest after this
}

const inWindow = ({ from, now }: Window, at: number) => from < at && at <= now;

const timed = ({ causes }: Rules, window: Window): Cause[] => causes.filter((c) => inWindow(window, c.at));

/** Whether anything in the window could concern anybody: if not, no facts need to be read. */
export const mayBeDue = (rules: Rules, changes: readonly HandInChange[], window: Window): boolean =>
  timed(rules, window).length > 0 || prompted(rules, changes, window).length > 0;

function hoursOf({ campaigns, calendar }: Rules, campaignId: string): Hours | null {
  const found = campaigns.find((c) => c.id === campaignId);
  return found?.reminders ? { calendar, zone: found.zone, morning: found.reminders.times.morning } : null;
}

/** Between two minutes without a first slot, only what has just changed can prompt anything: most ticks look no further. */
function likely({ campaigns }: Rules, changes: readonly HandInChange[], window: Window): readonly HandInChange[] {
  const { from, now } = window;
  const first = ({ zone, reminders }: Campaign) => instantAt(dayOf(now, zone), reminders?.times.morning ?? '', zone);
  if (now - from > hour || campaigns.some((c) => inWindow(window, first(c)))) return changes;
  return changes.filter((c) => (c.changedAt ?? 0) > from - 2 * minute); // changed in a busy minute: told in the next
}

/**
 * A village sent back hears of it at once in working hours, or with the next first slot; who had their digest that day, on the
 * next working day. A hand-in waits for its township's next first slot.
 */
function prompted(rules: Rules, changes: readonly HandInChange[], window: Window): Prompt[] {
  return likely(rules, changes, window).flatMap((c): Prompt[] => {
    const hours = hoursOf(rules, c.campaignId);
    if (!hours || c.changedAt === null || (c.task !== 'returned' && c.task !== 'submitted')) return [];
    const soon = speakable(c.changedAt, hours);
    if (soon === null) return [];
    const tomorrow = morningAfter(soon, hours) ?? soon;
    const of = { campaignId: c.campaignId, since: c.changedAt };
    if (c.task === 'submitted') {
      const at = soon > c.changedAt + minute ? soon : tomorrow;
      const waits = { ...of, kind: 'waiting' as const, name: '村级提交等接收', to: 'township' as const, at };
      return inWindow(window, at) ? [{ ...waits, areaCode: c.townshipCode }] : [];
    }
    const back = { ...of, kind: 'returned' as const, name: '乡镇退回要补充', to: 'village' as const };
    return [soon, tomorrow].filter((at) => inWindow(window, at)).map((at) => ({ ...back, areaCode: c.areaCode, at }));
  });
}

/** Everything to be sent for what happened in the window, in the order of its instants. The same facts give the same list. */
export function due(rules: Rules, facts: ReminderFacts, window: Window): Reminder[] {
  const causes = timed(rules, window);
  const prompts = [
    ...causes.flatMap((c): Prompt[] => (c.to === 'groups' ? [] : [{ ...c, to: c.to }])),
    ...prompted(rules, facts.stands, window),
  ];
  const all = [
    ...milestonesDue(rules, { causes, groups: facts.groups }, window),
    ...groupDigestsDue(rules, { causes, facts }, window),
    ...digestsDue(rules, { prompts, facts }, window),
  ];
  return spaced(all);
}

/** Messages that begin at one instant go out one after the other. */
function spaced(all: readonly Reminder[]): Reminder[] {
  const starts = [...new Set(all.map((r) => r.at))].sort((a, b) => a - b);
  return starts.flatMap((start) => {
    const those = all.filter((r) => r.at === start);
    const instants = spread(start, those.length);
    return those.map((r, i) => ({ ...r, at: instants[i] ?? start }));
  });
}

/** When something of the slot `at` goes out: then, or as soon as the bot may speak again. */
function moment(rules: Rules, cause: { campaignId: string; at: number }, { now }: Window) {
  const hours = hoursOf(rules, cause.campaignId);
  const at = hours ? speakable(Math.max(cause.at, now), hours) : null;
  return hours === null || at === null ? null : { at, day: dayOf(at, hours.zone) };
}

type OfGroups = { readonly causes: readonly Cause[]; readonly groups: readonly BoundGroup[] };

/** Of several that were missed, a group hears the last. */
function milestonesDue(rules: Rules, { causes, groups }: OfGroups, window: Window): Reminder[] {
  return groups.flatMap((group): Reminder[] => {
    const last = causes.findLast((c) => c.kind === 'milestone' && c.campaignId === group.campaignId);
    const when = last ? moment(rules, last, window) : null;
    if (!last || !when) return [];
    return [{ kind: 'milestone', ...when, group, milestone: last.id, why: [last.name], urgent: true }];
  });
}

/** Only of the day itself, and only while there is something to say. */
function groupDigestsDue(
  rules: Rules,
  { causes, facts }: { causes: readonly Cause[]; facts: ReminderFacts },
  window: Window,
): Reminder[] {
  const wanting = facts.groups.filter((g) => g.digest && g.level === 'township');
  return wanting.flatMap((group): Reminder[] => {
    const last = causes.findLast((c) => c.kind === 'groupDigest' && c.campaignId === group.campaignId);
    const zone = rules.campaigns.find((c) => c.id === group.campaignId)?.zone ?? 'UTC';
    const when = last ? moment(rules, last, window) : null;
    if (!last || !when || when.day !== dayOf(last.at, zone)) return [];
    const villages = facts.stands.filter((s) => s.campaignId === group.campaignId && s.townshipCode === group.areaCode);
    if (villages.every((s) => s.task === 'accepted')) return [];
    return [{ kind: 'groupDigest', ...when, group, why: [last.name], urgent: false }];
  });
}

const away = ({ leaveUntilDay, mutedUntilDay }: ReminderSetting, day: string) =>
  (leaveUntilDay ?? '') >= day || (mutedUntilDay ?? '') >= day;

const urgentKinds: readonly Prompt['kind'][] = ['deadline', 'overdue', 'escalation', 'returned'];

/** One a person: whatever their causes, at the earliest instant of them. */
function digestsDue(
  rules: Rules,
  { prompts, facts }: { prompts: readonly Prompt[]; facts: ReminderFacts },
  window: Window,
): Reminder[] {
  if (prompts.length === 0) return [];
  const work = workIndex(rules, facts.stands, window.now);
  return facts.people.flatMap((person): Reminder[] => {
    const held = rules.campaigns.flatMap((campaign) => areasOwed(campaign, person).map((a) => ({ campaign, ...a })));
    const told = prompts.flatMap((prompt) => {
      if (prompt.since !== undefined && person.lastDigestAt > prompt.since) return [];
      const mine = held.find(
        (h) =>
          h.campaign.id === prompt.campaignId &&
          h.level === prompt.to &&
          (prompt.areaCode ?? h.areaCode) === h.areaCode &&
          concerns(prompt, work(h.campaign, h)),
      );
      const when = mine ? moment(rules, prompt, window) : null;
      return mine && when ? [{ prompt, when, zone: mine.campaign.zone, level: mine.level }] : [];
    });
    const [first] = told.sort((a, b) => a.when.at - b.when.at);
    if (!first) return [];
    const { at, day } = first.when;
    if (away(person.setting, day) || dayOf(person.lastDigestAt, first.zone) === day) return [];
    const why = [...new Set(told.map((t) => t.prompt.name))];
    const urgent = told.some((t) => urgentKinds.includes(t.prompt.kind));
    const { id: personId, openId } = person;
    return [{ kind: 'digest', at, day, why, urgent, personId, openId, level: first.level }];
  });
}

/** The level above hears of a deadline only while somebody below has not handed in. */
const concerns = (prompt: Prompt, owes: Owed | null): boolean =>
  owes !== null &&
  (prompt.kind !== 'escalation' || prompt.to === 'county' || owes.items.some((i) => i.kind === 'missing'));

/** What an area owes, worked out once for all its people. */
function workIndex(rules: Rules, stands: readonly VillageStand[], now: number) {
  const known = new Map<string, Owed | null>();
  const of = new Map<string, VillageStand[]>();
  for (const s of stands)
    for (const area of [s.areaCode, s.townshipCode, '']) {
      const key = `${s.campaignId}|${area}`;
      const list = of.get(key);
      if (list) list.push(s);
      else of.set(key, [s]);
    }
  return (campaign: Campaign, area: { readonly areaCode: string; readonly level: Level }): Owed | null => {
    const key = `${campaign.id}|${area.level === 'county' ? '' : area.areaCode}`;
    const done = known.get(key);
    if (done !== undefined) return done;
    const until = horizon(rules.calendar, dayOf(now, campaign.zone));
    const owes = owed(campaign, { area, stands: of.get(key) ?? [], until }, now);
    known.set(key, owes);
    return owes;
  };
}

/** A digest speaks of everything until the next working day begins: of Monday's work on Monday, of Saturday's on Friday. */
export function horizon(calendar: Calendar, day: string): string {
  const next = nextWorkday(calendar, day);
  return next === null ? day : addDays(next, -1);
}
