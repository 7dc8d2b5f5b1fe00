// Tokens, rate limits, injected failures and unknown routes, over plain HTTP.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';
import { Limits } from '../../simulator/limits.ts';
import { Tokens } from '../../simulator/tokens.ts';
import { app, card, refused, type Scene, scene } from './bot.ts';

let s: Scene;
let openId: string;
let chatId: string;
beforeEach(async () => {
  s = await scene();
  openId = s.sim.addUser({ name: '张三' }).openId;
  chatId = s.sim.addChat({ name: '群', members: [openId], hasBot: true }).chatId;
});
afterEach(() => s.close());

const say = (id = chatId, uuid?: string) =>
  s.client.im.v1.message.create({
    params: { receive_id_type: id.startsWith('oc_') ? 'chat_id' : 'open_id' },
    data: { receive_id: id, msg_type: 'text', content: '{"text":"好"}', ...(uuid === undefined ? {} : { uuid }) },
  });
const times = async (n: number, call: () => Promise<unknown>) => {
  for (let i = 0; i < n; i++) await call();
};
const get = (path: string, token?: string) =>
  fetch(`${s.sim.url}/open-apis${path}`, token === undefined ? {} : { headers: { authorization: token } });

test('a sixth message to one chat within a second is refused, and goes after it', async () => {
  await times(5, say);
  expect(await refused(say())).toMatchObject({ status: 400, code: 230020 });
  await s.clock.advanceBy(1000);
  await say();
  expect(s.sim.messages(chatId)).toHaveLength(6);
});

test('another chat has a limit of its own, a person too', async () => {
  const other = s.sim.addChat({ name: '二', members: [openId], hasBot: true }).chatId;
  await times(5, say);
  await times(5, () => say(other));
  await times(5, () => say(openId));
  expect(await refused(say(openId))).toMatchObject({ code: 230020 });
});

test('one message may be patched five times a second', async () => {
  const sent = await s.client.im.v1.message.create({
    params: { receive_id_type: 'chat_id' },
    data: { receive_id: chatId, msg_type: 'interactive', content: JSON.stringify(card()) },
  });
  const patch = () =>
    s.client.im.v1.message.patch({
      path: { message_id: sent.data?.message_id ?? '' },
      data: { content: JSON.stringify(card('新')) },
    });
  await times(5, patch);
  expect(await refused(patch())).toMatchObject({ code: 230020 });
});

test('a message answered from its uuid costs no turn', async () => {
  await times(20, () => say(chatId, 'same'));
  expect(s.sim.messages(chatId)).toHaveLength(1);
});

test('the 51st call of an API in a second gets HTTP 429 and how long to wait', async () => {
  await say();
  await s.clock.advanceBy(1000);
  const chats = () => s.client.im.v1.chat.list({ params: { page_size: 1 } });
  await Promise.all(Array.from({ length: 50 }, chats));
  const answer = await refused(chats());
  expect(answer).toMatchObject({ status: 429, code: 99991400 });
  expect(answer.headers).toMatchObject({ 'x-ogw-ratelimit-limit': '50', 'x-ogw-ratelimit-reset': '1' });
});

test('a thousand calls a minute is the end of it, however they are spread', async () => {
  const clock = createVirtualClock({ start: 0, paused: true });
  const limits = new Limits(clock);
  for (let i = 0; i < 1000; i++) {
    expect(limits.take({ key: 'm', limit: 1000, ms: 60_000 })).toBeNull();
    await clock.advanceBy(20);
  }
  const refusal = limits.take({ key: 'm', limit: 1000, ms: 60_000 });
  expect(refusal?.waitMs).toBeGreaterThan(39_000);
  expect(refusal?.waitMs).toBeLessThanOrEqual(40_000);
});

test('at sixty times speed a burst is still a burst, and a pace of 5 a virtual second still passes', async () => {
  const clock = createVirtualClock({ start: 0, paused: true });
  const limits = new Limits(clock);
  const take = () => limits.take({ key: 'k', limit: 5, ms: 1000 });
  for (let i = 0; i < 50; i++) {
    expect(take()).toBeNull();
    await clock.advanceBy(200);
  }
  await clock.advanceBy(1000);
  expect(Array.from({ length: 6 }, take).filter((r) => r !== null)).toHaveLength(1);
});

test('a bench may switch all limits off', async () => {
  s.sim.faults.unlimited = true;
  await times(60, say);
  expect(s.sim.messages(chatId)).toHaveLength(60);
});

test('a token is handed out again until 30 minutes before its end; both then live on', () => {
  const tokens = new Tokens();
  const first = tokens.issue(0);
  expect(first.expire).toBe(7200);
  expect(tokens.issue(90 * 60_000)).toEqual({ token: first.token, expire: 1800 });
  const second = tokens.issue(90 * 60_000 + 1);
  expect(second.token).not.toBe(first.token);
  expect(tokens.isValid(first.token, 119 * 60_000)).toBe(true);
  expect(tokens.isValid(first.token, 120 * 60_000)).toBe(false);
  expect(tokens.isValid(second.token, 120 * 60_000)).toBe(true);
});

const wrong: readonly [string, object, number][] = [
  ['no secret', { app_id: app.appId }, 10003],
  ['another app', { app_id: 'cli_ffffffffffffffff', app_secret: app.appSecret }, 10014],
  ['a wrong secret', { app_id: app.appId, app_secret: 'no' }, 10015],
];
test.each(wrong)('a token request with %s is refused', async (...[, body, code]) => {
  const url = `${s.sim.url}/open-apis/auth/v3/tenant_access_token/internal`;
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  expect(await answer.json()).toMatchObject({ code });
});

test('a missing, a foreign and a revoked token have their own codes', async () => {
  expect(await (await get('/bot/v3/info')).json()).toMatchObject({ code: 99991661 });
  expect(await (await get('/bot/v3/info', 'Bearer nonsense')).json()).toMatchObject({ code: 99991671 });
  expect(await (await get('/bot/v3/info', 'Bearer t-unknown')).json()).toMatchObject({ code: 99991663 });
  await say();
  s.sim.revokeTokens();
  expect(await refused(say())).toMatchObject({ code: 99991663 });
});

test('an API the simulator does not have is a 404 and a sentence in the log', async () => {
  const said: string[] = [];
  await s.close();
  s = await scene({ log: { info: () => undefined, warn: (line) => said.push(line) } });
  expect((await get('/im/v9/nothing')).status).toBe(404);
  expect(said).toEqual(['the simulator has no API GET /im/v9/nothing']);
});

test('an injected failure hits the named call, as often as asked, before or after it took effect', async () => {
  s.sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 230020, times: 1 });
  expect(await refused(say())).toMatchObject({ code: 230020 });
  s.sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 502, times: 1, when: 'after' });
  await expect(say(chatId, 'u')).rejects.toMatchObject({ response: { status: 502 } });
  expect(s.sim.messages(chatId)).toHaveLength(1);
  await say(chatId, 'u');
  expect(s.sim.messages(chatId)).toHaveLength(1);
});

test('a cut connection leaves the caller without an answer and the message in place', async () => {
  await say();
  s.sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 0, times: 1, when: 'cut' });
  await expect(say()).rejects.toThrow();
  expect(s.sim.messages(chatId)).toHaveLength(2);
});

test('every call is recorded with its body and outcome', async () => {
  await say();
  expect(s.sim.calls.at(-1)).toMatchObject({
    method: 'POST',
    path: '/im/v1/messages',
    query: { receive_id_type: 'chat_id' },
    body: { receive_id: chatId },
    status: 200,
    code: 0,
  });
});
