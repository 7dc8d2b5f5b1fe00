// Owns the HTTP contract as an outsider meets it: status codes, limits, deadlines and abuse, through the front door.
// What a payload becomes is test/feishu/inbound.test.ts; here handlers only note what reached them.
import { connect } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ChatEvent, Click, MessageEvent } from '../src/feishu/inbound.ts';
import { createInbound } from '../src/feishu/inbound.ts';
import { type AppDeps, createApp } from '../src/http.ts';
import { createGate, type Gate } from '../src/webhook.ts';
import { APP, clickEvent, envelope, messageEvent, NOW, NOW_S, type Signed, seal, sign, signed } from './feishu/peer.ts';

const MIB = 1024 * 1024;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function world(more: Partial<AppDeps> = {}) {
  const clicks: Click[] = [];
  const events: (MessageEvent | ChatEvent)[] = [];
  const deferred: Promise<unknown>[] = [];
  const lines: string[] = [];
  const write = (message: string, fields?: object) => lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const state = { now: NOW, address: '203.0.113.7' };
  const app = createApp({
    inbound: createInbound(APP),
    clock: { now: () => state.now },
    log: { debug: write, info: write, warn: write, error: write },
    defer: (work) => deferred.push(work),
    onClick: async (click) => {
      clicks.push(click);
      return { toast: { type: 'success', content: '已保存' } };
    },
    onEvent: async (event) => {
      events.push(event);
    },
    ready: async () => ({ ok: true, parts: { database: true, tick: true } }),
    remoteAddress: () => state.address,
    ...more,
  });
  const post = (request: Partial<Signed>, path = '/webhook/event') =>
    app.request(path, { method: 'POST', body: request.body ?? '', headers: request.headers ?? {} });
  return { app, post, clicks, events, deferred, lines, state };
}

/** How many ms of a clock of its own pass, while somebody waits for it, until an answer with status 200 is there. */
async function answeredAfter(ask: () => Response | Promise<Response>): Promise<number> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const began = performance.now();
    let status = 0;
    const answered = (async () => {
      status = (await ask()).status;
    })();
    while (status === 0) {
      for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve));
      if (status === 0 && vi.getTimerCount() > 0) vi.advanceTimersByTime(10); // else it computes, on a thread
    }
    await answered;
    expect(status).toBe(200);
    return performance.now() - began;
  } finally {
    vi.useRealTimers();
  }
}

async function listen(app: ReturnType<typeof createApp>): Promise<number> {
  const server = createAdaptorServer({ fetch: app.fetch, hostname: '127.0.0.1' });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  );
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Sends raw text over a socket and resolves with everything that came until the server closed it. */
function talk(port: number, parts: readonly (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', () => {
      for (const part of parts) socket.write(part);
    });
    socket.on('data', (chunk) => {
      got += chunk.toString();
    });
    socket.on('error', () => undefined); // a reset after the answer is as good as a close
    socket.on('close', () => resolve(got));
  });
}

const click = () => signed(envelope('card.action.trigger', clickEvent()));
const message = () => signed(envelope('im.message.receive_v1', messageEvent()));
const answer = async (response: Response | Promise<Response>) => {
  const got = await response;
  return { status: got.status, body: (await got.json()) as unknown };
};

