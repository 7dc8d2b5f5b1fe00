// Owns that the committed migrations are what the folder holds, apply to an empty database, and get on with drizzle's own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { migrate } from 'drizzle-orm/libsql/migrator';
import { afterAll, expect, test } from 'vitest';
import { openLocal } from '../../db/local.ts';
import { migrations } from '../../db/migrations.gen.ts';
import { sqlShape } from '../../db/sqlShape.ts';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const byDrizzle = async (file: string) => {
  const client = createClient({ url: `file:${file}` });
  await migrate(drizzle(client), { migrationsFolder: at('db/migrations') });
  client.close();
};
const tags = migrations.map((migration) => migration.tag);

test('migrations.gen.ts is what the generator makes of the folder now', () => {
  expect(() => execFileSync(process.execPath, [at('db/generateMigrations.mjs'), '--check'])).not.toThrow();
});

test('every entry of a migration is exactly one statement without parameters', () => {
  const shapes = migrations.flatMap((migration) => migration.sql.map(sqlShape));
  expect(shapes.length).toBeGreaterThan(0);
  expect(shapes.filter((shape) => shape.statements !== 1 || shape.parameters !== 0)).toEqual([]);
});

test('a database drizzle migrated is up to date for us', async () => {
  const file = join(folder, 'drizzle-first.db');
  await byDrizzle(file);
  const engine = await openLocal(file);
  expect(await engine.pending(migrations)).toEqual([]);
  expect(await engine.migrate(migrations)).toEqual([]);
  await engine.close();
});

test('a database we migrated is up to date for drizzle', async () => {
  const file = join(folder, 'we-first.db');
  const engine = await openLocal(file);
  expect(await engine.migrate(migrations)).toEqual(tags);
  await byDrizzle(file); // would fail on the first CREATE TABLE
  expect(await engine.read('SELECT count(*) FROM __drizzle_migrations', [])).toEqual([[tags.length]]);
  await engine.close();
});

test.each([
  ['SELECT 1', 1, 0],
  ['SELECT 1;', 1, 0],
  ['SELECT 1; SELECT 2', 2, 0],
  ['SELECT \'?;\', "a;?", `b?;`, [c;?] -- ? ;\n, ? /* ? ; */', 1, 1],
  ["SELECT 'it''s ?', ?, ?", 1, 2],
  ['SELECT ?2, ?1, ?2', 1, 2],
  ['SELECT :a, @b, $c, :a', 1, 3],
  ['CREATE TRIGGER t AFTER INSERT ON x BEGIN DELETE FROM y; DELETE FROM z; END', 1, 0],
  [' -- nothing\n', 0, 0],
])('%s holds so many statements and parameters', (sql, statements, parameters) => {
  expect(sqlShape(sql)).toEqual({ statements, parameters });
});
