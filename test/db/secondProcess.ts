// Owns the other processes of the engine proofs, started by node as `secondProcess.mjs WHAT FILE`: `hammer` takes the
// write lock again and again until its input ends; `writer` commits units and prints each one that was acknowledged;
// `importer` commits large units without a pause.
import Database from 'libsql';
import type { Engine, Statement } from '../../db/engine.ts';
import { openLocal } from '../../db/local.ts';

const [, , what, file = '', start = '0'] = process.argv;
const say = (line: string) => process.stdout.write(`${line}\n`);
const rest = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

async function hammer(): Promise<void> {
  const db = new Database(file, { timeout: 0 });
  let stop = false;
  process.stdin.on('end', () => {
    stop = true;
  });
  process.stdin.resume();
  for (let taken = 0; ; await new Promise((resolve) => setImmediate(resolve))) {
    if (stop) return void say(`taken ${taken}`);
    try {
      db.exec('BEGIN IMMEDIATE');
    } catch {
      continue;
    }
    db.exec("INSERT INTO kept (v) VALUES ('hammer')");
    rest(1 + Math.random() * 12);
    db.exec('COMMIT');
    if (taken++ === 0) say('started');
    rest(Math.random() * 3);
  }
}

/** A unit leaves two rows, so that half a unit would show; the padding makes the log grow. */
const pair = (id: number): Statement[] => [
  { sql: 'INSERT INTO kept (v) VALUES (?)', args: [id] },
  { sql: 'INSERT INTO twin (v, pad) VALUES (?, ?)', args: [id, '排'.repeat(300)] },
];

async function writer(): Promise<void> {
  const engine = await openLocal(file);
  let next = Number(start);
  const one = async (): Promise<void> => {
    for (;;) await reported(engine, next++);
  };
  await Promise.race(Array.from({ length: 32 }, one));
}

async function importer(): Promise<void> {
  const engine = await openLocal(file);
  const step = Array.from({ length: 2_000 }, () => ({ sql: 'INSERT INTO kept (v) VALUES (?)', args: ['imported'] }));
  for (let steps = 1; ; steps++) {
    await engine.commit(step);
    if (steps === 3) say('under way');
  }
}

async function reported(engine: Engine, id: number): Promise<void> {
  try {
    const { ok } = await engine.commit(pair(id));
    if (ok) say(`ack ${id}`);
  } catch (error) {
    say(`${error instanceof Error ? error.name : 'unknown'} ${id}`);
    if (failures++ > 100) process.exit(0);
  }
}
let failures = 0;

const work = { hammer, writer, importer }[what ?? ''];
await work?.();