describe('the webhook believes nothing it cannot verify, and stores nothing of it', () => {
  const plain = JSON.stringify(envelope('card.action.trigger', clickEvent()));
  const sealed = JSON.stringify({ encrypt: seal(plain) });
  const challenge = (token: string) => seal(JSON.stringify({ type: 'url_verification', challenge: 'abc', token }));
  const cases: [string, number, Partial<Signed>][] = [
    ['no body', 400, {}],
    ['no JSON', 400, sign('hello', NOW_S)],
    ['a JSON list', 400, sign(`[${sealed}]`, NOW_S)],
    ['half a body', 400, sign(sealed.slice(0, -9), NOW_S)],
    ['a plain event', 401, sign(plain, NOW_S)],
    [
      'a plain challenge',
      401,
      sign(`{"type":"url_verification","challenge":"abc","token":"${APP.verificationToken}"}`, NOW_S),
    ],
    ['no signature', 401, { body: sealed }],
    ['a signature of another key', 401, sign(sealed, NOW_S, 'another key')],
    ['a ciphertext of another key', 401, sign(JSON.stringify({ encrypt: seal(plain, 'another key') }), NOW_S)],
    ['a cut ciphertext', 401, sign(JSON.stringify({ encrypt: seal(plain).slice(0, -12) }), NOW_S)],
    ['another app', 401, signed(envelope('card.action.trigger', clickEvent(), { app_id: 'cli_0000000000000000' }))],
    ['another token', 401, signed(envelope('card.action.trigger', clickEvent(), { token: 'wrong' }))],
    ['a signature of 8 days', 401, signed(envelope('card.action.trigger', clickEvent()), NOW_S - 8 * 86_400)],
    ['a challenge with another token', 401, { body: JSON.stringify({ encrypt: challenge('wrong') }) }],
  ];
  test.each(cases)('%s → %i {}', async (_, status, request) => {
    for (const path of ['/webhook/event', '/webhook/card']) {
      const w = world();
      expect(await answer(w.post(request, path))).toEqual({ status, body: {} });
      expect([...w.clicks, ...w.events]).toEqual([]);
      expect(w.lines.join()).toContain('webhook refused');
    }
  });

  test('the challenge is answered without a signature', async () => {
    const request = { body: JSON.stringify({ encrypt: challenge(APP.verificationToken) }) };
    expect(await answer(world().post(request))).toEqual({ status: 200, body: { challenge: 'abc' } });
  });

  test('7 hours late, an hour early and with white space in it, a click is a click', async () => {
    const w = world();
    const spaced = sealed.replace(':', ' :\n ');
    for (const seconds of [NOW_S - 7 * 3600, NOW_S + 3600])
      expect((await w.post(sign(spaced, seconds))).status).toBe(200);
    expect(w.clicks).toHaveLength(2);
  });

  test.each(['im.message.reaction.created_v1', 'card.action.trigger_v1'])('%s → 200 {}', async (type) => {
    const w = world();
    expect(await answer(w.post(signed(envelope(type, clickEvent()))))).toEqual({ status: 200, body: {} });
    expect([...w.clicks, ...w.events]).toEqual([]);
  });

  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('%s → 405', async (method) => {
    for (const path of ['/webhook/event', '/webhook/card']) {
      const response = await world().app.request(path, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    }
  });

  test('elsewhere there is nothing', async () => {
    expect(await answer(world().app.request('/webhook'))).toEqual({ status: 404, body: {} });
  });

  test('a bot that takes nothing by webhook has no webhook, and tells its health all the same', async () => {
    const w = world({ inbound: null });
    for (const path of ['/webhook/event', '/webhook/card'])
      expect(await answer(w.post(await click(), path))).toEqual({ status: 404, body: {} });
    expect(await answer(w.app.request('/healthz'))).toEqual({ status: 200, body: { ok: true } });
    expect((await answer(w.app.request('/readyz'))).status).toBe(200);
  });
});

describe('clicks', () => {
  test('get the answer of their handler, on either path', async () => {
    const w = world();
    for (const path of ['/webhook/event', '/webhook/card']) {
      const { status, body } = await answer(w.post(click(), path));
      expect({ status, body }).toEqual({ status: 200, body: { toast: { type: 'success', content: '已保存' } } });
    }
    expect(w.clicks).toMatchObject([{ eventId: 'ev_1', chatId: 'oc_1' }, { eventId: 'ev_1' }]);
    expect(w.deferred).toEqual([]);
  });

  test('a handler that fails means: not saved, and the log does not say what was in it', async () => {
    for (const onClick of [
      () => Promise.reject(new Error('insert 张某例')),
      () => {
        throw new Error('insert 张某例');
      },
      async () => ({ n: 1n }), // cannot be sent
    ]) {
      const w = world({ onClick });
      const body = { toast: { type: 'error', content: '没有保存，请再点一次' } };
      expect(await answer(w.post(click()))).toEqual({ status: 200, body });
      expect(w.lines.join()).toContain('click failed');
      expect(w.lines.join()).not.toContain('张某例');
    }
  });

  test.each([[[]], ['text'], [7]])('an answer %j that is no object becomes {}', async (wrong) => {
    const w = world({ onClick: async () => wrong as unknown as object });
    expect(await answer(w.post(click()))).toEqual({ status: 200, body: {} });
  });

  test('a slow handler is answered for, finishes in the background, and its answer repairs the card', async () => {
    let finish: (answer: object) => void = () => undefined;
    const late: unknown[] = [];
    const w = world({
      onClick: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
      onLate: async (slow, result) => {
        late.push([slow.eventId, result]);
      },
      limits: { clickMs: 30 },
    });
    const { status, body } = await answer(w.post(click()));
    expect({ status, body }).toEqual({ status: 200, body: { toast: { type: 'info', content: '正在处理，请稍候…' } } });
    expect([w.deferred.length, late]).toEqual([1, []]);
    finish({ card: 'fresh' });
    await w.deferred[0];
    expect(late).toEqual([['ev_1', { card: 'fresh' }]]);
  });

  test('a slow handler that fails in the end still gets its card repaired and harms nobody', async () => {
    let fail: (reason: Error) => void = () => undefined;
    const late: unknown[] = [];
    const w = world({
      onClick: () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
      onLate: (_, result) => {
        late.push(result);
        return Promise.reject(new Error('platform down'));
      },
      limits: { clickMs: 30 },
    });
    expect((await w.post(click())).status).toBe(200);
    fail(new Error('disk full'));
    await expect(w.deferred[0]).resolves.toBeUndefined();
    expect(late).toEqual([null]);
    expect(w.lines.join()).toContain('slow click failed');
  });

  test('by default the person is answered within 3 s', async () => {
    const w = world({ onClick: () => new Promise(() => undefined) });
    expect(await answeredAfter(() => w.post(click()))).toBe(2000);
  });

  test('the time its body took counts', async () => {
    const w = world({ onClick: () => new Promise(() => undefined), limits: { clickMs: 600 } });
    const { body, headers } = click();
    const slowly = () =>
      new ReadableStream<Uint8Array>({
        async start(controller) {
          await new Promise((resolve) => setTimeout(resolve, 500));
          controller.enqueue(new TextEncoder().encode(body));
          controller.close();
        },
      });
    const asked = () => ({ method: 'POST', headers, body: slowly(), duplex: 'half' }) as RequestInit;
    expect(await answeredAfter(() => w.app.request('/webhook/event', asked()))).toBe(600);
  });
});

describe('events', () => {
  test('are acknowledged after they are stored, not before', async () => {
    let stored: () => void = () => undefined;
    let called: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      called = resolve;
    });
    const w = world({
      onEvent: () => {
        called();
        return new Promise((resolve) => {
          stored = resolve;
        });
      },
    });
    let answered = false;
    const response = Promise.resolve(w.post(message())).then((got) => {
      answered = true;
      return got;
    });
    await reached;
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    stored();
    expect(await answer(response)).toEqual({ status: 200, body: {} });
  });

  test('that could not be stored are asked for again', async () => {
    const w = world({ onEvent: () => Promise.reject(new Error('disk full of 张某例')) });
    expect(await answer(w.post(message()))).toEqual({ status: 500, body: {} });
    expect(w.lines.join()).not.toContain('张某例');
  });

  test('repeated, both reach the store: it alone remembers ids', async () => {
    const ids = new Set<string>();
    let ran = 0;
    const w = world({
      onEvent: async (event) => {
        if (!ids.has(event.eventId)) ran++;
        ids.add(event.eventId);
      },
    });
    const request = message();
    for (let i = 0; i < 3; i++) expect((await w.post(request)).status).toBe(200);
    expect(ran).toBe(1);
    const c = world();
    const again = click();
    for (let i = 0; i < 2; i++) expect((await c.post(again)).status).toBe(200);
    expect(c.clicks).toHaveLength(2);
  });
});

