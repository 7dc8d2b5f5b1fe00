// Owns the statements that write units are made of. Every text is fixed, so an engine prepares it once. A unit starts
// with its guards: they fail when the expected state is not there, and the whole unit falls with them.

import type { Outgoing, Priority, Screening, Sitting } from '../src/ports.ts';
import type { Act, Change, NextRule, Written } from '../src/store.ts';
import type { Statement, Value } from './engine.ts';

export const statement = (sql: string, ...args: Value[]): Statement => ({ sql, args });

export const see = (id: string, at: number) => statement('insert into seen (id, at) values (?, ?)', id, at);

// A guard inserts nothing while the expected state is there, else a 0 that the table's check refuses.
export const guardText = (expected: string) => `insert into guard select 0 where not exists (${expected})`;
const sittingStands = guardText("select 1 from sitting where id = ? and rev = ? and state = 'open'");
const screeningStands = guardText(
  'select 1 from screening where id = ?1 and rev = ?2 and (claimed_by is null or claimed_by = ?3 or claim_until < ?4)',
);
// The card and the household it answers, in one look; a village handed in meanwhile answers nothing more.
const answerStands = guardText(
  "select 1 from sitting s, screening c where s.id = ?1 and s.rev = ?2 and s.state = 'open' and c.id = ?3 and c.rev = ?4 " +
    'and (c.claimed_by is null or c.claimed_by = ?5 or c.claim_until < ?6) and not exists (select 1 from area_task ' +
    "where campaign_id = c.campaign_id and area_code = c.village_code and state in ('submitted', 'accepted'))",
);
const inboxStands = guardText('select 1 from inbox where id = ?');
export const guardSitting = (s: Sitting) => statement(sittingStands, s.id, s.rev);
/** Nobody opened a card for this person here since it was looked. */
export const guardNoOther = (of: { me: string; chatId: string; campaignId: string; known: string }) =>
  statement(
    "insert into guard select 0 from sitting where person_id = ? and chat_id = ? and campaign_id = ? and state = 'open' and id <> ?",
    of.me,
    of.chatId,
    of.campaignId,
    of.known,
  );
export const guardScreening = (c: Screening, me: string, now: number) =>
  statement(screeningStands, c.id, c.rev, me, now);
export const guardAnswer = (s: Sitting, c: Screening, act: Act) =>
  statement(answerStands, s.id, s.rev, c.id, c.rev, act.actor, act.at);
export const guardInbox = (id: string) => statement(inboxStands, id);

export interface Happened {
  readonly campaignId: string | null;
  readonly subject: string;
  readonly actor: string;
  readonly verb: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly at: number;
}
export const happened = (e: Happened) =>
  statement(
    'insert into event (campaign_id, subject, actor, verb, before, after, at) values (?, ?, ?, ?, ?, ?, ?)',
    e.campaignId,
    e.subject,
    e.actor,
    e.verb,
    jsonOf(e.before),
    jsonOf(e.after),
    e.at,
  );
const jsonOf = (v: unknown) => (v === null || v === undefined ? null : JSON.stringify(v));

/** Moves one household from a state to another in every section it counts in. */
export function moveTally(c: Screening, to: string): Statement[] {
  if (c.state === to) return [];
  const sections = ['ALL', ...c.lookbacks];
  const { campaignId, villageCode, townshipCode, state } = c;
  return [statement(tallyText(sections.length), campaignId, villageCode, townshipCode, state, to, ...sections)];
}

const tallyTexts = new Map<number, string>();
function tallyText(sections: number): string {
  const known = tallyTexts.get(sections);
  if (known !== undefined) return known;
  const rows = Array.from(
    { length: sections },
    (_, i) => `(?1, ?2, ?3, ?${i + 6}, ?4, -1), (?1, ?2, ?3, ?${i + 6}, ?5, 1)`,
  );
  const text =
    `insert into tally (campaign_id, village_code, township_code, section, state, n) values ${rows.join(', ')} ` +
    'on conflict (campaign_id, village_code, section, state) do update set n = n + excluded.n';
  tallyTexts.set(sections, text);
  return text;
}

export const releaseClaims = (campaignId: string, me: string) =>
  statement(
    'update screening set claimed_by = null, claim_until = 0 where campaign_id = ? and claimed_by = ?',
    campaignId,
    me,
  );

/** Nobody holds it, but it is not the next one before `until`. */
export const restUntil = (id: string, until: number) =>
  statement('update screening set claim_until = ? where id = ? and claimed_by is null', until, id);

const free = '(claimed_by is null or claimed_by = ?4 or claim_until < ?5)';
const inVillage = 'select id from screening where campaign_id = ?1 and village_code = ?2';
const putOff = `${inVillage} and state = 'deferred' and id <> ?8 and ${free}`;
/**
 * Claims the household that comes next: the preferred one, else one whose day has come and that does not rest, else the
 * next not yet asked after the cursor, else the first not yet asked, else one put off, else the fallback.
 * Own claims must have been released before.
 */
const claimSql =
  'update screening set claimed_by = ?4, claim_until = ?6 where id = coalesce(' +
  `(select id from screening where id = ?9 and state in ('todo', 'deferred') and ${free}), ` +
  `(${putOff} and next_day <= ?7 and claim_until < ?5 order by next_day, household_no limit 1), ` +
  `(${inVillage} and state = 'todo' and household_no > ?3 and id <> ?8 and ${free} order by household_no limit 1), ` +
  `(${inVillage} and state = 'todo' and id <> ?8 and ${free} order by household_no limit 1), ` +
  `(${putOff} and next_day <= ?11 order by next_day, household_no limit 1), ` +
  `(select id from screening where id = ?10 and ${free}))`;

