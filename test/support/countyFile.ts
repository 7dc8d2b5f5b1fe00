// Owns the county's first database: the real migrations and the real import, once per process, copied for each world.
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { openLocal } from '../../db/local.ts';
import { migrations } from '../../db/migrations.gen.ts';
import { createStore } from '../../db/store.ts';
import { importStore } from '../../db/storeImport.ts';
import type { Campaign } from '../../src/domain/campaign.ts';
import type { Table } from '../../src/domain/importTable.ts';
import { newId } from '../../src/newId.ts';
import { createImports } from '../../src/usecases/imports.ts';
import { createVault, newDataKey } from '../../src/vault.ts';
import { newFolder } from './folder.ts';
import { areaRows, type Row, roleRows, rosterRows } from './people.ts';
import { hashOf } from './seed.ts';

/** The key of every county in this process. */
export const dataKey = newDataKey();

export const start = Date.parse('2023-07-12T08:30:00+08:00');

export interface WorldOptions {
  /** How events and clicks reach the bot; default: what the test project says. */
  readonly transport?: 'webhook' | 'websocket';
  /** Instant the clock stands at; default: 12 July 2023, 08:30. */
  readonly at?: string;
  /** Households besides the usual ones. */
  readonly households?: readonly Row[];
  /** People besides the usual ones. */
  readonly roles?: readonly Row[];
  /** No campaign has been loaded yet. */
  readonly idle?: true;
  /** The campaigns that are loaded, in this order, in place of the county's own. */
  readonly campaigns?: readonly Campaign[];
  /** Folder of the built chat page, for worlds that are looked at. */
  readonly page?: string;
  /** On the page time can hurry, and messages are told by kind, as in the demo. */
  readonly demo?: true;
}

/** A table as the readers give it. */
export function tableOf(rows: readonly Row[]): Table {
  const columns = [...new Set(rows.flatMap((r) => Object.keys(r)))];
  const cells = [columns, ...rows.map((r) => columns.map((c) => r[c] ?? ''))];
  return { sheets: [{ name: 'Sheet1', rows: cells.map((c, i) => ({ row: i + 1, cells: c })) }] };
}

async function seed(path: string, options: WorldOptions, campaigns: readonly Campaign[]): Promise<void> {
  const engine = await openLocal(path);
  await engine.migrate(migrations);
  const vault = await createVault(dataKey);
  const clock = { now: () => start };
  const imports = createImports({ store: importStore(engine), vault, clock, newId });
  const roles = [...roleRows, ...(options.roles ?? [])];
  const households = [...rosterRows, ...(options.households ?? [])];
  const store = createStore(engine);
  const load = async () => {
    for (const [i, c] of (options.idle ? [] : campaigns).entries())
      await store.loadCampaign(c, await hashOf(c), start + i);
  };
  if (options.campaigns) await load(); // roles of their own are known to the people file from then on
  for (const [kind, rows] of [
    ['areas', areaRows()],
    ['people', roles],
    ['households', households],
  ] as const) {
    const report = await imports[kind](tableOf(rows));
    if (report.refused.length > 0) throw new Error(JSON.stringify(report.refused));
  }
  if (!options.campaigns) await load();
  for (const loaded of await store.campaigns()) await imports.enrolAll(loaded);
  await engine.commit([{ sql: 'delete from seen', args: [] }]);
  await store.close();
}

const seeded = new Map<string, Promise<string>>();
const seeds = newFolder('lookback-seed');

/**
 * The same county is imported once per process and copied for each world. Kept before it is ready: a test that gave up
 * waiting would else have its successor import into the same file beside it.
 */
function seededFile(options: WorldOptions, campaigns: readonly Campaign[]): Promise<string> {
  const key = JSON.stringify([options.households, options.roles, options.idle, options.campaigns]);
  const known = seeded.get(key);
  if (known !== undefined) return known;
  const path = join(seeds, `${seeded.size}.db`);
  const made = seed(path, options, campaigns).then(() => path);
  seeded.set(key, made);
  return made;
}

/** The county's database as a file of one's own. */
export async function copySeed(options: WorldOptions, campaigns: readonly Campaign[], path: string): Promise<void> {
  const file = await seededFile(options, campaigns);
  for (const part of ['', '-wal']) if (existsSync(file + part)) copyFileSync(file + part, path + part);
}
