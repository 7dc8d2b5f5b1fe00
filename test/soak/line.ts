// Owns a bad line: a relay that now and then loses, repeats, delays or refuses what passes, and measures the answers that
// came. One stands between the platform and the bot, one between the bot and the platform. Knows no body.
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Dice } from './dice.ts';

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What becomes of one request; null: the connection breaks without an answer. `send` may be called any number of times. */
export type Fate = (send: () => Promise<Reply>) => Promise<Reply | null>;

export interface LineOptions {
  readonly dice: Dice;
  /** Share of the requests that meets each of the fates. */
  readonly share: number;
  readonly fates: Readonly<Record<string, Fate>>;
}

export interface Line {
  readonly url: string;
  /** Where requests go on to, '' while nobody is there. */
  target: string;
  /** Whether fates strike. */
  bad: boolean;
  /** How often each fate struck. */
  readonly struck: ReadonlyMap<string, number>;
  /** Milliseconds from handing a request on to its whole answer, one for every answer that came. */
  readonly waits: readonly number[];
  close(): Promise<void>;
}

const plain = (status: number): Reply => ({ status, headers: {}, body: Buffer.alloc(0) });
const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** From the platform to the bot: clicks and events. */
export const inward: Readonly<Record<string, Fate>> = {
  async twice(send) {
    const [first] = await Promise.all([send(), send()]); // the same bytes, side by side
    return first;
  },
  async again(send) {
    const answer = await send();
    setTimeout(() => void send().catch(() => undefined), 3000).unref(); // and the same bytes once more, later
    return answer;
  },
  async late(send) {
    await pause(400);
    return send();
  },
  async 'answer lost'(send) {
    await send();
    return null;
  },
  'never arrived': async () => plain(502),
};

/** From the bot to the platform. `holdMs`: how long a call that worked stays without an answer. */
export function outward(o: { readonly holdMs: number; revoke(): void }): Readonly<Record<string, Fate>> {
  const limited = { code: 99991400, msg: 'request trigger frequency limit' };
  return {
    '500 before': async () => plain(500),
    async '500 after'(send) {
      await send();
      return plain(500);
    },
    '429': async () => ({
      status: 429,
      headers: { 'content-type': 'application/json', 'x-ogw-ratelimit-reset': '1' },
      body: Buffer.from(JSON.stringify(limited)),
    }),
    async 'no answer'(send) {
      await send();
      await pause(o.holdMs);
      return null;
    },
    async 'reset after'(send) {
      await send();
      return null;
    },
    async 'token revoked'(send) {
      o.revoke();
      return send();
    },
  };
}

/** Starts a relay on a free port of this machine. */
export async function startLine(o: LineOptions): Promise<Line> {
  const struck = new Map(Object.keys(o.fates).map((name) => [name, 0]));
  const names = [...struck.keys()];
  const waits: number[] = [];
  const agent = new Agent({ keepAlive: true });
  const line = { target: '', bad: false };
  const fate = (): Fate | null => {
    const name = line.bad ? names[Math.floor(o.dice.roll() / o.share)] : undefined;
    if (name === undefined) return null;
    struck.set(name, (struck.get(name) ?? 0) + 1);
    return o.fates[name] ?? null;
  };
  const server = createServer(async (incoming, outgoing) => {
    const body = await bodyOf(incoming);
    const send = async () => {
      const from = performance.now();
      const reply = await passOn(incoming, { body, target: line.target, agent });
      waits.push(performance.now() - from);
      return reply;
    };
    try {
      answer(outgoing, await (fate() ?? ((s) => s()))(send));
    } catch {
      answer(outgoing, null); // nobody is there, or died over it
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return Object.assign(line, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    struck,
    waits,
    close: () =>
      new Promise<void>((done) => {
        agent.destroy();
        server.close(() => done());
        server.closeAllConnections();
      }),
  });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const ownHeaders = ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'];

function passOn(
  incoming: IncomingMessage,
  to: { readonly body: Buffer; readonly target: string; readonly agent: Agent },
): Promise<Reply> {
  if (to.target === '') return Promise.reject(new Error('nobody is there'));
  const kept = Object.entries(incoming.headers).filter(([name]) => !ownHeaders.includes(name));
  const headers = { ...Object.fromEntries(kept), 'content-length': String(to.body.length) };
  const url = new URL(incoming.url ?? '/', to.target);
  return new Promise((done, fail) => {
    const sent = request(url, { method: incoming.method, headers, agent: to.agent }, (response) => {
      bodyOf(response).then((body) => done(replyOf(response, body)), fail);
    });
    sent.on('error', fail);
    sent.end(to.body);
  });
}

function replyOf(response: IncomingMessage, body: Buffer): Reply {
  const kept = Object.entries(response.headers).filter(([name]) => !ownHeaders.includes(name));
  return { status: response.statusCode ?? 0, headers: Object.fromEntries(kept.map(([n, v]) => [n, String(v)])), body };
}

/** Every answer closes its connection: a sender that reuses one would try once more by itself and hide the loss. */
function answer(outgoing: ServerResponse, reply: Reply | null): void {
  if (reply === null) return void outgoing.destroy();
  outgoing.writeHead(reply.status, { ...reply.headers, connection: 'close' }).end(reply.body);
}
