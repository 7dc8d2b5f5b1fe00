// Owns the rules of the way out, against a real HTTP server that each test scripts request by request.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createPlatform, type PlatformSettings } from '../../src/feishu/client.ts';
import type { Token, TokenCache } from '../../src/feishu/token.ts';
import { type Message, PlatformError, type RetryClass } from '../../src/ports.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}
interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown; // a string is sent as it is
}
type Script = (seen: Seen, response: ServerResponse) => Reply | null | Promise<Reply | null>; // null = it answers itself

const SECRET = 's3cret-of-the-app';
const TEXT: Message = { kind: 'text', text: '户主张某例' };
const SENT = { code: 0, msg: 'success', data: { message_id: 'om_1', chat_id: 'oc_1' } };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** A platform that hands out t-1, t-2, … and answers everything else by the script. */
async function world(script: Script, more: Partial<PlatformSettings> = {}) {
  const seen: Seen[] = [];
  const tokens: Seen[] = [];
  const lines: string[] = [];
  const state = { now: 1_693_791_000_000, token: null as Script | null };
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const call: Seen = { method, url, authorization: headers.authorization, body: await bodyOf(request) };
    const isToken = url === '/open-apis/auth/v3/tenant_access_token/internal';
    (isToken ? tokens : seen).push(call);
    const grant: Reply = { body: { code: 0, msg: 'ok', tenant_access_token: `t-${tokens.length}`, expire: 7200 } };
    const reply = isToken ? ((await state.token?.(call, response)) ?? grant) : await script(call, response);
    if (reply === null || response.writableEnded || response.destroyed) return;
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  closers.push(close);
  const write = (message: string, fields?: object) => lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const platform = createPlatform({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    appId: 'cli_1',
    appSecret: SECRET,
    fetch: (input, init) => fetch(input, init),
    clock: { now: () => state.now },
    log: { debug: write, info: write, warn: write, error: write },
    ...more,
  });
  return { platform, seen, tokens, lines, state, close };
}

async function failureOf(work: Promise<unknown>): Promise<PlatformError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PlatformError);
  return error as PlatformError;
}
const refuse = (code: number, more: object = {}, status = 400): Reply => ({
  status,
  body: { code, msg: 'm', ...more },
});

