// Owns which household comes next on a card, and who holds one. Whoever has it on an open card holds it for a while; nothing
// is written to the household for that, so that going on touches one row.
import type { Act, NextRule } from '../src/store.ts';
import type { Value } from './engine.ts';

interface Holding {
  readonly campaign: string;
  readonly village: string;
  readonly screening: string;
  readonly notBy: string; // person id
  readonly at: string; // epoch ms
}

/** The open cards `o` of others that hold a screening. All are SQL: columns or parameters. */
export const holding = ({ campaign, village, screening, notBy, at }: Holding) =>
  `sitting o where o.campaign_id = ${campaign} and o.village_code = ${village} and o.state = 'open' ` +
  `and o.screening_id = ${screening} and o.person_id <> ${notBy} and o.claim_until >= ${at}`;

/** Nobody but `me` holds screening `c` at `now`. `me` and `now` are parameters, as ?3. */
export const freeFor = (me: string, now: string) =>
  `not exists (select 1 from ${holding({ campaign: 'c.campaign_id', village: 'c.village_code', screening: 'c.id', notBy: me, at: now })})`;

const free = freeFor('?3', '?4');
const inVillage = 'select c.id from screening c where c.campaign_id = ?1 and c.village_code = ?2';
const putOff = `${inVillage} and c.state = 'deferred' and c.id <> ?8 and ${free}`;
const todo = `${inVillage} and c.state = 'todo' and c.id <> ?8 and ${free}`;
/**
 * The id of the household that comes next, null when none does: the preferred one, else one whose day has come and that does
 * not rest, else the next not yet asked after the cursor, else the first not yet asked, else one put off, else the fallback.
 * Its parameters are ?1 to ?10, the values of `nextArgs`.
 */
export const nextHousehold =
  `coalesce((select c.id from screening c where ?9 <> '' and c.id = ?9 and c.state in ('todo', 'deferred') and ${free}), ` +
  `(${putOff} and c.next_day <= ?5 and c.rest_until < ?4 order by c.next_day, c.household_no limit 1), ` +
  `(${todo} and c.household_no > ?7 order by c.household_no limit 1), ` +
  `(${todo} order by c.household_no limit 1), ` +
  `(${putOff} and c.next_day <= ?6 order by c.next_day, c.household_no limit 1), ` +
  `(select c.id from screening c where ?10 <> '' and c.id = ?10 and ${free}))`;

export interface Following {
  readonly cursor: number; // household no; -1: from the start
  readonly exclude: string; // screening id, '' for none
  readonly prefer: string;
  readonly fallback: string;
}

interface Asking {
  readonly campaignId: string;
  readonly villageCode: string;
  readonly act: Act;
  readonly next: NextRule;
}

const endOfTime = '9999-12-31';
export const nextArgs = ({ campaignId, villageCode, act, next }: Asking, to: Following): Value[] => [
  campaignId,
  villageCode,
  act.actor,
  act.at,
  next.today,
  next.early ? endOfTime : next.today,
  to.cursor,
  to.exclude,
  to.prefer,
  to.fallback,
];
