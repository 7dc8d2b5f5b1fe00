// Owns that Node's own way in answers as the app does: the same statuses and bodies for the same bytes, over real sockets.
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterEach, describe, expect, test } from 'vitest';
import { createInbound } from '../src/feishu/inbound.ts';
import { createApp } from '../src/http.ts';
import { createNodeCipher } from '../src/nodeCipher.ts';
import { createNodeWebhook } from '../src/nodeWebhook.ts';
import { createWebhook, type Limits } from '../src/webhook.ts';
import { APP, clickEvent, envelope, messageEvent, NOW, type Signed, signed } from './feishu/peer.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function world(limits: Partial<Limits> = {}) {
  const heard: string[] = [];
  const deps = {
    clock: { now: () => NOW },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    defer: () => undefined,
    limits,
    onClick: async () => {
      heard.push('click');
      return { toast: { type: 'success', content: '已保存' } };
    },
    onEvent: async () => void heard.push('event'),
  };
  const inbound = createInbound({ ...APP, cipher: createNodeCipher(APP.encryptKey) });
  const ready = async () => ({ ok: true, parts: {} });
  const app = createApp({ ...deps, inbound, ready, remoteAddress: () => '203.0.113.7' });
  const direct = createNodeWebhook({
    take: createWebhook(deps, inbound),
    address: () => '203.0.113.7',
    rest: getRequestListener(app.fetch),
  });
  const server = createServer(direct.listener).on('connection', direct.connected);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(
    () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  );
  return { heard, app, port: (server.address() as AddressInfo).port };
}

const click = signed(envelope('card.action.trigger', clickEvent()));
const message = signed(envelope('im.message.receive_v1', messageEvent()));

/** Raw text over a socket; resolves with all that came until the server closed it. */
function talk(port: number, ...parts: readonly string[]): Promise<string> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => {
      heard += String(chunk);
    });
    socket.on('close', () => done(heard));
    socket.on('error', () => undefined);
    for (const part of parts) socket.write(part);
  });
}
const head = ({ headers }: Signed, path = '/webhook/event') =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}`;

describe('on Node', () => {
  test.each<[string, string, RequestInit]>([
    ['a click', '/webhook/event', { method: 'POST', ...click }],
    ['a click on the alias', '/webhook/card', { method: 'POST', ...click }],
    ['an event', '/webhook/event', { method: 'POST', ...message }],
    ['a path with a question', '/webhook/event?x=1', { method: 'POST', ...click }],
    ['no JSON', '/webhook/event', { method: 'POST', body: 'hello' }],
    ['an empty body', '/webhook/event', { method: 'POST', body: '' }],
    ['a list', '/webhook/event', { method: 'POST', body: '[]' }],
    ['nothing encrypted', '/webhook/event', { method: 'POST', body: '{}' }],
    ['another signature', '/webhook/event', { method: 'POST', body: click.body, headers: message.headers }],
    ['no signature', '/webhook/event', { method: 'POST', body: click.body }],
    ['bad base64', '/webhook/event', { method: 'POST', body: '{"encrypt":"QUJD QUJD*"}', headers: click.headers }],
    ['more than 1 MiB', '/webhook/event', { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) }],
    ['another method', '/webhook/event', { method: 'GET' }],
    ['another path', '/webhook', { method: 'POST', ...click }],
    ['health', '/healthz', {}],
  ])('%s is answered as by the app', async (_, path, init) => {
    const w = await world();
    const wanted = await w.app.request(path, init);
    const asked = w.heard.splice(0);
    const got = await fetch(`http://127.0.0.1:${w.port}${path}`, init);
    expect([got.status, await got.text()]).toEqual([wanted.status, await wanted.text()]);
    expect(got.headers.get('content-type')).toBe(wanted.headers.get('content-type'));
    expect(w.heard).toEqual(asked);
  });

  test('a body in chunks is whole, one that is too long is refused and its connection closed', async () => {
    const w = await world();
    const half = click.body.length >> 1;
    const chunks = [click.body.slice(0, half), click.body.slice(half)].map(
      (c) => `${c.length.toString(16)}\r\n${c}\r\n`,
    );
    const closing = 'connection: close\r\n';
    const whole = await talk(
      w.port,
      `${head(click)}${closing}transfer-encoding: chunked\r\n\r\n`,
      ...chunks,
      '0\r\n\r\n',
    );
    expect(whole).toMatch(/^HTTP\/1.1 200/);
    expect(whole).toContain('已保存');
    const big = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const flood = await talk(
      w.port,
      `${head(click)}transfer-encoding: chunked\r\n\r\n`,
      ...Array<string>(17).fill(big),
    );
    expect(flood).toMatch(/^HTTP\/1.1 413/);
    expect(w.heard).toEqual(['click']);
  });

  test('a body that drips is given up and its connection closed', async () => {
    const w = await world({ bodyMs: 60 });
    const length = `content-length: ${click.body.length}\r\n\r\n`;
    expect(await talk(w.port, `${head(click)}${length}`, click.body.slice(0, 100))).toMatch(/^HTTP\/1.1 408/);
    expect(w.heard).toEqual([]);
  });

  test('two hundred connections at once are all answered, and a sender that leaves half-way harms nobody', async () => {
    const w = await world();
    const leaving = connect(w.port, '127.0.0.1');
    leaving.write(`${head(click)}content-length: ${click.body.length}\r\n\r\n${click.body.slice(0, 50)}`, () =>
      leaving.destroy(),
    );
    const one = `${head(click)}connection: close\r\ncontent-length: ${click.body.length}\r\n\r\n${click.body}`;
    const answers = await Promise.all(Array.from({ length: 200 }, () => talk(w.port, one)));
    expect(answers.filter((a) => a.startsWith('HTTP/1.1 200') && a.includes('已保存'))).toHaveLength(200);
    expect(w.heard).toHaveLength(200);
  });
});
