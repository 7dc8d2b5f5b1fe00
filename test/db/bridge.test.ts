// Owns how the remote engine takes a bad line, and that the bridge behaves as the server it stands for.
import { createClient } from '@libsql/client/web';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CommitUnknown, type Engine, type Migration, type Statement, type Value } from '../../db/engine.ts';
import { openRemote } from '../../db/remote.ts';
import { type Bridge, type Fault, startBridge } from '../support/bridge.ts';

const TABLES: Migration = {
  tag: '0000_start',
  when: 1,
  hash: 'start',
  sql: ['CREATE TABLE guard (ok integer NOT NULL CHECK (ok = 1))', 'CREATE TABLE kept (id text PRIMARY KEY, v)'],
};
const s = (sql: string, ...args: Value[]): Statement => ({ sql, args });
const unit = [
  s("INSERT INTO guard SELECT count(*) = 0 FROM kept WHERE id = 'a'"),
  s('DELETE FROM guard'),
  s("INSERT INTO kept VALUES ('a', 1)"),
];

let bridge: Bridge;
let engine: Engine;
beforeEach(async () => {
  bridge = await startBridge({ token: 'secret', idleMs: 60 });
  engine = openRemote(bridge.url('main'), 'secret');
  await engine.migrate([TABLES]);
});
afterEach(async () => {
  await engine.close();
  await bridge.close();
});
const stored = async () => (await engine.read('SELECT count(*) FROM kept', []))[0]?.[0];

describe('a write whose answer is lost is CommitUnknown, and repeating the unit is safe', () => {
  const lost: [string, Fault, number][] = [
    ['connection lost before the work', { drop: 'before' }, 0],
    ['connection lost after the work', { drop: 'after' }, 1],
    ['503 before the work', { status: 503 }, 0],
    ['502 of a gateway after the work', { status: 502, applied: true }, 1],
  ];
  test.each(lost)('%s', async (_, fault, standing) => {
    bridge.fault(fault);
    await expect(engine.commit(unit)).rejects.toBeInstanceOf(CommitUnknown);
    expect(await stored()).toBe(standing);
    expect((await engine.commit(unit)).ok).toBe(standing === 0);
    expect(await stored()).toBe(1);
  });

  test('no answer in time', async () => {
    const hurried = openRemote(bridge.url('main'), 'secret', { answerWithinMs: 30 });
    bridge.latency(120);
    await expect(hurried.commit(unit)).rejects.toBeInstanceOf(CommitUnknown);
    await hurried.close();
  });

  test('nobody listens', async () => {
    const gone = await startBridge();
    const engineOfGone = openRemote(gone.url('main'), '');
    await gone.close();
    await expect(engineOfGone.commit(unit)).rejects.toBeInstanceOf(CommitUnknown);
  });
});

describe('a refused request is an ordinary error: nothing happened', () => {
  const refusal = async (refused: Engine): Promise<Error> =>
    refused.commit(unit).then(
      () => new Error('stood'),
      (e) => e,
    );

  test('a wrong token', async () => {
    const stranger = openRemote(bridge.url('main'), 'not-the-token');
    const error = await refusal(stranger);
    expect(error).not.toBeInstanceOf(CommitUnknown);
    expect(error.message).toContain('401');
    await expect(stranger.read('SELECT 1', [])).rejects.toThrow('401');
    expect(error.message).not.toContain('not-the-token');
  });

  test('an expired stream', async () => {
    bridge.fault({ expire: true });
    const error = await refusal(engine);
    expect(error).not.toBeInstanceOf(CommitUnknown);
    expect(error.message).toContain('expired');
    expect(await stored()).toBe(0);
  });

  test('a statement the server does not understand', async () => {
    await expect(engine.commit([s('INSERT INTO nowhere VALUES (1)')])).rejects.not.toBeInstanceOf(CommitUnknown);
  });
});

