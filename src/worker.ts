// Entry point on Cloudflare Workers: builds the world anew for every event (a database client must not outlive its
// invocation) and hands it over. Knows no Node.
import { openRemote } from '../db/remote.ts';
import { createStore } from '../db/store.ts';
import { createBot } from './bot/bot.ts';
import { type BotConfig, readConfig } from './config.ts';
import { createPlatform } from './feishu/client.ts';
import { createInbound, type InboundReader } from './feishu/inbound.ts';
import { createApp, createGate } from './http.ts';
import { createLog } from './log.ts';
import { newId } from './newId.ts';
import type { Clock, Defer } from './ports.ts';
import { sealedTokens } from './sealedTokens.ts';
import { createVault } from './vault.ts';

type Vars = Readonly<Record<string, string | undefined>>;
interface Invocation {
  waitUntil(work: Promise<unknown>): void;
}

const gate = createGate();
let inbound: { of: string; reader: InboundReader } | null = null;

/** Imported keys are plain data: one reader per isolate. */
function inboundFor(config: BotConfig): InboundReader {
  const settings = { appId: config.app.id, encryptKey: config.encryptKey, verificationToken: config.verificationToken };
  const of = JSON.stringify(settings);
  if (inbound?.of !== of) inbound = { of, reader: createInbound(settings) };
  return inbound.reader;
}

async function build(vars: Vars, invocation: Invocation) {
  const config = readConfig(vars);
  if (config.mode !== 'bot' || config.database.kind !== 'remote') {
    throw new Error(config.mode === 'invalid' ? config.problems.join(' ') : 'DATABASE_URL must be remote on Workers');
  }
  const shift = config.rehearsalNow === null ? 0 : config.rehearsalNow - Date.now();
  const clock: Clock = { now: () => Date.now() + shift };
  const log = createLog({ level: config.logLevel, write: (line) => console.log(line), clock });
  const store = createStore(openRemote(config.database.url, config.database.authToken ?? ''));
  const defer: Defer = (work) =>
    invocation.waitUntil(work.catch((error: unknown) => log.error('background work failed', { error: String(error) })));
  const vault = await createVault(config.dataKey);
  const platform = createPlatform({
    baseUrl: config.baseUrl,
    appId: config.app.id,
    appSecret: config.app.secret,
    fetch: (input, init) => fetch(input, init),
    clock,
    log,
    tokens: sealedTokens(store, vault),
  });
  const world = { store, clock, newId, rehearsal: config.rehearsalNow !== null };
  const bot = createBot({ world, platform, log, defer, owner: newId() });
  return { config, bot, clock, log, defer, store };
}

export default {
  async fetch(request: Request, vars: Vars, invocation: Invocation): Promise<Response> {
    const { config, bot, clock, log, defer } = await build(vars, invocation);
    const app = createApp({
      inbound: inboundFor(config),
      gate,
      clock,
      log,
      defer,
      onClick: bot.onClick,
      ...(bot.onLate ? { onLate: bot.onLate } : {}),
      onEvent: bot.onEvent,
      ready: bot.ready,
      ...(config.metricsToken === null ? {} : { metricsToken: config.metricsToken }),
      remoteAddress: (c) => c.req.header('cf-connecting-ip') ?? '',
    });
    return app.fetch(request);
  },
  async scheduled(_: unknown, vars: Vars, invocation: Invocation): Promise<void> {
    const { bot } = await build(vars, invocation);
    await bot.tick();
  },
};
