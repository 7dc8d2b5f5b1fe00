// Owns the plan of a people import: the same person by open_id, else by phone; roles a file no longer mentions stay,
// unless the operator asks to end them.
import { type PersonRecord, parsePeople, rolesOf } from '../domain/importPeople.ts';
import { refusal } from '../domain/importPlan.ts';
import type { Refused, Table } from '../domain/importTable.ts';
import type { KnownPerson, StagedPerson } from '../importStore.ts';
import type { ImportDeps, Prepared } from './importDeps.ts';

interface Known {
  readonly all: readonly KnownPerson[];
  readonly byOpenId: ReadonlyMap<string, KnownPerson>;
  readonly byPhone: ReadonlyMap<string, KnownPerson>;
}
interface Hashed extends PersonRecord {
  readonly phoneHash: string | null;
}
/** Counts are rows of the file: a person's role in an area. */
interface Decided {
  readonly write: (Omit<StagedPerson, 'phoneSealed'> & { readonly phone: string | null })[];
  created: number;
  updated: number;
  unchanged: number;
}

export async function planPeople(deps: ImportDeps, table: Table, deactivateMissing: boolean): Promise<Prepared> {
  const { store, vault } = deps;
  const areas = new Map((await store.areas()).map((a) => [a.code, a]));
  const parsed = parsePeople(table, areas, rolesOf(await store.campaigns()));
  const people = await Promise.all(
    parsed.records.map(
      async (r): Promise<Hashed> => ({ ...r, phoneHash: r.phone && r.phoneWhole ? await vault.digest(r.phone) : null }),
    ),
  );
  const known = index(await store.people());
  const refused = [...parsed.refused, ...people.flatMap((p) => clash(p, known))];
  if (refused.length > 0) return { report: refusal('people', refused, parsed.notes), total: 0, rows: async () => [] };
  const decided: Decided = { write: [], created: 0, updated: 0, unchanged: 0 };
  const held = new Set<string>();
  for (const p of people) {
    const was = before(p, known);
    const id = was?.id ?? deps.newId();
    for (const r of p.roles) held.add(`${id}\n${r.role}\n${r.area}`);
    decide(decided, id, { now: p, was });
  }
  const missing = missingRoles(known, held);
  if (deactivateMissing) end(decided, missing);
  const { write, created, updated, unchanged } = decided;
  const missingList = missing.map((m) => `${m.person.name} ${m.role} ${m.area}`);
  return {
    report: {
      kind: 'people',
      created,
      updated,
      unchanged,
      missing: missing.length,
      refused: [],
      missingList,
      notes: parsed.notes,
    },
    total: write.length,
    rows: (from, count) =>
      Promise.all(
        write.slice(from, from + count).map(
          async ({ phone, ...p }): Promise<StagedPerson> => ({
            ...p,
            phoneSealed: phone ? await vault.seal(phone) : null,
          }),
        ),
      ),
  };
}

function index(all: readonly KnownPerson[]): Known {
  return {
    all,
    byOpenId: new Map(all.flatMap((p) => (p.openId ? [[p.openId, p] as const] : []))),
    byPhone: new Map(all.flatMap((p) => (p.phoneHash ? [[p.phoneHash, p] as const] : []))),
  };
}

const before = (p: Hashed, known: Known): KnownPerson | undefined =>
  (p.openId ? known.byOpenId.get(p.openId) : undefined) ?? (p.phoneHash ? known.byPhone.get(p.phoneHash) : undefined);

/** A phone that belongs to somebody else already. */
function clash(p: Hashed, known: Known): Refused[] {
  const byPhone = p.phoneHash ? known.byPhone.get(p.phoneHash) : undefined;
  const other =
    byPhone && ((p.openId && byPhone.openId && byPhone.openId !== p.openId) || before(p, known)?.id !== byPhone.id);
  if (!other) return [];
  const message = `这个手机号已登记在${byPhone.name}名下，请核对`;
  return [{ sheet: p.sheet, row: p.row, column: '手机号', code: 'two-people', message }];
}

function decide(out: Decided, id: string, { now, was }: { now: Hashed; was: KnownPerson | undefined }): void {
  const person = {
    id,
    name: now.name,
    openId: now.openId ?? was?.openId ?? null,
    userId: now.userId ?? was?.userId ?? null,
    phoneHash: now.phoneHash ?? was?.phoneHash ?? null,
    leaveUntilDay: now.leaveUntilDay,
  };
  const active = new Set(was?.roles.filter((r) => r.active).map((r) => `${r.role}\n${r.area}`));
  const fresh = now.roles.filter((r) => !active.has(`${r.role}\n${r.area}`));
  const fields = ['name', 'openId', 'userId', 'phoneHash', 'leaveUntilDay'] as const;
  const changed = was !== undefined && fields.some((f) => was[f] !== person[f]);
  out.created += fresh.length;
  if (changed) out.updated += now.roles.length - fresh.length;
  else out.unchanged += now.roles.length - fresh.length;
  if (was && !changed && fresh.length === 0) return;
  const phone = now.phone && (was === undefined || was.phoneHash !== person.phoneHash) ? now.phone : null;
  out.write.push({ ...person, phone, roles: fresh.map((r) => [r.role, r.area, true] as const) });
}

interface Missing {
  readonly person: KnownPerson;
  readonly role: string;
  readonly area: string;
}

function missingRoles(known: Known, held: ReadonlySet<string>): Missing[] {
  return known.all.flatMap((person) =>
    person.roles
      .filter((r) => r.active && !held.has(`${person.id}\n${r.role}\n${r.area}`))
      .map((r) => ({ person, role: r.role, area: r.area })),
  );
}

function end(out: Decided, missing: readonly Missing[]): void {
  for (const { person, role, area } of missing) {
    const at = out.write.findIndex((w) => w.id === person.id);
    const { roles: _, ...fields } = person;
    const row = out.write[at] ?? { ...fields, phone: null, roles: [] };
    const ended = { ...row, roles: [...row.roles, [role, area, false] as const] };
    if (at >= 0) out.write[at] = ended;
    else out.write.push(ended);
  }
}
