// Entry point on Node: reads the environment, then runs the bot, or the demo when no app is configured. Nothing else.
import { readFileSync } from 'node:fs';
import { schedule } from 'node-cron';
import type { Engine } from '../db/engine.ts';
import { openLocal } from '../db/local.ts';
import { migrations } from '../db/migrations.gen.ts';
import { openRemote } from '../db/remote.ts';
import { createStore } from '../db/store.ts';
import { importStore } from '../db/storeImport.ts';
import { type BotConfig, configExit, type DemoConfig, readConfig } from './config.ts';
import { bufferedLines, createLog } from './log.ts';
import { newId } from './newId.ts';
import { startBot } from './nodeServer.ts';
import type { Clock, Log } from './ports.ts';
import { createImports } from './usecases/imports.ts';
import { createVault } from './vault.ts';

const lines = bufferedLines((text) => process.stderr.write(text), setImmediate);

function fail(problems: readonly string[]): never {
  lines.flush();
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(configExit);
}

/** The process's one clock: real, or rehearsed from an instant on. */
function clockFrom(rehearsalNow: number | null): Clock {
  const shift = rehearsalNow === null ? 0 : rehearsalNow - Date.now();
  return { now: () => Date.now() + shift };
}

async function openDatabase(config: BotConfig, log: Log): Promise<Engine> {
  const { database } = config;
  if (database.kind === 'file') {
    const engine = await openLocal(database.path, { log });
    await engine.migrate(migrations);
    return engine;
  }
  const engine = openRemote(database.url, database.authToken ?? '');
  const missing = await engine.pending(migrations);
  if (missing.length > 0) fail(['DATABASE_URL：远程数据库还没有准备好，请先运行 npx lookback migrate，再启动。']);
  return engine;
}

/** What the database says about itself must fit this start. */
async function checkDatabase(engine: Engine, config: BotConfig, clock: Clock): Promise<void> {
  const store = createStore(engine);
  if ((await store.meta('mode')) === 'demo') fail(['DATABASE_URL：这是演示用的数据库，正式运行请换一个库。']);
  if (config.database.kind === 'remote' && (await store.meta('remoteConfirmed')) === null) {
    fail([
      `DATABASE_URL：数据将存放在 ${new URL(config.database.url).host}。含真实名单的数据不得存放在境外；确认后请运行 npx lookback migrate --confirm-remote 一次。`,
    ]);
  }
  const newest = await store.newestEventAt();
  if (newest !== null && clock.now() < newest)
    fail(['REHEARSAL_NOW：时钟早于库中最新的记录，请往后调，或换一个演练库。']);
  await store.setMeta('mode', 'bot');
}

/** Resolves, once it runs, to what drains and stops it. */
async function runBot(config: BotConfig): Promise<() => Promise<void>> {
  const clock = clockFrom(config.rehearsalNow);
  const log = createLog({ level: config.logLevel, write: lines.write, clock });
  const engine = await openDatabase(config, log);
  await checkDatabase(engine, config, clock);
  const vault = await createVault(config.dataKey, config.dataKeyPrevious === null ? [] : [config.dataKeyPrevious]);
  const running = await startBot(
    {
      engine,
      clock,
      log,
      app: { ...config.app, encryptKey: config.encryptKey, verificationToken: config.verificationToken },
      baseUrl: config.baseUrl,
      transport: config.transport,
      rehearsal: config.rehearsalNow !== null,
      allowance: config.monthlyCalls,
      openSealed: vault.open,
      rssBytes: () => process.memoryUsage.rss(),
      ...(config.metricsToken === null ? {} : { metricsToken: config.metricsToken }),
    },
    config.host,
    config.port,
  );
  const imports = createImports({ store: importStore(engine), vault, clock, newId });
  // what an import left unfinished goes on beside the clicks
  const resumed = imports.resume().catch((error: unknown) => log.error('import not resumed', { error: String(error) }));
  const beat = () => running.bot.tick().catch((error: unknown) => log.error('tick failed', { error: String(error) }));
  await beat();
  const task = schedule('* * * * *', beat, { noOverlap: true });
  const pump = setInterval(() => void running.bot.deliver().catch(() => undefined), 1000);
  log.info('bot runs', { url: running.url });
  return async () => {
    clearInterval(pump);
    await task.stop();
    await resumed;
    await running.stop();
  };
}

/** The demo is a bundle of its own: the bot's build holds no simulator. */
async function runDemo(config: DemoConfig): Promise<() => Promise<void>> {
  const file = './demo.js';
  const demo = (await import(file)) as { runDemo(start: object): Promise<() => Promise<void>> };
  return demo.runDemo({ config, argv: process.argv.slice(2), lines, fail });
}

/** SIGTERM and SIGINT drain once and exit 0, also while still starting; a second one changes nothing. */
function onStop(started: Promise<() => Promise<void>>): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    const drain = await started;
    await drain();
    lines.flush();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** A taken port is the operator's to free; anything else is our bug and may crash. */
function told(error: unknown): never {
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE')
    fail([`端口 ${port} 已被别的程序占用。请先停掉它，或用 PORT、SIMULATOR_PORT 换一个端口。`]);
  throw error;
}

const config = readConfig(process.env, (path) => readFileSync(path, 'utf8'));
if (config.mode === 'invalid') fail(config.problems);
const started = config.mode === 'bot' ? runBot(config) : runDemo(config);
onStop(started);
await started.catch(told);
