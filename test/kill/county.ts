// Owns the county that is killed: 2,000 households in eight villages, 64 cadres with an open card each, made once and
// copied for every round; and starting the other processes on a copy.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { openLocal } from '../../db/local.ts';
import { createStore } from '../../db/store.ts';
import { asSample, type Campaign } from '../../src/domain/campaign.ts';
import { minute } from '../../src/domain/time.ts';
import type { Log } from '../../src/ports.ts';
import { cadreOpenId, groupId, seed, villageCode } from '../support/seed.ts';

export const now = Date.parse('2023-07-12T08:30:00+08:00');
export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
export const app = {
  id: 'cli_a1b2c3d4e5f60718',
  secret: 'secret-of-the-test-app',
  encryptKey: 'encrypt-key-of-the-test',
  verificationToken: 'verification-token-of-the-test',
};

const size = { villages: 8, households: 250, cadres: 8 };
export const households = size.villages * size.households;

/** A cadre and the sitting behind their card. */
export interface Cadre {
  readonly openId: string;
  readonly chatId: string;
  readonly sitting: string;
}

export interface County {
  readonly campaign: Campaign;
  readonly cadres: readonly Cadre[];
  /** A fresh copy of the county; the path of its file. */
  copy(): string;
  start: Script['start'];
  close(): void;
}

/** What is started on a file: see process.ts. */
export interface Script {
  start(what: 'bot' | 'hammer' | 'line', file: string, platform?: string): Promise<Started>;
  close(): void;
}

/** As in build.mjs: packages stay outside, a table of one (JSON) comes along. */
const tablesComeAlong: Plugin = {
  name: 'tables-come-along',
  setup: (b) =>
    b.onResolve({ filter: /^[^.].*\.json$/ }, ({ path }) => ({ path: createRequire(import.meta.url).resolve(path) })),
};

export interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  /** The first thing it said: a bot's address. */
  readonly said: string;
  /** What it says until it ends, and its end. */
  readonly rest: Promise<string[]>;
}

export async function startable(): Promise<Script> {
  const { build } = await import('esbuild');
  // Beside the packages, so that the script finds them.
  const script = fileURLToPath(new URL(`../../node_modules/.cache/kill-${process.pid}.mjs`, import.meta.url));
  const entryPoints = [fileURLToPath(new URL('./process.ts', import.meta.url))];
  const bundle = {
    entryPoints,
    outfile: script,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  } as const;
  await build({ ...bundle, plugins: [tablesComeAlong] });
  return {
    async start(what, file, platform = '') {
      const child = spawn(process.execPath, [script, what, file, platform]);
      child.stderr.on('data', (text) => process.stderr.write(text));
      const lines = createInterface({ input: child.stdout });
      const [said] = (await once(lines, 'line')) as [string];
      const rest: string[] = [];
      lines.on('line', (line) => rest.push(line));
      return { child, said, rest: once(child, 'close').then(() => rest) };
    },
    close: () => rmSync(script, { force: true }),
  };
}

export async function newCounty(campaign: Campaign): Promise<County> {
  const script = await startable();
  const folder = mkdtempSync(join(tmpdir(), 'lookback-kill-'));
  const template = join(folder, 'template.db');
  const cadres = await filled(join(folder, 'first.db'), { template, campaign: asSample(campaign) });
  let copies = 0;
  return {
    campaign,
    cadres,
    copy() {
      const file = join(folder, `${++copies}.db`);
      copyFileSync(template, file);
      return file;
    },
    start: script.start,
    close() {
      script.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Fills `file` and leaves a copy without a log at `template`. */
async function filled(file: string, o: { template: string; campaign: Campaign }): Promise<Cadre[]> {
  const engine = await openLocal(file);
  await seed(engine, { size, campaign: o.campaign, clock: { now: () => now } });
  const store = createStore(engine);
  const cadres: Cadre[] = [];
  for (let v = 0; v < size.villages; v++) {
    for (let n = 0; n < size.cadres; n++) {
      const openId = cadreOpenId(v, n);
      const person = await store.personByOperator({ openId, userId: null });
      const cadre = { openId, chatId: groupId(v), sitting: `s${v}x${n}` };
      const opened = await store.openSitting({
        act: { eventId: `open-${v}-${n}`, actor: person?.id ?? '', at: now },
        id: cadre.sitting,
        campaignId: o.campaign.id,
        chatId: cadre.chatId,
        villageCode: villageCode(v),
        anchorId: 'om_1',
        next: { today: '2023-07-12', early: false, claimUntil: now + 30 * minute },
        outgoing: [],
        replaces: null,
      });
      if (!opened.ok) throw new Error(`the card did not open: ${opened.why}`);
      cadres.push(cadre);
    }
  }
  await engine.read('select 1', []);
  await store.close();
  const { default: Database } = await import('libsql');
  const db = new Database(file);
  db.prepare('VACUUM INTO ?').run(o.template);
  db.close();
  return cadres;
}
