// Owns the proof that our cipher is the platform's: its published vectors and a second implementation.
import { createDecipheriv, createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createCipher, fromBase64, same, toBase64, utf8 } from '../../src/feishu/crypto.ts';
import { seal, sealUnpadded } from './peer.ts';

const VECTOR = 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=';
const bytes = (text: string) => new TextEncoder().encode(text);

describe('the published vectors', () => {
  test('decrypts the documented ciphertext', async () => {
    expect(await createCipher('test key').decrypt(VECTOR)).toBe('hello world');
  });

  test('signs as documented', async () => {
    const signature = await createCipher('test key').sign('1700000000', 'n0nce', bytes(`{"encrypt":"${VECTOR}"}`));
    expect(signature).toBe('bed8fdd3e4bbc581364c140b572ec676edff3db612d57bbc07a24d062c40ddf3');
  });
});

describe('against a second implementation', () => {
  test('what node:crypto seals opens unchanged, whatever character straddles a block', async () => {
    const cipher = createCipher('钥匙 key');
    for (let length = 0; length < 70; length++) {
      const plain = `${'a'.repeat(length)}回头看𠮷家庭😀`;
      expect(await cipher.decrypt(seal(plain, '钥匙 key'))).toBe(plain);
    }
  });

  test('what we seal node:crypto opens, and twice the same text looks different', async () => {
    const plain = '{"户主":"张某例"}';
    const sealed = await createCipher('k').encrypt(plain);
    const raw = Buffer.from(sealed, 'base64');
    const opener = createDecipheriv('aes-256-cbc', createHash('sha256').update('k').digest(), raw.subarray(0, 16));
    expect(Buffer.concat([opener.update(raw.subarray(16)), opener.final()]).toString()).toBe(plain);
    expect(await createCipher('k').encrypt(plain)).not.toBe(sealed);
  });

  test('base64 of every length is that of Buffer, both ways', () => {
    for (let length = 1; length < 130; length++) {
      const data = Buffer.from(Array.from({ length }, (_, i) => (i * 151 + length * 7) % 256));
      expect(toBase64(data)).toBe(data.toString('base64'));
      expect(Buffer.from(fromBase64(data.toString('base64')) ?? [])).toEqual(data);
    }
  });
});

describe('what does not decrypt is null, never an exception', () => {
  const whole = Buffer.from(VECTOR, 'base64');
  const cases: [string, string][] = [
    ['nothing', ''],
    ['no base64', '这不是base64'],
    ['base64 with a line break', `${VECTOR.slice(0, 20)}\n${VECTOR.slice(20)}`],
    ['base64 without its padding', VECTOR.replace('=', '')],
    ['padding in the middle', `${VECTOR.slice(0, 4)}====${VECTOR.slice(8)}`],
    ['url-safe base64', VECTOR.replace('+', '-')],
    ['an IV and nothing else', whole.subarray(0, 16).toString('base64')],
    ['half a block', whole.subarray(0, 24).toString('base64')],
    ['a wrong padding', sealUnpadded(Buffer.alloc(32, 0x7f))],
    ['no UTF-8', seal(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'test key')],
    ['half a character at the end', seal(Buffer.from('好').subarray(0, 2), 'test key')],
  ];
  test.each(cases)('%s', async (_, sealed) => {
    expect(await createCipher('test key').decrypt(sealed)).toBeNull();
  });

  test('another key', async () => {
    // A wrong key passes the padding once in 256 times; then it must still not be the text.
    expect(await createCipher('another key').decrypt(VECTOR)).not.toBe('hello world');
  });

  test('utf8 does not replace broken bytes', () => {
    expect(utf8(new Uint8Array([0xe5, 0xa5]))).toBeNull();
  });
});

test('compares whole texts: no prefix, no repetition, no empty secret passes', () => {
  expect(same('abc', 'abc')).toBe(true);
  for (const [given, secret] of [
    ['abd', 'abc'],
    ['ab', 'abc'],
    ['abcabc', 'abc'],
    ['', 'abc'],
    ['abc', ''],
  ] as const) {
    expect(same(given, secret)).toBe(false);
  }
});
