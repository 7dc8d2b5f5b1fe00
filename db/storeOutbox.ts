// Owns the outbox: messages promised and not yet sent. A row is leased, sent, then marked; whoever dies in between leaves
// a lease that runs out, and the platform's idempotency key makes the second send the same message.
import type { OutboxPayload } from '../src/ports.ts';
import type { DueMessage, Store } from '../src/store.ts';
import type { Engine, Value } from './engine.ts';
import { surely } from './surely.ts';
import { enqueue, statement } from './units.ts';

type Verbs = Pick<Store, 'lease' | 'sent' | 'postpone' | 'bury' | 'outboxState'>;

const leaseSql =
  'update outbox set lease_until = ?1, leased_by = ?2, attempts = attempts + 1 where key in ' +
  "(select key from outbox where state = 'due' and due_at <= ?3 and lease_until < ?3 order by due_at, rowid limit ?4)";
// A click asks what is due when it has answered, and mostly nothing is: a read costs no commit.
const anyDue = "select 1 from outbox where state = 'due' and due_at <= ?1 and lease_until < ?1 limit 1";
// Asked for apart, so that what a lost attempt leased comes along.
const leasedSql =
  'select key, uuid, kind, target, lane, payload, attempts, created_at from outbox ' +
  "where state = 'due' and leased_by = ? and lease_until = ? order by rowid";
const markSent = "update outbox set state = 'sent', message_id = ?, sent_at = ?, lease_until = 0 where key = ?";
const markDead = "update outbox set state = 'dead', last_error = ?, sent_at = ?, lease_until = 0 where key = ?";
const later =
  'update outbox set due_at = ?, lease_until = 0, last_error = ?, attempts = attempts - ? where key = ? and lease_until > 0';
const waiting = "select state, count(*), min(due_at) from outbox where state <> 'sent' group by state";

export function outboxVerbs(engine: Engine): Verbs {
  return {
    async lease({ now, until, by, limit }) {
      if ((await engine.read(anyDue, [now])).length === 0) return [];
      const unit = [statement(leaseSql, until, by, now, limit), statement(leasedSql, by, until)];
      const outcome = await surely(engine, unit);
      return outcome.ok ? (outcome.rows?.[1] ?? []).map(dueOf) : [];
    },
    async sent({ message, messageId, at, follow }) {
      const { payload, kind, key } = message;
      const isCard = payload.type === 'sitting' && kind !== 'patch';
      await surely(engine, [
        statement(markSent, messageId, at, key),
        ...(isCard ? [statement('update sitting set message_id = ? where id = ?', messageId, payload.id)] : []),
        ...(follow ? [enqueue(follow, at)] : []),
      ]);
    },
    async postpone({ key, dueAt, error, counts }) {
      await surely(engine, [statement(later, dueAt, error, counts ? 0 : 1, key)]);
    },
    async bury({ key, error, at, follow }) {
      await surely(engine, [statement(markDead, error, at, key), ...(follow ? [enqueue(follow, at)] : [])]);
    },
    async outboxState() {
      const rows = await engine.read(waiting, []);
      const of = (state: string) => rows.find((r) => r[0] === state);
      const due = of('due');
      return { due: Number(due?.[1] ?? 0), dead: Number(of('dead')?.[1] ?? 0), nextDueAt: due ? Number(due[2]) : null };
    },
  };
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
