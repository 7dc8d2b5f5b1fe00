// Owns the way in: raw bytes and headers to a verified, typed event. Knows nothing of what the bot does with it.
import { type Cipher, createCipher, same, utf8 } from './crypto.ts';
import { epochMs, isJson, type Json, parseObject, readEvent } from './events.ts';

export interface Operator {
  readonly openId: string | null;
  readonly userId: string | null;
}

/** A click on a card, or a form submit. `value` and `form` are untrusted; cards/actions.ts parses them. */
export interface Click {
  readonly kind: 'click';
  readonly eventId: string;
  readonly operator: Operator;
  readonly messageId: string;
  readonly chatId: string;
  readonly token: string;
  readonly value: unknown; // action.value, undefined when the platform omitted it
  readonly name: string | null; // action.name: routes a submit whose value is missing
  readonly form: Readonly<Record<string, unknown>> | null; // action.form_value
  readonly option: string | null; // action.option of a stand-alone select
  readonly at: number; // epoch ms of header.create_time
}

export interface Mention {
  readonly key: string; // '@_user_1'
  readonly openId: string | null;
  readonly name: string;
}

export interface MessageEvent {
  readonly kind: 'message';
  readonly eventId: string;
  readonly messageId: string;
  readonly chatId: string;
  readonly chatType: 'p2p' | 'group';
  readonly sender: Operator;
  readonly senderIsUser: boolean;
  readonly text: string; // '' when the message is not text or post; mention keys still inside
  readonly mentions: readonly Mention[];
  readonly at: number;
}

export type ChatEvent =
  | {
      readonly kind: 'botAdded';
      readonly eventId: string;
      readonly chatId: string;
      readonly chatName: string;
      readonly operator: Operator;
      readonly at: number;
    }
  | { readonly kind: 'botRemoved'; readonly eventId: string; readonly chatId: string; readonly at: number }
  | { readonly kind: 'chatGone'; readonly eventId: string; readonly chatId: string; readonly at: number };

export type Inbound =
  | { readonly kind: 'challenge'; readonly challenge: string }
  | Click
  | MessageEvent
  | ChatEvent
  /** Verified, but of no concern to us (unknown type, legacy card callback). Answered 200 {}. */
  | { readonly kind: 'ignored'; readonly type: string };

/** Why a request is refused: 400 when the body is no JSON object, 401 for everything else. `reason` is for the log only. */
export interface BadInbound {
  readonly kind: 'bad';
  readonly status: 400 | 401;
  readonly reason: 'not-json' | 'not-encrypted' | 'ciphertext' | 'signature' | 'token' | 'app-id' | 'too-old' | 'shape';
}

export interface InboundSettings {
  readonly appId: string;
  readonly encryptKey: string;
  readonly verificationToken: string;
  /** Default: the one on WebCrypto, which runs everywhere. */
  readonly cipher?: Cipher;
}

export interface InboundReader {
  /**
   * `raw`: the exact bytes received. `now`: epoch ms of the process clock. Resolves always, whatever the bytes are.
   * Repeats are not its business: the same bytes twice give the same event twice, the store remembers ids.
   */
  read(raw: Uint8Array, header: (name: string) => string | null, now: number): Promise<Inbound | BadInbound>;
}

/** A signed request may be redelivered for 7 hours; ids are remembered for 8 days, so 7 days stop every replay. */
const OLDEST_MS = 7 * 24 * 3600 * 1000;
const CHALLENGE_LIMIT = 1024;

const bad = (reason: BadInbound['reason']): BadInbound => ({
  kind: 'bad',
  status: reason === 'not-json' ? 400 : 401,
  reason,
});

/** The old card callback at the top level: it carries neither header nor verification token, only the card's token. */
const isLegacyCallback = (body: Json): boolean =>
  body.header === undefined && isJson(body.action) && typeof body.open_message_id === 'string';

/** An envelope whose sender is known: it carried the app's token, or came over the app's own connection. */
export function readEnvelope(body: Json, appId: string, now: number): Inbound | BadInbound {
  if (isLegacyCallback(body)) return { kind: 'ignored', type: 'card.action.trigger_v1' };
  const v1 = body.header === undefined;
  const header = isJson(body.header) ? body.header : {};
  const event = isJson(body.event) ? body.event : {};
  if ((v1 ? (event.app_id ?? appId) : header.app_id) !== appId) return bad('app-id');
  // Nothing we use still comes in the first envelope.
  if (v1) return typeof event.type === 'string' ? { kind: 'ignored', type: event.type.slice(0, 128) } : bad('shape');
  return readEvent(body, now) ?? bad('shape');
}

/** Where the Verification Token stands: in the header of a v2 envelope, at the top of a v1 one. */
const tokenOf = (body: Json): unknown => (isJson(body.header) ? body.header.token : body.token);

/**
 * The way in by webhook. Order: JSON → decrypt → challenge (exempt from the signature, needs the token) → signature over the raw
 * bytes → its age → Verification Token → app id → shape. With an empty key or token every request is refused.
 */
export function createInbound(settings: InboundSettings): InboundReader {
  const cipher = settings.cipher ?? createCipher(settings.encryptKey);
  const rightToken = (token: unknown): boolean =>
    settings.verificationToken !== '' && typeof token === 'string' && same(token, settings.verificationToken);

  const challenge = (body: Json): Inbound | BadInbound => {
    if (!rightToken(body.token)) return bad('token');
    const text = body.challenge;
    if (typeof text !== 'string' || text.length > CHALLENGE_LIMIT) return bad('shape');
    return { kind: 'challenge', challenge: text };
  };

  return {
    async read(raw, header, now) {
      const source = utf8(raw);
      const outer = source === null ? null : parseObject(source);
      if (outer === null) return bad('not-json');
      if (typeof outer.encrypt !== 'string') return bad('not-encrypted');
      const timestamp = header('x-lark-request-timestamp') ?? '';
      const given = header('x-lark-signature') ?? '';
      // Side by side: each is a trip to a thread pool on Node.
      const [plain, wanted] = await Promise.all([
        cipher.decrypt(outer.encrypt),
        given === '' ? null : cipher.sign(timestamp, header('x-lark-request-nonce') ?? '', raw),
      ]);
      const body = plain === null ? null : parseObject(plain);
      if (body === null) return bad('ciphertext');
      if (body.type === 'url_verification') return challenge(body);
      if (wanted === null || settings.encryptKey === '' || !same(given, wanted)) return bad('signature');
      const signedAt = epochMs(timestamp);
      if (signedAt === null) return bad('signature');
      if (now - signedAt > OLDEST_MS) return bad('too-old');
      if (!isLegacyCallback(body) && !rightToken(tokenOf(body))) return bad('token');
      return readEnvelope(body, settings.appId, now);
    },
  };
}