describe('what goes over the wire', () => {
  test('a text to a chat', async () => {
    const w = await world(() => ({ body: SENT }));
    expect(await w.platform.send({ kind: 'chat', id: 'oc_1' }, TEXT, 'u-1')).toEqual({
      messageId: 'om_1',
      chatId: 'oc_1',
    });
    expect(w.seen).toEqual([
      {
        method: 'POST',
        url: '/open-apis/im/v1/messages?receive_id_type=chat_id',
        authorization: 'Bearer t-1',
        body: { receive_id: 'oc_1', msg_type: 'text', content: '{"text":"户主张某例"}', uuid: 'u-1' },
      },
    ]);
    expect(w.tokens[0]?.body).toEqual({ app_id: 'cli_1', app_secret: SECRET });
  });

  test('a card to a person goes as stringified JSON', async () => {
    const w = await world(() => ({ body: SENT }));
    await w.platform.send({ kind: 'user', id: 'ou_1' }, { kind: 'card', card: { schema: '2.0', body: {} } }, 'u-2');
    expect(w.seen[0]?.url).toBe('/open-apis/im/v1/messages?receive_id_type=open_id');
    expect(w.seen[0]?.body).toMatchObject({ msg_type: 'interactive', content: '{"schema":"2.0","body":{}}' });
  });

  test('a reply, in the thread or not, with ids that cannot leave their place in the path', async () => {
    const w = await world(() => ({ body: SENT }));
    await w.platform.reply('om_1/../x?y', TEXT, { uuid: 'u-3', inThread: true });
    expect(w.seen[0]).toMatchObject({
      url: '/open-apis/im/v1/messages/om_1%2F..%2Fx%3Fy/reply',
      body: { reply_in_thread: true, uuid: 'u-3', msg_type: 'text' },
    });
  });

  test('a card update', async () => {
    const w = await world(() => ({ body: { code: 0, msg: 'ok', data: {} } }));
    await w.platform.patch('om_1', { schema: '2.0' });
    expect(w.seen[0]).toMatchObject({
      method: 'PATCH',
      url: '/open-apis/im/v1/messages/om_1',
      body: { content: '{"schema":"2.0"}' },
    });
  });

  test('the bot is at the top level of its answer, a chat in data', async () => {
    const bot = { code: 0, msg: 'ok', bot: { app_name: '回头看', open_id: 'ou_bot' } };
    const chat = { code: 0, msg: '', data: { name: '大阿村群', chat_mode: 'topic' } };
    const w = await world((call) => ({ body: call.url.includes('bot') ? bot : chat }));
    expect(await w.platform.bot()).toEqual({ openId: 'ou_bot', name: '回头看' });
    expect(await w.platform.chat('oc_1')).toEqual({ name: '大阿村群', mode: 'topic' });
  });

  test('people by phone: one call, and who is unknown is left out', async () => {
    const list = [{ mobile: '13900799001', user_id: 'ou_1' }, { mobile: '13900799002' }];
    const w = await world(() => ({ body: { code: 0, msg: 'ok', data: { user_list: list } } }));
    const found = await w.platform.peopleByPhone(['13900799001', '13900799002']);
    expect([...found]).toEqual([['13900799001', 'ou_1']]);
    expect(w.seen).toMatchObject([
      {
        method: 'POST',
        url: '/open-apis/contact/v3/users/batch_get_id?user_id_type=open_id',
        body: { mobiles: ['13900799001', '13900799002'], include_resigned: false },
      },
    ]);
  });

  test('people by phone without the scope: the operator learns its name, the log no number', async () => {
    const error = { permission_violations: [{ type: 'x', subject: 'contact:user.id:readonly' }] };
    const w = await world(() => refuse(99991672, { error }));
    const failed = await failureOf(w.platform.peopleByPhone(['13900799001']));
    expect(failed).toMatchObject({ retry: 'config', code: 99991672 });
    expect(failed.message).toContain('contact:user.id:readonly');
    expect(w.lines.join('')).not.toContain('13900799001');
  });

  test('an effect name longer than the platform takes keeps its identity', async () => {
    const w = await world(() => ({ body: SENT }));
    const long = `xinfeng/${'p'.repeat(60)}`;
    for (const key of [long, long, `${long}2`]) await w.platform.send({ kind: 'chat', id: 'oc_1' }, TEXT, key);
    const [first, second, third] = w.seen.map((call) => String(call.body.uuid));
    expect(first).toHaveLength(40);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('a redirect is not followed: it would carry the token away', async () => {
    const w = await world(() => ({ status: 302, headers: { location: '/open-apis/elsewhere' }, body: '' }));
    expect(await failureOf(w.platform.bot())).toMatchObject({ retry: 'config', code: 0 });
    expect(w.seen).toHaveLength(1);
  });
});

describe('the token', () => {
  const send = (w: Awaited<ReturnType<typeof world>>) => w.platform.send({ kind: 'chat', id: 'oc_1' }, TEXT, 'u');

  test('is fetched once and used until ten minutes before its end', async () => {
    const w = await world(() => ({ body: SENT }));
    await send(w);
    w.state.now += 7200_000 - 600_000 - 1;
    await send(w);
    expect(w.tokens).toHaveLength(1);
    w.state.now += 1;
    await send(w);
    expect(w.tokens).toHaveLength(2);
    expect(w.seen.map((call) => call.authorization)).toEqual(['Bearer t-1', 'Bearer t-1', 'Bearer t-2']);
  });

  test('a short-lived one is not fetched for every call', async () => {
    const w = await world(() => ({ body: SENT }));
    w.state.token = () => ({ body: { code: 0, tenant_access_token: 't-short', expire: 60 } });
    await send(w);
    await send(w);
    expect(w.tokens).toHaveLength(1);
  });

  test('many calls at once fetch one', async () => {
    const w = await world(() => ({ body: SENT }));
    await Promise.all(Array.from({ length: 20 }, () => send(w)));
    expect(w.tokens).toHaveLength(1);
    expect(w.seen).toHaveLength(20);
  });

  test.each([99991661, 99991663, 99991664, 99991665, 99991668, 99991671, 99991677])(
    'refused with %i it is renewed and the call repeated',
    async (code) => {
      const w = await world((call) => (call.authorization === 'Bearer t-1' ? refuse(code) : { body: SENT }));
      expect(await send(w)).toMatchObject({ messageId: 'om_1' });
      expect(w.seen.map((call) => call.body.uuid)).toEqual(['u', 'u']);
      await send(w);
      expect(w.tokens).toHaveLength(2);
    },
  );

  test('two calls refused at once renew it once', async () => {
    let waiting: (() => void)[] = [];
    const w = await world(async (call) => {
      if (call.authorization !== 'Bearer t-1') return { body: SENT };
      // both stand here before either is refused
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2) for (const go of waiting) go();
      });
      waiting = [];
      return refuse(99991663);
    });
    await Promise.all([send(w), send(w)]);
    expect(w.tokens).toHaveLength(2);
    expect(w.seen).toHaveLength(4);
  });

  test('a refusal that comes late does not throw away the newer one', async () => {
    let renewed: () => void = () => undefined;
    const afterRenewal = new Promise<void>((resolve) => {
      renewed = resolve;
    });
    const w = await world(async (call) => {
      if (call.authorization !== 'Bearer t-1') return { body: SENT };
      if (w.seen.filter((other) => other.authorization === 'Bearer t-1').length === 2) await afterRenewal;
      return refuse(99991663);
    });
    const first = send(w);
    const second = send(w);
    await Promise.race([first, second]); // one went through with t-2 while the other still waits to be refused
    renewed();
    await Promise.all([first, second]);
    expect(w.tokens).toHaveLength(2);
  });

  test('refused twice is an error, not a loop', async () => {
    const w = await world(() => refuse(99991663));
    expect(await failureOf(send(w))).toMatchObject({ code: 99991663, retry: 'token' });
    expect(w.seen).toHaveLength(2);
  });

  test.each([200, 400])('a wrong secret is for the operator, at HTTP %i', async (status) => {
    const w = await world(() => ({ body: SENT }));
    w.state.token = () => refuse(10015, {}, status);
    expect(await failureOf(send(w))).toMatchObject({ code: 10015, retry: 'config', ambiguous: false });
    expect(w.seen).toHaveLength(0);
    w.state.token = null;
    expect(await send(w)).toMatchObject({ messageId: 'om_1' }); // and the failure is not remembered
  });

  test('when it cannot be had the message surely did not leave', async () => {
    const w = await world(() => ({ body: SENT }));
    w.state.token = () => ({ body: { code: 0, msg: 'ok' } });
    expect(await failureOf(send(w))).toMatchObject({ retry: 'later', ambiguous: false });
    w.state.token = (_, response) => {
      response.destroy();
      return { body: '' };
    };
    expect(await failureOf(send(w))).toMatchObject({ retry: 'later', ambiguous: false });
  });

  test('a kept one saves the fetch; a refused or broken one does not harm', async () => {
    let kept: Token | null = { value: 't-kept', expiresAt: 1_693_791_000_000 + 1000 };
    const cache: TokenCache = {
      get: async () => kept,
      set: async (token) => {
        kept = token;
      },
    };
    const w = await world((call) => (call.authorization === 'Bearer t-old' ? refuse(99991663) : { body: SENT }), {
      tokens: cache,
    });
    await send(w);
    expect(w.seen[0]?.authorization).toBe('Bearer t-kept');
    expect(w.tokens).toHaveLength(0);

    const again = await world((call) => (call.authorization === 'Bearer t-old' ? refuse(99991663) : { body: SENT }), {
      tokens: cache,
    });
    kept = { value: 't-old', expiresAt: again.state.now + 1000 };
    await send(again);
    expect(again.seen.map((call) => call.authorization)).toEqual(['Bearer t-old', 'Bearer t-1']);
    expect(kept).toEqual({ value: 't-1', expiresAt: again.state.now + 7200_000 - 600_000 });

    const fails = () => Promise.reject(new Error('down'));
    const broken = await world(() => ({ body: SENT }), { tokens: { get: fails, set: fails } });
    expect(await send(broken)).toMatchObject({ messageId: 'om_1' });
  });
});

