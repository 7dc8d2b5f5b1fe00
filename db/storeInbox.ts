// Owns the inbox: events accepted and not yet run. What an event causes and its leaving the inbox are one unit.
import type { InboxItem, Store } from '../src/store.ts';
import type { Engine, Value } from './engine.ts';
import { surely } from './surely.ts';
import { change, enqueue, guardInbox, notWritten, see, statement } from './units.ts';

type Verbs = Pick<Store, 'accept' | 'inbox' | 'inboxItem' | 'finish' | 'retryLater' | 'forget'>;

const columns = 'select id, body, received_at, attempts from inbox';
const add = 'insert into inbox (id, body, received_at, next_at) values (?, ?, ?, ?)';
const again = 'update inbox set attempts = attempts + 1, next_at = ?1, last_error = ?2 where id = ?3 and next_at <> ?1';

export function inboxVerbs(engine: Engine): Verbs {
  return {
    async accept({ id, messageId, body, at }) {
      const outcome = await surely(engine, [
        see(id, at),
        ...(messageId === null ? [] : [see(messageId, at)]),
        statement(add, id, JSON.stringify(body), at, at),
      ]);
      return outcome.ok ? 'new' : 'duplicate';
    },
    async inbox(now, limit) {
      const rows = await engine.read(`${columns} where next_at <= ? order by received_at limit ?`, [now, limit]);
      return rows.map(itemOf);
    },
    async inboxItem(id) {
      const row = (await engine.read(`${columns} where id = ?`, [id]))[0];
      return row ? itemOf(row) : null;
    },
    async finish({ id, changes, outgoing, at }) {
      const outcome = await surely(engine, [
        guardInbox(id),
        statement('delete from inbox where id = ?', id),
        ...changes.flatMap(change),
        ...outgoing.map((m) => enqueue(m, at)),
      ]);
      return outcome.ok ? { ok: true, value: null } : notWritten(outcome.at);
    },
    async retryLater(id, nextAt, error) {
      await surely(engine, [statement(again, nextAt, error, id)]);
    },
    async forget(before) {
      await surely(engine, [statement(forgetOldest, before)]);
    },
  };
}

/** Ids are kept in the order they came, so the oldest stand first and no index is needed that every click would pay for. */
const forgetOldest = 'delete from seen where rowid in (select rowid from seen order by rowid limit 5000) and at < ?';

function itemOf(r: Value[]): InboxItem {
  return { id: String(r[0]), body: JSON.parse(String(r[1])), receivedAt: Number(r[2]), attempts: Number(r[3]) };
}
