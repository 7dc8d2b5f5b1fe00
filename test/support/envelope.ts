// Owns the platform's side of the wire where node:crypto is not: sealed, signed callbacks made with WebCrypto, independent
// of src/feishu/crypto.ts so that the two can disagree. Knows nothing of what is done with a request.

export interface AppKeys {
  readonly appId: string;
  readonly encryptKey: string;
  readonly verificationToken: string;
}

export interface SignedRequest {
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  readonly body: string;
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const sha256 = (bytes: Uint8Array<ArrayBuffer>) => crypto.subtle.digest('SHA-256', bytes);

async function encrypted(encryptKey: string, plain: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', await sha256(utf8(encryptKey)), 'AES-CBC', false, ['encrypt']);
  const iv = crypto.getRandomValues(new Uint8Array(16));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, utf8(plain));
  return btoa([...iv, ...new Uint8Array(sealed)].map((byte) => String.fromCharCode(byte)).join(''));
}

/** `payload` sealed and signed at `at` (epoch ms). Signing with another key than the app's makes a forgery. */
export async function signed(
  app: AppKeys,
  payload: unknown,
  o: { at: number; signKey?: string },
): Promise<SignedRequest> {
  const body = JSON.stringify({ encrypt: await encrypted(app.encryptKey, JSON.stringify(payload)) });
  const timestamp = String(Math.floor(o.at / 1000));
  const nonce = crypto.randomUUID().slice(0, 8);
  const digest = await sha256(utf8(timestamp + nonce + (o.signKey ?? app.encryptKey) + body));
  const signature = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': nonce,
      'x-lark-signature': signature,
    },
    body,
  };
}

interface Told {
  readonly type: string;
  readonly event: unknown;
  readonly at: number;
  readonly eventId?: string;
}

/** The envelope around every event; a random event id unless one is given. */
export function envelope(app: AppKeys, told: Told): object {
  const header = {
    event_id: told.eventId ?? crypto.randomUUID(),
    event_type: told.type,
    create_time: String(told.at),
    token: app.verificationToken,
    app_id: app.appId,
    tenant_key: 'tenant1',
  };
  return { schema: '2.0', header, event: told.event };
}

const person = (openId: string) => ({ open_id: openId, union_id: null, user_id: null });

/** Event body of a click; `action` as the card's button gives it. */
export function clickBody(openId: string, place: { messageId: string; chatId: string }, action: object): object {
  return {
    operator: { ...person(openId), tenant_key: 'tenant1' },
    token: 'c-1',
    action: { timezone: 'Asia/Shanghai', ...action },
    host: 'im_message',
    context: { open_message_id: place.messageId, open_chat_id: place.chatId },
  };
}

/** Event body of a group message that mentions the bot. */
export function messageBody(
  openId: string,
  place: { messageId: string; chatId: string },
  o: { text: string; botOpenId: string; at: number },
): object {
  const mention = { key: '@_user_1', id: person(o.botOpenId), name: '回头看助手', mentioned_type: 'bot' };
  return {
    sender: { sender_id: person(openId), sender_type: 'user', tenant_key: 'tenant1' },
    message: {
      message_id: place.messageId,
      create_time: String(o.at),
      chat_id: place.chatId,
      chat_type: 'group',
      message_type: 'text',
      content: JSON.stringify({ text: `@_user_1 ${o.text}` }),
      mentions: [mention],
    },
  };
}

export const botAddedBody = (openId: string, chat: { chatId: string; name: string }): object => ({
  chat_id: chat.chatId,
  operator_id: person(openId),
  name: chat.name,
  external: false,
});
