// Owns what every engine must do, whatever stands behind it. Runs on Node and inside workerd: web standards only.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Engine, Migration, Outcome, Statement, Value } from '../../db/engine.ts';

/** Opens an engine on the database of that name; the same name is the same data, a new name is empty. */
type OpenEngine = (database: string) => Promise<Engine>;

const s = (sql: string, ...args: Value[]): Statement => ({ sql, args });
const must = (sql: string, ...args: Value[]): Statement => ({
  ...s(sql, ...args),
  must: 'INSERT INTO guard SELECT 0 WHERE changes() = 0',
});
const migration = (tag: string, when: number, ...sql: string[]): Migration => ({
  tag,
  when,
  hash: `hash of ${tag}`,
  sql,
});

const START = migration(
  '0000_start',
  1000,
  'CREATE TABLE guard (ok integer NOT NULL, CONSTRAINT guard_ok CHECK (ok = 1))',
  'CREATE TABLE screening (id text PRIMARY KEY NOT NULL, rev integer NOT NULL, state text)',
  'CREATE TABLE event (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, subject text NOT NULL)',
  'CREATE TABLE kept (id integer PRIMARY KEY, v, note text)',
  'CREATE TABLE village (code text PRIMARY KEY NOT NULL, n text NOT NULL)',
  'CREATE TABLE member (id integer PRIMARY KEY, village text NOT NULL REFERENCES village(code) ON DELETE CASCADE)',
);

/** The write unit of the house: guard, state, event. */
const submit = (id: string, rev: number): Statement[] => [
  s('INSERT INTO guard SELECT count(*) FROM screening WHERE id = ? AND rev = ?', id, rev),
  s('DELETE FROM guard'),
  s("UPDATE screening SET rev = rev + 1, state = 'clear' WHERE id = ?", id),
  s('INSERT INTO event (subject) VALUES (?)', id),
];

const rowsOf = (outcome: Outcome): readonly (readonly Value[][])[] => {
  if (!outcome.ok) throw new Error(`the unit failed at ${outcome.at}`);
  return outcome.rows;
};

export function engineConformance(name: string, open: OpenEngine): void {
  describe(name, () => {
    const at: Place = { engine: undefined as unknown as Engine, database: '', open };
    beforeEach(async () => {
      at.database = crypto.randomUUID();
      at.engine = await open(at.database);
      await at.engine.migrate([START]);
    });
    afterEach(() => at.engine.close());
    units(at);
    guards(at);
    values(at);
    migrations(at);
    rebuilds(at);
  });
}

interface Place {
  engine: Engine;
  database: string;
  readonly open: OpenEngine;
}

const count = async (at: Place, table: string): Promise<Value | undefined> =>
  (await at.engine.read(`SELECT count(*) FROM ${table}`, []))[0]?.[0];

