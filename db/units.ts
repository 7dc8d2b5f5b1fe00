// Owns the statements that write units are made of. Every text is fixed, so an engine prepares it once. A unit falls whole
// where a guard does not find what it expects, or a statement that must change a row finds none.

import type { Outgoing, Priority, Screening, Sitting } from '../src/ports.ts';
import type { Act, Change, Written } from '../src/store.ts';
import type { Statement, Value } from './engine.ts';

export const statement = (sql: string, ...args: Value[]): Statement => ({ sql, args });
/** A statement that must change a row: where it finds none, the unit falls. */
export const must = (sql: string, ...args: Value[]): Statement => ({ sql, args, must: nothingChanged });
const nothingChanged = 'insert into guard select 0 where changes() = 0';

export const see = (id: string, at: number) => statement('insert into seen (id, at) values (?, ?)', id, at);

// A guard inserts nothing while the expected state is there, else a 0 that the table's check refuses.
export const guardText = (expected: string) => `insert into guard select 0 where not exists (${expected})`;
const sittingStands = guardText("select 1 from sitting where id = ? and rev = ? and state = 'open'");
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
export const guardInbox = (id: string) => statement(inboxStands, id);

export interface Happened {
  readonly campaignId: string | null;
  readonly subject: string;
  readonly actor: string;
  readonly verb: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly at: number;
  readonly previous?: number | null;
}
export const happened = (e: Happened) =>
  statement(
    'insert into event (campaign_id, subject, actor, verb, before, after, at, previous) values (?, ?, ?, ?, ?, ?, ?, ?)',
    e.campaignId,
    e.subject,
    e.actor,
    e.verb,
    jsonOf(e.before),
    jsonOf(e.after),
    e.at,
    e.previous ?? null,
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
