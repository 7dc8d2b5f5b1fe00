// Owns what the platform's error codes mean to us: code → retry class, as data. Knows no request and no retry policy.
// Meanings: https://open.feishu.cn/document/server-docs/im-v1/message/create#错误码 and the pages of reply, patch and chat;
// generic codes: https://open.feishu.cn/document/ukTMukTMukTM/ugjM14COyUjL4ITN
import { PlatformError, type RetryClass } from '../ports.ts';
import { isJson, type Json } from './events.ts';

interface Known {
  readonly retry: RetryClass;
  readonly meaning: string;
  /** Milliseconds the documentation asks to wait when the answer itself names none. */
  readonly waitMs?: number;
}

type Rows = Readonly<Record<number, string>>;

const classes: Readonly<Record<RetryClass, Rows>> = {
  token: {
    99991661: 'token missing',
    99991663: 'tenant token invalid',
    99991664: 'app token invalid',
    99991665: 'tenant token invalid',
    99991668: 'user token invalid',
    99991671: 'token has a wrong prefix',
    99991677: 'token expired',
  },
  later: {
    2200: 'internal error of the platform',
    11232: 'message rate limited',
    11233: 'message rate limited',
    200810: 'card is in an ongoing interaction',
    230020: 'frequency limit of this chat, person or message',
    230049: 'message is being sent',
    232019: 'chat calls rate limited',
    232068: 'group is being created',
    300120: 'internal error of the card service',
    1000004: 'method rate limited',
    1000005: 'app rate limited',
    99991400: 'frequency limit of the app',
  },
  gone: {
    230011: 'message was recalled',
    230019: 'topic does not exist',
    230031: 'message is older than 14 days',
    230045: 'chat does not exist',
    230050: 'message is invisible to the bot',
    230110: 'message was deleted',
    230111: 'message will self-destruct',
    231003: 'message not found',
    232006: 'chat id invalid',
    232009: 'chat was dissolved',
    99992354: 'message id not found',
  },
  unreachable: {
    41050: 'person is outside the contact range',
    230002: 'bot is not in the group',
    230013: 'bot is not available to this person',
    230018: 'group settings do not let the bot speak',
    230029: 'person has resigned',
    230034: 'receiver id invalid',
    230035: 'bot may not send here',
    230038: 'person belongs to another tenant',
    230053: 'person stopped the bot from writing',
    232010: 'chat belongs to another tenant',
    232011: 'bot is not in the chat',
    99992351: 'id not found',
    99992352: 'id not found',
    99992360: 'id not found',
    99992361: 'open id of another app',
    99992364: 'id of another tenant',
  },
  invalid: {
    9499: 'request parameter invalid',
    10002: 'card parameter invalid',
    11310: 'card exceeds a limit',
    230001: 'request parameter invalid',
    230012: 'bot is not the sender of the message',
    230015: 'private chat cannot be shared',
    230017: 'bot does not own the resource',
    230022: 'content holds sensitive information',
    230025: 'content is too long',
    230028: 'content did not pass the audit',
    230054: 'message type not allowed here',
    230055: 'file type does not match the message type',
    230071: 'chat has no thread replies',
    230072: 'message has no thread replies',
    230073: 'message of a secret group cannot be edited',
    230074: 'message of an encrypted group cannot be edited',
    230075: 'encrypted message not supported',
    230099: 'card was refused',
    300302: 'card must be a shared card',
    99992402: 'request parameter invalid',
  },
  config: {
    10003: 'app id or secret missing',
    10014: 'app disabled or not authorised',
    10015: 'app secret wrong',
    230006: 'bot ability is not activated',
    230027: 'permission missing',
    230036: 'tenant key was deleted',
    232004: 'app does not exist',
    232025: 'bot ability is not activated',
    232033: 'no authority over external groups',
    232034: 'app unavailable in this tenant',
    99991401: 'this address is not on the allow list of the app',
    99991403: 'monthly quota used up',
    99991672: 'scope missing',
    99991679: 'scope missing',
  },
};

