// Owns the webhook on Node's own HTTP server: requests reach webhook.ts without Request and Response objects, and in turns
// of the event loop. Knows headers and bytes; what a request means is webhook.ts.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { nothing, type Webhook, webhookPaths } from './webhook.ts';

export interface NodeWebhook {
  readonly take: Webhook;
  readonly address: (request: IncomingMessage) => string;
  /** Every other route and method. */
  readonly rest: RequestListener;
}

const paths = new Set<string>(webhookPaths);

/** `listener` for node:http; `connected` is to be called for each new connection. */
export function createNodeWebhook(of: NodeWebhook): { listener: RequestListener; connected: () => void } {
  const turns = createTurns();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const told = await of
      .take({
        address: of.address(request),
        header: (name) => headerOf(request, name),
        body: (limit) => wholeBody(request, { limit, turns }),
      })
      .catch(() => nothing(500));
    const head = ['content-type', 'application/json', 'content-length', String(told.body.length)];
    if (!request.complete) head.push('connection', 'close'); // what is left of the body would have to be read first
    response.writeHead(told.status, head).end(told.body, 'latin1');
  };
  return {
    listener(request, response) {
      if (request.method === 'POST' && paths.has(request.url ?? '')) void answer(request, response);
      else of.rest(request, response);
    },
    connected: turns.connected,
  };
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : (value?.join(', ') ?? null);
}

interface Reading {
  readonly limit: number;
  readonly turns: Turns;
}

function wholeBody(request: IncomingMessage, { limit, turns }: Reading): Promise<Uint8Array | 400 | 413> {
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else done(413);
    });
    request.on('end', () =>
      turns.wait(() => done(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks))),
    );
    request.on('error', () => done(400)); // the sender went away
  });
}

interface Turns {
  /** Runs `go` in one of the next turns, in order. */
  wait(go: () => void): void;
  connected(): void;
}

/** Enough for one commit to be worth its wait for the disk, few enough that the loop turns every few milliseconds. */
const eachTurn = 64;
const longestHold = 20; // ms

/**
 * The loop accepts one connection a turn (libuv 1.45 and later): where turns are long, the last of many new connections
 * would wait for seconds. So a turn takes few requests, and none while connections come in one after the other.
 */
function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  let armed = false;
  let fresh = false;
  let since = 0;
  const arm = () => {
    armed = waiting.length > 0;
    if (armed) setImmediate(turn);
  };
  const turn = () => {
    const now = performance.now();
    const hold = fresh && now - since < longestHold;
    fresh = false;
    if (!hold) {
      since = now;
      for (const go of waiting.splice(0, eachTurn)) go();
    }
    arm();
  };
  return {
    wait(go) {
      waiting.push(go);
      if (!armed) since = performance.now();
      if (!armed) arm();
    },
    connected() {
      fresh = true;
    },
  };
}
