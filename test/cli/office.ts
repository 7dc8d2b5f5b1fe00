// Owns an operator's desk for tests: the real CLI as a child process on real files, a county made by its own commands, and,
// when wanted, the platform and a bot that run beside it. Nothing is shared between two desks.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Engine, Value } from '../../db/engine.ts';
import { openLocal } from '../../db/local.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { asSample } from '../../src/domain/campaign.ts';
import { checkDigit } from '../../src/domain/idNumber.ts';
import { type RunningBot, startBot } from '../../src/nodeServer.ts';
import type { Log } from '../../src/ports.ts';
import { newDataKey } from '../../src/vault.ts';
import { newFolder } from '../support/folder.ts';
import { areaRows, daa, daaGroup, names, people, type Row, roleRows, rosterRows } from '../support/people.ts';
import { xinfeng } from '../support/xinfeng.ts';

const app = {
  appId: 'cli_a1b2c3d4e5f60718',
  appSecret: 'secret-of-the-test-app',
  encryptKey: 'encrypt-key-of-the-test',
  verificationToken: 'verification-token-of-the-test',
  name: '回头看助手',
};

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
type Env = Readonly<Record<string, string>>;

const entry = fileURLToPath(new URL('../../lookback.mjs', import.meta.url));

/** One command, as the operator types it. Nothing of this process's environment but the path comes along. */
export function lookback(args: readonly string[], env: Env): Promise<Said> {
  const child = spawn(process.execPath, [entry, ...args], { env: { PATH: process.env.PATH ?? '', ...env } });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => done({ code, out, err }));
  });
}

/** The bot as a process of its own, as `npm start` runs it. Resolves, once it runs, to what stops it. */
export async function startAlone(env: Env): Promise<() => Promise<void>> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  await promisify(execFile)(process.execPath, ['build.mjs', '--quiet', 'node'], { cwd: root });
  const child = spawn(process.execPath, ['dist/node.js'], { cwd: root, env });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stderr });
  for await (const line of lines) if (line.includes('bot runs')) break;
  child.stderr.resume();
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}

export function csv(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((r) => Object.keys(r)))];
  return [columns, ...rows.map((r) => columns.map((c) => r[c] ?? ''))].map((cells) => cells.join(',')).join('\n');
}

/** Of an unassigned area code, with a right check digit. */
const idOf = (n: number) => {
  const first = `3607991970020${String(n).padStart(4, '0')}`;
  return first + checkDigit(first);
};
const family = { 户编码: '大阿-01-020', 区划代码: daa, 户主姓名: '许家例', 家庭人口数: '2', 组: '2组' };
/** Everything that is ever sealed: head, members, a certificate, a masked phone, a cadre's phone. */
export const familyRows: readonly Row[] = [
  {
    ...family,
    户主证件号码: idOf(1011),
    联系电话: '138****0020',
    姓名: '许家例',
    与户主关系: '户主',
    证件号码: idOf(1011),
  },
  {
    ...family,
    姓名: '许小例',
    与户主关系: '之子',
    证件号码: idOf(1023),
    残疾证号: `${idOf(1023)}43`,
    月工资: '1500.5',
  },
];
export const cadrePhone = '13900799077';
export const roster: readonly Row[] = [...rosterRows, ...familyRows];
/** Every number that must be in no file as it is. */
export const secrets: readonly string[] = [
  ...new Set([
    ...roster.flatMap((r) => [r.户主证件号码, r.证件号码, r.残疾证号, r.联系电话?.includes('*') ? '' : r.联系电话]),
    cadrePhone,
  ]),
].filter((text): text is string => Boolean(text));

