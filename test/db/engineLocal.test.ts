// Owns what only the embedded engine promises: living beside another process, dying at any moment, a full disk.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import Database from 'libsql';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Engine, Migration, Statement, Value } from '../../db/engine.ts';
import { openLocal } from '../../db/local.ts';
import type { Log } from '../../src/ports.ts';

const TABLES: Migration = {
  tag: '0000_start',
  when: 1,
  hash: 'start',
  sql: [
    'CREATE TABLE kept (id integer PRIMARY KEY, v)',
    'CREATE TABLE twin (id integer PRIMARY KEY, v unique, pad text)',
  ],
};
const s = (sql: string, ...args: Value[]): Statement => ({ sql, args });
const put = (v: Value): Statement => s('INSERT INTO kept (v) VALUES (?)', v);

const folder = mkdtempSync(join(tmpdir(), 'engine-local-'));
// Beside the packages, so that the script finds libsql.
const script = fileURLToPath(new URL(`../../node_modules/.cache/second-process-${process.pid}.mjs`, import.meta.url));
beforeAll(async () => {
  const entryPoints = [fileURLToPath(new URL('./secondProcess.ts', import.meta.url))];
  await build({ entryPoints, outfile: script, bundle: true, packages: 'external', platform: 'node', format: 'esm' });
});
afterAll(() => {
  rmSync(script, { force: true });
  rmSync(folder, { recursive: true, force: true });
});

const quiet = () => undefined;
const silent: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
let files = 0;
interface Opened {
  readonly engine: Engine;
  readonly file: string;
  /** One entry for every wait for the lock that ended well. */
  readonly waits: Record<string, unknown>[];
  /** Resolves when the engine next finds the lock taken. */
  readonly refused: () => Promise<unknown>;
}
async function opened(options: { busyMs?: number } = {}): Promise<Opened> {
  const file = join(folder, `${++files}.db`);
  const waits: Record<string, unknown>[] = [];
  const busy = new EventEmitter();
  const heard: Partial<Log> = {
    debug: () => busy.emit('refused'),
    warn: (_, fields = {}) => void waits.push(fields),
  };
  const log: Log = { ...silent, ...heard };
  const engine = await openLocal(file, { log, ...options });
  await engine.migrate([TABLES]);
  return { engine, file, waits, refused: () => once(busy, 'refused') };
}

/** What a fresh connection finds in the file. */
function onDisk(file: string, sql: string): Value[][] {
  const db = new Database(file);
  try {
    return db.prepare(sql).raw().all() as Value[][];
  } finally {
    db.close();
  }
}

function run(what: 'hammer' | 'writer' | 'importer', file: string, start = 0): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [script, what, file, String(start)]);
  children.push(child);
  return child;
}
const children: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL'); // also after a failed test
});
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('a writer that met a lock stores what it acknowledges and leaves the lock free', async () => {
  const { engine, file, waits, refused } = await opened();
  const other = new Database(file, { timeout: 0 });
  for (let round = 1; round <= 10; round++) {
    other.exec('BEGIN IMMEDIATE');
    const met = refused();
    const commits = [engine.commit([put(round)]), engine.commit([put(-round)])];
    await met;
    other.exec('COMMIT');
    expect((await Promise.all(commits)).map((o) => o.ok)).toEqual([true, true]);
    expect(waits).toHaveLength(round);
    other.exec('BEGIN IMMEDIATE');
    expect(other.prepare('SELECT count(*) FROM kept').raw().all()).toEqual([[round * 2]]);
    other.exec('COMMIT');
  }
  other.close();
  await engine.close();
});

test('a lock held longer than our patience rejects the units, stores none of them, and the next one works', async () => {
  const { engine, file } = await opened({ busyMs: 40 });
  const other = new Database(file, { timeout: 0 });
  other.exec('BEGIN IMMEDIATE');
  const results = await Promise.allSettled([1, 2, 3].map((v) => engine.commit([put(v)])));
  expect(results.map((r) => r.status)).toEqual(['rejected', 'rejected', 'rejected']);
  other.exec('COMMIT');
  expect(await engine.commit([put(4)])).toMatchObject({ ok: true });
  expect(onDisk(file, 'SELECT v FROM kept')).toEqual([[4]]);
  other.close();
  await engine.close();
});

test('reading goes on while another process writes', async () => {
  const { engine, file } = await opened();
  const other = new Database(file, { timeout: 0 });
  await engine.commit([put(1)]);
  other.exec('BEGIN IMMEDIATE; INSERT INTO kept (v) VALUES (2)');
  expect(await engine.read('SELECT v FROM kept', [])).toEqual([[1]]);
  other.exec('COMMIT');
  expect(await engine.read('SELECT count(*) FROM kept', [])).toEqual([[2]]);
  other.close();
  await engine.close();
});

