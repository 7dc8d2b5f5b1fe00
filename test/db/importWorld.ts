// A county database in a temporary file with the real engine and migrations, and the questions import tests ask it.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, Value } from '../../db/engine.ts';
import { openLocal } from '../../db/local.ts';
import { migrations } from '../../db/migrations.gen.ts';
import { importStore } from '../../db/storeImport.ts';
import type { ImportReport } from '../../src/domain/importPlan.ts';
import type { LoadedCampaign } from '../../src/ports.ts';
import { createImports, type Imports } from '../../src/usecases/imports.ts';
import { createVault, newDataKey } from '../../src/vault.ts';

export interface World {
  readonly engine: Engine;
  readonly imports: Imports;
  now: number;
  /** Another process on the same file: its own engine, its own importer. */
  another(wrap?: (engine: Engine) => Engine): Promise<{ engine: Engine; imports: Imports }>;
  rows(sql: string, ...args: Value[]): Promise<Value[][]>;
  one(sql: string, ...args: Value[]): Promise<Value | undefined>;
  close(): Promise<void>;
}

export async function newWorld(): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'import-'));
  const path = join(dir, 'county.db');
  const vault = await createVault(newDataKey());
  const engines: Engine[] = [];
  let ids = 0;
  const newId = () => `t${(ids++).toString(36).padStart(11, '0')}`;
  const clock = { now: () => world.now };
  const another: World['another'] = async (wrap = (e) => e) => {
    const own = await openLocal(path);
    engines.push(own);
    const engine = wrap(own);
    return { engine, imports: createImports({ store: importStore(engine), vault, clock, newId }) };
  };
  const { engine, imports } = await another();
  await engine.migrate(migrations);
  const world: World = {
    engine,
    imports,
    now: Date.parse('2023-07-10T09:00:00+08:00'),
    another,
    rows: (sql, ...args) => engine.read(sql, args),
    one: async (sql, ...args) => (await engine.read(sql, args))[0]?.[0],
    async close() {
      for (const e of engines) await e.close();
      await rm(dir, { recursive: true });
    },
  };
  return world;
}

/** A process that dies: every commit after the first `lives` fails, and so does nothing else. */
export const dyingAfter =
  (lives: number) =>
  (engine: Engine): Engine => {
    let left = lives;
    return {
      ...engine,
      read: (sql, args) => engine.read(sql, args),
      commit: (unit) => (left-- > 0 ? engine.commit(unit) : Promise.reject(new Error('the process died'))),
    };
  };

export const smallCampaign = (id: string): LoadedCampaign => ({
  id,
  hash: `hash-${id}`,
  number: '信巩办字〔2023〕13号',
  title: '集中排查“回头看”',
  short: '回头看',
  issuer: '县办',
  issuedDay: '2023-07-12',
  zone: 'Asia/Shanghai',
  county: { code: '360722', name: '信丰县' },
  contact: '县办',
  confirmed: { monitoringLine: true, keyGroups: true },
  phases: [{ id: 'P1', name: '自查', from: '2023-07-12', to: '2023-07-21', deadlines: [], screening: true }],
  extraWorkdays: [],
  roles: [{ id: 'villageCadre', name: '村干部', level: 'village', may: ['answer'] }],
  thresholds: {},
  keyGroups: [],
  deferReasons: ['外出'],
  switches: [],
  problemTypes: [],
  procedures: [],
  lookbacks: [
    {
      id: 'LB1',
      no: 1,
      title: '未纳入',
      short: '未纳入',
      scope: 'household',
      population: { fact: 'register', is: ['none'] },
      shortWhen: {
        not: {
          any: [
            { fact: 'keyGroup', is: [true] },
            { fact: 'alerted', is: [true] },
          ],
        },
      },
    },
    {
      id: 'LB2',
      no: 2,
      title: '已纳入',
      short: '已纳入',
      scope: 'household',
      population: { fact: 'register', is: ['active'] },
    },
    {
      id: 'LB4',
      no: 4,
      title: '兜底',
      short: '兜底',
      scope: 'household',
      population: {
        all: [
          { fact: 'register', is: ['active'] },
          { fact: 'safetyNet', is: ['甲', '乙'] },
        ],
      },
    },
  ],
  items: [],
});

export async function load(world: World, campaign: LoadedCampaign): Promise<void> {
  const { hash, ...definition } = campaign;
  const sql = 'insert into campaign (id, hash, definition, loaded_at) values (?, ?, ?, ?)';
  await world.engine.commit([{ sql, args: [campaign.id, hash, JSON.stringify(definition), world.now] }]);
}

/** Counts as they are kept, and as they are: both sorted, zero rows left out. */
export async function tallies(world: World): Promise<{ kept: Value[][]; counted: Value[][] }> {
  const kept = await world.rows(
    'select campaign_id, village_code, township_code, section, state, n from tally where n <> 0 order by 1, 2, 3, 4, 5',
  );
  const screenings = await world.rows(
    'select campaign_id, village_code, township_code, lookbacks, state from screening',
  );
  const count = new Map<string, number>();
  for (const [campaign, village, township, lookbacks, state] of screenings) {
    for (const section of ['ALL', ...String(lookbacks).split(',')]) {
      const key = JSON.stringify([campaign, village, township, section, state]);
      count.set(key, (count.get(key) ?? 0) + 1);
    }
  }
  const counted = [...count].map(([key, n]) => [...(JSON.parse(key) as Value[]), n]);
  const text = (row: Value[]) => row.slice(0, 5).join('\u0000');
  return { kept, counted: counted.sort((a, b) => (text(a) < text(b) ? -1 : 1)) };
}

/** Everything the database holds, as one text: to look for what must not be in it. */
export async function everything(world: World): Promise<string> {
  const tables = await world.rows("select name from sqlite_master where type = 'table'");
  const all = [];
  for (const [name] of tables) all.push(await world.rows(`select * from "${name}"`));
  return JSON.stringify(all);
}

/** A report's numbers in the order created, updated, unchanged, missing. */
export const counts = (r: Pick<ImportReport, 'created' | 'updated' | 'unchanged' | 'missing'>): number[] => [
  r.created,
  r.updated,
  r.unchanged,
  r.missing,
];
