// Owns the way out: the few calls of the open platform the bot makes, on fetch alone (both runtimes).
// Knows no card, no outbox and no pacing; it never logs a token, a secret or what a message says.
import { type Address, type Clock, type Log, type Message, type Platform, PlatformError, type Sent } from '../ports.ts';
import { type Answer, codeOf, failure, lost } from './errors.ts';
import { isJson, type Json, parseObject } from './events.ts';
import { createReader } from './history.ts';
import { createTokens, type TokenCache } from './token.ts';

export interface PlatformSettings {
  /** Scheme and host, e.g. https://open.feishu.cn; paths begin with /open-apis. */
  readonly baseUrl: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly log: Log;
  readonly tokens?: TokenCache;
  /** Told of every exchange: its name, the platform's code (0: none), whether it worked. */
  readonly onCall?: (name: string, code: number, ok: boolean) => void;
  /** Milliseconds until a call without an answer is given up. */
  readonly timeoutMs?: number;
}

/** One request; `name` is its name in logs. */
export interface Call {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body?: Json;
}

type Exchange = (call: Call, token: string | null) => Promise<Json>;
/** Resolves with the body of code 0. */
export type Caller = (call: Call) => Promise<Json>;

const TIMEOUT_MS = 10_000;
const UUID_LIMIT = 50;
/** The group, or the message, takes no thread replies: it takes plain ones. */
const NO_THREADS = new Set([230071, 230072]);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const json = (value: unknown): Json => (isJson(value) ? value : {});
const segment = (id: string): string => encodeURIComponent(id);

const content = (message: Message): Json =>
  message.kind === 'text'
    ? { msg_type: 'text', content: JSON.stringify({ text: message.text }) }
    : { msg_type: 'interactive', content: JSON.stringify(message.card) };

/** The platform takes 50 characters; a longer key becomes its digest, so that the same key stays the same uuid. */
async function platformUuid(key: string): Promise<string> {
  if (key.length <= UUID_LIMIT) return key;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)));
  return [...digest.subarray(0, 20)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An answer with code 0 that lacks what it must have: it may have worked. */
const malformed = (call: string): PlatformError =>
  new PlatformError({ code: 0, retry: 'later', message: `${call}: answer without the expected data`, ambiguous: true });

/** Work that rejects with PlatformError only: what cannot be written as JSON or as a path never leaves. */
async function guarded<T>(call: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    throw new PlatformError({ code: 0, retry: 'invalid', message: `${call}: request could not be made` });
  }
}

function sentFrom(call: string, body: Json): Sent {
  const data = json(body.data);
  const messageId = text(data.message_id);
  if (messageId === '') throw malformed(call);
  return { messageId, chatId: text(data.chat_id) };
}

function chatMode(data: Json): 'group' | 'p2p' | 'topic' {
  if (data.chat_mode === 'p2p' || data.chat_mode === 'topic') return data.chat_mode;
  return 'group';
}

/** open_ids by number: an entry without user_id is a number nobody has, or one outside the app's range. */
function foundByPhone(body: Json): ReadonlyMap<string, string> {
  const list = json(body.data).user_list;
  if (!Array.isArray(list)) throw malformed('peopleByPhone');
  const found = list.map(json).map((entry) => [text(entry.mobile), text(entry.user_id)] as const);
  return new Map(found.filter(([phone, openId]) => phone !== '' && openId !== ''));
}

/** One HTTP exchange. Resolves with the body of code 0, rejects with PlatformError. */
function createExchange(o: PlatformSettings): Exchange {
  const { fetch: request, log, timeoutMs = TIMEOUT_MS } = o; // called bare: as a method it is illegal in workerd
  const base = o.baseUrl.replace(/\/+$/, '');

  const answerOf = async (call: Call, token: string | null): Promise<Answer> => {
    const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
    const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' };
    if (token !== null) headers.authorization = `Bearer ${token}`;
    try {
      const response = await request(`${base}/open-apis${call.path}`, {
        method: call.method,
        headers,
        redirect: 'manual', // a redirect would carry the token or the secret to a stranger
        signal: AbortSignal.timeout(timeoutMs),
        ...body,
      });
      return { status: response.status, headers: response.headers, body: parseObject(await response.text()) };
    } catch (cause) {
      throw lost(call.name, cause);
    }
  };

  return async (call, token) => {
    try {
      const answer = await answerOf(call, token);
      const ok = answer.status >= 200 && answer.status < 300;
      if (!ok || codeOf(answer) !== 0 || answer.body === null) throw failure(call.name, answer);
      o.onCall?.(call.name, 0, true);
      return answer.body;
    } catch (error) {
      if (error instanceof PlatformError) o.onCall?.(call.name, error.code, false);
      if (error instanceof PlatformError)
        log.debug('platform call failed', {
          call: call.name,
          code: error.code,
          retry: error.retry,
          logId: error.logId,
        });
      throw error;
    }
  };
}

