// Owns the shape of a campaign: phases, look-backs, items, roles, thresholds. A campaign is data and holds no
// functions; this file knows no particular campaign. Source of every field: the county's notice and its item list.
import * as z from 'zod/mini';

const text = z.string().check(z.minLength(1));
const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));
const instant = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?[+-]\d{2}:\d{2}$/));

/** Levels of the organisation, top first. */
export const levels = ['county', 'township', 'village'] as const;
export type Level = (typeof levels)[number];

/** What a role may do; a use-case asks for a capability, never for a role's name. */
export const capabilities = ['answer', 'bind', 'progress', 'accept', 'inspect', 'manage'] as const;
export type Capability = (typeof capabilities)[number];

/**
 * A condition over a household's answers and facts, as data.
 * `is`: the item's answer is (or, for a multi item, contains) one of these; `isNot`: it is answered and none of them.
 * `atLeast`/`below`: numeric answer against a number or the name of a threshold. `fact`: a household fact, see facts.ts.
 */
export type Condition =
  | { item: string; is: string[] }
  | { item: string; isNot: string[] }
  | { item: string; atLeast: number | string }
  | { item: string; below: number | string }
  | { item: string; answered: boolean }
  | { fact: string; is: (string | number | boolean)[] }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition };

const number_or_name = z.union([z.number(), text]);
const conditionSchema: z.ZodMiniType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ item: text, is: z.array(text) }),
    z.strictObject({ item: text, isNot: z.array(text) }),
    z.strictObject({ item: text, atLeast: number_or_name }),
    z.strictObject({ item: text, below: number_or_name }),
    z.strictObject({ item: text, answered: z.boolean() }),
    z.strictObject({ fact: text, is: z.array(z.union([z.string(), z.number(), z.boolean()])) }),
    z.strictObject({ all: z.array(conditionSchema) }),
    z.strictObject({ any: z.array(conditionSchema) }),
    z.strictObject({ not: conditionSchema }),
  ]),
);

/** An option of an item. `normal`: the answer of a household without a finding. `alone`: in a multi item, excludes the others. */
const option = z.strictObject({ value: text, normal: z.optional(z.boolean()), alone: z.optional(z.boolean()) });

/** A field asked in the second step, only when `when` holds. Its text must not give the answer away: groups see it. */
const followUp = z.strictObject({
  id: text, // item id + '.' + name, e.g. 'L1-04.cause'
  text,
  type: z.enum(['single', 'multi', 'number', 'money', 'date', 'text']),
  options: z.optional(z.array(option)),
  required: z.boolean(),
  past: z.optional(z.boolean()), // a date of what has happened: not after the day it is filled in
  when: conditionSchema,
});

/**
 * What makes a problem: the condition, its type (PT01…) and the procedure that follows (IDENT…). Without type and
 * procedure it is a hint for the reviewing township, never a ledger row; without type a person decides which one it is.
 */
const problem = z.strictObject({ when: conditionSchema, type: z.optional(text), procedure: z.optional(text) });

const item = z.strictObject({
  id: text, // never reused
  lookback: text,
  scope: z.enum(['household', 'person', 'village', 'township']),
  text, // the card text, shown verbatim
  type: z.enum(['single', 'multi', 'number', 'money', 'date', 'text', 'calc', 'ref']),
  options: z.optional(z.array(option)),
  required: z.optional(z.boolean()), // default true for asked items
  past: z.optional(z.boolean()), // as of a followUp
  /** Card economy: 'short' is on both cards, 'full' on the full card only, 'off' is switched off by default. */
  card: z.enum(['short', 'full', 'off']),
  /** On the short card these items hide behind one switch of this id. */
  switch: z.optional(text),
  /** Name of the computed fact that fills the item (shown for confirmation in private, never in a group). */
  computed: z.optional(text),
  /** Asked only of households for which this holds (population within a look-back). */
  when: z.optional(conditionSchema),
  problems: z.array(problem),
  followUps: z.array(followUp),
  evidence: z.optional(text),
});

const lookback = z.strictObject({
  id: text, // LB1…
  no: z.int(),
  title: text, // 对未纳入监测对象的农户“回头看”
  short: text, // 未纳入户
  scope: z.enum(['household', 'village', 'township', 'case']),
  /** Households it is asked of; only for scope household. Look-backs of one household are asked on one card. */
  population: z.optional(conditionSchema),
  /** The short card is used when this holds; else the full one. */
  shortWhen: z.optional(conditionSchema),
  /** The items are answered once per row (risk kinds of a mass-risk look-back); only for scope village and township. */
  rows: z.optional(z.array(text)),
});