test('asked to slow down, the engine waits and writes once', async () => {
  bridge.fault({ status: 429 }, { status: 429 });
  const before = bridge.requests();
  expect(await engine.commit(unit)).toMatchObject({ ok: true });
  expect(bridge.requests() - before).toBe(3);
  expect(await stored()).toBe(1);
});

test('a database locked by another process is tried again until it is free', async () => {
  const other = new Database(bridge.file('main'), { timeout: 0 });
  other.exec('BEGIN IMMEDIATE');
  const before = bridge.requests();
  const commit = engine.commit(unit);
  while (bridge.requests() - before < 3) await new Promise((resolve) => setImmediate(resolve));
  other.exec('COMMIT');
  other.close();
  expect(await commit).toMatchObject({ ok: true });
  expect(await stored()).toBe(1);
});

test('a read survives one lost answer and reports the second', async () => {
  bridge.fault({ drop: 'before' });
  expect(await engine.read('SELECT 1', [])).toEqual([[1]]);
  bridge.fault({ status: 500 }, { status: 500 });
  await expect(engine.read('SELECT 1', [])).rejects.toThrow('500');
});

test('a unit is one request, a read is one request', async () => {
  const before = bridge.requests();
  await engine.commit(unit);
  await engine.read('SELECT 1', []);
  expect(bridge.requests() - before).toBe(2);
});

describe('the bridge', () => {
  const client = () => createClient({ url: bridge.url('main'), authToken: 'secret' });

  test('gives the write lock to one transaction after the other', async () => {
    const patient = await startBridge({ token: 'secret' }); // how long a stream may wait is another test's affair
    const url = patient.url('main');
    const kept = openRemote(url, 'secret');
    await kept.migrate([TABLES]);
    const each = async (i: number) => {
      const transaction = await createClient({ url, authToken: 'secret' }).transaction('write');
      const { rows } = await transaction.execute('SELECT count(*) AS n FROM kept');
      await transaction.execute({ sql: 'INSERT INTO kept VALUES (?, ?)', args: [`t${i}`, Number(rows[0]?.[0])] });
      await transaction.commit();
    };
    await Promise.all(Array.from({ length: 30 }, (_, i) => each(i)));
    const seen = await kept.read('SELECT v FROM kept ORDER BY v', []);
    expect(seen.map((row) => row[0])).toEqual(Array.from({ length: 30 }, (_, i) => i));
    await kept.close();
    await patient.close();
  });

  test('rolls back a stream left alone, frees its lock and forgets its baton', async () => {
    const transaction = await client().transaction('write');
    await transaction.execute("INSERT INTO kept VALUES ('left alone', 0)");
    expect(await engine.commit(unit)).toMatchObject({ ok: true }); // waits for the lock
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'STREAM_EXPIRED' });
    expect(await engine.read('SELECT id FROM kept', [])).toEqual([['a']]);
  });

  test('answers as the real server: base error codes, one statement a text, the right number of arguments', async () => {
    await engine.commit(unit);
    const failing = (sql: string) =>
      client()
        .execute(sql)
        .then(String, (error) => error.code as string);
    expect(await failing("INSERT INTO kept VALUES ('a', 2)")).toBe('SQLITE_CONSTRAINT');
    expect(await failing('SELECT 1; SELECT 2')).toBe('SQL_MANY_STATEMENTS');
    expect(await failing('SELECT ?')).toBe('ARGS_INVALID');
    expect(await failing('SELEC')).toBe('SQLITE_ERROR');
    const written = await client().execute("INSERT INTO kept VALUES ('b', 2), ('c', 3) RETURNING id");
    expect([written.rowsAffected, written.lastInsertRowid, written.rows.length]).toEqual([2, 3n, 2]);
    await client().executeMultiple("INSERT INTO kept VALUES ('d', 4); DELETE FROM kept WHERE id = 'b';");
    expect(await engine.read('SELECT id FROM kept ORDER BY id', [])).toEqual([['a'], ['c'], ['d']]);
  });
});
