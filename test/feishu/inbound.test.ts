// Owns the rules of the way in: which bytes are believed, in which order they are doubted, and what they become.
import { describe, expect, test } from 'vitest';
import { type BadInbound, createInbound, type Inbound } from '../../src/feishu/inbound.ts';
import {
  APP,
  clickEvent,
  envelope,
  header,
  messageEvent,
  NOW,
  NOW_S,
  type Signed,
  seal,
  sign,
  signed,
} from './peer.ts';

const DAY_S = 86_400;
const inbound = createInbound(APP);
const bytes = (text: string) => new TextEncoder().encode(text);

function read(request: Signed, now = NOW): Promise<Inbound | BadInbound> {
  return inbound.read(bytes(request.body), (name) => request.headers[name.toLowerCase()] ?? null, now);
}
const bad = (reason: BadInbound['reason']) => ({ kind: 'bad', status: reason === 'not-json' ? 400 : 401, reason });
const unsigned = (payload: unknown): Signed => ({
  body: JSON.stringify({ encrypt: seal(JSON.stringify(payload)) }),
  headers: {},
});
const click = (event: unknown = clickEvent(), more: object = {}) =>
  read(signed(envelope('card.action.trigger', event, more)));
const message = (more: object = {}) => read(signed(envelope('im.message.receive_v1', messageEvent(more))));

describe('a body that is no JSON object is refused as such', () => {
  test.each(['', 'hello', '[]', '"x"', 'null', '1', '{', '{"encrypt":"x"'])('%j', async (body) => {
    expect(await read(sign(body, NOW_S))).toEqual(bad('not-json'));
  });

  test('bytes that are not UTF-8', async () => {
    expect(await inbound.read(new Uint8Array([0x7b, 0xff, 0x7d]), () => null, NOW)).toEqual(bad('not-json'));
  });
});

describe('only what the platform encrypted is read', () => {
  const plain = envelope('card.action.trigger', clickEvent());
  test('a plain event with the right token and signature is refused', async () => {
    expect(await read(sign(JSON.stringify(plain), NOW_S))).toEqual(bad('not-encrypted'));
  });

  test('a plain challenge with the right token is refused', async () => {
    const body = { type: 'url_verification', challenge: 'x', token: APP.verificationToken };
    expect(await read(sign(JSON.stringify(body), NOW_S))).toEqual(bad('not-encrypted'));
  });

  test.each([[null], [7], [{}], [[]]])('encrypt: %j is no ciphertext', async (encrypt) => {
    expect(await read(sign(JSON.stringify({ encrypt }), NOW_S))).toEqual(bad('not-encrypted'));
  });

  test.each(['[]', '"text"', 'not json', ''])('a ciphertext of %j is no event', async (text) => {
    expect(await read(sign(JSON.stringify({ encrypt: seal(text) }), NOW_S))).toEqual(bad('ciphertext'));
  });

  test('a truncated ciphertext is refused although its signature is right', async () => {
    const encrypt = seal(JSON.stringify(plain));
    for (const cut of [1, 4, 8, encrypt.length - 8]) {
      expect(await read(sign(JSON.stringify({ encrypt: encrypt.slice(0, -cut) }), NOW_S))).toEqual(bad('ciphertext'));
    }
  });

  test('a body sealed with another key is refused', async () => {
    const body = JSON.stringify({ encrypt: seal(JSON.stringify(plain), 'another key') });
    expect(await read(sign(body, NOW_S, 'another key'))).toMatchObject({ kind: 'bad', status: 401 });
  });

  test('without an Encrypt Key or token of our own nothing is believed', async () => {
    const body = JSON.stringify({ encrypt: seal(JSON.stringify(plain), '') });
    const keyless = createInbound({ ...APP, encryptKey: '' });
    const request = sign(body, NOW_S, '');
    const h = (name: string) => request.headers[name] ?? null;
    expect(await keyless.read(bytes(body), h, NOW)).toEqual(bad('signature'));
    const tokenless = createInbound({ ...APP, verificationToken: '' });
    const challenge = bytes(unsigned({ type: 'url_verification', challenge: 'x', token: '' }).body);
    expect(await tokenless.read(challenge, () => null, NOW)).toEqual(bad('token'));
  });
});

