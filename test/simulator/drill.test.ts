// What each switch of 「故障演练」 does on the wire: turned through the page's route, seen by the stock SDK or a raw bot.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ClickAnswer, FaultRequest, FaultState, PageState } from '../../simulator/wire.ts';
import { card, demoHooks, longClient, refused, type Scene, START, scene } from './bot.ts';

let s: Scene;
let openId: string;
let chatId: string;
beforeEach(async () => {
  s = await scene();
  openId = s.sim.addUser({ name: '张三', openId: 'ou_zhang' }).openId;
  chatId = s.sim.addChat({ name: '大阿村工作群', members: [openId], hasBot: true }).chatId;
});
afterEach(() => s.close());

const post = (path: string, body: unknown) =>
  fetch(s.sim.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const turn = async (asked: FaultRequest): Promise<FaultState> => (await post('/sim/faults', asked)).json();
const state = async (): Promise<PageState> => (await fetch(`${s.sim.url}/sim/state?as=${openId}`)).json();
const send = (uuid?: string) =>
  s.client.im.v1.message.create({
    params: { receive_id_type: 'chat_id' },
    data: {
      receive_id: chatId,
      msg_type: 'interactive',
      content: JSON.stringify(card()),
      ...(uuid === undefined ? {} : { uuid }),
    },
  });
const sent = async (): Promise<string> => (await send()).data?.message_id ?? '';
const sentCards = (): number => s.sim.messages(chatId).filter((m) => m.type === 'interactive').length;
const tap = async (messageId: string): Promise<ClickAnswer> =>
  (await post('/sim/click', { as: openId, messageId, action: { tag: 'button', value: { n: 'go' } } })).json();

test('all switches are off at first, and 全部恢复 turns every one back', async () => {
  const first = (await state()).faults;
  const on = await turn({
    slow: true,
    lostAnswers: true,
    serverErrors: true,
    rateLimited: true,
    resets: true,
    revokedToken: true,
    lostClicks: true,
    duplicates: 'new',
    lateMinutes: 60,
    submitWithoutValue: true,
    refusedConnections: true,
    silentGateway: true,
    cutLines: true,
    cardFrames: true,
    fragments: true,
    keepInputs: true,
    oldClients: [openId],
    withoutBot: [chatId],
  });
  for (const name of Object.keys(first) as (keyof FaultState)[]) expect(on[name], name).not.toEqual(first[name]);
  expect((await state()).faults).toEqual(on);
  expect(await turn({ reset: true })).toEqual(first);
  await sent();
});

test.each([{ duplicates: 'twice' }, { lateMinutes: 7 }, { slow: 'yes' }, { nothing: true }, { oldClients: [1] }, []])(
  'what is no switch turns nothing: %j',
  async (asked) => {
    const answer = await post('/sim/faults', Array.isArray(asked) ? asked : { keepInputs: true, ...asked });
    const turned = answer.status === 200 ? [] : [await answer.json()];
    expect((await state()).faults.keepInputs).toBe(false);
    if (!Array.isArray(asked)) expect(turned).toEqual([{ error: expect.stringContaining('没有这个演练项') }]);
    else expect(turned).toEqual([{ error: '没有收到演练的设置' }]);
  },
);

test('slow: a call and a click take two seconds, and both succeed', async () => {
  const messageId = await sent();
  await turn({ slow: true });
  const began = performance.now();
  const [answer, again] = await Promise.all([tap(messageId), send()]);
  expect(performance.now() - began).toBeGreaterThan(1900);
  expect([answer.code, again.code]).toEqual([null, 0]);
});

test('lost answers: the first message is there though no answer came; the same uuid then brings that one', async () => {
  await turn({ lostAnswers: true });
  await expect(send('once')).rejects.toThrow(/socket hang up|ECONNRESET/);
  expect(sentCards()).toBe(1);
  expect((await send('once')).data?.message_id).toBe(s.sim.messages(chatId).at(-1)?.messageId);
  expect(sentCards()).toBe(1);
});

test('server errors: every second change is answered 503 and not applied, reading goes on', async () => {
  await turn({ serverErrors: true });
  expect((await refused(send())).status).toBe(503);
  expect(sentCards()).toBe(0);
  expect((await send()).code).toBe(0);
  expect((await s.client.im.v1.chat.get({ path: { chat_id: chatId } })).code).toBe(0);
  expect((await refused(send())).status).toBe(503);
});

test('too many calls: 429 with the code and the seconds to wait', async () => {
  await turn({ rateLimited: true });
  const no = await refused(send());
  expect([no.status, no.code, no.headers['x-ogw-ratelimit-reset']]).toEqual([429, 99991400, '1']);
  expect((await send()).code).toBe(0);
});

test('reset: the line breaks and nothing was applied', async () => {
  await turn({ resets: true });
  await expect(send()).rejects.toThrow(/socket hang up|ECONNRESET/);
  expect(sentCards()).toBe(0);
  expect((await send()).code).toBe(0);
});

test('revoked token: the token in use is refused, a new one is good', async () => {
  await sent();
  await turn({ revokedToken: true });
  expect((await refused(send())).code).toBe(99991663);
  const fresh = await post('/open-apis/auth/v3/tenant_access_token/internal', {
    app_id: 'cli_a1b2c3d4e5f60718',
    app_secret: 'secret-of-the-test-app',
  });
  const { tenant_access_token: token } = (await fresh.json()) as { tenant_access_token: string };
  const list = await fetch(`${s.sim.url}/open-apis/im/v1/chats/${chatId}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(list.status).toBe(200);
});

test('several at once take turns, and every one leaves a second try free', async () => {
  await turn({ serverErrors: true, rateLimited: true });
  const seen: number[] = [];
  for (let n = 0; n < 4; n++)
    seen.push(
      await send().then(
        () => 200,
        (e) => e.response.status,
      ),
    );
  expect(seen).toEqual([503, 200, 429, 200]);
});

test('lost clicks: the bot hears the click, the client says 200341, and pressing again works', async () => {
  const messageId = await sent();
  await turn({ lostClicks: true });
  expect((await tap(messageId)).code).toBe(200341);
  expect(s.events.map((e) => e.event_type)).toEqual(['card.action.trigger']);
  expect((await tap(messageId)).code).toBe(null);
});

test.each([
  ['same', 1],
  ['new', 3],
] as const)('duplicates with %s ids: the event comes three times', async (duplicates, ids) => {
  await turn({ duplicates });
  await s.sim.say(openId, chatId, '进度', { mentionBot: true });
  await s.sim.idle();
  expect(s.events).toHaveLength(3);
  expect(new Set(s.events.map((e) => e.event_id)).size).toBe(ids);
});

test.each([5, 60, 360] as const)(
  'late by %i minutes: nothing before, then the event with its own time',
  async (late) => {
    const stamps: number[] = [];
    await turn({ lateMinutes: late });
    await s.sim.say(openId, chatId, '进度', { mentionBot: true });
    await s.sim.idle();
    await s.clock.advanceBy(late * 60_000 - 1);
    expect(s.events).toEqual([]);
    s.handle = (req, res) => {
      stamps.push(Number(req.headers['x-lark-request-timestamp']) * 1000);
      res.statusCode = 500;
      res.end();
    };
    await s.clock.advanceBy(1);
    expect(stamps, 'signed when it is sent').toEqual([START + late * 60_000]);
    s.handle = null;
    await s.clock.advanceBy(15_000);
    expect(s.events).toMatchObject([{ create_time: String(START) }]);
  },
);

test('submit without value: the form’s answers arrive, the button’s value does not', async () => {
  const messageId = await sent();
  const action = { tag: 'button', name: 'save', value: { n: 'save' }, form_value: { a: '1' } };
  const submit = () => post('/sim/click', { as: openId, messageId, action });
  await submit();
  await turn({ submitWithoutValue: true });
  await submit();
  expect(s.events.map((e) => (e.action as { value?: unknown }).value)).toEqual([{ n: 'save' }, undefined]);
  expect(s.events.map((e) => (e.action as { name?: unknown }).name)).toEqual(['save', 'save']);
});

test('keep inputs and old clients are the page’s: nothing changes on the wire', async () => {
  const messageId = await sent();
  await turn({ keepInputs: true, oldClients: [openId] });
  expect((await tap(messageId)).code).toBe(null);
  expect((await state()).faults).toMatchObject({ keepInputs: true, oldClients: [openId] });
});

test('bot removed: sending is 230002, mentions are not heard, and afterwards all is as before, without an event', async () => {
  await turn({ withoutBot: [chatId] });
  expect((await refused(send())).code).toBe(230002);
  expect((await s.sim.say(openId, chatId, '进度', { mentionBot: true })).eventId).toBe('');
  await turn({ withoutBot: [] });
  expect((await send()).code).toBe(0);
  await s.sim.idle();
  expect(s.events).toEqual([]);
});

test('重新开始 ends every rehearsal', async () => {
  const restarted: FaultState[] = [];
  await s.close();
  const demo = {
    ...demoHooks,
    restart: async () => void restarted.push((await state()).faults),
  };
  s = await scene({ demo });
  s.sim.addUser({ name: '张三', openId });
  await turn({ slow: true, keepInputs: true });
  await post('/sim/clock', { do: 'restart' });
  expect(restarted).toMatchObject([{ slow: false, keepInputs: false }]);
});

test('long connection: what is refused, cut or in pieces is seen by the stock client, and off again all is well', async () => {
  const client = await longClient(s);
  const messageId = await sent();
  await turn({ fragments: true });
  expect((await tap(messageId)).code).toBeNull();
  await turn({ fragments: false, cutLines: true });
  expect((await tap(messageId)).code).toBe(200340);
  client.close({ force: true });
  await turn({ cutLines: false, refusedConnections: true });
  await expect(longClient(s)).rejects.toThrow('system busy');
  await turn({ reset: true });
  const again = await longClient(s);
  expect((await tap(messageId)).code).toBeNull();
  again.close({ force: true });
});
