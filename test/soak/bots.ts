// Owns the bot's process from outside: started, ended like a power cut or by a polite request, started again on the same
// file; how much memory it took and what it complained of.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { VirtualClock } from '../../simulator/clock.ts';
import type { BotSays, BotStart } from './botProcess.ts';

export interface BotsOptions {
  /** Program that runs a bot when started with `--bot JSON`. */
  readonly script: string;
  readonly clock: VirtualClock;
  readonly start: Pick<BotStart, 'file' | 'baseUrl' | 'app'>;
  /** Told where the bot is, '' when it is gone. */
  at(url: string): void;
}

export interface Bots {
  start(): Promise<void>;
  /** Ends it; resolves when it is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Its clock goes on to this instant, and it ticks. */
  advanceTo(instant: number): Promise<void>;
  /** Bytes. */
  readonly peakRss: number;
  readonly lastRss: number;
  /** What it logged as an error, and how often. */
  readonly problems: ReadonlyMap<string, number>;
}

export function createBots(o: BotsOptions): Bots {
  const problems = new Map<string, number>();
  const state = { peakRss: 0, lastRss: 0 };
  let child: ChildProcess | null = null;
  let heard: (said: BotSays) => void = () => undefined;
  const next = (kind: 'url' | 'ticked') =>
    new Promise<BotSays>((done) => {
      heard = (said) => kind in said && done(said);
    });
  const note = (said: BotSays) => {
    if ('rss' in said) {
      state.lastRss = said.rss;
      state.peakRss = Math.max(state.peakRss, said.rss);
    }
    if ('problem' in said) problems.set(said.problem, (problems.get(said.problem) ?? 0) + 1);
    heard(said);
  };
  return Object.assign(state, {
    problems,
    async start() {
      const { clock } = o;
      const start: BotStart = {
        ...o.start,
        port: 0,
        simulatedAt: clock.now(),
        realAt: Date.now(),
        speed: clock.speed,
      };
      child = spawn(process.execPath, [o.script, '--bot', JSON.stringify(start)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const ended = once(child, 'exit').then(() => {
        throw new Error('the bot ended before it listened');
      });
      if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => note(JSON.parse(line)));
      const said = await Promise.race([next('url'), ended]);
      ended.catch(() => undefined);
      o.at('url' in said ? said.url : '');
    },
    async end(signal: 'SIGKILL' | 'SIGTERM') {
      const gone = child && once(child, 'exit');
      child?.kill(signal);
      await gone;
      child = null;
      o.at('');
    },
    async advanceTo(instant: number) {
      const ticked = next('ticked');
      child?.stdin?.write(`${instant}\n`);
      await ticked;
    },
  });
}
