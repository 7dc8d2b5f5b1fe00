// Owns asking the platform, without changing anything there, whether it knows the app, its bot and its scopes. For the
// operator's doctor; knows no fix and no sentence for people.
import { type Answer, codeOf, failure } from './errors.ts';
import { isJson, type Json, parseObject } from './events.ts';

export interface Probe {
  readonly ok: boolean;
  /** The platform's code; 0 with ok false: it did not answer as a platform does. */
  readonly code: number;
  /** Scopes the platform named as missing. */
  readonly scopes: readonly string[];
}

export interface PlatformProbe {
  readonly token: Probe;
  /** null: not asked, since there was no token. */
  readonly bot: Probe | null;
  readonly chats: Probe | null;
  readonly messages: Probe | null;
  /** The platform's own time minus ours, ms; null when it did not say. */
  readonly skewMs: number | null;
}

export interface ProbeSettings {
  readonly baseUrl: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly fetch: typeof fetch;
  readonly now: () => number;
  /** The HTTP date of an answer as epoch ms, NaN when it is none. */
  readonly dateOf: (header: string) => number;
}

const timeoutMs = 10_000;
/** A message nobody has: reading it needs the scope and nothing else. */
const nobodysMessage = 'om_00000000000000000000000000000000';

/** Resolves whatever the platform says or does not say. */
export async function probePlatform(p: ProbeSettings): Promise<PlatformProbe> {
  const path = '/auth/v3/tenant_access_token/internal';
  const asked = await ask(p, { method: 'POST', path, body: { app_id: p.appId, app_secret: p.appSecret } });
  const token = typeof asked.body.tenant_access_token === 'string' ? asked.body.tenant_access_token : '';
  const skewMs = asked.skewMs;
  if (token === '') return { token: { ...asked.probe, ok: false }, bot: null, chats: null, messages: null, skewMs };
  const get = async (path: string) => (await ask(p, { method: 'GET', path, token })).probe;
  return {
    token: asked.probe,
    bot: await get('/bot/v3/info'),
    chats: await get('/im/v1/chats?page_size=1'),
    messages: await get(`/im/v1/messages/${nobodysMessage}`),
    skewMs,
  };
}

interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Json;
  readonly token?: string;
}

async function ask(p: ProbeSettings, q: Question): Promise<{ probe: Probe; body: Json; skewMs: number | null }> {
  const { fetch: request } = p; // called bare: as a method it is illegal in workerd
  const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' };
  if (q.token !== undefined) headers.authorization = `Bearer ${q.token}`;
  try {
    const response = await request(`${p.baseUrl}/open-apis${q.path}`, {
      method: q.method,
      headers,
      redirect: 'manual', // a redirect would carry the token or the secret to a stranger
      signal: AbortSignal.timeout(timeoutMs),
      ...(q.body === undefined ? {} : { body: JSON.stringify(q.body) }),
    });
    const date = p.dateOf(response.headers.get('date') ?? '');
    const skewMs = Number.isNaN(date) ? null : date - p.now();
    const body = parseObject(await response.text());
    return {
      probe: probeOf(q.path, { status: response.status, headers: response.headers, body }),
      body: body ?? {},
      skewMs,
    };
  } catch {
    return { probe: { ok: false, code: 0, scopes: [] }, body: {}, skewMs: null };
  }
}

function probeOf(name: string, answer: Answer): Probe {
  if (answer.status === 200 && codeOf(answer) === 0) return { ok: true, code: 0, scopes: [] };
  const error = isJson(answer.body?.error) ? answer.body.error : {};
  const named = Array.isArray(error.permission_violations) ? error.permission_violations : [];
  const scopes = named.flatMap((v: unknown) => (isJson(v) && typeof v.subject === 'string' ? [v.subject] : []));
  return { ok: false, code: failure(name, answer).code, scopes: scopes.slice(0, 10) };
}
