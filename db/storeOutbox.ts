// Owns the outbox: messages promised and not yet sent. One process at a time has the sender's place; a row is leased, sent,
// then marked; whoever dies in between leaves leases that run out, and the platform's idempotency key covers the rest.
import type { DueMessage, LeaseWish, Mark, OutboxStore, RecentTurn, Telling } from '../src/outboxStore.ts';
import type { Priority } from '../src/ports.ts';
import type { Engine, Statement, Value } from './engine.ts';
import { promiseOf, targetOf } from './rows.ts';
import type { Sittings } from './sittings.ts';
import { surely } from './surely.ts';
import { enqueue, guardText, priorities, statement } from './units.ts';

/** A lease that ends later than this was made by another clock (`tick --at`): it binds nobody. */
const longestLease = 10 * 60_000;
const free = (until: string) => `(${until} < ?1 or ${until} > ?1 + ${longestLease})`;

const senderSql = "select json_extract(value, '$.by') from meta where key = 'sender'";
const takeSender =
  "insert into meta (key, value) values ('sender', json_object('by', ?2, 'until', ?3)) on conflict (key) do update set value = excluded.value " +
  `where json_extract(value, '$.by') = ?2 or ${free("json_extract(value, '$.until')")}`;
const isSender = guardText("select 1 from meta where key = 'sender' and json_extract(value, '$.by') = ?");
const waiting = `state = 'due' and due_at <= ?1 and ${free('lease_until')} and priority <= ?2`;
// A click asks what is due when it has answered, and mostly nothing is: a read costs no commit.
const anyDueSql = `select 1 from outbox where ${waiting} and (proactive = 0 or ?3) limit 1`;
const leave =
  "delete from meta where key = 'sender' and json_extract(value, '$.by') = ?4 " +
  `and (?5 or not exists (${anyDueSql}))`;
const leaseSql =
  'update outbox set lease_until = ?3, leased_by = ?4, tried_at = coalesce(tried_at, ?1) where key in (select key from (' +
  'select key, priority, due_at, proactive, rowid as n, row_number() over (partition by lane order by priority, due_at, rowid) as in_lane, ' +
  'row_number() over (partition by proactive order by priority, due_at, rowid) as in_kind ' +
  `from outbox where ${waiting}) where in_lane <= ?5 and (proactive = 0 or in_kind <= ?6) order by priority, due_at, n limit ?7)`;
// Asked for apart, so that what a lost attempt leased comes along.
const leasedSql =
  'select key, uuid, kind, target, lane, payload, attempts, created_at, priority, proactive, person_id, telling, tried_at, lease_until ' +
  "from outbox where state = 'due' and leased_by = ? and lease_until = ? order by priority, due_at, rowid";
const recentSql =
  'select kind, lane, target, proactive, sent_at from outbox where sent_at > ?1 union all ' +
  "select kind, lane, target, proactive, ?2 from outbox where state = 'due' and lease_until > ?2 and leased_by <> ?3 order by 5";
const waitingSql = "select state, count(*), min(due_at) from outbox where state in ('due', 'dead') group by state";
const lastSentSql =
  "select message_id from outbox where target = 'user:' || ?1 and state = 'sent' and message_id is not null order by sent_at desc limit 1";
const claimedSql =
  "select message_id from outbox where state = 'sent' and kind <> 'patch' and message_id in (select value from json_each(?))";
const lastOfPersonSql =
  "select state, last_error from outbox where person_id = ? and sent_at > ? and state in ('sent', 'dead') and coalesce(last_error, '') not like 'skipped%' order by sent_at desc limit 1";
const giveUpSql =
  "update outbox set state = 'dead', last_error = ?4, sent_at = ?1 where state = 'due' and due_at < ?2 and priority > ?3 and lease_until < ?1";
/** Kept with a message that was sent though an earlier try may have arrived. */
export const maybeTwice = 'maybe twice';
const callsSql = 'select calls from call_count where month = ?';

/** The place in `priorities`; what an operator ordered goes before all. */
const rank = (priority: Priority | 'ordered') => priorities.indexOf(priority as Priority);