describe('the challenge needs no signature but the right token', () => {
  const body = (token: unknown, challenge: unknown = 'ajls384kdjx98XX') => ({
    type: 'url_verification',
    challenge,
    token,
  });
  test('right token', async () => {
    expect(await read(unsigned(body(APP.verificationToken)))).toEqual({
      kind: 'challenge',
      challenge: 'ajls384kdjx98XX',
    });
  });
  test('right token and a signature nobody asked for, right or wrong', async () => {
    for (const key of [APP.encryptKey, 'wrong']) {
      const request = sign(unsigned(body(APP.verificationToken)).body, NOW_S, key);
      expect(await read(request)).toMatchObject({ kind: 'challenge' });
    }
  });
  test.each([['wrong'], [''], [undefined], [7], [`${APP.verificationToken}x`]])(
    'token %j is refused',
    async (token) => {
      expect(await read(unsigned(body(token)))).toEqual(bad('token'));
    },
  );
  test.each([[null], [{}], ['x'.repeat(1025)]])('a challenge that is no short text is refused', async (challenge) => {
    expect(await read(unsigned(body(APP.verificationToken, challenge)))).toEqual(bad('shape'));
  });
});

describe('the signature covers the bytes as they came', () => {
  const body = unsigned(envelope('card.action.trigger', clickEvent())).body;

  test('unsigned is refused', async () => {
    expect(await read({ body, headers: {} })).toEqual(bad('signature'));
  });
  test('signed with another key is refused', async () => {
    expect(await read(sign(body, NOW_S, 'another key'))).toEqual(bad('signature'));
  });
  test('each signed part counts: body, timestamp, nonce', async () => {
    const request = sign(body, NOW_S);
    expect(await read({ ...request, body: `${body} ` })).toEqual(bad('signature'));
    for (const [name, value] of [
      ['x-lark-request-timestamp', String(NOW_S + 1)],
      ['x-lark-request-nonce', 'other'],
      ['x-lark-signature', 'f'.repeat(64)],
      ['x-lark-signature', ''],
    ] as const) {
      expect(await read({ body, headers: { ...request.headers, [name]: value } })).toEqual(bad('signature'));
    }
  });
  test('white space inside the JSON belongs to it', async () => {
    const spaced = body.replace('{"encrypt":', '{\n  "encrypt" : ').replace(/}$/, ' }\n');
    expect(await read(sign(spaced, NOW_S))).toMatchObject({ kind: 'click' });
    expect(await read({ ...sign(body, NOW_S), body: spaced })).toEqual(bad('signature'));
  });
  test('a time that is no number cannot be judged, so it is refused', async () => {
    expect(await read(sign(body, '2023-09-04 09:30:00 +0800 CST'))).toEqual(bad('signature'));
  });
});

describe('a signature is believed for 7 days and never mistrusted for being early', () => {
  const at = (seconds: number) => read(signed(envelope('card.action.trigger', clickEvent()), seconds));
  test.each([
    ['7 hours old', NOW_S - 7 * 3600],
    ['exactly 7 days old', NOW_S - 7 * DAY_S],
    ['an hour ahead', NOW_S + 3600],
    ['years ahead', NOW_S + 1000 * DAY_S],
  ])('%s is accepted', async (_, seconds) => {
    expect(await at(seconds)).toMatchObject({ kind: 'click' });
  });
  test.each([
    ['7 days and a second', NOW_S - 7 * DAY_S - 1],
    ['8 days', NOW_S - 8 * DAY_S],
  ])('%s is too old', async (_, seconds) => {
    expect(await at(seconds)).toEqual(bad('too-old'));
  });
});