const switchRow = z.strictObject({ id: text, text, normal: text, other: text }); // 全部正常 / 有问题

const phase = z.strictObject({
  id: text,
  name: text,
  from: day,
  to: day,
  /** Deadlines inside the phase; level = who owes it. */
  deadlines: z.array(z.strictObject({ id: text, name: text, level: z.enum(levels), at: instant })),
  /** After this instant answers are accepted and stamped late. */
  lockAt: z.optional(instant),
  /** Households are answered in this phase. */
  screening: z.boolean(),
});

const clockTime = z.string().check(z.regex(/^\d{2}:\d{2}$/));
const times = z.int().check(z.minimum(0), z.maximum(10));
const bits = { id: z.string().check(z.regex(/^[a-z0-9]{1,12}$/)), name: text };

/** What is said unasked, when and to whom. Rules that hold whatever is written here: campaignReminders.ts, reminders.ts. */
const reminders = z.strictObject({
  /** First slot of the day · where something is told on the last working day before · a township's digest in its group. */
  times: z.strictObject({ morning: clockTime, shifted: clockTime, township: clockTime }),
  /** Messages to groups: what begins or ends, or a deadline that comes near. */
  milestones: z.array(
    z.union([
      z.strictObject({ ...bits, phase: text, edge: z.enum(['start', 'end']) }),
      z.strictObject({ ...bits, deadline: text, daysBefore: times }),
    ]),
  ),
  /** Whom a phase's start is told in private. */
  phaseStart: z.array(z.enum(levels)),
  /** Backward schedule: told on the first day. */
  steps: z.array(
    z.strictObject({ ...bits, from: day, to: day, levels: z.array(z.enum(levels)).check(z.minLength(1)) }),
  ),
  daysBefore: z.array(times), // of every deadline, to the level that owes it
  overdue: times, // on so many working days after a deadline, to the level that owes it
  /** Working days a level has after a deadline before the next one above hears of it. */
  grace: z.strictObject({ village: times, township: times }),
  /** Colour of a deadline (never of a person): so many days left at most; red once it has passed. */
  lights: z.strictObject({ blue: times, yellow: times }),
  /** What one thing takes, for the estimate in a digest. */
  minutes: z.strictObject({ short: times, full: times, form: times, review: times }),
});

const role = z.strictObject({
  id: text, // villageCadre …
  name: text, // 村干部, as in the people file
  level: z.enum(levels),
  may: z.array(z.enum(capabilities)),
});

export const campaignSchema = z.strictObject({
  id: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{2,39}$/)),
  number: text,
  title: text,
  short: text, // on card headers
  issuer: text,
  issuedDay: day,
  zone: text,
  county: z.strictObject({ code: text, name: text }),
  contact: text,
  confirmed: z.strictObject({ monitoringLine: z.boolean(), keyGroups: z.boolean() }),
  sample: z.optional(z.boolean()), // header shows 示例
  phases: z.array(phase).check(z.minLength(1)),
  extraWorkdays: z.array(day),
  extraRestDays: z.optional(z.array(day)), // the county's own, or a year's whole table where the calendar has none
  reminders: z.optional(reminders), // absent: nothing is said unasked
  roles: z.array(role).check(z.minLength(1)),
  thresholds: z.record(z.string(), z.number()),
  keyGroups: z.array(z.strictObject({ code: text, label: text })),
  deferReasons: z.array(text).check(z.minLength(1)), // 联系不上 reasons
  deferExplains: z.optional(z.array(text)), // those of them with which a village may hand in a household unasked
  lookbacks: z.array(lookback).check(z.minLength(1)),
  switches: z.array(switchRow),
  items: z.array(item).check(z.minLength(1)),
  problemTypes: z.array(
    z.strictObject({
      code: text,
      name: text,
      procedure: text,
      days: z.int(),
      severity: z.enum(['high', 'mid', 'low']),
    }),
  ),
  procedures: z.array(z.strictObject({ code: text, name: text })),
});

export type Campaign = z.infer<typeof campaignSchema>;
export type Item = Campaign['items'][number];
export type FollowUp = Item['followUps'][number];
export type Lookback = Campaign['lookbacks'][number];
export type Phase = Campaign['phases'][number];
export type Reminders = NonNullable<Campaign['reminders']>;

/** The demo's copy: counts as confirmed so that it runs without a county, and says 示例 on every card's header. */
export const asSample = (campaign: Campaign): Campaign => ({
  ...campaign,
  sample: true,
  confirmed: { monitoringLine: true, keyGroups: true },
});
