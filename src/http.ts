// Owns the HTTP face: routes, status codes, limits and deadlines of the public contract. Only this file knows hono.
// Knows nothing of what a click or an event means; a body is verified before anything here looks into it.
import { type Context, Hono } from 'hono';
import { answerClick, clickMs, type Doors, storeEvent, trace } from './doors.ts';
import { same } from './feishu/crypto.ts';
import type { Inbound, InboundReader } from './feishu/inbound.ts';
import type { Clock } from './ports.ts';

export interface AppDeps extends Doors {
  /** null: nothing comes in by webhook, its routes are not there. */
  readonly inbound: InboundReader | null;
  readonly clock: Clock;
  readonly ready: () => Promise<{ ok: boolean; parts: Record<string, boolean> }>;
  readonly metrics?: () => Promise<string>;
  readonly metricsToken?: string;
  /** The sender's address: of the socket, or what a trusted proxy in front says. '' when unknown. */
  readonly remoteAddress: (c: Context) => string;
  /** Did the request pass a proxy? Default: it carries Forwarded or X-Forwarded-For. */
  readonly forwarded?: (c: Context) => boolean;
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

async function readStream(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array | 413> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > limit) {
      reader.cancel().catch(() => undefined);
      return 413;
    }
    chunks.push(part.value);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** A declared length is enforced by the server below us, so only a body without one needs the slow, counted way. */
async function readWhole(request: Request, declared: number | null, limit: number): Promise<Uint8Array | 413> {
  if (declared === null) return request.body === null ? new Uint8Array(0) : readStream(request.body, limit);
  const bytes = new Uint8Array(await request.arrayBuffer());
  return bytes.length > limit ? 413 : bytes;
}

/** The body's bytes, or the status that refuses it. */
async function readBody(c: Context, limits: Limits): Promise<Uint8Array | 400 | 408 | 413> {
  const header = c.req.header('content-length') ?? '';
  const declared = /^\d+$/.test(header) ? Number(header) : null;
  if (declared !== null && declared > limits.bodyBytes) return 413;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<408>((resolve) => {
    timer = setTimeout(resolve, limits.bodyMs, 408);
  });
  const whole = readWhole(c.req.raw, declared, limits.bodyBytes).catch(() => 400 as const); // the sender went away
  const result = await Promise.race([whole, late]);
  clearTimeout(timer);
  return result;
}

async function answerInbound(deps: AppDeps, inbound: Inbound, door: { c: Context; waitMs: () => number }) {
  const { c, waitMs } = door;
  switch (inbound.kind) {
    case 'challenge':
      return c.json({ challenge: inbound.challenge });
    case 'ignored':
      return c.json({});
    case 'click':
      return c.body(await answerClick(deps, inbound, waitMs()), 200, { 'content-type': 'application/json' });
    default:
      // 500: the platform comes again, after 15 s, 5 min, 1 h, 6 h
      return c.json({}, (await storeEvent(deps, inbound)) ? 200 : 500);
  }
}

function webhook(deps: AppDeps, inbound: InboundReader): (c: Context) => Promise<Response> {
  const limits = { ...LIMITS, ...deps.limits };
  const { clock, log, gate = createGate() } = deps;
  return async (c) => {
    const arrived = performance.now();
    const address = deps.remoteAddress(c);
    if (gate.shut(address)) return c.json({}, 429);
    const raw = await readBody(c, limits);
    if (typeof raw === 'number') {
      log.debug('webhook', { status: raw });
      return c.json({}, raw);
    }
    const read = await inbound.read(raw, (name) => c.req.header(name) ?? null, clock.now());
    if (read.kind === 'bad') {
      // Only the platform can sign a wrong shape: it is our gap, and must not shut the platform out.
      const told = read.reason === 'shape' || gate.fail(address);
      const status = told ? read.status : 429;
      log.info('webhook refused', { status, reason: read.reason });
      return c.json({}, status);
    }
    log.debug('webhook', { kind: read.kind });
    return answerInbound(deps, read, { c, waitMs: () => limits.clickMs - (performance.now() - arrived) });
  };
}

const isLoopback = (address: string): boolean =>
  address === '::1' || /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);

function metrics(deps: AppDeps): (c: Context) => Promise<Response> {
  const forwarded =
    deps.forwarded ?? ((c: Context) => Boolean(c.req.header('forwarded') ?? c.req.header('x-forwarded-for')));
  return async (c) => {
    if (deps.metrics === undefined) return c.json({}, 404);
    const token = deps.metricsToken ?? '';
    if (token !== '' && !same(c.req.header('authorization') ?? '', `Bearer ${token}`)) {
      return c.json({}, 401, { 'www-authenticate': 'Bearer' });
    }
    if (token === '' && (forwarded(c) || !isLoopback(deps.remoteAddress(c)))) return c.json({}, 403);
    return c.text(await deps.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  };
}

async function readiness(deps: AppDeps, c: Context): Promise<Response> {
  try {
    const { ok, parts } = await deps.ready();
    return c.json({ ok, parts }, ok ? 200 : 503);
  } catch (error) {
    deps.log.warn('readiness could not be told', trace(error));
    return c.json({ ok: false, parts: {} }, 503);
  }
}

export function createApp(deps: AppDeps): Hono {
  const app = new Hono();
  if (deps.inbound !== null) {
    const take = webhook(deps, deps.inbound);
    for (const path of ['/webhook/event', '/webhook/card']) {
      app.post(path, take);
      app.all(path, (c) => c.json({}, 405, { allow: 'POST' }));
    }
  }
  app.get('/healthz', (c) => c.json({ ok: true }));
  app.get('/readyz', (c) => readiness(deps, c));
  app.get('/metrics', metrics(deps));
  app.notFound((c) => c.json({}, 404));
  app.onError((error, c) => {
    deps.log.error('request failed', trace(error));
    return c.json({}, 500);
  });
  return app;
}