test('units that keep coming share their commits, and none waits for all of them', async () => {
  const { engine, file } = await opened();
  const groups = new Map<number, number>(); // how many had come when it was stored → its units
  let come = 0;
  const stored: Promise<unknown>[] = [];
  while (come < 400) {
    stored.push(engine.commit([put(come++)]).then(() => groups.set(come, (groups.get(come) ?? 0) + 1)));
    await turn(); // a group's units are all told before the loop's next turn
  }
  await Promise.all(stored);
  const [first = 400] = groups.keys();
  expect(first, 'come when the first was stored').toBeLessThan(400);
  expect(groups.size, 'groups').toBeGreaterThan(1);
  expect(groups.size, 'groups').toBeLessThan(60);
  expect(onDisk(file, 'SELECT count(*) FROM kept')).toEqual([[400]]);
  await engine.close();
});

test('a read cannot write', async () => {
  const { engine } = await opened();
  await engine.commit([put(1)]);
  for (const write of [
    'DELETE FROM kept RETURNING id',
    'insert into kept (v) values (2)',
    'with n as (select 3) insert into kept (v) select * from n returning id',
    'REPLACE INTO kept (id, v) values (1, 2)',
    'update kept set v = 2',
    'drop table kept',
    'PRAGMA user_version = 7',
    'vacuum',
  ])
    await expect(engine.read(write, []), write).rejects.toThrow();
  expect(await engine.read('PRAGMA user_version', [])).toEqual([[0]]);
  expect(await engine.read('SELECT count(*) FROM kept', [])).toEqual([[1]]);
  await engine.close();
});

test('a table has another version after a write of ours to it, and all have after a write of another process', async () => {
  const { engine, file } = await opened();
  const before = { kept: engine.version(['kept']), twin: engine.version(['twin']) };
  await engine.commit([put('ours')]);
  expect(engine.version(['kept'])).not.toBe(before.kept);
  expect(engine.version(['twin'])).toBe(before.twin);
  expect(engine.version(['twin', 'kept'])).not.toBe(before.twin);
  const after = { kept: engine.version(['kept']), twin: engine.version(['twin']) };
  const other = new Database(file);
  other.exec("insert into kept (v) values ('theirs')");
  other.close();
  await expect.poll(() => engine.version(['kept'])).not.toBe(after.kept);
  expect(engine.version(['twin'])).not.toBe(after.twin); // whose table it was cannot be told
  expect(engine.version(['twin'])).toBe(engine.version(['twin']));
});

test('opening waits for a process that has the file to itself', async () => {
  const file = join(folder, 'taken.db');
  const other = new Database(file, { timeout: 0 });
  other.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN IMMEDIATE; CREATE TABLE kept (id integer PRIMARY KEY, v); COMMIT');
  const busy = new EventEmitter();
  const met = once(busy, 'refused');
  const opening = openLocal(file, { log: { ...silent, debug: () => busy.emit('refused') } });
  await met;
  other.close();
  const engine = await opening;
  expect(await engine.commit([put(1)])).toMatchObject({ ok: true });
  expect(await engine.read('SELECT v FROM kept', [])).toEqual([[1]]);
  await engine.close();
});

test('a unit that takes the transaction down with it does not take its neighbours', async () => {
  const { engine, file } = await opened();
  const twin = (word: string) => s(`INSERT ${word} INTO twin (v) VALUES (1)`);
  const results = await Promise.allSettled([
    engine.commit([put('a'), twin('')]),
    engine.commit([put('rolled back by itself'), twin('OR ROLLBACK')]),
    engine.commit([put('b')]),
    engine.commit([put('overflow'), s('SELECT 1 UNION ALL SELECT abs(-9223372036854775807 - 1)')]),
    engine.commit([put('c')]),
  ]);
  expect(results.map((r) => (r.status === 'rejected' ? 'rejected' : r.value.ok || r.value.at))).toEqual([
    true,
    1,
    true,
    'rejected',
    true,
  ]);
  expect(onDisk(file, 'SELECT v FROM kept ORDER BY id')).toEqual([['a'], ['b'], ['c']]);
  await engine.close();
});

test('close() finishes what was accepted into the one file and refuses what comes after', async () => {
  const { engine, file } = await opened();
  const commits = Array.from({ length: 600 }, (_, i) => engine.commit([put(i)]));
  await engine.close();
  expect((await Promise.all(commits)).every((o) => o.ok)).toBe(true);
  copyFileSync(file, `${file}.copy`); // what an operator does after stopping the bot
  expect(onDisk(`${file}.copy`, 'SELECT count(*) FROM kept')).toEqual([[600]]);
  await expect(engine.commit([put(0)])).rejects.toThrow('closed');
  await expect(engine.read('SELECT 1', [])).rejects.toThrow('closed');
});

