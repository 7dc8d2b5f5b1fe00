// Owns the SQL of changing DATA_KEY. A row is written only where it still is as it was read: whoever changed it meanwhile
// wins, and the next pass finds it again.
import type { Resealed, RotationStore, SealedHousehold, SealedMember, SealedPerson } from '../src/keyRotation.ts';
import type { HouseholdFacts } from '../src/ports.ts';
import type { Engine, Statement, Value } from './engine.ts';
import { json } from './rows.ts';
import { sealedColumns, sealedMeta } from './sealed.ts';
import { surely } from './surely.ts';
import { happened, statement } from './units.ts';

const text = (v: Value | undefined): string => String(v ?? '');
const orNull = (v: Value | undefined): string | null => (v === null || v === undefined ? null : String(v));

const peopleSql =
  'select id, phone_sealed, phone_hash from person where id > ? and phone_sealed is not null order by id limit ?';
const householdsSql =
  'select no, code, village_code, township_code, group_name, head_name, member_count, facts, id_sealed, id_hash, ' +
  'phone_sealed, phone_hash, hash from household where no > ? order by no limit ?';
const membersSql =
  'select household_no, position, name, relation, id_sealed, id_hash, facts from member ' +
  'where household_no > ? and household_no <= ? order by household_no, position';
const leftSql = sealedColumns
  .map((c) => `select count(*) as n from ${c.table} where ${c.value} is not null and substr(${c.value}, 4, 8) <> ?1`)
  .join(' union all ');
const begun = "insert into meta (key, value) values ('rotating', 'yes') on conflict (key) do nothing";
const ended = "delete from meta where key = 'rotating'";

export function rotationStore(engine: Engine): RotationStore {
  return {
    async people(after, limit) {
      return (await engine.read(peopleSql, [after, limit])).map(
        (r): SealedPerson => ({ id: text(r[0]), phoneSealed: text(r[1]), phoneHash: orNull(r[2]) }),
      );
    },
    async households(after, limit) {
      const rows = await engine.read(householdsSql, [after, limit]);
      const last = rows.at(-1)?.[0];
      if (last === undefined) return [];
      const members = new Map<number, SealedMember[]>();
      for (const r of await engine.read(membersSql, [after, last])) {
        const own = members.get(Number(r[0])) ?? [];
        own.push(memberOf(r));
        members.set(Number(r[0]), own);
      }
      return rows.map((r) => householdOf(r, members.get(Number(r[0])) ?? []));
    },
    async householdCount() {
      return Number((await engine.read('select count(*) from household', []))[0]?.[0] ?? 0);
    },
    async write(rows) {
      await surely(engine, rows.map(update));
    },
    async begin() {
      await surely(engine, [statement(begun)]);
      const jobs = await engine.read("select 1 from import_job where state <> 'done' limit 1", []);
      if (jobs.length > 0) await surely(engine, [statement(ended)]);
      return jobs.length === 0;
    },
    async left(keyId) {
      const rows = await engine.read(`select sum(n) from (${leftSql})`, [keyId]);
      return Number(rows[0]?.[0] ?? 0);
    },
    async finish(keyId, at) {
      const row = { campaignId: null, subject: 'dataKey', actor: 'operator', verb: 'rotated', before: null, at };
      await surely(engine, [
        statement(ended),
        ...sealedMeta.map((key) => statement('delete from meta where key = ?', key)),
        happened({ ...row, after: { keyId } }),
      ]);
    },
  };
}

const memberOf = (r: Value[]): SealedMember => ({
  position: Number(r[1]),
  name: text(r[2]),
  relation: text(r[3]),
  idSealed: orNull(r[4]),
  idHash: orNull(r[5]),
  facts: json<SealedMember['facts']>(r[6], {}),
  factsText: text(r[6]),
});

const householdOf = (r: Value[], members: readonly SealedMember[]): SealedHousehold => ({
  no: Number(r[0]),
  code: text(r[1]),
  village: text(r[2]),
  township: text(r[3]),
  group: text(r[4]),
  headName: text(r[5]),
  memberCount: Number(r[6]),
  facts: json<HouseholdFacts>(r[7], { kind: '一般农户', register: 'none', labour: 'unknown', keyGroups: [] }),
  idSealed: orNull(r[8]),
  idHash: orNull(r[9]),
  phoneSealed: orNull(r[10]),
  phoneHash: orNull(r[11]),
  hash: text(r[12]),
  members,
});

function update(row: Resealed): Statement {
  switch (row.kind) {
    case 'person': {
      const sql = 'update person set phone_sealed = ?, phone_hash = ? where id = ? and phone_sealed = ?';
      return statement(sql, row.now.phoneSealed, row.now.phoneHash, row.was.id, row.was.phoneSealed);
    }
    case 'household': {
      const { was, now } = row;
      const sql =
        'update household set id_sealed = ?, id_hash = ?, phone_sealed = ?, phone_hash = ?, hash = ? ' +
        'where no = ? and id_sealed is ? and phone_sealed is ? and hash = ?';
      const values = [now.idSealed, now.idHash, now.phoneSealed, now.phoneHash, now.hash];
      return statement(sql, ...values, was.no, was.idSealed, was.phoneSealed, was.hash);
    }
    case 'member': {
      const { was, now } = row;
      const sql =
        'update member set id_sealed = ?, id_hash = ?, facts = ? ' +
        'where household_no = ? and position = ? and id_sealed is ? and facts = ?';
      return statement(sql, now.idSealed, now.idHash, now.factsText, row.no, was.position, was.idSealed, was.factsText);
    }
  }
}
