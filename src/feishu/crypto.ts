// Owns the platform's cipher and signature, on WebCrypto alone so that both runtimes run the same code.
// Knows no request, no event and no setting but the Encrypt Key it is given.

export interface Cipher {
  /** Lower-case hex SHA-256 of timestamp + nonce + Encrypt Key + body, as the platform puts it in X-Lark-Signature. */
  sign(timestamp: string, nonce: string, body: Uint8Array): Promise<string>;
  /** Plain text of base64(iv ‖ AES-256-CBC); null when it is not base64, badly padded or not UTF-8. Never rejects. */
  decrypt(sealed: string): Promise<string | null>;
  /** The inverse with a fresh IV: what the platform's side does. */
  encrypt(plain: string): Promise<string>;
}

const BLOCK = 16;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const SEXTETS = new Int16Array(128).fill(-1);
for (let i = 0; i < ALPHABET.length; i++) SEXTETS[ALPHABET.charCodeAt(i)] = i;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Text of UTF-8 bytes; null when they are not UTF-8 (a replaced character would hide damage). */
export function utf8(bytes: ArrayBuffer | Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Strict base64 with padding; null for anything else. A table, because atob of Node 20 searches every character. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  const length = text.length;
  if (length === 0 || length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((length / 4) * 3 - padding);
  const end = length - padding;
  let written = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < end; i++) {
    const sextet = SEXTETS[text.charCodeAt(i)] ?? -1;
    if (sextet < 0) return null;
    held = (held << 6) | sextet;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[written++] = (held >> bits) & 0xff;
      held &= (1 << bits) - 1;
    }
  }
  return bytes;
}

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x2000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x2000));
  return btoa(binary);
}

/** Compares a given text with a secret one in a time that depends on the given text alone. */
export function same(given: string, secret: string): boolean {
  let difference = given.length ^ secret.length;
  for (let i = 0; i < given.length; i++) {
    difference |= given.charCodeAt(i) ^ secret.charCodeAt(secret.length === 0 ? 0 : i % secret.length);
  }
  return difference === 0;
}

export function createCipher(encryptKey: string): Cipher {
  // The key itself is kept, not its promise: on Workers a promise belongs to the request that made it.
  let imported: CryptoKey | undefined;
  const key = async (): Promise<CryptoKey> => {
    if (imported === undefined) {
      const digest = await crypto.subtle.digest('SHA-256', encoder.encode(encryptKey));
      imported = await crypto.subtle.importKey('raw', digest, 'AES-CBC', false, ['encrypt', 'decrypt']);
    }
    return imported;
  };

  return {
    async sign(timestamp, nonce, body) {
      const head = encoder.encode(timestamp + nonce + encryptKey);
      const signed = new Uint8Array(head.length + body.length);
      signed.set(head);
      signed.set(body, head.length);
      let hex = '';
      for (const byte of new Uint8Array(await crypto.subtle.digest('SHA-256', signed))) hex += HEX[byte];
      return hex;
    },
    async decrypt(sealed) {
      const bytes = fromBase64(sealed);
      if (bytes === null || bytes.length < 2 * BLOCK || bytes.length % BLOCK !== 0) return null;
      const algorithm = { name: 'AES-CBC', iv: bytes.subarray(0, BLOCK) };
      try {
        return utf8(await crypto.subtle.decrypt(algorithm, imported ?? (await key()), bytes.subarray(BLOCK)));
      } catch {
        return null; // wrong padding, which is also what a wrong key looks like
      }
    },
    async encrypt(plain) {
      const iv = crypto.getRandomValues(new Uint8Array(BLOCK));
      const sealed = await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, await key(), encoder.encode(plain));
      const bytes = new Uint8Array(BLOCK + sealed.byteLength);
      bytes.set(iv);
      bytes.set(new Uint8Array(sealed), BLOCK);
      return toBase64(bytes);
    },
  };
}
