// Owns the plan of an import of areas: parsed rows against what is stored.
import { type AreaRecord, parseAreas } from '../domain/importAreas.ts';
import { plan, refusal, reportOf } from '../domain/importPlan.ts';
import type { Table } from '../domain/importTable.ts';
import type { ImportDeps, Prepared } from './importDeps.ts';

/** Shown until a campaign says the county's name: the file of areas has only its code. */
export const unnamedCounty = '全县';

/** Fields in a fixed order, so that equal areas have equal texts. */
const fingerprint = (a: AreaRecord): string =>
  JSON.stringify([a.level, a.name, a.fullName, a.kind, a.parent, a.township, Object.entries(a.facts).sort()]);

export async function planAreas({ store }: ImportDeps, table: Table): Promise<Prepared> {
  const known = await store.areas();
  const campaign = (await store.campaigns())[0];
  const county = campaign?.county.name ?? known.find((a) => a.level === 'county')?.name ?? unnamedCounty;
  const { records, refused, notes } = parseAreas(table, county);
  if (refused.length > 0) return { report: refusal('areas', refused, notes), total: 0, rows: async () => [] };
  const rows = records.map((area) => ({ key: area.code, hash: fingerprint(area), area }));
  const p = plan(rows, new Map(known.map((a) => [a.code, fingerprint(a)])));
  const write = [...p.created, ...p.updated].map((r) => r.area);
  return {
    report: reportOf('areas', p, notes),
    total: write.length,
    rows: async (from, count) => write.slice(from, from + count),
  };
}