export function outboxVerbs(engine: Engine, sittings: Sittings): OutboxStore {
  return {
    promises: () => engine.version(['outbox']),
    async anyDue({ now, upTo, unasked }) {
      return (await engine.read(anyDueSql, [now, rank(upTo), unasked ? 1 : 0])).length > 0;
    },
    async lease(wish) {
      const outcome = await surely(engine, leaseUnit(wish));
      if (!outcome.ok || outcome.rows === null) return null;
      const [sender, , , , rows, calls] = outcome.rows;
      const before = sender?.[0]?.[0] ?? null;
      return {
        before: before === null ? null : String(before),
        due: (rows ?? []).map((r) => dueOf(r, wish.now)),
        calls: Number(calls?.[0]?.[0] ?? 0),
      };
    },
    async leaveSender({ by, now, force, unasked }) {
      const unit = [statement(leave, now, rank('nicety'), unasked ? 1 : 0, by, force ? 1 : 0), statement(senderSql)];
      const outcome = await surely(engine, unit);
      return outcome.ok && outcome.rows?.[1]?.[0]?.[0] !== by;
    },
    async recentTurns(since, now, notBy) {
      return (await engine.read(recentSql, [since, now, notBy])).map(
        (r): RecentTurn => ({
          kind: String(r[0]) as RecentTurn['kind'],
          lane: String(r[1]),
          target: targetOf(r[2]),
          proactive: r[3] === 1,
          at: Number(r[4]),
        }),
      );
    },
    async mark(marks, calls) {
      // a card that is sent has another message from now on
      for (const { message } of marks) if (message.payload.type === 'sitting') sittings.forget(message.payload.id);
      const unit = [...marks.flatMap(markUnit), ...(calls.n > 0 ? [addCalls(calls)] : [])];
      if (unit.length > 0) await surely(engine, unit);
    },
    async putBack(messages) {
      if (messages.length > 0) await surely(engine, messages.map(untouched));
    },
    async lastSentTo(lane) {
      const row = (await engine.read(lastSentSql, [lane]))[0];
      return row ? String(row[0]) : null;
    },
    async claimed(messageIds) {
      return (await engine.read(claimedSql, [JSON.stringify(messageIds)])).map((r) => String(r[0]));
    },
    async unreachable(personId, since) {
      const row = (await engine.read(lastOfPersonSql, [personId, since]))[0];
      return row?.[0] === 'dead' ? String(row[1]) : null;
    },
    async giveUpHeld({ now, before, over, error }) {
      await surely(engine, [statement(giveUpSql, now, before, rank(over), error)]);
    },
    async outboxState() {
      const rows = await engine.read(waitingSql, []);
      const of = (state: string) => rows.find((r) => r[0] === state);
      const due = of('due');
      return { due: Number(due?.[1] ?? 0), dead: Number(of('dead')?.[1] ?? 0), nextDueAt: due ? Number(due[2]) : null };
    },
    async callsOf(month) {
      return Number((await engine.read(callsSql, [month]))[0]?.[0] ?? 0);
    },
  };
}

function leaseUnit(w: LeaseWish): Statement[] {
  return [
    statement(senderSql),
    statement(takeSender, w.now, w.by, w.senderUntil),
    statement(isSender, w.by),
    statement(leaseSql, w.now, rank(w.upTo), w.until, w.by, w.perLane, w.unasked, w.limit),
    statement(leasedSql, w.by, w.until),
    statement(callsSql, w.month),
  ];
}

const addCalls = ({ month, n }: { month: string; n: number }) =>
  statement(
    'insert into call_count (month, calls) values (?, ?) on conflict (month) do update set calls = calls + excluded.calls',
    month,
    n,
  );

const markSent =
  "update outbox set state = 'sent', message_id = ?, sent_at = ?, telling = ?, last_error = coalesce(?, last_error), lease_until = 0 where key = ?";
const markOver = 'update outbox set state = ?, last_error = ?, sent_at = ?, lease_until = 0 where key = ?';
const markLater =
  'update outbox set due_at = ?, last_error = ?, telling = ?, tried_at = ?, attempts = attempts + ?, lease_until = 0 ' +
  "where key = ? and state = 'due' and lease_until > 0";
const putBackSql =
  "update outbox set lease_until = 0, tried_at = ? where key = ? and lease_until = ? and state = 'due'";

const untouched = (m: DueMessage) => statement(putBackSql, m.triedAt, m.key, m.leaseUntil);

function markUnit(mark: Mark): Statement[] {
  const { message } = mark;
  const { key, kind } = message;
  if (mark.do === 'later') {
    const { dueAt, error, telling, triedAt, counts } = mark;
    return [statement(markLater, dueAt, error, telling, triedAt, counts ? 1 : 0, key)];
  }
  const follow = mark.follow.map((m) => enqueue(m, mark.at));
  const over = kind === 'patch' ? [statement(cardOver, mark.at, message.target.id)] : [];
  if (mark.do !== 'sent') return [statement(markOver, mark.do, mark.error, mark.at, key), ...over, ...follow];
  return [sent(mark), ...over, ...cardUnit(mark), ...follow];
}

const sent = ({ message: m, messageId, at }: Extract<Mark, { do: 'sent' }>) =>
  statement(markSent, messageId, at, m.telling, m.unsure ? maybeTwice : null, m.key);

// The platform reckons from the first try that may have arrived.
const addCard = 'insert or ignore into live_card (message_id, key, sent_at) values (?, ?, ?)';
/** A card is patched only to become a pointer: from then on, or from the try on, it is over. */
const cardOver = "update live_card set state = 'replaced', replaced_at = ? where message_id = ? and state = 'live'";

/** A card that now stands in a chat, and the one whose place it takes. */
function cardUnit({ message, messageId, at, card }: Extract<Mark, { do: 'sent' }>): Statement[] {
  const { key, payload, kind, triedAt } = message;
  const sitting = payload.type === 'sitting' && kind !== 'patch';
  return [
    ...(sitting ? [statement('update sitting set message_id = ? where id = ?', messageId, payload.id)] : []),
    ...(card ? [statement(addCard, messageId, key, triedAt ?? at)] : []),
    ...(payload.replaces === undefined ? [] : [statement(cardOver, at, payload.replaces)]),
  ];
}

function dueOf(r: Value[], now: number): DueMessage {
  const triedAt = Number(r[12]);
  return {
    key: String(r[0]),
    uuid: String(r[1]),
    ...promiseOf(r.slice(2, 6)),
    attempts: Number(r[6]),
    createdAt: Number(r[7]),
    priority: priorities[Number(r[8])] ?? 'ordered',
    proactive: r[9] === 1,
    personId: r[10] === null ? null : String(r[10]),
    telling: String(r[11]) as Telling,
    triedAt: triedAt === now ? null : triedAt, // set by this very lease
    leaseUntil: Number(r[13]),
  };
}
