// Owns changing DATA_KEY while the bot runs: every sealed value is opened with the old key and sealed with the new one, every
// digest made anew, a few rows at a time. What died half-way is begun again: rows that are done stay as they are. No SQL;
// db/storeRotation.ts implements the door on every engine.
import type { HouseholdRecord } from './domain/importFacts.ts';
import type { HouseholdFacts, Vault } from './ports.ts';

export interface SealedPerson {
  readonly id: string;
  readonly phoneSealed: string;
  readonly phoneHash: string | null;
}
export interface SealedMember {
  readonly position: number;
  readonly name: string;
  readonly relation: string;
  readonly idSealed: string | null;
  readonly idHash: string | null;
  /** Plain but for the disability certificate. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  /** The same as it is stored: tells whether somebody changed it meanwhile. */
  readonly factsText: string;
}
export interface SealedHousehold {
  readonly no: number;
  readonly code: string;
  readonly village: string;
  readonly township: string;
  readonly group: string;
  readonly headName: string;
  readonly memberCount: number;
  readonly facts: HouseholdFacts;
  readonly idSealed: string | null;
  readonly idHash: string | null;
  readonly phoneSealed: string | null;
  readonly phoneHash: string | null;
  readonly hash: string;
  readonly members: readonly SealedMember[];
}

/** What becomes of a row; written only where the row is still as it was read. */
export type Resealed =
  | { readonly kind: 'person'; readonly was: SealedPerson; readonly now: SealedPerson }
  | { readonly kind: 'household'; readonly was: SealedHousehold; readonly now: Omit<SealedHousehold, 'members'> }
  | { readonly kind: 'member'; readonly no: number; readonly was: SealedMember; readonly now: SealedMember };

export interface RotationStore {
  /** People with a sealed number, by id. */
  people(after: string, limit: number): Promise<SealedPerson[]>;
  households(after: number, limit: number): Promise<SealedHousehold[]>;
  householdCount(): Promise<number>;
  write(rows: readonly Resealed[]): Promise<void>;
  /** False while an import is under way: it would go on with the old key. From here on imports are refused. */
  begin(): Promise<boolean>;
  /** Values that still need another key than this one. */
  left(keyId: string): Promise<number>;
  /** Forgets what is remade by itself, and lets imports in again. */
  finish(keyId: string, at: number): Promise<void>;
}

export interface Rotation {
  readonly store: RotationStore;
  /** The new key, which must also open what the previous one sealed. */
  readonly vault: Vault;
  /** The previous key by itself, for its digests. */
  readonly previous: Vault;
  readonly now: () => number;
  readonly onProgress?: (done: number, total: number) => void;
}

const peopleAtOnce = 100;
const householdsAtOnce = 25; // with their members some 150 rows: a click never waits longer than for one of them
const passes = 5;

const certColumn = '残疾证号';

/** 'importing': refused, an import must end first. Rejects when a value needs a third key: nothing is lost then. */
export async function rotate(r: Rotation): Promise<{ resealed: number } | 'importing'> {
  if (!(await r.store.begin())) return 'importing';
  let resealed = 0;
  for (let pass = 0; pass < passes; pass++) {
    resealed += await rotatePeople(r);
    resealed += await rotateHouseholds(r);
    if ((await r.store.left(r.vault.keyId)) === 0) {
      await r.store.finish(r.vault.keyId, r.now());
      return { resealed };
    }
  }
  throw new Error('values sealed with another key keep coming: is something importing with the old key?');
}

async function rotatePeople(r: Rotation): Promise<number> {
  let n = 0;
  for (let after = ''; ; await pause()) {
    const people = await r.store.people(after, peopleAtOnce);
    const last = people.at(-1);
    if (!last) return n;
    after = last.id;
    const changed: Resealed[] = [];
    for (const was of people) {
      if (isCurrent(r, was.phoneSealed)) continue;
      const phone = await number(r, was.phoneSealed, was.phoneHash);
      const now = { id: was.id, phoneSealed: phone.sealed ?? was.phoneSealed, phoneHash: phone.hash };
      changed.push({ kind: 'person', was, now });
    }
    if (changed.length > 0) await r.store.write(changed);
    n += changed.length;
  }
}

