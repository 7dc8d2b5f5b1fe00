// Owns the demo: a county that runs in the browser. The simulator and the bot beside it, on real HTTP, on one virtual
// clock, with an invented roster. Entered from src/node.ts only; the bot's own build holds none of this.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyDatabase } from '../db/copy.ts';
import { openLocal } from '../db/local.ts';
import { migrations } from '../db/migrations.gen.ts';
import { createStore } from '../db/store.ts';
import type { DemoConfig } from '../src/config.ts';
import { asSample, type Campaign } from '../src/domain/campaign.ts';
import { dayOf } from '../src/domain/time.ts';
import { createLog } from '../src/log.ts';
import { type RunningBot, startBot } from '../src/nodeServer.ts';
import type { Log } from '../src/ports.ts';
import { isDataKey, newDataKey } from '../src/vault.ts';
import { VirtualClock } from './clock.ts';
import { generateCounty } from './county.ts';
import { demoCalendar } from './demoCalendar.ts';
import { settlePeople } from './demoPeople.ts';
import { seedCounty } from './demoSeed.ts';
import { Simulator } from './simulator.ts';

const start = Date.parse('2023-07-12T08:30:00+08:00');
const notice = '演示数据：人名、证件、户情均为编造，与真实农户无关';
const settled = 'demoPeople'; // meta: everybody is in the chat program

const app = {
  appId: 'cli_dede0000dede0000',
  appSecret: 'demo-app-secret',
  encryptKey: 'demo-encrypt-key',
  verificationToken: 'demo-verification-token',
  name: '回头看助手',
};

export interface DemoStart {
  readonly config: DemoConfig;
  readonly argv: readonly string[];
  readonly lines: { write(line: string): void; flush(): void };
  readonly fail: (problems: readonly string[]) => never;
}

/** Starts the demo and prints the page's address, the only line on stdout. Resolves to what drains and stops it. */
export async function runDemo({ config, argv, lines, fail }: DemoStart): Promise<() => Promise<void>> {
  const log = createLog({ level: config.logLevel, write: lines.write, clock: { now: () => Date.now() } });
  const demo = new Demo(config, argv, log);
  const problem = await demo.prepare();
  if (problem !== null) fail([problem]);
  const url = await demo.run();
  process.stdout.write(`${url}\n`);
  return () => demo.stop();
}