describe('what a failure means', () => {
  const send = async (reply: Reply) => {
    const w = await world(() => reply);
    return failureOf(w.platform.send({ kind: 'chat', id: 'oc_1' }, TEXT, 'u'));
  };

  test.each<[number, RetryClass]>([
    [99991400, 'later'],
    [230020, 'later'],
    [230049, 'later'],
    [2200, 'later'],
    [230011, 'gone'],
    [230031, 'gone'],
    [230110, 'gone'],
    [232009, 'gone'],
    [230002, 'unreachable'],
    [230013, 'unreachable'],
    [230029, 'unreachable'],
    [230053, 'unreachable'],
    [99992361, 'unreachable'],
    [230001, 'invalid'],
    [230025, 'invalid'],
    [230028, 'invalid'],
    [230099, 'invalid'],
    [99992402, 'invalid'],
    [230006, 'config'],
    [99991672, 'config'],
    [99991403, 'config'],
    [234567, 'invalid'], // unknown, refused with 400
  ])('%i is %s, at HTTP 400 and at HTTP 200', async (code, retry) => {
    expect(await send(refuse(code))).toMatchObject({ code, retry, ambiguous: false });
    if (code !== 234567) expect(await send(refuse(code, {}, 200))).toMatchObject({ code, retry });
  });

  test('an unknown code at HTTP 500 may pass, and may have worked', async () => {
    expect(await send(refuse(234567, {}, 500))).toMatchObject({ retry: 'later', ambiguous: true });
  });

  test('429 says how long to wait', async () => {
    const reply = { ...refuse(99991400, {}, 429), headers: { 'x-ogw-ratelimit-reset': '7' } };
    expect(await send(reply)).toMatchObject({ code: 99991400, retry: 'later', waitMs: 7000, ambiguous: false });
    expect(await send({ ...reply, headers: { 'x-ogw-ratelimit-reset': 'soon' } })).toMatchObject({ waitMs: 0 });
    expect(await send({ ...reply, headers: { 'x-ogw-ratelimit-reset': '999999' } })).toMatchObject({
      waitMs: 3_600_000,
    });
    expect(await send(refuse(230020))).toMatchObject({ waitMs: 0 });
  });

  test('the log id comes from the body, else from the header', async () => {
    const headers = { 'x-tt-logid': 'from-header' };
    expect(await send({ ...refuse(230001, { error: { log_id: 'from-body' } }), headers })).toMatchObject({
      logId: 'from-body',
    });
    expect(await send({ ...refuse(230001), headers })).toMatchObject({ logId: 'from-header' });
  });

  test('a refused card is named by its own code, a missing scope by its name, and no content leaks', async () => {
    const msg =
      'Failed to create card content, ext=ErrCode: 100290; ErrMsg: invalid user; ErrorValue: 张某例 13800000000;';
    const card = await send(refuse(230099, { msg }));
    expect(card.message).toBe('send: code 230099 card was refused (card error 100290)');
    const scope = await send(
      refuse(99991672, { error: { permission_violations: [{ type: 't', subject: 'im:message' }] } }),
    );
    expect(scope.message).toContain('im:message');
    const unknown = await send(refuse(234567, { msg: 'Something new, ErrorValue: 张某例' }));
    expect(unknown.message).toBe('send: code 234567 Something new,');
  });

  test.each<[string, Reply, object]>([
    ['a page of a gateway', { status: 502, body: '<html>Bad gateway</html>' }, { retry: 'later', ambiguous: true }],
    ['a page at 200', { body: '<html>log in to the network</html>' }, { retry: 'later', ambiguous: true }],
    ['a page at 404', { status: 404, body: '<html>not found</html>' }, { retry: 'config', ambiguous: false }],
    ['half an answer', { body: '{"code":0,"da' }, { retry: 'later', ambiguous: true }],
    ['a list', { body: [] }, { retry: 'later', ambiguous: true }],
    ['no code', { body: { data: {} } }, { retry: 'later', ambiguous: true }],
    ['code 0 without a message id', { body: { code: 0, data: {} } }, { retry: 'later', ambiguous: true }],
    ['code 0 at HTTP 500', { status: 500, body: SENT }, { retry: 'later', ambiguous: true }],
  ])('%s', async (_, reply, expected) => {
    expect(await send(reply)).toMatchObject({ code: 0, ...expected });
  });
});

