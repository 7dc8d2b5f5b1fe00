// Owns the webhook's contract: size, time and abuse limits, and which status says what. Knows no server and no framework: a
// request comes as an address, headers and a way to its bytes, an answer goes as a status and JSON.
import { toWire, type Wire } from '../cards/wire.ts';
import { answerClick, clickMs, type Doors, storeEvent } from './doors.ts';
import type { Inbound, InboundReader } from './feishu/inbound.ts';
import type { Clock } from './ports.ts';

export interface WebhookDeps extends Doors {
  readonly clock: Clock;
  /** Default: a new one. On Workers hand in one made at module scope, so that it outlives the invocation. */
  readonly gate?: Gate;
  readonly limits?: Partial<Limits>;
}

export interface Limits {
  readonly bodyBytes: number;
  readonly bodyMs: number;
  /** Counted from the arrival of the request; the platform gives up after 3 s. */
  readonly clickMs: number;
}
const LIMITS: Limits = { bodyBytes: 1024 * 1024, bodyMs: 5000, clickMs };

/** Both get the same. */
export const webhookPaths = ['/webhook/event', '/webhook/card'] as const;

/** One POST as a server hands it over. */
export interface Post {
  /** The sender's address; '' when unknown. */
  readonly address: string;
  /** `name` in small letters; null when absent. */
  readonly header: (name: string) => string | null;
  /** The whole body; 413 when there is more than `limit` bytes of it, 400 when the sender went away. Never rejects. */
  readonly body: (limit: number) => Promise<Uint8Array | 400 | 413>;
}
export interface Told {
  readonly status: 200 | 400 | 401 | 408 | 413 | 429 | 500;
  readonly body: Wire; // JSON
}
export type Webhook = (post: Post) => Promise<Told>;

/** Remembers failed verifications per address. Real time, not the process clock: a rehearsed clock may stand still. */
export interface Gate {
  shut(address: string): boolean;
  /** Counts one failure; true while the address may still be told what was wrong. */
  fail(address: string): boolean;
}

const FAILURES = 50;
const WINDOW_MS = 60_000;
const ADDRESSES = 10_000;

export function createGate(elapsedMs: () => number = () => performance.now()): Gate {
  const table = new Map<string, { since: number; failures: number }>();
  const entry = (address: string) => {
    const row = table.size === 0 ? undefined : table.get(address);
    if (row !== undefined && elapsedMs() - row.since >= WINDOW_MS) {
      table.delete(address);
      return undefined;
    }
    return row;
  };
  return {
    shut: (address) => (entry(address)?.failures ?? 0) >= FAILURES,
    fail(address) {
      let row = entry(address);
      if (row === undefined) {
        // The oldest window goes first, so the table stays small whoever knocks.
        const oldest = table.size >= ADDRESSES ? table.keys().next().value : undefined;
        if (oldest !== undefined) table.delete(oldest);
        row = { since: elapsedMs(), failures: 0 };
        table.set(address, row);
      }
      row.failures++;
      return row.failures <= FAILURES;
    },
  };
}

/** `{}` says no more than its status. */
export const nothing = (status: Told['status']): Told => ({ status, body: none });
const none = toWire('{}');

/** The body's bytes, or the status that refuses it. */
async function readBody(post: Post, limits: Limits): Promise<Uint8Array | 400 | 408 | 413> {
  const header = post.header('content-length') ?? '';
  if (/^\d+$/.test(header) && Number(header) > limits.bodyBytes) return 413;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<408>((resolve) => {
    timer = setTimeout(resolve, limits.bodyMs, 408);
  });
  const result = await Promise.race([post.body(limits.bodyBytes), late]);
  clearTimeout(timer);
  return result;
}

async function answerInbound(deps: WebhookDeps, inbound: Inbound, waitMs: number): Promise<Told> {
  switch (inbound.kind) {
    case 'challenge':
      return { status: 200, body: toWire(JSON.stringify({ challenge: inbound.challenge })) };
    case 'ignored':
      return nothing(200);
    case 'click':
      return { status: 200, body: await answerClick(deps, inbound, waitMs) };
    default:
      // 500: the platform comes again, after 15 s, 5 min, 1 h, 6 h
      return nothing((await storeEvent(deps, inbound)) ? 200 : 500);
  }
}

/** Resolves always, but for bugs of ours in what it was handed. */
export function createWebhook(deps: WebhookDeps, inbound: InboundReader): Webhook {
  const limits = { ...LIMITS, ...deps.limits };
  const { clock, log, gate = createGate() } = deps;
  return async (post) => {
    const arrived = performance.now();
    if (gate.shut(post.address)) return nothing(429);
    const raw = await readBody(post, limits);
    if (typeof raw === 'number') {
      log.debug('webhook', { status: raw });
      return nothing(raw);
    }
    const read = await inbound.read(raw, post.header, clock.now());
    if (read.kind === 'bad') {
      // Only the platform can sign a wrong shape: it is our gap, and must not shut the platform out.
      const told = read.reason === 'shape' || gate.fail(post.address);
      const status = told ? read.status : 429;
      log.info('webhook refused', { status, reason: read.reason });
      return nothing(status);
    }
    log.debug('webhook', { kind: read.kind });
    return answerInbound(deps, read, limits.clickMs - (performance.now() - arrived));
  };
}
