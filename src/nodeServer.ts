// Owns one running bot on Node: HTTP server, background work and draining. Entry points, demo, flows and bench start the
// same thing. Knows no environment and no simulator.
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Engine } from '../db/engine.ts';
import { createStore } from '../db/store.ts';
import { operatorStore } from '../db/storeOperator.ts';
import { createArrivals } from './arrivals.ts';
import { answerText } from './bot/answerText.ts';
import { type Bot, createBot } from './bot/bot.ts';
import type { Spacing } from './bot/deliver.ts';
import { type CallCounter, createCallCounter } from './calls.ts';
import { Connection, type Timing, usualTiming } from './connection.ts';
import type { Doors } from './doors.ts';
import { createPlatform } from './feishu/client.ts';
import { createInbound } from './feishu/inbound.ts';
import { createLines } from './feishu/longConnection.ts';
import { type AppDeps, createApp } from './http.ts';
import { allowanceGauge } from './metrics.ts';
import { newId } from './newId.ts';
import { createNodeCipher } from './nodeCipher.ts';
import { createNodeMetrics, type NodeMetrics } from './nodeMetrics.ts';
import { createNodeWebhook } from './nodeWebhook.ts';
import type { Clock, Defer, Log, Platform, Vault } from './ports.ts';
import type { Store } from './store.ts';
import type { World } from './usecases/world.ts';
import { createGate, createWebhook } from './webhook.ts';

export interface BotSettings {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Log;
  readonly app: {
    readonly id: string;
    readonly secret: string;
    readonly encryptKey: string;
    readonly verificationToken: string;
  };
  readonly baseUrl: string;
  /** How events and clicks come in; default: webhook. */
  readonly transport?: 'webhook' | 'websocket';
  /** When a long connection is given up and tried again; default: `usualTiming`. */
  readonly timing?: Partial<Timing>;
  readonly rehearsal: boolean;
  readonly metricsToken?: string;
  /** Memory of the process, for /metrics. */
  readonly rssBytes?: () => number;
  /** Calls the county may spend a month; absent: no limit. */
  readonly allowance?: number;
  /** Opens a sealed phone number; absent: nobody is looked up by phone. */
  readonly openSealed?: Vault['open'];
  /** How sends are spaced; default: real time. */
  readonly spacing?: Spacing;
}

export interface RunningBot {
  readonly bot: Bot;
  readonly store: Store;
  /** null: everything comes in by webhook. */
  readonly connection: Connection | null;
  /** http://127.0.0.1:8787 */
  readonly url: string;
  /** Resolves when no background work is left (work started meanwhile included). */
  settled(): Promise<void>;
  /** Takes no new requests, finishes what was taken, closes the store. Messages not begun yet wait for the next start. */
  stop(): Promise<void>;
}

/** Should stay 0: something drew what no group may see, and the gate kept it. */
const keptBack = (bot: Bot) => ({
  name: 'lookback_kept_back',
  help: 'Payloads for groups the gate stopped since the start.',
  value: bot.keptBack(),
});

const ownGauges = (bot: Bot, { allowance }: BotSettings) => [
  keptBack(bot),
  ...(allowance === undefined ? [] : [allowanceGauge(allowance)]),
];

