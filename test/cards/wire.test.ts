// Owns what text on the wire promises: one character for each byte of its UTF-8, and the same text back.
import { expect, test } from 'vitest';
import { bytesOf, fromWire, toWire } from '../../cards/wire.ts';

test.each(['', '{"a":1}', '已保存', 'é\u00ff~', '\ud83d\ude00 大阿', '汉'.repeat(30_000), '"\\\n\u0000'])(
  'text %# goes over the wire as its UTF-8',
  (text) => {
    const utf8 = new TextEncoder().encode(text);
    expect(toWire(text)).toHaveLength(utf8.length);
    expect(bytesOf(toWire(text))).toEqual(utf8);
    expect(fromWire(toWire(text))).toBe(text);
    expect(bytesOf(toWire(`${text}，${text}`))).toEqual(
      bytesOf(`${toWire(text)}${toWire('，')}${toWire(text)}` as never),
    );
  },
);
