// Owns what an operator asks of the database, on every engine.
import { dayLength, dayOf } from '../src/domain/time.ts';
import type { DeadMessage, Gauges, OperatorStore } from '../src/operatorStore.ts';
import type { Telling } from '../src/outboxStore.ts';
import type { Engine, Value } from './engine.ts';
import { type SealedColumn, sealedColumns } from './sealed.ts';
import { maybeTwice } from './storeOutbox.ts';
import { tallyDifferenceSql } from './tallyCheck.ts';
import { happened, priorities, statement } from './units.ts';

export function operatorStore(engine: Engine): OperatorStore {
  return { ...health(engine), ...messages(engine), ...keys(engine) };
}

// Told by when they were sent, since the index on that is short: sent messages stay.
const sentLately = "state = 'sent' and sent_at > ?2";
const gaugesSql =
  "select (select count(*) from outbox where state = 'dead'), (select count(*) from inbox), " +
  "(select value from meta where key = 'lastTickAt'), (select calls from call_count where month = ?1), " +
  "(select min(due_at) from outbox where state = 'due' and proactive = 0), " +
  `(select count(*) from outbox where ${sentLately} and telling <> 'card'), ` +
  `(select count(*) from outbox where ${sentLately} and last_error = '${maybeTwice}')`;
const waitingSql = "select priority, count(*) from outbox where state = 'due' group by priority";
const countsSql =
  'select (select count(*) from person), (select count(*) from person p where p.open_id is null ' +
  'and exists (select 1 from person_role r where r.person_id = p.id and r.active = 1)), ' +
  '(select count(*) from household), (select count(*) from campaign)';
const number = (v: Value | undefined) => Number(v ?? 0);

type Health = Pick<OperatorStore, 'gauges' | 'counts' | 'integrity' | 'tallyDifference'>;

function health(engine: Engine): Health {
  return {
    gauges: (now) => gauges(engine, now),
    async counts() {
      const [people, phoneOnly, households, campaigns] = (await engine.read(countsSql, []))[0] ?? [];
      return {
        people: number(people),
        phoneOnly: number(phoneOnly),
        households: number(households),
        campaigns: number(campaigns),
      };
    },
    async integrity() {
      const rows = await engine.read('PRAGMA integrity_check(5)', []);
      return rows.map((r) => String(r[0])).filter((line) => line !== 'ok');
    },
    async tallyDifference() {
      const r = (await engine.read(tallyDifferenceSql, []))[0];
      if (!r) return null;
      const [campaignId, villageCode, village, section, state] = r.map(String);
      return {
        campaignId: campaignId ?? '',
        villageCode: villageCode ?? '',
        village: village ?? '',
        section: section ?? '',
        state: state ?? '',
        off: number(r[5]),
      };
    },
  };
}

/** Every county's month, as the sender books it. */
const zone = 'Asia/Shanghai';

async function gauges(engine: Engine, now: number): Promise<Gauges> {
  const month = dayOf(now, zone).slice(0, 7);
  const [dead, inbox, tick, calls, asked, simplified, twice] =
    (await engine.read(gaugesSql, [month, now - dayLength]))[0] ?? [];
  const byPriority = new Map((await engine.read(waitingSql, [])).map((r) => [number(r[0]), number(r[1])]));
  const of = (priority: number) => byPriority.get(priority) ?? 0;
  return {
    outboxDue: [...byPriority.values()].reduce((sum, n) => sum + n, 0),
    outboxDead: number(dead),
    inboxWaiting: number(inbox),
    lastTickAt: instant(tick),
    waiting: { ordered: of(-1), deadline: of(0), answer: of(1), nicety: of(2) },
    askedDueAt: instant(asked),
    calls: number(calls),
    simplified: number(simplified),
    maybeTwice: number(twice),
  };
}
const instant = (v: Value | undefined) => (v === null || v === undefined ? null : Number(v));

const deadSql =
  "select key, kind, target, created_at, sent_at, last_error, priority, telling from outbox where state = 'dead' order by sent_at desc, key limit ?";
// A new beginning: what is older than a day would be given up again after one try. Ordered by the county: whatever it costs.
const again =
  "update outbox set state = 'due', priority = -1, due_at = ?1, created_at = ?1, sent_at = null, attempts = 0, lease_until = 0, leased_by = null " +
  "where state = 'dead' and (?2 is null or key = ?2) returning key";

function messages(engine: Engine): Pick<OperatorStore, 'dead' | 'resend'> {
  return {
    async dead(limit) {
      return (await engine.read(deadSql, [limit])).map(
        (r): DeadMessage => ({
          key: String(r[0]),
          kind: String(r[1]) as DeadMessage['kind'],
          to: String(r[2]).split(':')[0] as DeadMessage['to'],
          createdAt: number(r[3]),
          buriedAt: r[4] === null ? null : number(r[4]),
          error: String(r[5] ?? ''),
          priority: priorities[number(r[6])] ?? 'ordered',
          telling: String(r[7]) as Telling,
        }),
      );
    },
    async resend(key, at) {
      const told = happened({
        campaignId: null,
        subject: `outbox:${key ?? 'all'}`,
        actor: 'operator',
        verb: 'resent',
        before: null,
        after: null,
        at,
      });
      const outcome = await engine.commit([statement(again, at, key), told]);
      return outcome.ok ? (outcome.rows[0]?.length ?? 0) : 0;
    },
  };
}

/** 'v1.<key id>.…': see src/vault.ts. */
const keyIdOf = (c: SealedColumn) => `substr(${c.value}, 4, 8)`;
const allKeyIds = sealedColumns
  .map((c) => `select ${keyIdOf(c)} as id, count(*) as n from ${c.table} where ${c.value} is not null group by 1`)
  .join(' union all ');

function keys(engine: Engine): Pick<OperatorStore, 'keyIds' | 'anyKeyId' | 'sealedWith' | 'rotating'> {
  const first = async (what: (c: SealedColumn) => string, where: (c: SealedColumn) => string, args: Value[]) => {
    for (const c of sealedColumns) {
      const sql = `select ${what(c)} from ${c.table} where ${c.value} is not null and ${where(c)} limit 1`;
      const row = (await engine.read(sql, args))[0];
      if (row) return String(row[0]);
    }
    return null;
  };
  return {
    async keyIds() {
      const rows = await engine.read(`select id, sum(n) from (${allKeyIds}) group by id order by id`, []);
      return new Map(rows.map((r) => [String(r[0]), number(r[1])]));
    },
    anyKeyId: () => first(keyIdOf, () => 'true', []),
    sealedWith: (keyId) =>
      first(
        (c) => c.value,
        (c) => `${keyIdOf(c)} = ?`,
        [keyId],
      ),
    async rotating() {
      return (await engine.read("select 1 from meta where key = 'rotating'", [])).length > 0;
    },
  };
}