async function rotateHouseholds(r: Rotation): Promise<number> {
  const total = await r.store.householdCount();
  let [n, done] = [0, 0];
  for (let after = 0; ; await pause()) {
    const households = await r.store.households(after, householdsAtOnce);
    const last = households.at(-1);
    if (!last) return n;
    after = last.no;
    const changed = (await Promise.all(households.map((h) => household(r, h)))).flat();
    if (changed.length > 0) await r.store.write(changed);
    n += changed.length;
    done += households.length;
    r.onProgress?.(done, Math.max(total, done));
  }
}

async function household(r: Rotation, was: SealedHousehold): Promise<Resealed[]> {
  const [id, phone] = await Promise.all([
    number(r, was.idSealed, was.idHash),
    number(r, was.phoneSealed, was.phoneHash),
  ]);
  const members = await Promise.all(was.members.map((m) => member(r, m)));
  const hash = await rowHash(r, was, { id: id.plain, phone: phone.plain, members: members.map((m) => m.record) });
  const { members: _, ...fields } = was;
  const now = {
    ...fields,
    idSealed: id.sealed,
    idHash: id.hash,
    phoneSealed: phone.sealed,
    phoneHash: phone.hash,
    hash,
  };
  const moved = now.idSealed !== was.idSealed || now.phoneSealed !== was.phoneSealed || now.hash !== was.hash;
  return [
    ...members.flatMap((m): Resealed[] =>
      m.now === m.was ? [] : [{ kind: 'member', no: was.no, was: m.was, now: m.now }],
    ),
    ...(moved ? [{ kind: 'household' as const, was, now }] : []),
  ];
}

async function member(r: Rotation, was: SealedMember) {
  const { [certColumn]: sealedCert, ...plainFacts } = was.facts;
  const [id, cert] = await Promise.all([
    number(r, was.idSealed, was.idHash),
    number(r, typeof sealedCert === 'string' ? sealedCert : null, null),
  ]);
  const record = {
    name: was.name,
    relation: was.relation,
    facts: plainFacts,
    ...(id.plain && { id: id.plain }),
    ...(cert.plain && { cert: cert.plain }),
  };
  const facts = cert.sealed === null ? plainFacts : { ...plainFacts, [certColumn]: cert.sealed };
  const same = id.sealed === was.idSealed && cert.sealed === (sealedCert ?? null);
  const now = same ? was : { ...was, idSealed: id.sealed, idHash: id.hash, facts, factsText: JSON.stringify(facts) };
  return { was, now, record };
}

/**
 * The digest of the imported row, which tells updated from unchanged. The row is put together as the import read it; when
 * it is not the one that was digested, the old digest stays, and the next import says updated once.
 */
async function rowHash(
  r: Rotation,
  h: SealedHousehold,
  plain: { id: string | null; phone: string | null; members: HouseholdRecord['members'] },
): Promise<string> {
  const { code, village, township, group, headName, memberCount, facts } = h;
  const record: HouseholdRecord = {
    ...{ code, village, township, group, headName, memberCount },
    ...(plain.id && { id: plain.id }),
    ...(plain.phone && { phone: plain.phone }),
    facts,
    members: plain.members,
  };
  const text = JSON.stringify(record);
  return (await r.previous.digest(text)) === h.hash ? r.vault.digest(text) : h.hash;
}

const isCurrent = (r: Rotation, sealed: string): boolean => sealed.startsWith(`v1.${r.vault.keyId}.`);

/** A stored number under the new key. One without a digest (masked at its source) gets none. */
async function number(r: Rotation, sealed: string | null, hash: string | null) {
  if (sealed === null) return { plain: null, sealed, hash };
  const plain = await r.vault.open(sealed);
  if (isCurrent(r, sealed)) return { plain, sealed, hash };
  return { plain, sealed: await r.vault.seal(plain), hash: hash === null ? null : await r.vault.digest(plain) };
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