describe('token and app', () => {
  test.each([['wrong'], [''], [null], [undefined]])('token %j is refused', async (token) => {
    expect(await click(clickEvent(), { token })).toEqual(bad('token'));
  });
  test.each([['cli_ffffffffffffffff'], [''], [undefined]])('app id %j is refused', async (app_id) => {
    expect(await click(clickEvent(), { app_id })).toEqual(bad('app-id'));
  });
  test('the first envelope carries its token outside and is of no concern', async () => {
    const v1 = { ts: '1502199207.7171419', uuid: 'u', token: APP.verificationToken, type: 'event_callback' };
    const event = { type: 'p2p_chat_create', app_id: APP.appId };
    expect(await read(signed({ ...v1, event }))).toEqual({ kind: 'ignored', type: 'p2p_chat_create' });
    expect(await read(signed({ ...v1, token: 'wrong', event }))).toEqual(bad('token'));
    expect(await read(signed({ ...v1, event: { ...event, app_id: 'cli_other' } }))).toEqual(bad('app-id'));
  });
});

describe('what does not concern the bot is ignored, not refused', () => {
  test.each(['im.message.message_read_v1', 'card.action.trigger_v1', 'constructor', '__proto__', '新事件'])(
    '%s',
    async (type) => {
      expect(await read(signed(envelope(type, {})))).toEqual({ kind: 'ignored', type });
    },
  );
  test('the old card callback at the top level', async () => {
    const legacy = {
      open_id: 'ou_1',
      open_message_id: 'om_1',
      open_chat_id: 'oc_1',
      token: 'c-1',
      action: { tag: 'button' },
    };
    expect(await read(signed(legacy))).toEqual({ kind: 'ignored', type: 'card.action.trigger_v1' });
    expect(await read(unsigned(legacy))).toEqual(bad('signature'));
  });
});

describe('a click', () => {
  test('carries who, where, what and when', async () => {
    expect(await click(clickEvent(), { create_time: `${NOW}000` })).toEqual({
      kind: 'click',
      eventId: 'ev_1',
      operator: { openId: 'ou_1', userId: 'u1' },
      messageId: 'om_1',
      chatId: 'oc_1',
      token: 'c-1',
      value: { n: 'village.open' },
      name: null,
      form: null,
      option: null,
      at: NOW,
    });
  });

  test.each([
    ['microseconds', `${NOW}000`, NOW],
    ['milliseconds', `${NOW}`, NOW],
    ['seconds', `${NOW_S}`, NOW],
    ['a number', NOW, NOW],
    ['nothing', undefined, NOW],
    ['nonsense', 'yesterday', NOW],
  ])('its time is told by the number of digits: %s', async (_, create_time, at) => {
    // the reader's own clock is another one, so that a fall-back would show
    const request = signed(envelope('card.action.trigger', clickEvent(), { create_time }));
    const fallback = create_time === undefined || create_time === 'yesterday';
    expect(await read(request, fallback ? NOW : NOW + 5000)).toMatchObject({ at });
  });

  test('a submit without a value keeps its name and its form', async () => {
    const action = { tag: 'button', name: 'screening.submit:ab12', form_value: { 'L1-01': '是', 备注: '修缮中' } };
    expect(await click(clickEvent({ action }))).toMatchObject({
      value: undefined,
      name: 'screening.submit:ab12',
      form: { 'L1-01': '是', 备注: '修缮中' },
    });
  });

  const bare = { open_message_id: 'om_9', open_chat_id: 'oc_9' };
  test.each([
    ['beside the context', envelope('card.action.trigger', clickEvent({ context: undefined, ...bare }))],
    ['beside the event', { ...envelope('card.action.trigger', clickEvent({ context: undefined })), context: bare }],
    ['at the root', { ...envelope('card.action.trigger', clickEvent({ context: undefined })), ...bare }],
  ])('its message is found %s', async (_, payload) => {
    expect(await read(signed(payload))).toMatchObject({ kind: 'click', messageId: 'om_9', chatId: 'oc_9' });
  });

  test.each([[{ user_id: 'u7' }], [{ user_id: 'u7', open_id: null }], [{ user_id: 'u7', open_id: '' }]])(
    'an operator with only a user_id is somebody: %j',
    async (operator) => {
      expect(await click(clickEvent({ operator }))).toMatchObject({ operator: { openId: null, userId: 'u7' } });
    },
  );

  test.each([
    [{ option: 'a' }, 'a'],
    [{ options: 'a' }, 'a'],
    [{ options: ['a'] }, 'a'],
    [{ options: ['a', 'b'] }, null],
    [{ option: '', options: [] }, null],
    [{ option: 7 }, null],
  ])('a choice %j is %j', async (part, option) => {
    expect(await click(clickEvent({ action: { tag: 'select_static', ...part } }))).toMatchObject({ option });
  });

  test.each([
    ['no operator', { operator: undefined }],
    ['an operator without ids', { operator: { tenant_key: 't1' } }],
    ['no action', { action: undefined }],
    ['an action that is a list', { action: [] }],
    ['no message', { context: { open_chat_id: 'oc_1' } }],
    ['no chat', { context: { open_message_id: 'om_1' } }],
    ['a message id of a thousand characters', { context: { open_message_id: 'o'.repeat(1000), open_chat_id: 'oc_1' } }],
  ])('%s is no click', async (_, more) => {
    expect(await click(clickEvent(more))).toEqual(bad('shape'));
  });
});

