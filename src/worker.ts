// Entry point on Cloudflare Workers: builds the world anew for every event (a database client must not outlive its
// invocation) and hands it over. Knows no Node.
import { openRemote } from '../db/remote.ts';
import { createStore } from '../db/store.ts';
import { operatorStore } from '../db/storeOperator.ts';
import { createArrivals } from './arrivals.ts';
import { answerText } from './bot/answerText.ts';
import { createBot } from './bot/bot.ts';
import { createCallCounter } from './calls.ts';
import { type BotConfig, readConfig } from './config.ts';
import { createPlatform } from './feishu/client.ts';
import { createInbound, type InboundReader } from './feishu/inbound.ts';
import { createApp } from './http.ts';
import { createLog } from './log.ts';
import { allowanceGauge, createMetrics, databaseGauges } from './metrics.ts';
import { newId } from './newId.ts';
import type { Clock, Defer } from './ports.ts';
import { sealedTokens } from './sealedTokens.ts';
import type { Store } from './store.ts';
import { createVault } from './vault.ts';
import { createGate } from './webhook.ts';

type Vars = Readonly<Record<string, string | undefined>>;
interface Invocation {
  waitUntil(work: Promise<unknown>): void;
}

/** The operator must act first; the sentences say what to do. */
class Refused extends Error {
  override readonly name = 'Refused';
}

// What outlives an invocation is plain data: no client, no promise.
const gate = createGate();
const arrivals = createArrivals();
let inbound: { of: string; reader: InboundReader } | null = null;
let admitted: { of: string; shift: number } | null = null;

/** Imported keys are plain data: one reader per isolate. */
function inboundFor(config: BotConfig): InboundReader {
  const settings = { appId: config.app.id, encryptKey: config.encryptKey, verificationToken: config.verificationToken };
  const of = JSON.stringify(settings);
  if (inbound?.of !== of) inbound = { of, reader: createInbound(settings) };
  return inbound.reader;
}

/** Checked once per isolate. Resolves to what the clock adds to real time, ms. */
async function admit(store: Store, p: { of: string; rehearsalNow: number | null; host: string }): Promise<number> {
  if (admitted?.of === p.of) return admitted.shift;
  if ((await store.meta('mode')) === 'demo') {
    throw new Refused('DATABASE_URL：这是演示用的数据库，正式运行请换一个库。');
  }
  if ((await store.meta('remoteConfirmed')) === null) {
    throw new Refused(
      `DATABASE_URL：数据将存放在 ${p.host}。含真实名单的数据不得存放在境外；确认后请运行 npx lookback migrate --confirm-remote 一次。`,
    );
  }
  const shift = p.rehearsalNow === null ? 0 : await rehearsedShift(store, p.rehearsalNow);
  await store.setMeta('mode', 'bot');
  admitted = { of: p.of, shift };
  return shift;
}

/** A rehearsed clock runs on over invocations and isolates: the database remembers the real time at which it began. */
async function rehearsedShift(store: Store, from: number): Promise<number> {
  const [rehearsed, began] = ((await store.meta('rehearsal')) ?? '').split(' ').map(Number);
  if (rehearsed === from && began !== undefined) return from - began;
  const newest = await store.newestEventAt();
  if (newest !== null && from < newest) {
    throw new Refused('REHEARSAL_NOW：时钟早于库中最新的记录，请往后调，或换一个演练库。');
  }
  const now = Date.now();
  await store.setMeta('rehearsal', `${from} ${now}`);
  return from - now;
}

async function build(vars: Vars, invocation: Invocation) {
  const config = readConfig(vars);
  if (config.mode === 'invalid') throw new Refused(config.problems.join('\n'));
  if (config.mode !== 'bot' || config.database.kind !== 'remote')
    throw new Error('no Worker without a remote database');
  const { url, authToken } = config.database;
  const engine = openRemote(url, authToken ?? '');
  const store = createStore(engine);
  const rehearsal = config.rehearsalNow !== null;
  const of = `${url} ${config.rehearsalNow}`;
  const shift = await admit(store, { of, rehearsalNow: config.rehearsalNow, host: new URL(url).host });
  const clock: Clock = { now: () => Date.now() + shift };
  const log = createLog({ level: config.logLevel, write: (line) => console.log(line), clock });
  const defer: Defer = (work) =>
    invocation.waitUntil(work.catch((error: unknown) => log.error('background work failed', { error: String(error) })));
  const calls = createCallCounter();
  const vault = await createVault(config.dataKey, config.dataKeyPrevious === null ? [] : [config.dataKeyPrevious]);
  const platform = createPlatform({
    baseUrl: config.baseUrl,
    appId: config.app.id,
    appSecret: config.app.secret,
    fetch: (input, init) => fetch(input, init),
    clock,
    log,
    onCall: calls.note,
    tokens: sealedTokens(store, vault),
  });
  const world = { store, clock, newId, rehearsal, allowance: config.monthlyCalls };
  const bot = createBot({ world, platform, log, defer, owner: newId(), calls, openSealed: vault.open });
  return { config, bot, store, operator: operatorStore(engine), clock, log, defer };
}

export default {
  async fetch(request: Request, vars: Vars, invocation: Invocation): Promise<Response> {
    try {
      const { config, bot, store, operator, clock, log, defer } = await build(vars, invocation);
      const app = createApp({
        inbound: inboundFor(config),
        gate,
        clock,
        log,
        defer,
        onClick: (click) => bot.onClick(click).finally(() => arrivals.note('click', clock.now(), { store, defer })),
        ...(bot.onLate ? { onLate: bot.onLate } : {}),
        onEvent: (event) => bot.onEvent(event).finally(() => arrivals.note('event', clock.now(), { store, defer })),
        answerText,
        ready: bot.ready,
        // an isolate lives for minutes: what it counted itself would mean nothing
        metrics: async () =>
          createMetrics().text([
            allowanceGauge(config.monthlyCalls),
            ...databaseGauges(await operator.gauges(clock.now()), clock.now()),
          ]),
        ...(config.metricsToken === null ? {} : { metricsToken: config.metricsToken }),
        remoteAddress: (c) => c.req.header('cf-connecting-ip') ?? '',
      });
      return await app.fetch(request);
    } catch (error) {
      // The platform comes again with an event; what a thrown error would show to the sender is none of its business.
      console.error(error instanceof Refused ? error.message : String(error));
      return Response.json({}, { status: 500 });
    }
  },
  async scheduled(_: unknown, vars: Vars, invocation: Invocation): Promise<void> {
    const { bot } = await build(vars, invocation);
    await bot.tick();
  },
};
