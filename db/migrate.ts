// Owns applying migrations, one runner for both engines. Its table is drizzle's own, so that either may have run before.
import type { Migration, Outcome, Statement, Value } from './engine.ts';

type Read = (sql: string, args: readonly Value[]) => Promise<Value[][]>;
/** What an engine lends the runner. `rebuild` is commit with foreign keys off: dropping a table must not delete its children. */
export interface MigrationDoor {
  readonly read: Read;
  readonly rebuild: (unit: readonly Statement[]) => Promise<Outcome>;
}

const statement = (sql: string, args: readonly Value[] = []): Statement => ({ sql, args });

const TABLE = statement(
  'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)',
);
// Makes the first statement of a migration a claim: of two migrators at once, one breaks this index and changes nothing.
const ONCE = statement(
  'CREATE UNIQUE INDEX IF NOT EXISTS __drizzle_migrations_once ON __drizzle_migrations (created_at)',
);
const HAS_TABLE = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '__drizzle_migrations'";
const APPLIED = 'SELECT created_at, hash FROM __drizzle_migrations';
const CLAIM = 'INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)';

/** Applies what is missing, oldest first, each migration in its own transaction. Returns the tags it applied itself. */
export async function migrate(door: MigrationDoor, migrations: readonly Migration[]): Promise<string[]> {
  const mine: string[] = [];
  if ((await missing(door.read, migrations)).length === 0) return mine;
  await door.rebuild([TABLE, ONCE]);
  let lost: string | null = null;
  for (;;) {
    const [next] = await missing(door.read, migrations);
    if (next === undefined) return mine;
    const outcome = await door.rebuild([
      statement(CLAIM, [next.hash, next.when]),
      ...next.sql.map((sql) => statement(sql)),
    ]);
    if (outcome.ok) mine.push(next.tag);
    else if (outcome.at > 0 || lost === next.tag) {
      throw new Error(`数据库升级 ${next.tag} 没有完成：第 ${outcome.at} 条语句与已有数据不符。数据没有改动。`);
    } else lost = next.tag; // another migrator was first; look again
  }
}

/** Tags `migrate` would apply. Reads only. */
export async function pending(read: Read, migrations: readonly Migration[]): Promise<string[]> {
  return (await missing(read, migrations)).map((migration) => migration.tag);
}

/** Compared one by one, not with the newest applied: a migration merged late is older than its neighbours, yet missing. */
async function missing(read: Read, migrations: readonly Migration[]): Promise<Migration[]> {
  const [exists] = await read(HAS_TABLE, []);
  const applied = new Map<number, Value>();
  if (Number(exists?.[0]) > 0) {
    for (const [when, hash] of await read(APPLIED, [])) applied.set(Number(when), hash ?? null);
  }
  for (const { when, hash, tag } of migrations) {
    if (applied.has(when) && applied.get(when) !== hash) {
      throw new Error(`数据库升级文件 ${tag} 在执行之后被改过。请恢复原文件，另写一个新的升级文件。`);
    }
  }
  return migrations.filter(({ when }) => !applied.has(when)).sort((a, b) => a.when - b.when);
}