describe('no answer leaves it open whether the message went', () => {
  const open = { code: 0, retry: 'later', ambiguous: true };
  const send = (w: Awaited<ReturnType<typeof world>>) => w.platform.send({ kind: 'chat', id: 'oc_1' }, TEXT, 'u');

  // A kept token, so that only the call itself can run out of its short time.
  const kept = { value: 't-kept', expiresAt: Number.MAX_SAFE_INTEGER };
  const hasty = { timeoutMs: 80, tokens: { get: async () => kept, set: async () => undefined } };
  test('silence', async () => {
    const w = await world(() => null, hasty);
    expect(await failureOf(send(w))).toMatchObject({ ...open, message: 'send: no answer in time' });
  });
  test('a body that never ends', async () => {
    const half: Script = (_, response) => {
      response.writeHead(200).write('{"code":0');
      return null;
    };
    expect(await failureOf(send(await world(half, hasty)))).toMatchObject({
      ...open,
      message: 'send: no answer in time',
    });
  });
  test('a connection lost before and within the answer', async () => {
    const reset: Script = (_, response) => {
      response.socket?.resetAndDestroy();
      return null;
    };
    expect(await failureOf(send(await world(reset)))).toMatchObject(open);
    const cut: Script = (_, response) => {
      response.writeHead(200, { 'content-length': '500' }).write('{"code":0', () => response.destroy());
      return null;
    };
    expect(await failureOf(send(await world(cut)))).toMatchObject(open);
  });
  test('nobody listening', async () => {
    const w = await world(() => ({ body: SENT }));
    await w.close();
    expect(await failureOf(send(w))).toMatchObject({ retry: 'later' });
  });
});

