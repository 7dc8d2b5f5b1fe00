// Owns the platform's side of the envelope: encryption and signature (an implementation of its own, so that the bot's
// reader is checked against something it did not write).
import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';

/** {"encrypt": base64(iv ‖ AES-256-CBC(plain))} with SHA-256 of the Encrypt Key, as compact JSON. */
export function encryptBody(encryptKey: string, plain: string): string {
  const key = createHash('sha256').update(encryptKey).digest();
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const sealed = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final()]);
  return JSON.stringify({ encrypt: sealed.toString('base64') });
}

export interface Stamp {
  readonly timestamp: string; // seconds
  readonly nonce: string;
}

/** Lower-case hex of sha256(timestamp + nonce + encryptKey + body). */
export function signature(stamp: Stamp, encryptKey: string, body: string): string {
  return createHash('sha256')
    .update(stamp.timestamp + stamp.nonce + encryptKey + body)
    .digest('hex');
}

/** `prefix` and 32 hex digits. */
export function newId(prefix: string): string {
  return prefix + randomUUID().replaceAll('-', '');
}
