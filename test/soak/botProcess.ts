// Owns the bot as a process of its own, on the simulated clock: ticks, stops on SIGTERM as the product does, goes to a later
// instant when told. Knows no platform but an address.
import { createInterface } from 'node:readline';
import { openLocal } from '../../db/local.ts';
import { createVirtualClock } from '../../simulator/clock.ts';
import { minute } from '../../src/domain/time.ts';
import { startBot } from '../../src/nodeServer.ts';
import type { Log } from '../../src/ports.ts';

/** What it is started with, as JSON. */
export interface BotStart {
  readonly file: string;
  readonly baseUrl: string;
  /** Port to listen on; 0: any. */
  readonly port: number;
  /** Simulated instant at `realAt`, and simulated milliseconds per real one. */
  readonly simulatedAt: number;
  readonly realAt: number;
  readonly speed: number;
  readonly app: {
    readonly id: string;
    readonly secret: string;
    readonly encryptKey: string;
    readonly verificationToken: string;
  };
}

/** What it says, one JSON object a line. */
export type BotSays =
  | { readonly url: string }
  | { readonly rss: number }
  | { readonly ticked: number }
  | { readonly problem: string };

const say = (line: BotSays) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** Every word of the log that is a failure, without what makes it one of a kind. */
function loudLog(): Log {
  const tell = (message: string, fields?: Record<string, unknown>) => {
    const { id: _, key: __, logId: ___, at: ____, ...rest } = fields ?? {};
    say({ problem: `${message} ${JSON.stringify(rest)}`.slice(0, 300) });
  };
  return { debug() {}, info() {}, warn() {}, error: tell };
}

export async function runBot(start: BotStart): Promise<void> {
  const { speed } = start;
  const now = start.simulatedAt + (Date.now() - start.realAt) * speed;
  const clock = createVirtualClock({ start: now, speed });
  const engine = await openLocal(start.file);
  const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms / speed));
  const spacing = { now: () => clock.now(), sleep };
  const settings = { engine, clock, log: loudLog(), app: start.app, baseUrl: start.baseUrl, rehearsal: false, spacing };
  const running = await startBot(settings, '127.0.0.1', start.port);
  const told = (what: string) => (error: unknown) => say({ problem: `${what}: ${String(error)}` });
  const tick = () => running.bot.tick().catch(told('tick'));
  const ticking = setInterval(tick, minute / speed);
  const pumping = setInterval(() => running.bot.deliver().catch(told('deliver')), 1000 / speed);
  const telling = setInterval(() => say({ rss: process.memoryUsage.rss() }), 500);
  const orders = createInterface({ input: process.stdin });
  orders.on('line', async (instant) => {
    await clock.advanceTo(Number(instant));
    await tick();
    say({ ticked: clock.now() });
  });
  orders.on('close', () => process.exit(1)); // nobody is left to work for
  process.once('SIGTERM', async () => {
    clearInterval(ticking);
    clearInterval(pumping);
    clearInterval(telling);
    await running.stop();
    process.exit(0);
  });
  say({ url: running.url });
  await tick();
}