describe('a message', () => {
  test('carries text with its mention keys still inside', async () => {
    expect(await message()).toEqual({
      kind: 'message',
      eventId: 'ev_1',
      messageId: 'om_5',
      chatId: 'oc_1',
      chatType: 'group',
      sender: { openId: 'ou_1', userId: 'u1' },
      senderIsUser: true,
      text: '@_user_1 进度 大阿村',
      mentions: [{ key: '@_user_1', openId: 'ou_bot', name: '回头看' }],
      at: NOW,
    });
  });

  test('a post without a locale becomes plain lines', async () => {
    const content = JSON.stringify({
      title: '请看',
      content: [
        [
          { tag: 'at', user_id: '@_user_1', user_name: '', style: [] },
          { tag: 'text', text: ' 查户 ', style: ['bold'] },
          { tag: 'a', href: 'http://example.com', text: '360799' },
        ],
        [{ tag: 'img', image_key: 'img_1' }],
        [
          { tag: 'text', text: '第二行' },
          { tag: 'emotion', emoji_type: 'SMILE' },
        ],
        'nonsense',
        [null, 7],
      ],
    });
    expect(await message({ message_type: 'post', content })).toMatchObject({
      text: '请看\n@_user_1 查户 360799\n第二行',
    });
  });

  test.each([
    ['image', '{"image_key":"img_1"}'],
    ['sticker', '{"file_key":"f"}'],
    ['interactive', '{"title":"t","elements":[[{"tag":"text","text":"x"}]]}'],
    ['未来的类型', '{"text":"x"}'],
    ['text', ''],
    ['text', 'not json'],
    ['text', '[]'],
    ['text', '{"text":7}'],
    ['post', '{"content":{"zh_cn":1}}'],
  ])('%s with content %j has no text', async (message_type, content) => {
    expect(await message({ message_type, content })).toMatchObject({ kind: 'message', text: '' });
  });

  test.each([[undefined], [[]], [null], ['x']])('mentions %j are none', async (mentions) => {
    expect(await message({ mentions })).toMatchObject({ mentions: [] });
  });

  test('@所有人 mentions nobody, in either shape', async () => {
    const mentions = [{ key: '@_all', name: '所有人', id: { open_id: '', union_id: '', user_id: '' } }];
    const content = JSON.stringify({ text: '@_all 请完成' });
    expect(await message({ mentions, content })).toMatchObject({ mentions: [], text: '@_all 请完成' });
    const post = JSON.stringify({ content: [[{ tag: 'at', user_id: 'all' }]] });
    expect(await message({ mentions: [], message_type: 'post', content: post })).toMatchObject({
      mentions: [],
      text: '@_all',
    });
  });

  test('what is not surely private is a group', async () => {
    expect(await message({ chat_type: 'p2p' })).toMatchObject({ chatType: 'p2p' });
    for (const chat_type of ['group', 'topic_group', undefined])
      expect(await message({ chat_type })).toMatchObject({ chatType: 'group' });
  });

  test('a bot is no user', async () => {
    const event = { ...messageEvent(), sender: { sender_id: { open_id: 'ou_b' }, sender_type: 'bot' } };
    expect(await read(signed(envelope('im.message.receive_v1', event)))).toMatchObject({
      senderIsUser: false,
      sender: { openId: 'ou_b', userId: null },
    });
  });

  test('characters of four bytes at the very end survive', async () => {
    for (let pad = 0; pad < 16; pad++) {
      const text = `${'x'.repeat(pad)}𠮷😀塅塝`;
      expect(await message({ content: JSON.stringify({ text }) })).toMatchObject({ text });
    }
  });
});

