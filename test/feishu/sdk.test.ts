// Owns the proof that the stock SDK and our way in agree on the same bytes: an independent peer on both sides.
import { AESCipher, EventDispatcher, LoggerLevel } from '@larksuiteoapi/node-sdk';
import { expect, test } from 'vitest';
import { createCipher } from '../../src/feishu/crypto.ts';
import { createInbound } from '../../src/feishu/inbound.ts';
import { APP, clickEvent, envelope, messageEvent, NOW, NOW_S } from './peer.ts';

test('the stock SDK decrypts what our cipher seals, whatever its length', async () => {
  const cipher = createCipher(APP.encryptKey);
  const sdk = new AESCipher(APP.encryptKey);
  for (let length = 0; length < 40; length++) {
    const plain = JSON.stringify({ text: `${'x'.repeat(length)}户主张某例𠮷` });
    expect(sdk.decrypt(await cipher.encrypt(plain))).toBe(plain);
  }
});

test.each([
  ['card.action.trigger', clickEvent(), 'click'],
  ['im.message.receive_v1', messageEvent({ content: JSON.stringify({ text: '进度 大阿村𠮷' }) }), 'message'],
])('the stock dispatcher and our reader accept the same %s', async (type, event, kind) => {
  const cipher = createCipher(APP.encryptKey);
  const body = JSON.stringify({ encrypt: await cipher.encrypt(JSON.stringify(envelope(type, event))) });
  const headers: Record<string, string> = {
    'x-lark-request-timestamp': String(NOW_S),
    'x-lark-request-nonce': 'n0nce',
    'x-lark-signature': await cipher.sign(String(NOW_S), 'n0nce', new TextEncoder().encode(body)),
  };

  const taken: unknown[] = [];
  const dispatcher = new EventDispatcher({ encryptKey: APP.encryptKey, loggerLevel: LoggerLevel.fatal });
  dispatcher.register({ [type]: (data: unknown) => taken.push(data) });
  await dispatcher.invoke(Object.assign(Object.create({ headers }), JSON.parse(body)));
  expect(taken).toMatchObject([{ event_id: 'ev_1', ...event }]);

  const read = (h: Record<string, string>) =>
    createInbound(APP).read(new TextEncoder().encode(body), (name) => h[name] ?? null, NOW);
  expect(await read(headers)).toMatchObject({ kind, eventId: 'ev_1' });

  // and both refuse the same forgery
  const forged = { ...headers, 'x-lark-request-nonce': 'other' };
  await dispatcher.invoke(Object.assign(Object.create({ headers: forged }), JSON.parse(body)));
  expect(taken).toHaveLength(1);
  expect(await read(forged)).toMatchObject({ kind: 'bad', reason: 'signature' });
});
