// Owns the platform's side of the wire for these tests: sealing and signing with node:crypto, written independently of
// src/feishu/crypto.ts so that the two can disagree. Knows nothing of what is done with a request.
import { createCipheriv, createHash, randomBytes } from 'node:crypto';

export const APP = { appId: 'cli_a1b2c3d4e5f60718', encryptKey: 'test key', verificationToken: 'v-token-1' };

export function seal(plain: string | Buffer, key: string = APP.encryptKey): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
  return Buffer.concat([iv, cipher.update(plain), cipher.final()]).toString('base64');
}

/** Ciphertext of exactly these blocks, without any padding: to build wrong ones. */
export function sealUnpadded(blocks: Buffer): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(APP.encryptKey).digest(), iv);
  cipher.setAutoPadding(false);
  return Buffer.concat([iv, cipher.update(blocks), cipher.final()]).toString('base64');
}

export interface Signed {
  readonly body: string;
  readonly headers: Record<string, string>;
}

export function sign(body: string, seconds: number | string, key: string = APP.encryptKey): Signed {
  const timestamp = String(seconds);
  const nonce = randomBytes(6).toString('hex');
  const signature = createHash('sha256')
    .update(timestamp + nonce + key)
    .update(Buffer.from(body))
    .digest('hex');
  return {
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': nonce,
      'x-lark-signature': signature,
    },
  };
}

/** Epoch ms every test here lives at unless it says otherwise: 2023-09-04 09:30 Asia/Shanghai. */
export const NOW = 1_693_791_000_000;
export const NOW_S = NOW / 1000;

export const header = (type: string, more: object = {}): object => ({
  event_id: 'ev_1',
  event_type: type,
  create_time: String(NOW),
  token: APP.verificationToken,
  app_id: APP.appId,
  tenant_key: 't1',
  ...more,
});

export const envelope = (type: string, event: unknown, more: object = {}): object => ({
  schema: '2.0',
  header: header(type, more),
  event,
});

/** An encrypted and signed request, as the platform sends it now. */
export const signed = (payload: unknown, seconds: number | string = NOW_S): Signed =>
  sign(JSON.stringify({ encrypt: seal(JSON.stringify(payload)) }), seconds);

export const clickEvent = (more: object = {}): Record<string, unknown> => ({
  operator: { tenant_key: 't1', user_id: 'u1', union_id: 'on_1', open_id: 'ou_1' },
  token: 'c-1',
  action: { value: { n: 'village.open' }, tag: 'button', timezone: 'Asia/Shanghai' },
  host: 'im_message',
  context: { open_message_id: 'om_1', open_chat_id: 'oc_1' },
  ...more,
});

export const messageEvent = (message: object = {}): Record<string, unknown> => ({
  sender: { sender_id: { union_id: 'on_1', user_id: 'u1', open_id: 'ou_1' }, sender_type: 'user', tenant_key: 't1' },
  message: {
    message_id: 'om_5',
    create_time: String(NOW),
    chat_id: 'oc_1',
    chat_type: 'group',
    message_type: 'text',
    content: JSON.stringify({ text: '@_user_1 进度 大阿村' }),
    mentions: [{ key: '@_user_1', id: { open_id: 'ou_bot', user_id: null }, mentioned_type: 'bot', name: '回头看' }],
    ...message,
  },
});
