// Owns the HTTP face: routes, status codes and headers of the public contract. Only this file knows hono. Knows nothing
// of what a click or an event means; what a webhook request may cost and gets back is webhook.ts.
import { type Context, Hono } from 'hono';
import { bytesOf } from '../cards/wire.ts';
import { trace } from './doors.ts';
import { same } from './feishu/crypto.ts';
import type { InboundReader } from './feishu/inbound.ts';
import { createWebhook, type Webhook, type WebhookDeps, webhookPaths } from './webhook.ts';

export interface AppDeps extends WebhookDeps {
  /** null: nothing comes in by webhook, its routes are not there. */
  readonly inbound: InboundReader | null;
  readonly ready: () => Promise<{ ok: boolean; parts: Record<string, boolean> }>;
  readonly metrics?: () => Promise<string>;
  readonly metricsToken?: string;
  /** The sender's address: of the socket, or what a trusted proxy in front says. '' when unknown. */
  readonly remoteAddress: (c: Context) => string;
  /** Did the request pass a proxy? Default: it carries Forwarded or X-Forwarded-For. */
  readonly forwarded?: (c: Context) => boolean;
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
async function readWhole(request: Request, declared: string | null, limit: number): Promise<Uint8Array | 413> {
  if (declared === null) return request.body === null ? new Uint8Array(0) : readStream(request.body, limit);
  const bytes = new Uint8Array(await request.arrayBuffer());
  return bytes.length > limit ? 413 : bytes;
}

const json = { 'content-type': 'application/json' };

function posted(take: Webhook, address: AppDeps['remoteAddress']): (c: Context) => Promise<Response> {
  return async (c) => {
    const header = (name: string) => c.req.header(name) ?? null;
    const declared = header('content-length');
    const body = (limit: number) => readWhole(c.req.raw, declared, limit).catch(() => 400 as const); // the sender went away
    const told = await take({ address: address(c), header, body });
    return c.body(bytesOf(told.body), told.status, json);
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
    const take = posted(createWebhook(deps, deps.inbound), deps.remoteAddress);
    for (const path of webhookPaths) {
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
