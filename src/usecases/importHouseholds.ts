// Owns the plan of a roster import and the sealing of what is staged: no identity or phone number is ever stored in
// plain text, and a keyed hash of the whole household tells updated from unchanged.
import { type HouseholdRecord, keyGroupsOf } from '../domain/importFacts.ts';
import { Roster } from '../domain/importHouseholds.ts';
import { plan, refusal, reportOf } from '../domain/importPlan.ts';
import type { Table } from '../domain/importTable.ts';
import type { KnownHousehold, StagedHousehold } from '../importStore.ts';
import type { Vault } from '../ports.ts';
import type { ImportDeps, Prepared } from './importDeps.ts';
import { pause } from './importDeps.ts';

const breath = 200; // rows between two pauses
const page = 1000;

export async function planHouseholds(deps: ImportDeps, table: Table): Promise<Prepared> {
  const { store, vault } = deps;
  const areas = new Map((await store.areas()).map((a) => [a.code, a]));
  const groups = (await store.campaigns()).flatMap((c) => c.keyGroups); // one column speaks for all campaigns
  const roster = new Roster({ areas, keyGroups: keyGroupsOf(groups) });
  await parse(roster, table);
  if (roster.refused.length > 0) {
    return { report: refusal('households', roster.refused, roster.notes), total: 0, rows: async () => [] };
  }
  const rows = await hashed(vault, roster);
  const known = await knownHouseholds(deps);
  const townships = new Set(rows.map((r) => r.record.township));
  // A township's file says nothing about the others.
  const expected = (code: string) => townships.has(known.get(code)?.township ?? '');
  const p = plan(rows, new Map([...known].map(([code, k]) => [code, k.hash])), expected);
  const write = [...p.created, ...p.updated];
  const staged = (from: number, count: number) =>
    Promise.all(write.slice(from, from + count).map((r) => sealed(vault, r.record, r.hash)));
  return { report: reportOf('households', p, roster.notes), total: write.length, rows: staged };
}

async function parse(roster: Roster, table: Table): Promise<void> {
  let n = 0;
  for (const _ of roster.read(table)) {
    if (++n % breath === 0) await pause();
  }
}

interface Hashed {
  readonly key: string;
  readonly hash: string;
  readonly record: HouseholdRecord;
}

async function hashed(vault: Vault, roster: Roster): Promise<Hashed[]> {
  const rows: Hashed[] = [];
  let part: HouseholdRecord[] = [];
  const flush = async () => {
    const hashes = await Promise.all(part.map((r) => vault.digest(JSON.stringify(r))));
    part.forEach((record, i) => rows.push({ key: record.code, hash: hashes[i] ?? '', record }));
    part = [];
    await pause();
  };
  for (const record of roster.finish()) {
    part.push(record);
    if (part.length === breath) await flush();
  }
  await flush();
  return rows;
}

async function knownHouseholds({ store }: ImportDeps): Promise<Map<string, KnownHousehold>> {
  const known = new Map<string, KnownHousehold>();
  for (let after = 0; ; ) {
    const rows = await store.households(after, page);
    for (const row of rows) known.set(row.code, row);
    const last = rows.at(-1);
    if (!last) return known;
    after = last.no;
    await pause();
  }
}

async function sealed(vault: Vault, r: HouseholdRecord, hash: string): Promise<StagedHousehold> {
  const [id, phone] = await Promise.all([both(vault, r.id), both(vault, r.phone)]);
  const members = r.members.map(async (m) => {
    const own = await both(vault, m.id);
    const facts = m.cert ? { ...m.facts, 残疾证号: await vault.seal(m.cert) } : m.facts;
    return { name: m.name, relation: m.relation, idSealed: own.sealed, idHash: own.hash, facts };
  });
  const { code, village, township, group, headName, memberCount, facts } = r;
  return {
    code,
    village,
    township,
    group,
    headName,
    memberCount,
    facts,
    hash,
    idSealed: id.sealed,
    idHash: id.hash,
    phoneSealed: phone.sealed,
    phoneHash: phone.hash,
    members: await Promise.all(members),
  };
}

/** A number masked at its source is nobody's number: it is sealed, but not looked up. */
async function both(vault: Vault, plain: string | undefined): Promise<{ sealed: string | null; hash: string | null }> {
  if (plain === undefined) return { sealed: null, hash: null };
  const [sealedText, hash] = await Promise.all([vault.seal(plain), plain.includes('*') ? null : vault.digest(plain)]);
  return { sealed: sealedText, hash };
}
