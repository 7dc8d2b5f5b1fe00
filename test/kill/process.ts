// Owns the processes that are killed or in the way, started by node as `process.mjs WHAT FILE`: `bot` serves the file until
// it dies and says its address; `line` hears the platform over a long connection until it dies the moment an event is
// stored, before its ack; `hammer` takes the file's write lock again and again until its input ends.
import Database from 'libsql';
import type { Engine } from '../../db/engine.ts';
import { openLocal } from '../../db/local.ts';
import { startBot } from '../../src/nodeServer.ts';
import { app, now, silent } from './county.ts';

const [, , what, file = '', platform = ''] = process.argv;
const say = (line: string) => process.stdout.write(`${line}\n`);
const hold = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

async function bot(): Promise<void> {
  const settings = { engine: await openLocal(file), clock: { now: () => now }, log: silent, rehearsal: false };
  // Nothing is due in this county, so nobody is called at this address.
  const running = await startBot({ ...settings, app, baseUrl: 'http://127.0.0.1:9' }, '127.0.0.1', 0);
  say(running.url);
}

async function line(): Promise<void> {
  const real = await openLocal(file);
  const commit: Engine['commit'] = async (unit) => {
    const outcome = await real.commit(unit);
    if (unit.some(({ sql }) => sql.startsWith('insert into inbox'))) process.kill(process.pid, 'SIGKILL');
    return outcome;
  };
  const engine: Engine = {
    commit,
    read: (sql, args) => real.read(sql, args),
    version: (tables) => real.version(tables),
    migrate: (migrations) => real.migrate(migrations),
    pending: (migrations) => real.pending(migrations),
    close: () => real.close(),
  };
  const settings = {
    engine,
    clock: { now: () => now },
    log: silent,
    rehearsal: false,
    transport: 'websocket' as const,
  };
  const running = await startBot({ ...settings, app, baseUrl: platform }, '127.0.0.1', 0);
  await running.connection?.opened();
  say('connected');
}

async function hammer(): Promise<void> {
  const db = new Database(file, { timeout: 0 });
  let stop = false;
  process.stdin.on('end', () => {
    stop = true;
  });
  process.stdin.resume();
  for (let taken = 0; ; await new Promise((resolve) => setImmediate(resolve))) {
    if (stop) return void say(String(taken));
    try {
      db.exec('BEGIN IMMEDIATE');
    } catch {
      continue;
    }
    db.exec("INSERT INTO meta VALUES ('hammer', '1') ON CONFLICT (key) DO UPDATE SET value = value + 1");
    hold(taken % 50 === 49 ? 400 : 1 + Math.random() * 15); // now and then as long as a large import step
    db.exec('COMMIT');
    if (taken++ === 0) say('started');
    hold(Math.random() * 3);
  }
}

const work: Readonly<Record<string, () => Promise<void>>> = { bot, line, hammer };
await work[what ?? '']?.();