function units(at: Place): void {
  test('a unit stands whole or not at all, and the failing statement is named', async () => {
    await at.engine.commit([s("INSERT INTO screening VALUES ('a', 0, null)")]);
    const outcome = await at.engine.commit([
      s("INSERT INTO event (subject) VALUES ('first')"),
      s("INSERT INTO screening VALUES ('b', 0, null)"),
      s("INSERT INTO screening VALUES ('a', 0, null)"),
      s("INSERT INTO event (subject) VALUES ('last')"),
    ]);
    expect(outcome).toEqual({ ok: false, at: 2 });
    expect(await count(at, 'event')).toBe(0);
    expect(await at.engine.read('SELECT id FROM screening', [])).toEqual([['a']]);
  });

  test('a unit with a wrong statement rejects, changes nothing and does not touch its neighbours', async () => {
    const results = await Promise.allSettled([
      at.engine.commit([s("INSERT INTO event (subject) VALUES ('before')")]),
      at.engine.commit([s("INSERT INTO event (subject) VALUES ('wrong')"), s('INSERT INTO nowhere VALUES (1)')]),
      at.engine.commit([s("INSERT INTO event (subject) VALUES ('after')")]),
    ]);
    expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await at.engine.read('SELECT subject FROM event ORDER BY subject', [])).toEqual([['after'], ['before']]);
  });

  test('too few arguments, too many, or two statements in one text are refused, never guessed', async () => {
    await expect(at.engine.commit([s('INSERT INTO kept (v, note) VALUES (?, ?)', 1)])).rejects.toThrow();
    await expect(at.engine.commit([s('INSERT INTO kept (v) VALUES (?)', 1, 2)])).rejects.toThrow();
    await expect(at.engine.read('SELECT ?', [])).rejects.toThrow();
    await expect(at.engine.commit([s('DELETE FROM kept; DELETE FROM event')])).rejects.toThrow();
    expect(await count(at, 'kept')).toBe(0);
  });

  test('every statement gives back its own rows', async () => {
    const outcome = await at.engine.commit([
      s("INSERT INTO event (subject) VALUES ('x'), ('y') RETURNING id, subject"),
      s("UPDATE event SET subject = 'z' WHERE subject = 'x'"),
      s('SELECT subject FROM event ORDER BY id'),
      s("DELETE FROM event WHERE subject = 'nobody' RETURNING id"),
    ]);
    const first = [
      [1, 'x'],
      [2, 'y'],
    ];
    expect(rowsOf(outcome)).toEqual([first, [], [['z'], ['y']], []]);
  });

  test('an update of the row a sub-select finds returns that row', async () => {
    await at.engine.commit([s("INSERT INTO screening VALUES ('a', 0, 'todo'), ('b', 0, 'todo')")]);
    const claim = s(
      "UPDATE screening SET state = ? WHERE id = (SELECT id FROM screening WHERE state = 'todo' ORDER BY id LIMIT 1) RETURNING id",
      'claimed',
    );
    const outcomes = await Promise.all([
      at.engine.commit([claim]),
      at.engine.commit([claim]),
      at.engine.commit([claim]),
    ]);
    const claimed = outcomes.flatMap((outcome) => rowsOf(outcome)[0]?.map((row) => row[0]));
    expect(claimed.toSorted()).toEqual(['a', 'b']);
  });

  test('a unique violation in a statement that returns rows costs only its own unit', async () => {
    const insert = (id: string) => at.engine.commit([s('INSERT INTO screening VALUES (?, 0, null) RETURNING id', id)]);
    const outcomes = await Promise.all([insert('a'), insert('a'), insert('b')]);
    expect(outcomes.map((o) => o.ok).filter((ok) => !ok)).toHaveLength(1);
    expect(await at.engine.read('SELECT id FROM screening ORDER BY id', [])).toEqual([['a'], ['b']]);
    expect(await at.engine.commit([s("INSERT INTO event (subject) VALUES ('still writing')")])).toMatchObject({
      ok: true,
    });
  });

  test('what was committed is read at once, also through another engine', async () => {
    const other = await at.open(at.database);
    for (let i = 1; i <= 5; i++) {
      await at.engine.commit([s('INSERT INTO event (subject) VALUES (?)', `e${i}`)]);
      expect(await count(at, 'event')).toBe(i);
      expect(await other.read('SELECT count(*) FROM event', [])).toEqual([[i]]);
    }
    await other.close();
  });

  test('units one after the other keep their order', async () => {
    for (let i = 0; i < 10; i++) await at.engine.commit([s('INSERT INTO event (subject) VALUES (?)', String(i))]);
    const rows = await at.engine.read('SELECT subject FROM event ORDER BY id', []);
    expect(rows.map((row) => row[0]).join('')).toBe('0123456789');
  });

  test('300 units at once all stand, each once', async () => {
    const unit = (i: number) => at.engine.commit([s('INSERT INTO kept (id, v) VALUES (?, ?)', i, i), s('SELECT ?', i)]);
    const outcomes = await Promise.all(Array.from({ length: 300 }, (_, i) => unit(i)));
    expect(outcomes.map((outcome) => rowsOf(outcome)[1]?.[0]?.[0])).toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect(await at.engine.commit([]), 'nothing to do').toEqual({ ok: true, rows: [] });
    expect(await at.engine.read('SELECT count(*), count(DISTINCT id) FROM kept', [])).toEqual([[300, 300]]);
  });
}

