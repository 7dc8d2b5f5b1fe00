// Owns the bots of a run: one or several in this process, or one as a process of its own that can be killed at any moment.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openLocal } from '../../db/local.ts';
import type { VirtualClock } from '../../simulator/clock.ts';
import { startBot } from '../../src/nodeServer.ts';
import type { Log } from '../../src/ports.ts';
import type { Order, ProofStart, Said } from './botProcess.ts';

export interface Bots {
  /** Everybody does it at the instant the clock shows. */
  do(what: Order['do']): Promise<void>;
  /** What was logged as an error. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}
export interface Killable extends Bots {
  /** Ends it like a power cut; the next order starts another one. */
  kill(): void;
  readonly killed: number;
}

export const app = {
  id: 'cli_50a450a450a450a5',
  secret: 'secret-of-the-proof',
  encryptKey: 'encrypt-key-of-the-proof',
  verificationToken: 'verification-token-of-the-proof',
};

export interface BotsAt {
  readonly file: string;
  readonly baseUrl: string;
  readonly clock: VirtualClock;
}

/** `count` bots side by side on one file. */
export async function botsHere({ file, baseUrl, clock }: BotsAt, count: number): Promise<Bots> {
  const problems: string[] = [];
  const error = (message: string, fields?: Record<string, unknown>) =>
    void problems.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug() {}, info() {}, warn() {}, error };
  const all = await Promise.all(
    Array.from({ length: count }, async () => {
      const settings = { engine: await openLocal(file), clock, log, app, baseUrl, rehearsal: false };
      return startBot({ ...settings, spacing: { now: () => clock.now() } }, '127.0.0.1', 0);
    }),
  );
  return {
    problems,
    async do(what) {
      await Promise.all(all.map(({ bot }) => bot[what]()));
    },
    async close() {
      for (const running of all) await running.stop();
    },
  };
}

/** One bot as a process. `script`: a program that runs it when started with `--proof-bot JSON`. */
export function botElsewhere({ file, baseUrl, clock }: BotsAt, script: string): Killable {
  const problems: string[] = [];
  const state = { killed: 0 };
  let child: ChildProcess | null = null;
  let heard: (said: Said | null) => void = () => undefined;
  const word = () => new Promise<Said | null>((done) => (heard = done));
  const start = async () => {
    const order: ProofStart = { file, baseUrl, app, now: clock.now() };
    const born = spawn(process.execPath, [script, '--proof-bot', JSON.stringify(order)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child = born;
    const ready = word();
    createInterface({ input: born.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as Said;
      if ('problem' in said) problems.push(said.problem);
      else heard(said);
    });
    born.once('exit', () => {
      if (child === born) child = null;
      heard(null);
    });
    born.stdin.on('error', () => undefined); // it was killed before it had read
    if ((await ready) === null) throw new Error('the bot ended before it was ready');
  };
  return Object.assign(state, {
    problems,
    async do(what: Order['do']) {
      for (;;) {
        if (child === null) await start();
        const answered = word();
        child?.stdin?.write(`${JSON.stringify({ at: clock.now(), do: what } satisfies Order)}\n`);
        if ((await answered) !== null) return;
      }
    },
    kill() {
      if (child === null) return;
      state.killed += 1;
      child.kill('SIGKILL');
    },
    async close() {
      const gone = child && once(child, 'exit');
      child?.stdin?.end();
      await gone;
    },
  });
}