describe('where threads are not allowed a reply goes without', () => {
  test.each([230071, 230072])('%i', async (code) => {
    const w = await world((call) => (call.body.reply_in_thread === true ? refuse(code) : { body: SENT }));
    expect(await w.platform.reply('om_1', TEXT, { uuid: 'u', inThread: true })).toMatchObject({ messageId: 'om_1' });
    expect(w.seen.map((call) => call.body.uuid)).toEqual(['u', 'u']);
  });
  test('and asks once only', async () => {
    const w = await world(() => refuse(230071));
    expect(await failureOf(w.platform.reply('om_1', TEXT, { uuid: 'u', inThread: true }))).toMatchObject({
      retry: 'invalid',
    });
    expect(w.seen).toHaveLength(2);
  });
});

test('what cannot be written is refused before it leaves', async () => {
  const w = await world(() => ({ body: SENT }));
  expect(await failureOf(w.platform.patch('om_1', { schema: '2.0', n: 1n }))).toMatchObject({
    retry: 'invalid',
    ambiguous: false,
  });
  expect(await failureOf(w.platform.patch('\ud800', { schema: '2.0' }))).toMatchObject({ retry: 'invalid' });
  expect(w.seen).toHaveLength(0);
});

test('neither token nor secret nor content reaches the log or an error', async () => {
  const replies: Reply[] = [
    refuse(99991663),
    refuse(230001, { msg: 'bad' }),
    { status: 502, body: 'x' },
    refuse(234567, {}, 500),
  ];
  const w = await world(() => replies[w.seen.length % replies.length] ?? { body: SENT });
  const errors: string[] = [];
  for (let i = 0; i < 6; i++) {
    const error = await failureOf(w.platform.send({ kind: 'chat', id: 'oc_1' }, TEXT, 'u'));
    errors.push(`${error.message} ${error.stack} ${JSON.stringify(error)}`);
  }
  const written = [...w.lines, ...errors].join('\n');
  expect(w.lines.length).toBeGreaterThan(0);
  for (const secret of [SECRET, 't-1', 't-2', '张某例']) expect(written).not.toContain(secret);
});