export interface Claim {
  readonly campaignId: string;
  readonly villageCode: string;
  readonly me: string;
  readonly now: number;
  readonly next: NextRule;
  readonly cursor: number; // household no; -1: from the start
  readonly exclude: string; // screening id, '' for none
  readonly prefer: string;
  readonly fallback: string;
}
const endOfTime = '9999-12-31';
export const claimNext = (c: Claim) =>
  statement(
    claimSql,
    c.campaignId,
    c.villageCode,
    c.cursor,
    c.me,
    c.now,
    c.next.claimUntil,
    c.next.today,
    c.exclude,
    c.prefer,
    c.fallback,
    c.next.early ? endOfTime : c.next.today,
  );

/** The household this person holds now; what claimNext just claimed. */
export const heldBy =
  '(select id from screening where campaign_id = ?2 and claimed_by = ?3 and claim_until = ?4 and village_code = ?5 limit 1)';

const messageColumns = 'key, uuid, kind, target, lane, payload, created_at, due_at, priority, proactive, person_id';
const addMessage = `insert or ignore into outbox (${messageColumns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const addMessages =
  `insert or ignore into outbox (${messageColumns}) select ` +
  `${Array.from({ length: 11 }, (_, i) => `json_extract(value, '$[${i}]')`).join(', ')} from json_each(?)`;
/** By their number in the table. */
export const priorities: readonly Priority[] = ['deadline', 'answer', 'nicety'];
function messageRow(m: Outgoing, at: number): (string | number | null)[] {
  if (m.key.length > 50) throw new Error(`outbox key too long: ${m.key}`);
  return [
    m.key,
    m.key,
    m.kind,
    `${m.target.kind}:${m.target.id}`,
    m.lane,
    JSON.stringify(m.payload),
    at,
    m.dueAt,
    priorities.indexOf(m.priority ?? 'answer'),
    m.proactive ? 1 : 0,
    m.proactive?.personId ?? null,
  ];
}
/** The key is the platform's idempotency key too: at most 50 characters, one effect, one message. */
export const enqueue = (m: Outgoing, at: number): Statement => statement(addMessage, ...messageRow(m, at));
/** Many in one statement, in order. */
export const enqueueAll = (all: readonly Outgoing[], at: number): Statement[] =>
  all.length === 0 ? [] : [statement(addMessages, JSON.stringify(all.map((m) => messageRow(m, at))))];

/** Statements of a change to a chat, with its event row. */
export function change(c: Change): Statement[] {
  const row = (verb: string, after: unknown) =>
    happened({
      campaignId: null,
      subject: 'chatId' in c ? `chat:${c.chatId}` : '',
      actor: c.by,
      verb,
      before: null,
      after,
      at: c.at,
    });
  const upsert =
    "insert into chat (id, name, state) values (?, ?, 'in') on conflict (id) do update set state = 'in', name = case when excluded.name = '' then name else excluded.name end";
  switch (c.do) {
    case 'view': {
      const { campaignId, screening, by: actor, at } = c;
      const none = { before: null, after: null };
      return [happened({ campaignId, subject: `screening:${screening}`, actor, verb: 'view', ...none, at })];
    }
    case 'feedback': {
      const { campaignId, kind, text, by: actor, at } = c;
      const after = { kind, text };
      return [happened({ campaignId, subject: `person:${actor}`, actor, verb: 'feedback', before: null, after, at })];
    }
    case 'bind':
      return [
        statement(upsert, c.chatId, c.chatName),
        statement(
          'update chat set area_code = null, campaign_id = null where campaign_id = ? and area_code = ?',
          c.campaignId,
          c.areaCode,
        ),
        statement(
          'update chat set area_code = ?, campaign_id = ?, bound_by = ?, bound_at = ? where id = ?',
          c.areaCode,
          c.campaignId,
          c.by,
          c.at,
          c.chatId,
        ),
        row('bind', { areaCode: c.areaCode, campaignId: c.campaignId }),
      ];
    case 'unbind':
      return [
        statement('update chat set area_code = null, campaign_id = null where id = ?', c.chatId),
        row('unbind', null),
      ];
    case 'chatIn':
      return [statement(upsert, c.chatId, c.chatName), row('chatIn', null)];
    case 'chatOut':
      return [
        statement("update chat set area_code = null, campaign_id = null, state = 'out' where id = ?", c.chatId),
        row('chatOut', null),
      ];
  }
}

/** Whoever is shown a full household is on record: the household now on a private card. */
export const viewed = (s: Pick<Sitting, 'id' | 'audience'>, act: Act): Statement[] =>
  s.audience === 'private' ? [statement(viewText, s.id, act.actor, act.at)] : [];
const viewText =
  "insert into event (campaign_id, subject, actor, verb, at) select campaign_id, 'screening:' || screening_id, ?2, 'view', ?3 " +
  'from sitting where id = ?1 and screening_id is not null';

/** First statement of every click's unit. */
export const seeAct = (act: Act) => see(act.eventId, act.at);

/** A click's unit that did not stand, by the statement that fell: `seeAct` itself, or what the click had seen. */
export const notWritten = (at: number): Extract<Written<never>, { ok: false }> => ({
  ok: false,
  why: at === 0 ? 'duplicate' : 'stale',
});