/** Starts listening; port 0 = any free one. Rejects when the port is taken. */
export async function startBot(settings: BotSettings, host: string, port: number): Promise<RunningBot> {
  const { clock, log, spacing, openSealed, allowance = null } = settings;
  const metrics = createNodeMetrics(settings.rssBytes);
  const engine = metrics.engine(settings.engine);
  const store = createStore(engine);
  const world: World = { store, clock, newId, rehearsal: settings.rehearsal, allowance };
  const background = createBackground(log);
  const calls = createCallCounter();
  const bot = createBot({
    world,
    platform: platformOf(settings, calls, metrics),
    log,
    defer: background.defer,
    owner: newId(),
    calls,
    resident: true,
    ...(spacing ? { spacing } : {}),
    ...(openSealed ? { openSealed } : {}),
  });
  const doors: Doors = {
    log,
    defer: background.defer,
    ...counted(bot, metrics, { store, clock, defer: background.defer }),
    ...(bot.onLate ? { onLate: bot.onLate } : {}),
  };
  const connection = settings.transport === 'websocket' ? connect(settings, doors) : null;
  const server = serverOf(settings, doors, {
    inbound: connection === null ? webhook(settings.app) : null,
    ready: connection === null ? bot.ready : () => readyWith(bot, connection),
    metrics: () =>
      metrics.text(operatorStore(engine), clock, [...ownGauges(bot, settings), ...(connection?.gauges() ?? [])]),
  });
  const sockets = track(server);
  await listening(server, host, port);
  connection?.start();
  const { port: real } = server.address() as AddressInfo;
  return {
    bot,
    store,
    connection,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${real}`,
    settled: background.settled,
    async stop() {
      await Promise.all([closed(server, sockets), connection?.stop()]);
      await Promise.all([bot.stop(), background.settled()]);
      metrics.stop();
      await store.close();
    },
  };
}

function platformOf(s: BotSettings, calls: CallCounter, metrics: NodeMetrics): Platform {
  return createPlatform({
    baseUrl: s.baseUrl,
    appId: s.app.id,
    appSecret: s.app.secret,
    fetch: (input, init) => fetch(input, init),
    clock: s.clock,
    log: s.log,
    onCall(name, code, ok) {
      calls.note();
      metrics.onCall(name, code, ok);
    },
  });
}

/** The way in by webhook. */
const webhook = ({ id: appId, encryptKey, verificationToken }: BotSettings['app']) =>
  createInbound({ appId, encryptKey, verificationToken, cipher: createNodeCipher(encryptKey) });

/** The way in by long connection, not started yet. */
function connect({ app, baseUrl, clock, timing }: BotSettings, doors: Doors): Connection {
  const times = { ...usualTiming, ...timing };
  const open = createLines({
    ...{ appId: app.id, appSecret: app.secret, baseUrl },
    fetch: (input, init) => fetch(input, init),
    ...{ bootstrapMs: times.bootstrapMs, handshakeMs: times.handshakeMs },
  });
  return new Connection({ doors, open, appId: app.id, clock, timing: times });
}

/** Without its long connection the bot hears nobody. */
async function readyWith(bot: Bot, connection: Connection): ReturnType<Bot['ready']> {
  const { ok, parts } = await bot.ready();
  return { ok: ok && connection.isOpen, parts: { ...parts, connection: connection.isOpen } };
}

/** Webhook requests straight from Node's server, everything else through the app. */
function serverOf(settings: BotSettings, doors: Doors, told: Pick<AppDeps, 'inbound' | 'ready' | 'metrics'>): Server {
  const { clock, metricsToken } = settings;
  const deps = { ...doors, clock, gate: createGate() };
  const hono = createApp({
    ...deps,
    ...told,
    ...(metricsToken === undefined ? {} : { metricsToken }),
    remoteAddress: (c) => senderOf((c.env as NodeBindings).incoming),
  });
  const rest = getRequestListener(hono.fetch);
  if (told.inbound === null) return createServer(rest);
  const direct = createNodeWebhook({ take: createWebhook(deps, told.inbound), address: senderOf, rest });
  return createServer(direct.listener).on('connection', direct.connected);
}

/** The bot's two doors; what passes is counted, and when it came is remembered. */
function counted(
  bot: Bot,
  metrics: NodeMetrics,
  world: { store: Store; clock: Clock; defer: Defer },
): Pick<Doors, 'onClick' | 'onEvent' | 'answerText'> {
  const arrivals = createArrivals();
  return {
    answerText,
    // noted when it is answered: the answer never waits behind the note
    onClick: metrics.onClick((click) =>
      bot.onClick(click).finally(() => arrivals.note('click', world.clock.now(), world)),
    ),
    onEvent: metrics.onEvent((event) =>
      bot.onEvent(event).finally(() => arrivals.note('event', world.clock.now(), world)),
    ),
  };
}

/** What the Node adapter hands along with a request. */
interface NodeBindings {
  readonly incoming: {
    readonly socket: { readonly remoteAddress?: string | undefined };
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  };
}

/**
 * The sender's address. Behind a reverse proxy on the same machine it is what that proxy appended: else one stranger's
 * failures would shut out the platform, whose requests come through the same proxy.
 */
function senderOf({ socket, headers }: NodeBindings['incoming']): string {
  const direct = socket.remoteAddress ?? '';
  const passed = headers['x-forwarded-for'];
  const last = (Array.isArray(passed) ? passed.join(',') : passed)?.split(',').at(-1)?.trim();
  return loopback.has(direct) && last ? last : direct;
}
const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

function createBackground(log: Log) {
  const running = new Set<Promise<unknown>>();
  return {
    defer(work: Promise<unknown>) {
      const mine = work
        .catch((error: unknown) => log.error('background work failed', { error: String(error) }))
        .finally(() => running.delete(mine));
      running.add(mine);
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, done);
  });
}

function track(server: Server): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return sockets;
}

const patience = 5000;

/** Answers what is under way, then lets go of idle connections. */
function closed(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeIdleConnections();
    setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, patience).unref();
  });
}