async function fetchToken(o: PlatformSettings, exchange: Exchange): Promise<{ value: string; seconds: number }> {
  const path = '/auth/v3/tenant_access_token/internal';
  const credentials = { app_id: o.appId, app_secret: o.appSecret };
  try {
    const body = await exchange({ name: 'token', method: 'POST', path, body: credentials }, null);
    const value = text(body.tenant_access_token);
    if (value === '') throw malformed('token');
    return { value, seconds: typeof body.expire === 'number' ? Math.max(body.expire, 0) : 0 };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const { code, retry, message, logId, waitMs } = error;
    // Whatever happened, the message itself has not left yet.
    throw new PlatformError({ code, retry, message, logId, waitMs, ambiguous: false });
  }
}

/** Resolves with the body of code 0. A refused token is renewed and the call repeated, once. */
function createCaller(o: PlatformSettings): Caller {
  const exchange = createExchange(o);
  const { clock, log, tokens: cache } = o;
  const tokens = createTokens({ clock, log, cache, fetchToken: () => fetchToken(o, exchange) });
  return async (call) => {
    const token = await tokens.current();
    try {
      return await exchange(call, token);
    } catch (error) {
      if (!(error instanceof PlatformError) || error.retry !== 'token') throw error;
      tokens.drop(token);
      return exchange(call, await tokens.current());
    }
  };
}

async function send(call: Caller, to: Address, body: Json): Promise<Sent> {
  const path = `/im/v1/messages?receive_id_type=${to.kind === 'chat' ? 'chat_id' : 'open_id'}`;
  return sentFrom('send', await call({ name: 'send', method: 'POST', path, body: { receive_id: to.id, ...body } }));
}

async function reply(call: Caller, messageId: string, body: Json): Promise<Sent> {
  const path = `/im/v1/messages/${segment(messageId)}/reply`;
  try {
    return sentFrom('reply', await call({ name: 'reply', method: 'POST', path, body }));
  } catch (error) {
    const refused = error instanceof PlatformError && NO_THREADS.has(error.code);
    if (!refused || body.reply_in_thread !== true) throw error;
    return reply(call, messageId, { ...body, reply_in_thread: false });
  }
}

/** The platform as the use-cases see it. Every rejection is a PlatformError; one with retry 'token' failed twice. */
export function createPlatform(o: PlatformSettings): Platform {
  const call = createCaller(o);
  return {
    send: (to, message, uuid) =>
      guarded('send', async () => send(call, to, { ...content(message), uuid: await platformUuid(uuid) })),
    reply: (messageId, message, { uuid, inThread }) =>
      guarded('reply', async () => {
        const body = { ...content(message), reply_in_thread: inThread, uuid: await platformUuid(uuid) };
        return reply(call, messageId, body);
      }),
    patch: (messageId, card) =>
      guarded('patch', async () => {
        const path = `/im/v1/messages/${segment(messageId)}`;
        await call({ name: 'patch', method: 'PATCH', path, body: { content: JSON.stringify(card) } });
      }),
    bot: () =>
      guarded('bot', async () => {
        const bot = json((await call({ name: 'bot', method: 'GET', path: '/bot/v3/info' })).bot);
        const openId = text(bot.open_id);
        if (openId === '') throw malformed('bot');
        return { openId, name: text(bot.app_name) };
      }),
    chat: (chatId) =>
      guarded('chat', async () => {
        const body = await call({ name: 'chat', method: 'GET', path: `/im/v1/chats/${segment(chatId)}` });
        const data = json(body.data);
        return { name: text(data.name), mode: chatMode(data) };
      }),
    peopleByPhone: (phones) =>
      guarded('peopleByPhone', async () => {
        const path = '/contact/v3/users/batch_get_id?user_id_type=open_id';
        const body = { mobiles: phones, include_resigned: false };
        return foundByPhone(await call({ name: 'peopleByPhone', method: 'POST', path, body }));
      }),
    ...createReader(o.appId, call),
  };
}