describe('abuse', () => {
  const forged = sign(JSON.stringify({ encrypt: seal('{}') }), NOW_S, 'another key');
  const fail = async (w: ReturnType<typeof world>, times: number) => {
    const statuses: number[] = [];
    for (let i = 0; i < times; i++) statuses.push((await w.post(forged)).status);
    return statuses;
  };

  test('50 failures of an address in a minute, then 429 for whatever it sends, and nothing for others', async () => {
    let elapsed = 0;
    const w = world({ gate: createGate(() => elapsed) });
    expect(await fail(w, 52)).toEqual([...Array(50).fill(401), 429, 429]);
    expect(await answer(w.post(click()))).toEqual({ status: 429, body: {} });
    w.state.address = '203.0.113.8';
    expect((await w.post(click())).status).toBe(200);
    w.state.address = '203.0.113.7';
    elapsed = 59_999;
    expect((await w.post(click())).status).toBe(429);
    elapsed = 60_000;
    expect((await w.post(click())).status).toBe(200);
    expect(await fail(w, 1)).toEqual([401]);
  });

  test('all at once as well: nobody gets a 51st answer by being quick', async () => {
    const w = world();
    const statuses = await Promise.all(Array.from({ length: 80 }, async () => (await w.post(forged)).status));
    expect(statuses.filter((status) => status === 401)).toHaveLength(50);
    expect(statuses.filter((status) => status === 429)).toHaveLength(30);
  });

  test('valid requests never count, nor do shapes only the platform can have signed', async () => {
    const w = world();
    const odd = signed(envelope('card.action.trigger', { nothing: true }));
    for (let i = 0; i < 60; i++) expect((await w.post(odd)).status).toBe(401);
    for (let i = 0; i < 60; i++) expect((await w.post(click())).status).toBe(200);
  });

  test('the memory of addresses has an end', () => {
    const gate: Gate = createGate(() => 0);
    for (let i = 0; i < 50; i++) gate.fail('first');
    expect(gate.shut('first')).toBe(true);
    for (let i = 0; i < 10_000; i++) gate.fail(`other ${i}`);
    expect(gate.shut('first')).toBe(false); // the oldest made room
  });
});