class Demo {
  readonly #config: DemoConfig;
  readonly #scale: 'demo' | 'full';
  readonly #log: Log;
  readonly #dir = 'data';
  readonly #clock = new VirtualClock({ start });
  readonly #campaign = readCampaign();
  readonly #county = generateCounty({
    seed: 13,
    scale: 'demo',
    orgs: readFileSync(root('../campaigns/xinfeng_orgs.csv'), 'utf8'),
  });
  #file: string;
  #sim: Simulator | null = null;
  #bot: RunningBot | null = null;
  #heart: NodeJS.Timeout | null = null;
  #beating: Promise<unknown> = Promise.resolve();
  #minute = 0;
  #calls = { month: '', made: 0 };
  #restarting = false;

  constructor(config: DemoConfig, argv: readonly string[], log: Log) {
    this.#config = config;
    this.#log = log;
    this.#scale = argv.includes('full') && argv.includes('--scale') ? 'full' : 'demo';
    this.#file = join(this.#dir, this.#scale === 'full' ? 'demo-full.db' : 'demo.db');
    if (this.#scale === 'full')
      this.#county = generateCounty({
        seed: 13,
        scale: 'full',
        orgs: readFileSync(root('../campaigns/xinfeng_orgs.csv'), 'utf8'),
      });
  }

  /** Makes the database when there is none. Resolves to why the demo may not run here, or null. */
  async prepare(): Promise<string | null> {
    mkdirSync(this.#dir, { recursive: true });
    await this.#chooseFile();
    if (!existsSync(this.#file)) {
      if (!existsSync(this.#template)) await this.#seed();
      await this.#fromTemplate();
    }
    const engine = await openLocal(this.#file);
    await engine.migrate(migrations);
    const mode = await createStore(engine).meta('mode');
    await engine.close();
    return mode === 'demo'
      ? null
      : `${this.#file}：这个库正式运行用过，演示不能用它。请换一个目录启动，或移走这个文件。`;
  }

  get #template(): string {
    return `${this.#file}.start`;
  }

  /** DATABASE_URL counts only when that database carries the demo mark. */
  async #chooseFile(): Promise<void> {
    const { database, databaseChosen } = this.#config;
    if (!databaseChosen || database.kind !== 'file' || !existsSync(database.path)) return;
    const engine = await openLocal(database.path);
    const mode = await createStore(engine)
      .meta('mode')
      .catch(() => null);
    await engine.close();
    if (mode === 'demo') this.#file = database.path;
    else this.#log.warn('DATABASE_URL is no demo database and is left alone', { file: this.#file });
  }

  /** The roster goes through the real import, into a file that gets its name only when it is whole. */
  async #seed(): Promise<void> {
    const making = `${this.#template}.making`;
    await removeDatabase(making);
    const engine = await openLocal(making);
    const dataKey = this.#dataKey();
    this.#log.info('making the demo county, once', { scale: this.#scale });
    await seedCounty({ engine, county: this.#county, campaign: this.#campaign, dataKey, at: start, log: this.#log });
    await engine.close();
    await removeDatabase(`${this.#template}.new`);
    copyDatabase(making, `${this.#template}.new`);
    await rename(`${this.#template}.new`, this.#template);
    await removeDatabase(making);
  }

  #dataKey(): string {
    if (this.#config.dataKey !== null) return this.#config.dataKey;
    const file = join(this.#dir, 'demo.key');
    const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
    if (isDataKey(known)) return known;
    const fresh = newDataKey();
    writeFileSync(file, `${fresh}\n`, { mode: 0o600 });
    return fresh;
  }

  async #fromTemplate(): Promise<void> {
    await removeDatabase(this.#file);
    await copyFile(this.#template, `${this.#file}.new`);
    await rename(`${this.#file}.new`, this.#file);
  }

  /** Resolves to the page's address once the county runs. */
  async run(): Promise<string> {
    const { host, simulatorPort } = this.#config;
    const sim = new Simulator({
      clock: this.#clock,
      app,
      log: this.#log,
      storage: `${this.#file}.simulator`,
      pageDir: root('./page'),
      demo: {
        ...demoCalendar(this.#campaign),
        featured: this.#county.featured,
        notice,
        minute: () => this.#beat(),
        calls: () => this.#calls,
        restart: () => this.#restart(),
      },
    });
    this.#sim = sim;
    const url = await sim.listen(host, simulatorPort);
    await this.#startBot(sim);
    await this.#people(sim);
    const beat = () => (sim.forward.underWay ? undefined : this.#beat());
    this.#clock.onAdvance(beat);
    this.#heart = setInterval(beat, 250);
    return `${url}/?as=${this.#county.featured[0]?.openId ?? ''}`;
  }

  async #startBot(sim: Simulator): Promise<void> {
    const engine = await openLocal(this.#file, { log: this.#log });
    const { host, port, metricsToken, transport } = this.#config;
    const settings = {
      engine,
      clock: this.#clock,
      log: this.#log,
      baseUrl: sim.url,
      rehearsal: false,
      transport,
      timing: { longestPauseMs: 5000 }, // who rehearses trouble does not wait a minute for its end
      // Limits are kept in the platform's time; while time goes quickly, waiting moves it on.
      spacing: { now: () => sim.limitTime(), sleep: (ms: number) => sim.forward.wait(ms) },
      ...(metricsToken === null ? {} : { metricsToken }),
    };
    const id = {
      id: app.appId,
      secret: app.appSecret,
      encryptKey: app.encryptKey,
      verificationToken: app.verificationToken,
    };
    this.#bot = await startBot({ ...settings, app: id }, host, port);
    if (transport === 'websocket') sim.useLongConnection();
    else sim.setBotUrl(`${this.#bot.url}/webhook/event`);
    await this.#bot.connection?.opened();
    await this.#bot.bot.tick();
  }

  /** Once per database, and again when a first start was cut short. */
  async #people(sim: Simulator): Promise<void> {
    const store = this.#bot?.store;
    if (!store || (await store.meta(settled)) !== null) return;
    await settlePeople(sim, this.#county);
    await store.setMeta(settled, 'yes');
  }

  /** What node-cron does on a real clock: one tick a virtual minute, and due messages in between. */
  #beat(): Promise<unknown> {
    if (this.#restarting) return Promise.resolve();
    this.#beating = this.#beating
      .then(() => this.#once())
      .catch((error: unknown) => this.#log.error('beat failed', { error: String(error) }));
    return this.#beating;
  }

  async #once(): Promise<void> {
    const bot = this.#bot?.bot;
    if (!bot || this.#restarting) return;
    const minute = Math.floor(this.#clock.now() / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      await bot.tick();
      await this.#count();
    } else await bot.deliver();
  }

  async #count(): Promise<void> {
    const month = dayOf(this.#clock.now(), this.#campaign.zone).slice(0, 7);
    this.#calls = { month, made: (await this.#bot?.store.callsOf(month)) ?? 0 };
  }

  /** 重新开始: a fresh copy of the county, an empty chat program, the clock at the beginning. */
  async #restart(): Promise<void> {
    const sim = this.#sim;
    if (!sim || this.#restarting) return;
    this.#restarting = true;
    try {
      await this.#beating;
      await sim.idle();
      await this.#bot?.stop();
      this.#bot = null;
      await this.#fromTemplate();
      this.#clock.play(1); // it may have been stopped, or fast; before the page hears of the beginning
      this.#calls = { month: '', made: 0 };
      sim.wipe(start);
      await this.#startBot(sim);
      await this.#people(sim);
    } finally {
      this.#restarting = false;
    }
  }

  async stop(): Promise<void> {
    await this.#sim?.forward.stop();
    if (this.#heart) clearInterval(this.#heart);
    await this.#beating;
    await this.#sim?.idle();
    await this.#bot?.stop();
    await this.#sim?.close();
    this.#clock.close();
  }
}

const root = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function readCampaign(): Campaign {
  return asSample(JSON.parse(readFileSync(root('./campaigns/xinfeng-2023-13.json'), 'utf8')) as Campaign);
}

async function removeDatabase(file: string): Promise<void> {
  for (const end of ['', '-wal', '-shm']) await rm(`${file}${end}`, { force: true });
}