function guards(at: Place): void {
  test('a guard that does not find its rev undoes its unit while the neighbours stand', async () => {
    await at.engine.commit([s("INSERT INTO screening VALUES ('a', 0, null), ('b', 7, null), ('c', 0, null)")]);
    const outcomes = await Promise.all([
      at.engine.commit(submit('a', 0)),
      at.engine.commit(submit('b', 6)),
      at.engine.commit(submit('c', 0)),
      at.engine.commit(submit('nobody', 0)),
    ]);
    expect(outcomes.map((o) => (o.ok ? 'stands' : o.at))).toEqual(['stands', 0, 'stands', 0]);
    expect(await at.engine.read('SELECT subject FROM event ORDER BY subject', [])).toEqual([['a'], ['c']]);
    expect(await at.engine.read('SELECT rev FROM screening ORDER BY id', [])).toEqual([[1], [7], [1]]);
    expect(await count(at, 'guard')).toBe(0);
  });

  test('a statement that had to change a row and found none undoes its unit, and is named', async () => {
    await at.engine.commit([s("INSERT INTO screening VALUES ('a', 0, null), ('b', 7, null)")]);
    const checked = (id: string, rev: number): Statement[] => [
      s('INSERT INTO event (subject) VALUES (?)', id),
      must('UPDATE screening SET rev = rev + 1, state = (SELECT max(id) FROM event) WHERE id = ? AND rev = ?', id, rev),
      s('SELECT rev FROM screening WHERE id = ?', id),
      must('UPDATE screening SET rev = rev + 1 WHERE id = ? AND rev < 8', id),
    ];
    const outcomes = await Promise.all([
      at.engine.commit(checked('a', 0)),
      at.engine.commit(checked('b', 6)),
      at.engine.commit(checked('b', 7)),
      at.engine.commit(checked('nobody', 0)),
    ]);
    expect(outcomes).toEqual([
      { ok: true, rows: [[], [], [[1]], []] },
      { ok: false, at: 1 },
      { ok: false, at: 3 },
      { ok: false, at: 1 },
    ]);
    expect(await at.engine.read('SELECT rev FROM screening ORDER BY id', [])).toEqual([[2], [7]]);
    expect(await at.engine.read('SELECT subject FROM event', [])).toEqual([['a']]);
    expect(await count(at, 'guard')).toBe(0);
  });

  test('the same rev submitted twenty times at once stands once', async () => {
    await at.engine.commit([s("INSERT INTO screening VALUES ('a', 3, null)")]);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => at.engine.commit(submit('a', 3))));
    expect(outcomes.filter((o) => o.ok)).toHaveLength(1);
    expect(outcomes.filter((o) => !o.ok)).toEqual(Array.from({ length: 19 }, () => ({ ok: false, at: 0 })));
    expect(await at.engine.read('SELECT rev FROM screening', [])).toEqual([[4]]);
    expect(await count(at, 'event')).toBe(1);
  });
}

function values(at: Place): void {
  const through = async (value: Value): Promise<Value[] | undefined> => {
    await at.engine.commit([
      s('INSERT INTO kept (id, v) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET v = excluded.v', value),
    ]);
    return (await at.engine.read('SELECT v, typeof(v) FROM kept WHERE id = 1', []))[0];
  };

  test('integers stay integers in typeless columns, in JSON and in text', async () => {
    expect(await through(5)).toEqual([5, 'integer']);
    expect(await through(-9_007_199_254_740_991)).toEqual([-9_007_199_254_740_991, 'integer']);
    expect(await through(1_795_454_543_317)).toEqual([1_795_454_543_317, 'integer']);
    expect(await through(0.5)).toEqual([0.5, 'real']);
    expect(await at.engine.read("SELECT json_object('n', ?), ? || '', json_array(?)", [5, 5, 0])).toEqual([
      ['{"n":5}', '5', '[0]'],
    ]);
  });

  test('null, empty text, blobs and every kind of character come back as they went', async () => {
    const text = '户主：谢某例，大塅村 “①” 塝 𠮷 👩‍👩‍👧 \n尾';
    expect(await through(null)).toEqual([null, 'null']);
    expect(await through('')).toEqual(['', 'text']);
    expect(await at.engine.read('SELECT ?, length(?)', ['回头看😀', '回头看😀'])).toEqual([['回头看😀', 4]]);
    expect(await through(text)).toEqual([text, 'text']);
    const bytes = new Uint8Array([0, 255, 1, 254, 10]);
    expect(await through(bytes)).toStrictEqual([bytes, 'blob']);
    expect(await through(new Uint8Array(0))).toStrictEqual([new Uint8Array(0), 'blob']);
    expect(await through(bytes.subarray(1, 3))).toStrictEqual([new Uint8Array([255, 1]), 'blob']);
  });

  test('a number that is none is refused', async () => {
    await expect(at.engine.read('SELECT ?', [Number.NaN])).rejects.toThrow(RangeError);
    await expect(at.engine.commit([s('SELECT ?', Number.POSITIVE_INFINITY)])).rejects.toThrow(RangeError);
  });
}