describe('the body', () => {
  const big = (length: number) => ({ body: `{"encrypt":"${'A'.repeat(length)}"}`, headers: {} });

  test('over 1 MiB is refused by its declared length, without being read', async () => {
    const w = world();
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (++pulled > 2000) controller.close();
          else controller.enqueue(new Uint8Array(1024));
        },
      },
      { highWaterMark: 0 },
    );
    const init = { method: 'POST', body, duplex: 'half', headers: { 'content-length': String(MIB + 1) } };
    expect(await answer(w.app.request('/webhook/event', init as RequestInit))).toEqual({ status: 413, body: {} });
    expect(pulled).toBe(0);
  });

  test('over 1 MiB is refused while reading when it does not say how long it is', async () => {
    const w = world();
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (++pulled > 100) controller.close();
        else controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const init = { method: 'POST', body, duplex: 'half' };
    expect((await w.app.request('/webhook/event', init as RequestInit)).status).toBe(413);
    expect(pulled).toBeLessThan(25);
  });

  test('a length that lies does not let more in', async () => {
    const lying = { ...big(MIB), headers: { 'content-length': '10' } };
    expect((await world().post(lying)).status).toBe(413);
  });

  test('of 1 MiB and not more is read', async () => {
    const overhead = big(0).body.length;
    const length = (n: number) => ({ 'content-length': String(n) });
    const fits = big(MIB - overhead);
    expect((await world().post(fits)).status).toBe(401); // read, and not signed
    expect((await world().post({ ...fits, headers: length(MIB) })).status).toBe(401);
    expect((await world().post(big(MIB - overhead + 1))).status).toBe(413);
  });

  test('over real HTTP: too long, declared and chunked; whole, chunked in the middle of a character', async () => {
    const w = world();
    const port = await listen(w.app);
    const url = `http://127.0.0.1:${port}/webhook/event`;
    const declared = await fetch(url, { method: 'POST', body: 'x'.repeat(MIB + 1) });
    expect(declared.status).toBe(413);
    const head = 'POST /webhook/event HTTP/1.1\r\nhost: x\r\nconnection: close\r\n';
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const flood = await talk(port, [`${head}transfer-encoding: chunked\r\n\r\n`, ...Array<string>(17).fill(chunk)]);
    expect(flood).toMatch(/^HTTP\/1.1 413/);

    const encrypt = seal(JSON.stringify(envelope('card.action.trigger', clickEvent())));
    const { body, headers } = sign(JSON.stringify({ encrypt, 备注: '回头看𠮷' }), NOW_S);
    const given = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const bytes = Buffer.from(body);
    const middle = bytes.length - 4; // inside 𠮷
    const chunks = [bytes.subarray(0, middle), bytes.subarray(middle)].flatMap((half) => [
      `${half.length.toString(16)}\r\n`,
      half,
      '\r\n',
    ]);
    const whole = await talk(port, [head, ...given, 'transfer-encoding: chunked\r\n\r\n', ...chunks, '0\r\n\r\n']);
    expect(whole).toMatch(/^HTTP\/1.1 200/);
    expect(whole).toContain('已保存');
    expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(200);
    expect(w.clicks).toHaveLength(2);
  });

  test('that drips is given up, the connection closed, and nothing stored', async () => {
    const w = world({ limits: { bodyMs: 60 } });
    const port = await listen(w.app);
    const { body, headers } = message();
    const given = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `POST /webhook/event HTTP/1.1\r\nhost: x\r\n${given.join('')}`;
    const declared = await talk(port, [`${head}content-length: ${body.length}\r\n\r\n`, body.slice(0, 100)]);
    expect(declared).toMatch(/^HTTP\/1.1 408/);
    const chunked = await talk(port, [`${head}transfer-encoding: chunked\r\n\r\n`, `64\r\n${body.slice(0, 100)}\r\n`]);
    expect(chunked).toMatch(/^HTTP\/1.1 408/);
    expect(w.events).toEqual([]);
  });

  test('that breaks off stores nothing', async () => {
    const w = world();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"encrypt":'));
        controller.error(new Error('connection lost'));
      },
    });
    const init = { method: 'POST', body, duplex: 'half' };
    expect((await w.app.request('/webhook/event', init as RequestInit)).status).toBe(400);
  });
});

