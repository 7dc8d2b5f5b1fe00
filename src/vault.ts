// Owns how ID and phone numbers are kept: sealed with AES-256-GCM under DATA_KEY, looked up by a keyed hash. Web
// standards only; knows neither where the key came from nor what it seals.
import type { Vault } from './ports.ts';

const version = 'v1';
const ivLength = 12;
/** HKDF labels: the look-up key is not the sealing key, so that a digest tells nothing about a ciphertext. */
const digestLabel = 'lookback digest v1';

interface OneKey {
  readonly id: string;
  readonly seal: CryptoKey;
}

/**
 * `keyBase64`: 32 bytes, standard base64; it seals and digests. `previous` keys only open what they once sealed.
 * Sealed text: `v1.<key id: first 8 hex digits of sha-256(key)>.<base64url of iv and ciphertext>`; version and key id are
 * authenticated with it. Rejects when a key is not 32 bytes. `open` rejects with VaultError for anything not sealed here.
 */
export async function createVault(keyBase64: string, previous: readonly string[] = []): Promise<Vault> {
  const raw = keyBytes(keyBase64);
  const current = await sealingKey(raw);
  const older = await Promise.all(previous.map((key) => sealingKey(keyBytes(key))));
  const keys = new Map([...older, current].map((key) => [key.id, key]));
  const digestKey = await lookupKey(raw);
  return {
    keyId: current.id,
    seal: (plain) => seal(current, plain),
    open: (sealed) => open(keys, sealed),
    async digest(plain) {
      return hex(new Uint8Array(await crypto.subtle.sign('HMAC', digestKey, utf8(plain))));
    },
  };
}

/** The text was not sealed with a key we hold, or was changed since. Says which key is missing, never what was sealed. */
class VaultError extends Error {
  override readonly name = 'VaultError';
}

async function seal(key: OneKey, plain: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(ivLength));
  const head = `${version}.${key.id}`;
  const body = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(head) }, key.seal, utf8(plain));
  const whole = new Uint8Array(ivLength + body.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(body), ivLength);
  return `${head}.${base64Url(whole)}`;
}

async function open(keys: ReadonlyMap<string, OneKey>, sealed: string): Promise<string> {
  const [tag, id, text, ...rest] = sealed.split('.');
  if (tag !== version || id === undefined || text === undefined || rest.length > 0) {
    throw new VaultError('not a sealed value');
  }
  const key = keys.get(id);
  if (!key) throw new VaultError(`sealed with key ${id.slice(0, 8)}, which is not at hand`);
  try {
    const whole = bytesOf(text.replaceAll('-', '+').replaceAll('_', '/'));
    const how = { name: 'AES-GCM', iv: whole.slice(0, ivLength), additionalData: utf8(`${tag}.${id}`) };
    const plain = await crypto.subtle.decrypt(how, key.seal, whole.slice(ivLength));
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch (cause) {
    throw new VaultError('a sealed value was changed', { cause });
  }
}

async function sealingKey(raw: Uint8Array<ArrayBuffer>): Promise<OneKey> {
  const id = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', raw))).slice(0, 8);
  return { id, seal: await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']) };
}

async function lookupKey(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info: utf8(digestLabel) };
  return crypto.subtle.deriveKey(how, base, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']);
}

/** Bytes of a DATA_KEY, or throws; the sentence never repeats the text. */
function keyBytes(base64: string): Uint8Array<ArrayBuffer> {
  if (!isDataKey(base64)) throw new VaultError('a data key is 32 bytes in base64');
  return bytesOf(base64);
}

/** Whether a text is a data key: exactly 32 bytes in standard base64, padded or not. */
export function isDataKey(base64: string): boolean {
  return /^[A-Za-z0-9+/]{43}=?$/.test(base64);
}

/** A fresh data key, for the demo and for an operator who sets up a county. */
export function newDataKey(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

function base64Url(bytes: Uint8Array): string {
  const text = btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
