// Owns the simulator tests' world: a simulator on a standing clock, and a tiny bot made of the stock SDK only.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as lark from '@larksuiteoapi/node-sdk';
import { createVirtualClock, type VirtualClock } from '../../simulator/clock.ts';
import type { DemoHooks } from '../../simulator/platform.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator/simulator.ts';

export const app = {
  appId: 'cli_a1b2c3d4e5f60718',
  appSecret: 'secret-of-the-test-app',
  encryptKey: 'encrypt key of the test app',
  verificationToken: 'verification-token',
  name: '回头看助手',
};
export const START = Date.parse('2023-08-01T08:00:00+08:00');
/** A demo behind the page, as quiet as it can be. */
export const demoHooks: DemoHooks = {
  featured: [],
  notice: '演示数据',
  label: () => '自查阶段',
  nextPhase: () => null,
  end: () => START + 7 * 86_400_000,
  minute: async () => {},
  kindOf: () => '消息',
  calls: () => ({ month: '', made: 0 }),
  suggestions: { p2p: [], group: [] },
  restart: async () => {},
};
const quiet = { info: () => {}, warn: () => {} };
const sdkQuiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, trace: () => {} };

export interface Scene {
  readonly sim: Simulator;
  readonly clock: VirtualClock;
  readonly client: lark.Client;
  /** Envelopes the SDK's dispatcher handed on, flattened as it does. */
  readonly events: Record<string, unknown>[];
  /** What the bot does with the next requests; default: the SDK's dispatcher. */
  handle: ((req: IncomingMessage, res: ServerResponse, body: string) => void) | null;
  /** The answer to a click. */
  clickAnswer: unknown;
  close(): Promise<void>;
}

export async function scene(o: Partial<SimulatorOptions> = {}): Promise<Scene> {
  const clock = o.clock ?? createVirtualClock({ start: START, paused: true });
  const sim = await startSimulator({ clock, app, log: quiet, ...o });
  const url = await sim.listen('127.0.0.1', 0);
  const events: Record<string, unknown>[] = [];
  const { appId, appSecret } = app;
  const client = new lark.Client({ appId, appSecret, domain: url, logger: sdkQuiet, cache: tokenCache(clock) });
  const server = createServer();
  const s: Scene = { sim, clock, client, events, handle: null, clickAnswer: {}, close: () => closeAll(sim, server) };
  const dispatcher = sdkDispatcher(s);
  server.on('request', async (req: IncomingMessage, res: ServerResponse) => {
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part);
    const body = Buffer.concat(parts).toString('utf8');
    if (s.handle !== null) return s.handle(req, res, body);
    const data = JSON.parse(body);
    const { isChallenge, challenge } = lark.generateChallenge(data, { encryptKey: app.encryptKey });
    const result = isChallenge
      ? challenge
      : await dispatcher.invoke(Object.assign(Object.create({ headers: req.headers }), data));
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(result ?? {}));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  sim.setBotUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook/event`);
  return s;
}

/** The SDK's own cache is shared by the whole process and counts real time. */
function tokenCache(clock: VirtualClock): lark.Cache {
  const kept = new Map<unknown, { value: unknown; until: number }>();
  return {
    get: async (key) => {
      const found = kept.get(key);
      return found !== undefined && found.until > clock.now() ? found.value : undefined;
    },
    set: async (key, value, expire = Number.POSITIVE_INFINITY) => {
      kept.set(key, { value, until: clock.now() + expire - Date.now() });
      return true;
    },
  };
}

type ClientOptions = Partial<ConstructorParameters<typeof lark.WSClient>[0]> & { dispatcher?: lark.EventDispatcher };

/** The stock client on a long connection to the simulator, or why it never came to be. Its console mode is chosen, too. */
export async function longClient(s: Scene, o: ClientOptions = {}): Promise<lark.WSClient> {
  const { dispatcher = sdkDispatcher(s), ...options } = o;
  const { appId, appSecret } = app;
  s.sim.useLongConnection();
  return new Promise((done, fail) => {
    const client: lark.WSClient = new lark.WSClient({
      ...{ appId, appSecret, domain: s.sim.url, logger: sdkQuiet, autoReconnect: false },
      ...options,
      onReady: () => done(client),
      onError: fail,
    });
    void client.start({ eventDispatcher: dispatcher });
  });
}

const HEARD = [
  'im.message.receive_v1',
  'im.message.recalled_v1',
  'im.chat.member.bot.added_v1',
  'im.chat.member.bot.deleted_v1',
  'im.chat.disbanded_v1',
  'im.chat.access_event.bot_p2p_chat_entered_v1',
];

export function sdkDispatcher(s: Pick<Scene, 'events' | 'clickAnswer'>): lark.EventDispatcher {
  const { encryptKey, verificationToken } = app;
  const dispatcher = new lark.EventDispatcher({ encryptKey, verificationToken, logger: sdkQuiet });
  const handlers: Record<string, (data: Record<string, unknown>) => unknown> = {};
  for (const type of HEARD) handlers[type] = (data) => void s.events.push(data);
  handlers['card.action.trigger'] = (data) => {
    s.events.push(data);
    return s.clickAnswer;
  };
  dispatcher.register(handlers);
  return dispatcher;
}

async function closeAll(sim: Simulator, server: Server): Promise<void> {
  await sim.close();
  await new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
  sim.clock.close();
}

/** A small valid card with one button. */
export function card(text = '你好', value: Record<string, unknown> = { n: 'go' }): Record<string, unknown> {
  return {
    schema: '2.0',
    config: { update_multi: true, summary: { content: text } },
    header: { title: { tag: 'plain_text', content: text } },
    body: {
      elements: [
        { tag: 'markdown', content: text },
        { tag: 'button', text: { tag: 'plain_text', content: '开始' }, behaviors: [{ type: 'callback', value }] },
      ],
    },
  };
}

/** The platform's answer to a failed SDK call. */
export async function refused(call: Promise<unknown>): Promise<{
  status: number;
  code: number;
  msg: string;
  error?: { log_id?: string };
  headers: Record<string, string>;
}> {
  try {
    await call;
  } catch (e) {
    const { response } = e as {
      response: { status: number; data: { code: number; msg: string }; headers: Record<string, string> };
    };
    return { status: response.status, ...response.data, headers: response.headers };
  }
  throw new Error('the call was not refused');
}