function migrations(at: Place): void {
  const later = migration('0002_later', 3000, 'ALTER TABLE village ADD COLUMN later text');
  const between = migration('0001_between', 2000, 'ALTER TABLE village ADD COLUMN between_ text');

  test('migrations run once, in order, and say which', async () => {
    expect(await at.engine.pending([START, between, later])).toEqual(['0001_between', '0002_later']);
    expect(await at.engine.migrate([START, between, later])).toEqual(['0001_between', '0002_later']);
    expect(await at.engine.migrate([START, between, later])).toEqual([]);
    expect(await at.engine.pending([START, between, later])).toEqual([]);
  });

  test('a migration merged late runs although a younger one has run', async () => {
    await at.engine.migrate([START, later]);
    expect(await at.engine.migrate([START, between, later])).toEqual(['0001_between']);
    expect(await at.engine.read('SELECT later, between_ FROM village', [])).toEqual([]);
  });

  test('a migration edited after it ran is refused, by name, and nothing runs', async () => {
    const edited = { ...START, hash: 'another' };
    await expect(at.engine.migrate([edited, later])).rejects.toThrow('0000_start');
    await expect(at.engine.pending([edited, later])).rejects.toThrow('0000_start');
    expect(await at.engine.pending([START, later])).toEqual(['0002_later']);
  });

  test('a migration that fails half-way leaves nothing behind and may run again when mended', async () => {
    const broken = migration('0001_broken', 2000, 'CREATE TABLE half (id text)', 'INSERT INTO nowhere VALUES (1)');
    await expect(at.engine.migrate([START, broken])).rejects.toThrow();
    expect(await at.engine.read("SELECT count(*) FROM sqlite_master WHERE name = 'half'", [])).toEqual([[0]]);
    const mended = migration('0001_broken', 2000, 'CREATE TABLE half (id text)');
    expect(await at.engine.migrate([START, mended])).toEqual(['0001_broken']);
  });

  test('of several migrators at once each migration is applied by exactly one', async () => {
    const database = crypto.randomUUID();
    const engines = await Promise.all([1, 2, 3, 4].map(() => at.open(database)));
    const applied = await Promise.all(engines.map((engine) => engine.migrate([START, between, later])));
    expect(applied.flat().toSorted()).toEqual(['0000_start', '0001_between', '0002_later']);
    expect(await engines[0]?.read('SELECT count(*) FROM __drizzle_migrations', [])).toEqual([[3]]);
    await Promise.all(engines.map((engine) => engine.close()));
  });

  test('asking what is pending on an empty database changes nothing', async () => {
    const engine = await at.open(crypto.randomUUID());
    expect(await engine.pending([START])).toEqual(['0000_start']);
    expect(await engine.read('SELECT count(*) FROM sqlite_master', [])).toEqual([[0]]);
    await engine.close();
  });
}

function rebuilds(at: Place): void {
  test('rebuilding a table keeps the rows that refer to it, and foreign keys hold again afterwards', async () => {
    await at.engine.commit([
      s("INSERT INTO village VALUES ('v1', '12')"),
      s("INSERT INTO member VALUES (1, 'v1'), (2, 'v1')"),
    ]);
    // What drizzle-kit writes for a changed column type.
    const rebuild = migration(
      '0001_rebuild',
      2000,
      'PRAGMA foreign_keys=OFF;',
      'CREATE TABLE `__new_village` (`code` text PRIMARY KEY NOT NULL, `n` integer NOT NULL);',
      'INSERT INTO `__new_village`("code", "n") SELECT "code", "n" FROM `village`;',
      'DROP TABLE `village`;',
      'ALTER TABLE `__new_village` RENAME TO `village`;',
      'PRAGMA foreign_keys=ON;',
    );
    expect(await at.engine.migrate([START, rebuild])).toEqual(['0001_rebuild']);
    expect(await at.engine.read('SELECT code, n FROM village', [])).toEqual([['v1', 12]]);
    expect(await at.engine.read('SELECT id, village FROM member ORDER BY id', [])).toEqual([
      [1, 'v1'],
      [2, 'v1'],
    ]);
    expect(await at.engine.commit([s("INSERT INTO member VALUES (3, 'nowhere')")])).toEqual({ ok: false, at: 0 });
    await at.engine.commit([s("DELETE FROM village WHERE code = 'v1'")]);
    expect(await count(at, 'member')).toBe(0);
  });
}