test('beside a process that keeps taking the write lock, units are stored exactly once and the loop stays free', async () => {
  const { engine, file, waits } = await opened();
  const other = run('hammer', file);
  const lines = createInterface({ input: other.stdout });
  await once(lines, 'line');
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  let units = 0;
  for (; units < 1_500 || waits.length < 10; units += 50) {
    const ids = Array.from({ length: 50 }, (_, i) => units + i);
    const outcomes = await Promise.all(
      ids.map((id) => engine.commit([put(id), s('INSERT INTO twin (v) VALUES (?)', id)])),
    );
    expect(outcomes.every((o) => o.ok)).toBe(true);
  }
  lag.disable();
  other.stdin.end();
  const [last] = (await once(lines, 'line')) as [string];
  await engine.close();
  expect(onDisk(file, "SELECT count(*), count(DISTINCT v) FROM kept WHERE v <> 'hammer'")).toEqual([[units, units]]);
  expect(onDisk(file, 'SELECT count(*) FROM twin')).toEqual([[units]]);
  expect(onDisk(file, "SELECT count(*) FROM kept WHERE v = 'hammer'")).toEqual([[Number(last.split(' ')[1])]]);
  expect(lag.max / 1e6, 'longest stall of the event loop in ms').toBeLessThan(1_000);
});

test('a sibling that imports without a pause leaves us our turn', async () => {
  const { engine, file, waits } = await opened();
  const sibling = run('importer', file);
  await once(createInterface({ input: sibling.stdout }), 'line');
  let longest = 0;
  let units = 0;
  for (; units < 60 || waits.length < 10; units++) {
    const [before] = await engine.read('SELECT max(id) FROM kept', []);
    for (let now = before; now?.[0] === before?.[0]; [now] = await engine.read('SELECT max(id) FROM kept', []))
      await turn();
    await turn(); // its step is stored, and by now it is at the next
    const from = performance.now();
    expect(await engine.commit([put(units)])).toMatchObject({ ok: true });
    longest = Math.max(longest, performance.now() - from);
  }
  sibling.kill('SIGKILL');
  await once(sibling, 'close');
  await engine.close();
  expect(onDisk(file, "SELECT count(*) FROM kept WHERE v <> 'imported'")).toEqual([[units]]);
  expect(longest, 'longest wait of one unit in ms').toBeLessThan(2_000);
});

test('killed twenty times at a random moment, every acknowledged unit is on disk once and none is there by half', async () => {
  const { engine, file } = await opened();
  await engine.close();
  const acknowledged: number[] = [];
  for (let round = 0; round < 20; round++) {
    const child = run('writer', file, round * 1_000_000);
    const enough = Math.floor(Math.random() * 600);
    let seen = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('ack ')) acknowledged.push(Number(line.slice(4)));
      if (seen++ === enough) child.kill('SIGKILL');
    }
  }
  const stored = onDisk(file, 'SELECT v, count(*) FROM kept GROUP BY v');
  expect(stored.filter(([, n]) => n !== 1)).toEqual([]);
  const there = new Set(stored.map(([v]) => v));
  expect(acknowledged.length).toBeGreaterThan(1_000);
  expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
  expect(onDisk(file, 'SELECT count(*) FROM kept WHERE v NOT IN (SELECT v FROM twin)')).toEqual([[0]]);
  expect(onDisk(file, 'SELECT count(*) FROM twin')).toEqual([[stored.length]]);
});

test('on a full disk nothing is acknowledged that is not stored, and what was acknowledged stays', async () => {
  const { engine, file } = await opened();
  await engine.close();
  // A process whose files may not grow: the write fails at the commit, as on a full disk.
  const child = spawn('sh', ['-c', 'ulimit -f 1200; exec "$0" "$@"', process.execPath, script, 'writer', file]);
  const told = new Map<string, number[]>();
  for await (const line of createInterface({ input: child.stdout })) {
    const [word = '', id] = line.split(' ');
    told.set(word, [...(told.get(word) ?? []), Number(id)]);
  }
  const there = new Set(onDisk(file, 'SELECT v FROM kept').map(([v]) => v));
  const acknowledged = told.get('ack') ?? [];
  expect(acknowledged.length).toBeGreaterThan(50);
  expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
  expect([...told.keys()].filter((word) => word !== 'ack').length, 'the disk was never full').toBeGreaterThan(0);
  const refused = [...told].filter(([word]) => word !== 'ack' && word !== 'CommitUnknown').flatMap(([, ids]) => ids);
  expect(refused.filter((id) => there.has(id))).toEqual([]);
});