describe('the bot and its groups', () => {
  const at = { at: NOW, eventId: 'ev_1', chatId: 'oc_2' };
  const event = {
    chat_id: 'oc_2',
    name: '大阿村工作群',
    operator_id: { open_id: 'ou_3', user_id: '' },
    external: false,
  };
  test.each([
    [
      'im.chat.member.bot.added_v1',
      { kind: 'botAdded', chatName: '大阿村工作群', operator: { openId: 'ou_3', userId: null } },
    ],
    ['im.chat.member.bot.deleted_v1', { kind: 'botRemoved' }],
    ['im.chat.disbanded_v1', { kind: 'chatGone' }],
  ])('%s', async (type, expected) => {
    expect(await read(signed(envelope(type, event)))).toEqual({ ...at, ...expected });
    expect(await read(signed(envelope(type, { ...event, chat_id: '' })))).toEqual(bad('shape'));
    expect(await read(signed(envelope(type, event, { event_id: undefined })))).toEqual(bad('shape'));
  });
});

test('the same bytes twice are the same event twice: memory is the business of the store', async () => {
  const request = signed(envelope('card.action.trigger', clickEvent()));
  expect(await read(request)).toEqual(await read(request));
  expect(await read(request)).toMatchObject({ kind: 'click' });
});

describe('no payload makes it throw', () => {
  const nasty: unknown[] = [null, 0, -1, '', 'x', [], [[]], {}, true, { constructor: 1 }, { toString: null }, 1e308];
  const parts = ['header', 'event', 'schema', 'type', 'action', 'open_message_id', 'encrypt'];
  test.each(['card.action.trigger', 'im.message.receive_v1', 'im.chat.member.bot.added_v1'])('%s', async (type) => {
    for (const value of nasty) {
      for (const part of parts) {
        const payload = { ...envelope(type, clickEvent()), [part]: value };
        expect(['bad', 'ignored', 'click']).toContain((await read(signed(payload))).kind);
      }
      const deep = ['operator', 'context', 'action', 'message', 'sender', 'chat_id', 'operator_id', 'mentions'];
      for (const part of deep) {
        const event = { ...clickEvent(), ...messageEvent(), chat_id: 'oc_1', [part]: value };
        expect(typeof (await read(signed(envelope(type, event)))).kind).toBe('string');
      }
      for (const part of ['event_id', 'event_type', 'create_time', 'token', 'app_id']) {
        expect(typeof (await click(clickEvent(), { [part]: value })).kind).toBe('string');
      }
    }
  });

  test('a thousand brackets', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const text = JSON.stringify({ schema: '2.0', header: header('card.action.trigger'), event: 0 }).replace(
      ':0}',
      `:${deep}}`,
    );
    const request = sign(JSON.stringify({ encrypt: seal(text) }), NOW_S);
    expect((await read(request)).kind).toBe('bad');
  });
});
