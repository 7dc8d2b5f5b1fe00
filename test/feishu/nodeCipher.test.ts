// Owns the proof that the cipher of the Node entry answers exactly as the one on WebCrypto.
import { expect, test } from 'vitest';
import { createCipher } from '../../src/feishu/crypto.ts';
import { createNodeCipher } from '../../src/nodeCipher.ts';
import { seal, sealUnpadded } from './peer.ts';

const key = '钥匙 key';
const web = createCipher(key);
const node = createNodeCipher(key);
const bytes = (text: string) => new TextEncoder().encode(text);

test('each opens what the other sealed, whatever character straddles a block', async () => {
  for (let length = 0; length < 40; length++) {
    const plain = `${'a'.repeat(length)}回头看𠮷家庭😀`;
    expect(await node.decrypt(await web.encrypt(plain))).toBe(plain);
    expect(await web.decrypt(await node.encrypt(plain))).toBe(plain);
  }
  expect(await node.encrypt('x')).not.toBe(await node.encrypt('x'));
});

test('both sign the same', async () => {
  for (const body of ['', '{"encrypt":"x"}', '户'.repeat(500)]) {
    expect(await node.sign('1700000000', 'n0nce', bytes(body))).toBe(
      await web.sign('1700000000', 'n0nce', bytes(body)),
    );
  }
});

const sealed = seal('{"户主":"张某例"}', key);
test.each([
  ['nothing', ''],
  ['no base64', '这不是base64'],
  ['base64 without its padding', sealed.replace(/=+$/, '').slice(0, -1)],
  ['an IV and nothing else', Buffer.alloc(16).toString('base64')],
  ['half a block', Buffer.alloc(40).toString('base64')],
  ['a wrong padding', sealUnpadded(Buffer.alloc(32, 0x7f))],
  ['another key', seal('{}', 'another')],
  ['no UTF-8', seal(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), key)],
])('neither opens %s', async (_, text) => {
  expect(await node.decrypt(text)).toBeNull();
  expect(await web.decrypt(text)).toBeNull();
});
