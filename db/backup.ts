// Owns looking into a database file that nobody is using: a backup before it is trusted, a place before something is
// restored to it (Node only). Opens files, changes nothing but the journal mode of an empty one.
import Database from 'libsql';
import { migrations } from './migrations.gen.ts';
import { sealedColumns } from './sealed.ts';
import { tallyDifferenceSql } from './tallyCheck.ts';

export interface Inspection {
  /** What is wrong with the file, one sentence each for the operator; empty: sound. */
  readonly faults: readonly string[];
  /** demo | bot | null: never started. */
  readonly mode: string | null;
  readonly households: number;
  readonly answered: number;
  /** Ids of the keys its sealed values need. */
  readonly keyIds: readonly string[];
}

const broken: Inspection = { faults: ['文件已损坏，打不开'], mode: null, households: 0, answered: 0, keyIds: [] };

/** Reads every page, then compares the tallies with a full count. A file that is no database is a fault, not an error. */
export function inspect(path: string): Inspection {
  try {
    return using(path, (db) => {
      const faults = integrity(db);
      if (faults.length > 0) return { ...broken, faults };
      const unknown = unknownMigration(db);
      if (unknown) return { ...broken, faults: [unknown] };
      const off = rows(db, tallyDifferenceSql)[0];
      return {
        faults: off ? [`统计数与逐户清点不一致：${String(off[2])}（${String(off[1])}）`] : [],
        mode: first(db, "select value from meta where key = 'mode'"),
        households: Number(first(db, 'select count(*) from household')),
        answered: Number(first(db, "select count(*) from screening where state in ('clear', 'found')")),
        keyIds: rows(db, keyIdsSql).map((r) => String(r[0])),
      };
    });
  } catch (error) {
    return { ...broken, faults: [`${broken.faults[0]}（${codeOf(error)}）`] };
  }
}

/** What stands in the way of restoring to `path`: null, 'used' (something is stored), 'open' (a process has it open). */
export function occupied(path: string): 'used' | 'open' | null {
  try {
    return using(path, standing);
  } catch (error) {
    if (/^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(error))) return 'used'; // whatever it is, it is not ours to overwrite
    throw error;
  }
}

function standing(db: Database.Database): 'used' | 'open' | null {
  const tables = rows(db, "select name from sqlite_master where type = 'table'").map((r) => String(r[0]));
  const own = tables.filter((t) => !t.startsWith('sqlite_') && !freshTables.includes(t));
  if (own.some((t) => rows(db, `select 1 from "${t}" limit 1`).length > 0)) return 'used';
  // Leaving the write-ahead log needs the file for oneself: a bot that runs on it stands in the way.
  try {
    return first(db, 'PRAGMA journal_mode=DELETE') === 'delete' ? null : 'open';
  } catch (error) {
    if (codeOf(error).startsWith('SQLITE_BUSY')) return 'open';
    throw error;
  }
}

/** What a bot that was only ever started has written. */
const freshTables = ['meta', 'seen', 'guard', '__drizzle_migrations'];

const keyIdsSql = sealedColumns
  .map((c) => `select substr(${c.value}, 4, 8) from ${c.table} where ${c.value} is not null`)
  .join(' union ');

function integrity(db: Database.Database): string[] {
  const found = rows(db, 'PRAGMA integrity_check(5)').map((r) => String(r[0]));
  return found.some((line) => line !== 'ok') ? ['文件已损坏，完整性检查没有通过'] : [];
}

function unknownMigration(db: Database.Database): string | null {
  const here = new Set(migrations.map((m) => m.hash));
  const newer = rows(db, 'select hash from __drizzle_migrations').some((r) => !here.has(String(r[0])));
  return newer ? '来自更新的版本，请先升级本程序' : null;
}

function using<T>(path: string, work: (db: Database.Database) => T): T {
  const db = new Database(path, { timeout: 0 });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

const rows = (db: Database.Database, sql: string) => db.prepare(sql).raw().all() as unknown[][];
function first(db: Database.Database, sql: string): string | null {
  const value = rows(db, sql)[0]?.[0];
  return value === null || value === undefined ? null : String(value);
}
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no database';
