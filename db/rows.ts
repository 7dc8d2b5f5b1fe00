// Owns turning stored rows into what use-cases see. Column lists and mappers stand side by side so that they cannot drift.
import type {
  Answers,
  HouseholdFacts,
  OutboxPayload,
  Outgoing,
  Screening,
  ScreeningState,
  Sitting,
  Stage,
} from '../src/ports.ts';
import type { Value } from './engine.ts';

const text = (v: Value | undefined) => (v === null || v === undefined ? null : String(v));
const must = (v: Value | undefined) => String(v ?? '');
const number = (v: Value | undefined) => Number(v ?? 0);
/** A JSON column, or `empty` when it is null. */
export const json = <T>(v: Value | undefined, empty: T): T => (typeof v === 'string' ? (JSON.parse(v) as T) : empty);

/** 'chat:oc_…' and the like. */
export function targetOf(v: Value | undefined): Outgoing['target'] {
  const target = String(v);
  const colon = target.indexOf(':');
  return { kind: target.slice(0, colon) as Outgoing['target']['kind'], id: target.slice(colon + 1) };
}

/** What was promised to whom, of the columns kind, target, lane, payload. */
export const promiseOf = ([kind, target, lane, payload]: readonly Value[]) => ({
  kind: String(kind) as Outgoing['kind'],
  target: targetOf(target),
  lane: String(lane),
  payload: JSON.parse(String(payload)) as OutboxPayload,
});

/** Needs aliases c (screening) and h (household). */
export const screeningColumns =
  'c.id, c.campaign_id, c.village_code, c.township_code, c.lookbacks, c.form, c.state, c.rev, ' +
  'c.submitted_by, c.submitted_at, c.answers_event, h.no, h.code, h.head_name, h.village_code, h.township_code, h.facts';

export function screeningOf(r: readonly Value[], at = 0): Screening | null {
  if (r[at] === null || r[at] === undefined) return null;
  return {
    id: must(r[at]),
    campaignId: must(r[at + 1]),
    villageCode: must(r[at + 2]),
    townshipCode: must(r[at + 3]),
    lookbacks: must(r[at + 4]).split(','),
    form: must(r[at + 5]) as 'short' | 'full',
    state: must(r[at + 6]) as ScreeningState,
    rev: number(r[at + 7]),
    submittedBy: text(r[at + 8]),
    submittedAt: r[at + 9] === null ? null : number(r[at + 9]),
    answersEvent: r[at + 10] === null ? null : number(r[at + 10]),
    household: {
      no: number(r[at + 11]),
      code: must(r[at + 12]),
      headName: must(r[at + 13]),
      villageCode: must(r[at + 14]),
      townshipCode: must(r[at + 15]),
      facts: factsOf(r[at + 16]),
    },
  };
}

const unknown: HouseholdFacts = { kind: '一般农户', register: 'none', labour: 'unknown', keyGroups: [] };
const facts = new Map<string, HouseholdFacts>();
/** Nearly all households of a county share a few hundred texts: one object each, so that what is made of it is kept too. */
function factsOf(v: Value | undefined): HouseholdFacts {
  if (typeof v !== 'string') return unknown;
  const known = facts.get(v);
  if (known !== undefined) return known;
  const read = JSON.parse(v) as HouseholdFacts;
  if (facts.size >= 1000) facts.clear();
  facts.set(v, read);
  return read;
}

// A trail is stored without the campaign's id, which all of its screenings begin with.
export const trailText = (campaignId: string, trail: readonly string[]) =>
  JSON.stringify(trail.map((id) => id.slice(campaignId.length + 1)));
const trailOf = (campaignId: string, v: Value | undefined) =>
  json<string[]>(v, []).map((short) => `${campaignId}:${short}`);

/** Needs alias s (sitting). */
const sittingColumns =
  's.id, s.campaign_id, s.chat_id, s.village_code, s.person_id, s.message_id, s.anchor_id, s.state, s.stage, s.rev, s.draft, s.trail, s.done, s.updated_at, s.audience, s.claim_until';
const sittingWidth = 16;

export const selectSitting =
  `select ${sittingColumns}, ${screeningColumns} from sitting s ` +
  'left join screening c on c.id = s.screening_id left join household h on h.no = c.household_no ';

export function sittingOf(r: readonly Value[] | undefined): Sitting | null {
  if (!r) return null;
  return {
    id: must(r[0]),
    campaignId: must(r[1]),
    chatId: must(r[2]),
    villageCode: must(r[3]),
    personId: must(r[4]),
    messageId: text(r[5]),
    anchorId: text(r[6]),
    state: must(r[7]) as 'open' | 'closed',
    stage: must(r[8]) as Stage,
    rev: number(r[9]),
    draft: json<Answers>(r[10], {}),
    trail: trailOf(must(r[1]), r[11]),
    done: number(r[12]),
    updatedAt: number(r[13]),
    audience: must(r[14]) as Sitting['audience'],
    claimUntil: number(r[15]),
    screening: screeningOf(r, sittingWidth),
  };
}
