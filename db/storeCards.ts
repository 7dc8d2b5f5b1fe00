// Owns reading and renewing cards that can still be used. They come in with the mark of their message (storeOutbox.ts).
import type { CardStore, LiveCard } from '../src/cardStore.ts';
import type { Engine, Value } from './engine.ts';
import { promiseOf } from './rows.ts';
import { surely } from './surely.ts';
import { enqueueAll, statement } from './units.ts';

const cardSql =
  'select l.message_id, l.key, l.sent_at, o.kind, o.target, o.lane, o.payload from live_card l join outbox o on o.key = l.key ';
const ageingSql =
  `${cardSql} where l.state = 'live' and l.sent_at < ? ` +
  "and not exists (select 1 from outbox n where n.key = 'age/' || substr(l.message_id, -44)) order by l.sent_at limit ?";
const oneSql = `${cardSql} where l.state = 'live' and l.message_id = ?`;
const frontsSql =
  'select o.lane, l.message_id, max(l.rowid) from live_card l join outbox o on o.key = l.key ' +
  "where l.state = 'live' and (json_extract(o.payload, '$.type') = 'village' or o.key like 'wel/%') group by o.lane";
const goneSql =
  "update live_card set state = 'gone' where state = 'live' and message_id in (select value from json_each(?))";

export function cardVerbs(engine: Engine): CardStore {
  return {
    async ageing(before, limit) {
      return (await engine.read(ageingSql, [before, limit])).map(cardOf);
    },
    async liveCard(messageId) {
      const row = (await engine.read(oneSql, [messageId]))[0];
      return row ? cardOf(row) : null;
    },
    async cardSentAt(messageId) {
      const row = (await engine.read('select sent_at from live_card where message_id = ?', [messageId]))[0];
      return row ? Number(row[0]) : null;
    },
    async newestFronts() {
      return new Map((await engine.read(frontsSql, [])).map((r) => [String(r[0]), String(r[1])]));
    },
    async renew({ outgoing, gone, at }) {
      const forget = gone.length === 0 ? [] : [statement(goneSql, JSON.stringify(gone))];
      const unit = [...enqueueAll(outgoing, at), ...forget];
      if (unit.length > 0) await surely(engine, unit);
    },
  };
}

const cardOf = (r: Value[]): LiveCard => ({
  messageId: String(r[0]),
  key: String(r[1]),
  sentAt: Number(r[2]),
  ...promiseOf(r.slice(3, 7)),
});
