// Owns the HTTP face under /open-apis: tokens, API rate limits, the answer's envelope, the record of calls, injected
// failures. What each API does is in api-*.ts.
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { authRoutes } from './api-auth.ts';
import { cardRoutes } from './api-cards.ts';
import { chatRoutes } from './api-chats.ts';
import { contactRoutes } from './api-contact.ts';
import { fileRoutes } from './api-files.ts';
import { messageRoutes } from './api-messages.ts';
import { sendRoutes } from './api-send.ts';
import { ApiFault } from './apiFault.ts';
import type { ApiFailure } from './faults.ts';
import { imageShape } from './fileRules.ts';
import { type Part, readMultipart } from './multipart.ts';
import { Outages } from './outage.ts';
import type { Platform } from './platform.ts';
import type { Call, Route } from './route.ts';
import { newId } from './seal.ts';
import type { StoredFile } from './state.ts';

type Env = { Bindings: HttpBindings };
const KEPT_CALLS = 5000;

const routes: readonly Route[] = [
  ...authRoutes,
  ...sendRoutes,
  ...messageRoutes,
  ...chatRoutes,
  ...contactRoutes,
  ...cardRoutes,
  ...fileRoutes,
];

interface Outcome {
  readonly status: number;
  readonly body: Record<string, unknown> | null; // null: no JSON
  readonly headers: Readonly<Record<string, string>>;
  readonly file?: StoredFile; // instead of the body
}

interface ApiRequest {
  readonly c: Context<Env>;
  readonly bytes: number;
  /** Parsed; the raw text when it is no JSON; {} when there is none. */
  readonly body: unknown;
  readonly parts?: ReadonlyMap<string, Part>;
}

export function createApi(p: Platform): Hono<Env> {
  const app = new Hono<Env>();
  const outages = new Outages(p.faults);
  for (const route of routes) app.on(route.method, route.path, (c) => answer({ p, outages }, route, c));
  app.all('*', (c) => {
    const path = c.req.path.replace('/open-apis', '');
    p.log.warn(`the simulator has no API ${c.req.method} ${path}`);
    record(p, { c, bytes: 0, body: {} }, { status: 404, body: { code: 404 }, headers: {} });
    return c.text('404 page not found', 404);
  });
  return app;
}

interface Face {
  readonly p: Platform;
  readonly outages: Outages;
}

async function answer({ p, outages }: Face, route: Route, c: Context<Env>): Promise<Response> {
  if (p.faults.apiDelayMs > 0) await new Promise((done) => setTimeout(done, p.faults.apiDelayMs));
  const request = await receive(c);
  const path = c.req.path.replace('/open-apis', '');
  const trouble = nextFailure(p, `${route.method} ${path}`) ?? outages.next(route.method, path);
  if (trouble === 'token') p.tokens.revokeAll();
  const failure = trouble === 'token' ? null : trouble;
  const before = failure !== null && (failure.when ?? 'before') === 'before';
  if (failure?.when === 'reset') return drop(c);
  let result = before ? failed(failure) : handle(p, route, request);
  if (failure?.when === 'after') result = failed(failure);
  record(p, request, result);
  return failure?.when === 'cut' ? drop(c) : respond(c, result);
}

function drop(c: Context<Env>): Response {
  c.env.outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}

async function receive(c: Context<Env>): Promise<ApiRequest> {
  const raw = Buffer.from(await c.req.arrayBuffer());
  const type = c.req.header('content-type') ?? '';
  const bytes = raw.length;
  if (!type.startsWith('multipart/')) return { c, bytes, body: parsed(raw.toString('utf8')) };
  const parts = readMultipart(type, raw);
  if (parts === null) return { c, bytes, body: 'a broken multipart body' };
  const named = [...parts].map(([name, part]) => [name, textOf(part)] as const);
  return { c, bytes, parts, body: Object.fromEntries(named) };
}

/** Enough for a field; a file is told by its size in the record of calls. */
function textOf(part: Part): string {
  return part.fileName === null && part.bytes.length < 1000
    ? part.bytes.toString('utf8')
    : `${part.bytes.length} bytes`;
}