describe('for the operator', () => {
  test('alive', async () => {
    expect((await world().app.request('/healthz')).status).toBe(200);
  });

  test('ready, and if not, which part', async () => {
    expect(await answer(world().app.request('/readyz'))).toEqual({
      status: 200,
      body: { ok: true, parts: { database: true, tick: true } },
    });
    const parts = { database: true, tick: false };
    const late = world({ ready: async () => ({ ok: false, parts }) });
    expect(await answer(late.app.request('/readyz'))).toEqual({ status: 503, body: { ok: false, parts } });
    const broken = world({ ready: () => Promise.reject(new Error('no database')) });
    expect((await broken.app.request('/readyz')).status).toBe(503);
  });

  const metrics = async () => 'lookback_clicks_total 3\n';
  const ask = async (w: ReturnType<typeof world>, headers: Record<string, string> = {}) =>
    (await w.app.request('/metrics', { headers })).status;

  test('metrics in the Prometheus format, with the token only', async () => {
    const w = world({ metrics, metricsToken: 'm-1' });
    w.state.address = '127.0.0.1';
    expect(await ask(w)).toBe(401);
    expect(await ask(w, { authorization: 'Bearer m-2' })).toBe(401);
    expect(await ask(w, { authorization: 'm-1' })).toBe(401);
    const response = await w.app.request('/metrics', { headers: { authorization: 'Bearer m-1' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toBe('lookback_clicks_total 3\n');
  });

  test('without a token only the machine itself may read them, and not through a proxy', async () => {
    const w = world({ metrics });
    for (const [address, status] of [
      ['127.0.0.1', 200],
      ['127.8.8.8', 200],
      ['::1', 200],
      ['::ffff:127.0.0.1', 200],
      ['203.0.113.7', 403],
      ['127.0.0.1.example', 403],
      ['', 403],
    ] as const) {
      w.state.address = address;
      expect([address, await ask(w)]).toEqual([address, status]);
    }
    w.state.address = '127.0.0.1';
    expect(await ask(w, { 'x-forwarded-for': '127.0.0.1' })).toBe(403);
    expect(await ask(w, { forwarded: 'for=127.0.0.1' })).toBe(403);
  });

  test('a bot without metrics has none', async () => {
    expect(await ask(world())).toBe(404);
  });
});