/** https://open.feishu.cn/document/server-docs/im-v1/message/create: "wait 1–2 s, then the same uuid". */
const waits: Readonly<Record<number, number>> = { 230049: 1500, 200810: 1000 };

const known = new Map<number, Known>();
for (const retry of Object.keys(classes) as RetryClass[]) {
  for (const [code, meaning] of Object.entries(classes[retry])) {
    known.set(Number(code), { retry, meaning, waitMs: waits[Number(code)] ?? 0 });
  }
}

/** A code the table does not have: the HTTP status decides. 200 comes from older APIs whose codes mean anything. */
function unknownClass(status: number): RetryClass {
  if (status === 401 || status === 403 || (status >= 300 && status < 400)) return 'config';
  return status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'invalid' : 'later';
}

/** What an operator may read of the platform's own text: never ErrorValue, which repeats content of the card. */
function safeText(msg: unknown): string {
  const text = typeof msg === 'string' ? msg : '';
  return (text.split(/ErrorValue|ext=/)[0] ?? '').trim().slice(0, 120);
}

/** 230099 wraps the card service's own code: "…, ext=ErrCode: 11310; ErrMsg: …". */
const subCode = (msg: unknown): string => {
  const code = typeof msg === 'string' ? /ErrCode:\s*(\d+)/.exec(msg)?.[1] : undefined;
  return code === undefined ? '' : ` (card error ${code})`;
};

/** The scopes an operator has to grant, when the answer names them. */
function missingScopes(error: Json): string {
  const violations = Array.isArray(error.permission_violations) ? error.permission_violations : [];
  const scopes = violations.flatMap((v: unknown) => (isJson(v) && typeof v.subject === 'string' ? [v.subject] : []));
  return scopes.length === 0 ? '' : `: ${scopes.slice(0, 10).join(', ').slice(0, 300)}`;
}

/** Seconds of x-ogw-ratelimit-reset (or Retry-After) as ms, at most an hour; 0 when neither is a number. */
function askedWait(headers: Headers): number {
  const seconds = Number(headers.get('x-ogw-ratelimit-reset') ?? headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 3600) * 1000 : 0;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** null when the body is no JSON object. */
  readonly body: Json | null;
}

/** The code of an answer; null when the platform gave none (a proxy's page, a broken body). */
export const codeOf = (answer: Answer): number | null =>
  typeof answer.body?.code === 'number' ? answer.body.code : null;

/** A failed answer as an error. `call` names the call for the log. Code 0 = no code of the platform: the status spoke. */
export function failure(call: string, answer: Answer): PlatformError {
  const code = codeOf(answer) ?? 0;
  const error = isJson(answer.body?.error) ? answer.body.error : {};
  const logId = typeof error.log_id === 'string' ? error.log_id : (answer.headers.get('x-tt-logid') ?? '');
  const row = known.get(code);
  const foreign = code === 0 && (answer.status === 404 || answer.status === 405); // not the platform's address
  const retry = row?.retry ?? (foreign ? 'config' : unknownClass(answer.status));
  const text = row === undefined ? safeText(answer.body?.msg) : row.meaning + subCode(answer.body?.msg);
  return new PlatformError({
    code,
    retry,
    message: `${call}: ${code === 0 ? `HTTP ${answer.status}` : `code ${code}`} ${text}${missingScopes(error)}`.trim(),
    logId: logId.slice(0, 128),
    waitMs: askedWait(answer.headers) || (row?.waitMs ?? 0),
    // Without a code of the platform nobody knows how far the request came.
    ambiguous: retry === 'later' && (code === 0 || answer.status >= 500),
  });
}

/** The request left and no answer came: time-out, connection refused or lost. */
export function lost(call: string, cause: unknown): PlatformError {
  const name = cause instanceof Error ? cause.name : 'unknown';
  const timedOut = name === 'TimeoutError' || name === 'AbortError';
  const message = `${call}: ${timedOut ? 'no answer in time' : 'connection failed'}`;
  return new PlatformError({ code: 0, retry: 'later', message, ambiguous: true });
}

/** The retry class of a code in the table; null for one that is not. */
export const retryClassOf = (code: number): RetryClass | null => known.get(code)?.retry ?? null;