function respond(c: Context<Env>, result: Outcome): Response {
  const logId = newId('');
  if (result.file !== undefined) return download(c, result.file, logId);
  if (result.body === null) return c.body('', result.status as 500, { 'x-tt-logid': logId });
  const isError = result.body.code !== 0;
  const error = { log_id: logId, troubleshooter: `排查建议查看(Troubleshooting suggestions): log_id ${logId}` };
  const { error: extra, ...rest } = result.body;
  const body = isError ? { ...rest, error: { ...error, ...(extra as object | undefined) } } : rest;
  return c.json(body, result.status as 200, { ...result.headers, 'x-tt-logid': logId });
}

function download(c: Context<Env>, file: StoredFile, logId: string): Response {
  const bytes = Buffer.from(file.data, 'base64');
  const type = (file.kind === 'image' ? imageShape(bytes)?.mime : undefined) ?? 'application/octet-stream';
  const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`;
  return c.body(bytes, 200, { 'content-type': type, 'content-disposition': disposition, 'x-tt-logid': logId });
}

function parsed(raw: string): unknown {
  try {
    return raw === '' ? {} : JSON.parse(raw);
  } catch {
    return raw;
  }
}

function handle(p: Platform, route: Route, request: ApiRequest): Outcome {
  try {
    const call = read(p, request);
    if (route.token !== false) checkToken(p, request.c.req.header('authorization'), call.now);
    checkRate(p, route);
    const answered = route.run(p, call);
    const file = 'file' in answered ? (answered.file as StoredFile) : undefined;
    if (file !== undefined) return { status: 200, body: { code: 0 }, headers: {}, file };
    return { status: 200, body: { code: 0, msg: 'success', ...answered }, headers: {} };
  } catch (e) {
    if (!(e instanceof ApiFault)) throw e;
    return { status: e.status, body: { code: e.code, msg: e.message, error: e.extra }, headers: e.headers };
  }
}

function read(p: Platform, request: ApiRequest): Call {
  const { c, bytes, body, parts } = request;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new ApiFault(9499);
  const fields = Object.fromEntries(Object.entries(body));
  return {
    params: c.req.param(),
    query: c.req.query(),
    body: fields,
    bytes,
    now: p.clock.now(),
    ...(parts === undefined ? {} : { parts }),
  };
}

function checkToken(p: Platform, header: string | undefined, now: number): void {
  if (header === undefined || header === '') throw new ApiFault(99991661);
  const token = /^Bearer (.+)$/.exec(header)?.[1];
  if (token === undefined) throw new ApiFault(99991661);
  if (!/^[tua]-/.test(token)) throw new ApiFault(99991671);
  if (!p.tokens.isValid(token, now)) throw new ApiFault(99991663);
}

function checkRate(p: Platform, route: Route): void {
  if (p.faults.unlimited) return;
  const key = `${route.method} ${route.path}`;
  const perSecond = { key: `${key} s`, limit: route.perSecond ?? 50, ms: 1000 };
  const refused = p.limits.take(perSecond, { key: `${key} m`, limit: 1000, ms: 60_000 });
  if (refused === null) return;
  const reset = String(Math.max(1, Math.ceil(refused.waitMs / 1000)));
  const headers = { 'x-ogw-ratelimit-limit': String(refused.limit), 'x-ogw-ratelimit-reset': reset };
  throw new ApiFault(99991400, { headers });
}

function nextFailure(p: Platform, call: string): ApiFailure | null {
  const failure = p.faults.apiFailures.find((f) => f.times > 0 && call.includes(f.on));
  if (failure === undefined) return null;
  failure.times -= 1;
  return failure;
}

function failed({ code, error }: ApiFailure): Outcome {
  if (code >= 400 && code < 600) return { status: code, body: null, headers: {} };
  const e = new ApiFault(code, code === 99991400 ? { headers: { 'x-ogw-ratelimit-reset': '1' } } : {});
  return { status: e.status, body: { code, msg: e.message, error }, headers: e.headers };
}

function record(p: Platform, request: ApiRequest, result: Outcome): void {
  const { c, body } = request;
  p.calls.push({
    at: p.clock.now(),
    method: c.req.method,
    path: c.req.path.replace('/open-apis', ''),
    query: c.req.query(),
    body,
    status: result.status,
    code: typeof result.body?.code === 'number' ? result.body.code : -1,
  });
  if (p.calls.length > KEPT_CALLS) p.calls.splice(0, p.calls.length - KEPT_CALLS);
}
