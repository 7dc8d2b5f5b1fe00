// Owns filling a new demo database: areas, people and households through the product's own import, then the campaign.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../db/engine.ts';
import { migrations } from '../db/migrations.gen.ts';
import { createStore } from '../db/store.ts';
import { importStore } from '../db/storeImport.ts';
import type { Campaign } from '../src/domain/campaign.ts';
import type { SheetRow, Table } from '../src/domain/importTable.ts';
import { newId } from '../src/newId.ts';
import type { Log } from '../src/ports.ts';
import { readTable } from '../src/sheets/table.ts';
import { createImports } from '../src/usecases/imports.ts';
import { createVault } from '../src/vault.ts';
import { type County, householdColumns, peopleColumns } from './county.ts';

export interface Seeding {
  readonly engine: Engine;
  readonly county: County;
  readonly campaign: Campaign;
  readonly dataKey: string;
  readonly at: number; // the demo's first instant
  readonly log: Log;
}

/** Rejects when the generator and the import disagree: then one of them is broken. */
export async function seedCounty(s: Seeding): Promise<void> {
  const { engine, log } = s;
  await engine.migrate(migrations);
  const store = createStore(engine);
  await store.setMeta('mode', 'demo');
  const vault = await createVault(s.dataKey);
  const imports = createImports({ store: importStore(engine), vault, clock: { now: () => s.at }, newId });
  const orgs = readFileSync(fileURLToPath(new URL('../campaigns/xinfeng_orgs.csv', import.meta.url)));
  const areas = await readTable(orgs);
  if (!areas.ok) throw new Error(areas.refused.message);
  await store.loadCampaign(s.campaign, hash(s.campaign), s.at);
  const said = new Set<number>();
  const onProgress = (done: number, total: number) => {
    const tenth = Math.floor((10 * done) / Math.max(total, 1));
    if (!said.has(tenth)) log.info('demo county', { done: `${tenth * 10}%` });
    said.add(tenth);
  };
  const reports = [
    await imports.areas(areas.table),
    await imports.people(table(peopleColumns, s.county.people)),
    await imports.households(table(householdColumns, s.county.households), { onProgress }),
  ];
  const refused = reports.flatMap((r) => r.refused);
  if (refused.length > 0) throw new Error(`the invented county was refused: ${JSON.stringify(refused.slice(0, 3))}`);
}

const hash = (campaign: Campaign) => createHash('sha256').update(JSON.stringify(campaign)).digest('hex').slice(0, 16);

/** Import rows as the readers give them, made while they are read. */
function table(columns: readonly string[], rows: Iterable<Readonly<Record<string, string>>>): Table {
  return { sheets: [{ name: '名单', rows: { [Symbol.iterator]: () => sheetRows(columns, rows) } }] };
}

function* sheetRows(columns: readonly string[], rows: Iterable<Readonly<Record<string, string>>>): Generator<SheetRow> {
  let row = 1;
  yield { row: row++, cells: columns };
  for (const record of rows) yield { row: row++, cells: columns.map((c) => record[c] ?? '') };
}
