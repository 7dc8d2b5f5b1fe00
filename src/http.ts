// Owns the HTTP face: routes, status codes, limits and deadlines of the public contract. Only this file knows hono.
// Knows nothing of what a click or an event means; a body is verified before anything here looks into it.
import { type Context, Hono } from 'hono';
import { same } from './feishu/crypto.ts';
import type { ChatEvent, Click, Inbound, InboundReader, MessageEvent } from './feishu/inbound.ts';
import type { Clock, Defer, Log } from './ports.ts';

export interface AppDeps {
  readonly inbound: InboundReader;
  readonly clock: Clock;
  readonly log: Log;
  readonly defer: Defer;
  /** Resolves to the callback answer; may take longer than the platform waits. */
  readonly onClick: (click: Click) => Promise<object>;
  /** The JSON text of such an answer. Default: JSON.stringify. */
  readonly answerText?: (answer: object) => string;
  /** A click whose person already got 「正在处理」: its answer, or null when it failed. Runs deferred. */
  readonly onLate?: (click: Click, answer: object | null) => Promise<void>;
  /** Resolves after the event is safely stored. Repeats come: it must store an event once. */
  readonly onEvent: (event: MessageEvent | ChatEvent) => Promise<void>;
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
const LIMITS: Limits = { bodyBytes: 1024 * 1024, bodyMs: 5000, clickMs: 2000 };

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

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const toast = (type: 'info' | 'error', content: string): string => JSON.stringify({ toast: { type, content } });
const NOT_SAVED = toast('error', '没有保存，请再点一次');
const WORKING = toast('info', '正在处理，请稍候…');

/** Where a failure came from, without its message: a database puts values into it. */
function trace(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { error: error.name, at: frames.slice(0, 4).map((line) => line.trim()) };
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

/** The answer as JSON text. Runs the handler; after `waitMs` answers for it and lets it finish in the background. */
async function answerClick(deps: AppDeps, click: Click, waitMs: number): Promise<string> {
  const work = (async () => deps.onClick(click))();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, Math.max(waitMs, 0), null);
  });
  try {
    const answer = await Promise.race([work, late]);
    if (answer !== null) return isObject(answer) ? (deps.answerText ?? JSON.stringify)(answer) : '{}';
  } catch (error) {
    deps.log.error('click failed', { eventId: click.eventId, ...trace(error) });
    return NOT_SAVED;
  } finally {
    clearTimeout(timer);
  }
  deps.log.warn('click is slow', { eventId: click.eventId });
  deps.defer(finishLate(deps, click, work));
  return WORKING;
}

async function finishLate(deps: AppDeps, click: Click, work: Promise<object>): Promise<void> {
  let answer: object | null = null;
  try {
    answer = await work;
  } catch (error) {
    deps.log.error('slow click failed', { eventId: click.eventId, ...trace(error) });
  }
  try {
    await deps.onLate?.(click, answer);
  } catch (error) {
    deps.log.error('card of a slow click was not repaired', { eventId: click.eventId, ...trace(error) });
  }
}

async function answerEvent(deps: AppDeps, event: MessageEvent | ChatEvent, c: Context): Promise<Response> {
  try {
    await deps.onEvent(event);
    return c.json({});
  } catch (error) {
    deps.log.error('event was not stored', { eventId: event.eventId, ...trace(error) });
    return c.json({}, 500); // the platform comes again: after 15 s, 5 min, 1 h, 6 h
  }
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
      return answerEvent(deps, inbound, c);
  }
}

function webhook(deps: AppDeps, gate: Gate): (c: Context) => Promise<Response> {
  const limits = { ...LIMITS, ...deps.limits };
  const { clock, log, inbound } = deps;
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
  const take = webhook(deps, deps.gate ?? createGate());
  for (const path of ['/webhook/event', '/webhook/card']) {
    app.post(path, take);
    app.all(path, (c) => c.json({}, 405, { allow: 'POST' }));
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
