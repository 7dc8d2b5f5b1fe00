// Owns a bot as a process of its own whose clock stands still until it is told an instant. One order a line on stdin, one
// word a line on stdout. Knows no platform but an address.
import { createInterface } from 'node:readline';
import { openLocal } from '../../db/local.ts';
import { startBot } from '../../src/nodeServer.ts';
import type { Log } from '../../src/ports.ts';

export interface ProofStart {
  readonly file: string;
  readonly baseUrl: string;
  readonly now: number;
  readonly app: {
    readonly id: string;
    readonly secret: string;
    readonly encryptKey: string;
    readonly verificationToken: string;
  };
}
/** What to do at this instant. */
export interface Order {
  readonly at: number;
  readonly do: 'tick' | 'deliver';
}
export type Said = { readonly ready: true } | { readonly done: number } | { readonly problem: string };

const say = (word: Said) => process.stdout.write(`${JSON.stringify(word)}\n`);

function loudLog(): Log {
  const error = (message: string, fields?: Record<string, unknown>) =>
    say({ problem: `${message} ${JSON.stringify(fields)}`.slice(0, 300) });
  return { debug() {}, info() {}, warn() {}, error };
}

export async function runProofBot(start: ProofStart): Promise<void> {
  let now = start.now;
  const clock = { now: () => now };
  const engine = await openLocal(start.file);
  const settings = {
    engine,
    clock,
    log: loudLog(),
    app: start.app,
    baseUrl: start.baseUrl,
    rehearsal: false,
    spacing: clock,
  };
  const { bot } = await startBot(settings, '127.0.0.1', 0);
  const orders = createInterface({ input: process.stdin });
  orders.on('line', async (line) => {
    const order = JSON.parse(line) as Order;
    now = order.at;
    await bot[order.do]().catch((error: unknown) => say({ problem: `${order.do}: ${String(error)}` }));
    say({ done: order.at });
  });
  orders.on('close', () => process.exit(0));
  say({ ready: true });
}
