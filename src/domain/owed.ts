// Owns what an area's people still have to do in a campaign: who is reminded, and of what. Counts only, never a household.
// Colours belong to deadlines, never to people. Pure.
import type { Person } from '../ports.ts';
import { villageLookbacks } from './areaForm.ts';
import type { Campaign, Level, Phase } from './campaign.ts';
import { screeningPhase } from './phase.ts';
import { dayOf, daysBetween, instantOf } from './time.ts';

/** Where a village stands in a campaign, in counts. */
export interface VillageStand {
  readonly campaignId: string;
  readonly areaCode: string;
  readonly townshipCode: string;
  readonly todo: number; // households not asked
  readonly due: number; // put off until a day that has come
  readonly forms: readonly string[]; // look-backs of its own that are filled in
  readonly task: 'open' | 'submitted' | 'returned' | 'accepted';
  readonly returned: number; // households and items the township wants mended
  readonly changedAt: number | null; // when it was handed in or decided, epoch ms
}

/** returned, todo, due, forms, handIn: a village's own · waiting, missing: villages of a township or the county. */
export type OwedKind = 'todo' | 'due' | 'forms' | 'returned' | 'handIn' | 'waiting' | 'missing';
export interface OwedItem {
  readonly kind: OwedKind;
  /** Households; forms; things sent back; 1 for a hand-in; villages. */
  readonly n: number;
}

export interface Owed {
  readonly campaignId: string;
  readonly areaCode: string;
  readonly level: Level;
  readonly items: readonly OwedItem[]; // never empty
  /** What this level owes next, or owes since; null where the campaign sets nothing. */
  readonly deadline: OwedDeadline | null;
}

export interface OwedDeadline {
  readonly id: string;
  readonly name: string;
  readonly at: number; // epoch ms
  readonly light: 'blue' | 'yellow' | 'red' | null;
}

/** What makes a role owe something at its level; other roles owe nothing and are told nothing unasked. */
function owesAt(campaign: Campaign, role: string): Level | null {
  const found = campaign.roles.find((r) => r.name === role);
  if (!found) return null;
  const may = (c: 'answer' | 'accept' | 'manage') => found.may.includes(c);
  if (found.level === 'village') return may('answer') ? 'village' : null;
  if (found.level === 'township') return may('accept') || may('answer') ? 'township' : null;
  return may('manage') ? 'county' : null;
}

/** Areas a person owes work for in this campaign, each once. */
export function areasOwed(campaign: Campaign, person: Pick<Person, 'roles'>): { areaCode: string; level: Level }[] {
  const held = person.roles.flatMap((r) => {
    const level = owesAt(campaign, r.role);
    return level === null ? [] : [[r.areaCode, { areaCode: r.areaCode, level }] as const];
  });
  return [...new Map(held).values()];
}

/** Handed in and not sent back: the village has done its part. */
export const isHandedIn = (s: Pick<VillageStand, 'task'>): boolean => s.task === 'submitted' || s.task === 'accepted';

/**
 * What the people of `area` have to do until the end of the day `until`; null: nothing. `stands`: of the villages it
 * answers for. Before the first day of screening nothing is owed: it cannot be done yet.
 */
export function owed(
  campaign: Campaign,
  p: {
    readonly area: { readonly areaCode: string; readonly level: Level };
    readonly stands: readonly VillageStand[];
    readonly until: string;
  },
  now: number,
): Owed | null {
  const opens = campaign.phases.find((phase) => phase.screening)?.from;
  if (opens === undefined || p.until < opens) return null;
  const { areaCode, level } = p.area;
  const items = (level === 'village' ? p.stands.flatMap((s) => ofVillage(campaign, s)) : ofVillages(p.stands)).filter(
    (i) => i.n > 0,
  );
  if (items.length === 0) return null;
  return { campaignId: campaign.id, areaCode, level, items, deadline: levelDeadline(campaign, level, now) };
}

function ofVillage(campaign: Campaign, s: VillageStand): OwedItem[] {
  if (isHandedIn(s)) return [];
  const forms = villageLookbacks(campaign).filter((l) => !s.forms.includes(l.id)).length;
  return [
    { kind: 'returned', n: s.task === 'returned' ? s.returned : 0 },
    { kind: 'todo', n: s.todo },
    { kind: 'due', n: s.due },
    { kind: 'forms', n: forms },
    { kind: 'handIn', n: 1 },
  ];
}

const ofVillages = (stands: readonly VillageStand[]): OwedItem[] => [
  { kind: 'waiting', n: stands.filter((s) => s.task === 'submitted').length },
  { kind: 'missing', n: stands.filter((s) => !isHandedIn(s)).length },
];

/** What one level owes in the phase that screens. */
export function levelDeadline(campaign: Campaign, level: Level, now: number): OwedDeadline | null {
  const phase: Phase | undefined = screeningPhase(campaign, dayOf(now, campaign.zone));
  const found = phase?.deadlines.find((d) => d.level === level);
  if (!found) return null;
  const at = instantOf(found.at);
  return { id: found.id, name: found.name, at, light: lightOf(campaign, at, now) };
}

/** The colour of a deadline (never of a person): red once it has passed; null while there is time, or without reminders. */
function lightOf(campaign: Campaign, at: number, now: number): OwedDeadline['light'] {
  const lights = campaign.reminders?.lights;
  if (!lights) return null;
  if (now >= at) return 'red';
  const left = daysBetween(dayOf(now, campaign.zone), dayOf(at, campaign.zone));
  if (left <= lights.yellow) return 'yellow';
  return left <= lights.blue ? 'blue' : null;
}

/** Minutes it may take, roughly; `short` and `full`: households not asked, by form. 0 where the campaign does not say. */
export function minutesOf(
  campaign: Campaign,
  owes: Pick<Owed, 'items'>,
  todo: { readonly short: number; readonly full: number },
): number {
  const each = campaign.reminders?.minutes;
  if (!each) return 0;
  const of = (kind: OwedKind) => owes.items.find((i) => i.kind === kind)?.n ?? 0;
  return (
    todo.short * each.short +
    (todo.full + of('due')) * each.full +
    of('forms') * each.form +
    of('waiting') * each.review
  );
}
