// Owns the inbox (events accepted, not yet run) and the outbox (messages promised, not yet sent).
import type { OutboxPayload } from '../src/ports.ts';
import type { DueMessage, InboxItem, Store } from '../src/store.ts';
import type { Engine, Value } from './engine.ts';
import { change, endGuard, enqueue, guardInbox, see, statement } from './units.ts';

type Verbs = Pick<
  Store,
  | 'accept'
  | 'inbox'
  | 'inboxItem'
  | 'finish'
  | 'retryLater'
  | 'lease'
  | 'sent'
  | 'postpone'
  | 'bury'
  | 'outboxState'
  | 'forget'
>;

const inboxColumns = 'select id, body, received_at, attempts from inbox';
const leaseSql =
  'update outbox set lease_until = ?1, leased_by = ?2, attempts = attempts + 1 where key in ' +
  "(select key from outbox where state = 'due' and due_at <= ?3 and lease_until < ?3 order by due_at, rowid limit ?4) " +
  'returning key, uuid, kind, target, lane, payload, attempts, created_at, rowid';

export function queueVerbs(engine: Engine): Verbs {
  const run = async (sql: string, ...args: Value[]) => {
    await engine.commit([statement(sql, ...args)]);
  };
  return {
    async accept({ id, messageId, body, at }) {
      const outcome = await engine.commit([
        see(id, at),
        ...(messageId === null ? [] : [see(messageId, at)]),
        statement(
          'insert into inbox (id, body, received_at, next_at) values (?, ?, ?, ?)',
          id,
          JSON.stringify(body),
          at,
          at,
        ),
      ]);
      return outcome.ok ? 'new' : 'duplicate';
    },
    async inbox(now, limit) {
      return (await engine.read(`${inboxColumns} where next_at <= ? order by received_at limit ?`, [now, limit])).map(
        inboxItemOf,
      );
    },
    async inboxItem(id) {
      const row = (await engine.read(`${inboxColumns} where id = ?`, [id]))[0];
      return row ? inboxItemOf(row) : null;
    },
    async finish(id, changes, outgoing, at) {
      const outcome = await engine.commit([
        guardInbox(id),
        endGuard,
        statement('delete from inbox where id = ?', id),
        ...changes.flatMap(change),
        ...outgoing.map((m) => enqueue(m, at)),
      ]);
      return outcome.ok ? { ok: true, value: null } : { ok: false, why: outcome.at === 0 ? 'duplicate' : 'stale' };
    },
    retryLater: (id, nextAt, error) =>
      run('update inbox set attempts = attempts + 1, next_at = ?, last_error = ? where id = ?', nextAt, error, id),
    async lease({ now, until, by, limit }) {
      const outcome = await engine.commit([statement(leaseSql, until, by, now, limit)]);
      if (!outcome.ok) return [];
      const rows = [...(outcome.rows[0] ?? [])].sort(
        (a, b) => Number(a[8]) - Number(b[8]) || Number(a[9]) - Number(b[9]),
      );
      return rows.map(dueOf);
    },
    async sent(m, messageId, at, then) {
      const payload = m.payload;
      await engine.commit([
        statement(
          "update outbox set state = 'sent', message_id = ?, sent_at = ?, lease_until = 0 where key = ?",
          messageId,
          at,
          m.key,
        ),
        ...(payload.type === 'sitting' && m.kind !== 'patch'
          ? [statement('update sitting set message_id = ? where id = ?', messageId, payload.id)]
          : []),
        ...(then ? [enqueue(then, at)] : []),
      ]);
    },
    postpone: (key, dueAt, error, counts) =>
      run(
        'update outbox set due_at = ?, lease_until = 0, last_error = ?, attempts = attempts - ? where key = ?',
        dueAt,
        error,
        counts ? 0 : 1,
        key,
      ),
    async bury(key, error, at, then) {
      await engine.commit([
        statement(
          "update outbox set state = 'dead', last_error = ?, sent_at = ?, lease_until = 0 where key = ?",
          error,
          at,
          key,
        ),
        ...(then ? [enqueue(then, at)] : []),
      ]);
    },
    async outboxState() {
      const rows = await engine.read(
        "select state, count(*), min(due_at) from outbox where state <> 'sent' group by state",
        [],
      );
      const of = (state: string) => rows.find((r) => r[0] === state);
      const due = of('due');
      return { due: Number(due?.[1] ?? 0), dead: Number(of('dead')?.[1] ?? 0), nextDueAt: due ? Number(due[2]) : null };
    },
    async forget(before) {
      await engine.commit([statement('delete from seen where at < ?', before)]);
    },
  };
}

function inboxItemOf(r: Value[]): InboxItem {
  return { id: String(r[0]), body: JSON.parse(String(r[1])), receivedAt: Number(r[2]), attempts: Number(r[3]) };
}

function dueOf(r: Value[]): DueMessage {
  const target = String(r[3]);
  const colon = target.indexOf(':');
  return {
    key: String(r[0]),
    uuid: String(r[1]),
    kind: String(r[2]) as DueMessage['kind'],
    target: { kind: target.slice(0, colon) as DueMessage['target']['kind'], id: target.slice(colon + 1) },
    lane: String(r[4]),
    payload: JSON.parse(String(r[5])) as OutboxPayload,
    attempts: Number(r[6]),
    createdAt: Number(r[7]),
  };
}