export interface Desk {
  readonly dir: string;
  readonly env: Env;
  readonly key: string;
  readonly database: string;
  readonly rosterFile: string;
  path(name: string): string;
  run(args: string, env?: Env): Promise<Said>;
  /** Rows of a database, straight from the file. */
  rows(sql: string, args?: readonly Value[], file?: string): Promise<Value[][]>;
  /** Writes past all rules, as an accident would. */
  damage(sql: string, ...args: Value[]): Promise<void>;
  close(): void;
}

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** An empty desk with settings and no database. */
export function newDesk(key = newDataKey()): Desk {
  const dir = newFolder('lookback-cli');
  const database = join(dir, 'county.db');
  const env = {
    LARK_APP_ID: app.appId,
    LARK_APP_SECRET: app.appSecret,
    LARK_ENCRYPT_KEY: app.encryptKey,
    LARK_VERIFICATION_TOKEN: app.verificationToken,
    LARK_BASE_URL: 'http://127.0.0.1:9', // nobody listens there
    DATABASE_URL: `file:${database}`,
    DATA_KEY: key,
    PORT: '9',
  };
  const using = async <T>(file: string, work: (engine: Engine) => Promise<T>): Promise<T> => {
    const engine = await openLocal(file);
    try {
      return await work(engine);
    } finally {
      await engine.close();
    }
  };
  return {
    dir,
    env,
    key,
    database,
    rosterFile: join(dir, '农户.csv'),
    path: (name) => join(dir, name),
    run: (args, more = {}) => lookback(args.split(' '), { ...env, ...more }),
    rows: (sql, args = [], file = database) => using(file, (engine) => engine.read(sql, args)),
    damage: (sql, ...args) => using(database, async (engine) => void (await engine.commit([{ sql, args }]))),
    close: () => rmSync(dir, { recursive: true, force: true }),
  };
}

let first: Promise<Desk> | null = null;

/** A desk whose county was filled by the operator's own commands: once per process, then copied. */
export async function filledDesk(): Promise<Desk> {
  first ??= fill(newDesk());
  const { dir, key } = await first;
  const desk = newDesk(key);
  cpSync(dir, desk.dir, { recursive: true });
  return desk;
}

async function fill(desk: Desk): Promise<Desk> {
  const write = (name: string, text: string) => {
    writeFileSync(desk.path(name), text);
    return desk.path(name);
  };
  const [cadre, ...others] = roleRows;
  const files = [
    ['import areas', write('区划.csv', csv(areaRows()))],
    ['import people', write('人员.csv', csv([{ ...cadre, 手机号: cadrePhone }, ...others]))],
    ['campaign load', write('活动.yaml', JSON.stringify(asSample(xinfeng())))],
    ['import households', write('农户.csv', csv(roster))],
  ] as const;
  for (const [command, file] of files) {
    const said = await desk.run(`${command} ${file}`);
    if (said.code !== 0) throw new Error(`${command}: ${said.err}`);
  }
  return desk;
}

/** The platform alone: everybody of the roster, no group, no bot. */
export async function startPlatform(): Promise<{ readonly env: Env; stop(): Promise<void> }> {
  const clock = new VirtualClock({ start: Date.now() });
  const sim = new Simulator({ clock, app, log: quiet });
  for (const [who, openId] of Object.entries(people)) sim.addUser({ name: names[who as keyof typeof people], openId });
  await sim.listen('127.0.0.1', 0);
  return {
    env: { LARK_BASE_URL: sim.url },
    async stop() {
      await sim.close();
      clock.close();
    },
  };
}

export interface Beside {
  readonly sim: Simulator;
  readonly running: RunningBot;
  /** Settings of a command beside this bot. */
  readonly env: Env;
  /** Pushes, background work and due messages done. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** The platform and the bot on the desk's database, in real time; `log` is the bot's. */
export async function startBeside(desk: Desk, log: Log = quiet): Promise<Beside> {
  const clock = new VirtualClock({ start: Date.now() });
  const sim = new Simulator({ clock, app, log: quiet });
  for (const who of ['cadre', 'clerk'] as const) sim.addUser({ name: names[who], openId: people[who] });
  sim.addChat({ name: '大阿村工作群', members: [people.cadre, people.clerk], chatId: daaGroup });
  await sim.listen('127.0.0.1', 0);
  const running = await startBot(
    {
      engine: await openLocal(desk.database),
      clock: { now: () => Date.now() },
      log,
      app: { id: app.appId, secret: app.appSecret, ...app },
      baseUrl: sim.url,
      rehearsal: false,
      allowance: 10_000,
      rssBytes: () => process.memoryUsage.rss(),
    },
    '127.0.0.1',
    0,
  );
  sim.setBotUrl(`${running.url}/webhook/event`);
  await running.bot.tick();
  return {
    sim,
    running,
    env: { LARK_BASE_URL: sim.url, PORT: new URL(running.url).port },
    async settle() {
      await sim.idle();
      await running.settled();
      await running.bot.deliver();
    },
    async stop() {
      await sim.idle();
      await running.stop();
      await sim.close();
      clock.close();
    },
  };
}
