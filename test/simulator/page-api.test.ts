// The routes the simulator's own web page lives on.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PageEvent, PageMessage, PageState } from '../../simulator/wire.ts';
import { card, demoHooks, type Scene, START, scene } from './bot.ts';

let s: Scene;
let dir: string;
let openId: string;
let chatId: string;
let restarts = 0;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'page-'));
  mkdirSync(join(dir, 'page/assets'), { recursive: true });
  writeFileSync(join(dir, 'page/index.html'), '<!doctype html><title>演示</title>');
  writeFileSync(join(dir, 'page/assets/app-1a2b.js'), 'export {};');
  writeFileSync(join(dir, 'secret.txt'), 'secret');
  const demo = {
    ...demoHooks,
    featured: [{ openId: 'ou_zhang', name: '张三', note: '大阿村 村干部' }],
    label: (now: number) => (now < START + 86_400_000 ? '自查阶段' : '整改阶段'),
    nextPhase: (now: number) => (now < START + 86_400_000 ? START + 86_400_000 : null),
    restart: async () => {
      restarts += 1;
    },
  };
  s = await scene({ pageDir: join(dir, 'page'), demo });
  openId = s.sim.addUser({ name: '张三', note: '大阿村 村干部', openId: 'ou_zhang' }).openId;
  s.sim.addUser({ name: '李四', openId: 'ou_li' });
  chatId = s.sim.addChat({ name: '大阿村工作群', members: ['ou_zhang', 'ou_li'], hasBot: true }).chatId;
});
afterEach(async () => {
  await s.close();
  rmSync(dir, { recursive: true });
});

const read = async <T>(path: string): Promise<T> => (await fetch(s.sim.url + path)).json() as Promise<T>;
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(s.sim.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

async function sendCard(): Promise<string> {
  const sent = await s.client.im.v1.message.create({
    params: { receive_id_type: 'chat_id' },
    data: { receive_id: chatId, msg_type: 'interactive', content: JSON.stringify(card('请排查')) },
  });
  return sent.data?.message_id ?? '';
}

test('the state names me, the people worth playing, my chats and the time', async () => {
  await sendCard();
  const state = await read<PageState>('/sim/state?as=ou_zhang');
  expect(state).toMatchObject({
    clock: { now: START, zone: 'Asia/Shanghai', paused: true, speed: 1, label: '自查阶段' },
    me: { openId: 'ou_zhang', name: '张三', note: '大阿村 村干部' },
    featured: [{ openId: 'ou_zhang' }],
    chats: [{ chatId, name: '大阿村工作群', type: 'group', members: 2, hasBot: true, last: '请排查', unread: 1 }],
    notice: '演示数据',
  });
});

test('messages are shown as a person reads them, and reading them clears the count', async () => {
  const sent = await sendCard();
  await post('/sim/messages', { as: 'ou_li', chatId, text: '进度', mentionBot: true, replyTo: sent });
  const shown = await read<PageMessage[]>(`/sim/chats/${chatId}/messages?as=ou_zhang`);
  expect(shown).toMatchObject([
    { type: 'card', text: '', from: { bot: true, name: '回头看助手' }, card: { schema: '2.0' } },
    { type: 'text', text: '@回头看助手 进度', from: { name: '李四' }, replyTo: { messageId: sent, line: '请排查' } },
  ]);
  const state = await read<PageState>('/sim/state?as=ou_zhang');
  expect(state.chats[0]?.unread).toBe(0);
});

test('what is said and clicked on the page reaches the bot', async () => {
  const messageId = await sendCard();
  s.clickAnswer = { toast: { type: 'info', content: '好' } };
  await post('/sim/messages', { as: 'ou_zhang', chatId, text: '帮助', mentionBot: true });
  const clicked = await post('/sim/click', {
    as: 'ou_zhang',
    messageId,
    action: { tag: 'button', value: { n: 'go' } },
  });
  expect(await clicked.json()).toEqual({ code: null, toast: { type: 'info', content: '好' }, cardChanged: false });
  await s.sim.idle();
  expect(s.events.map((e) => e.event_type)).toEqual(['im.message.receive_v1', 'card.action.trigger']);
});

test('the bot can be let out and in, and the private chat opened', async () => {
  await post('/sim/bot', { as: 'ou_zhang', chatId, add: false });
  expect(s.sim.chat(chatId)?.hasBot).toBe(false);
  await post('/sim/bot', { as: 'ou_zhang', chatId, add: true });
  expect(s.sim.chat(chatId)?.hasBot).toBe(true);
  const opened = (await (await post('/sim/p2p', { as: 'ou_zhang' })).json()) as { chatId: string };
  expect(s.sim.chat(opened.chatId)?.type).toBe('p2p');
});

test('people are found by name or note', async () => {
  expect(await read('/sim/people?as=ou_li&q=大阿')).toEqual([
    { openId: 'ou_zhang', name: '张三', note: '大阿村 村干部' },
  ]);
});

test('a whole open_id finds its person and nobody else, a part of one finds nobody', async () => {
  s.sim.addUser({ name: '王五', note: '接替 ou_zhang', openId: 'ou_wang' });
  expect(await read('/sim/people?as=ou_li&q=ou_zhang')).toMatchObject([{ openId: 'ou_zhang' }]);
  expect(await read('/sim/people?as=ou_li&q=ou_l')).toEqual([]);
});

/** Resolves when the clock is where it should go. */
const turn = async (asked: unknown): Promise<void> => {
  await post('/sim/clock', asked);
  await s.sim.forward.ended;
};
const moves: readonly [string, number][] = [
  ['hour', START + 3_600_000],
  ['morning', START + 1_800_000], // it is 08:00
  ['evening', START + 36_000_000],
  ['end', START + 7 * 86_400_000],
  ['phase', START + 86_400_000],
];
test.each(moves)('the clock moves by %s', async (move, at) => {
  await turn({ do: move });
  expect(s.clock.now()).toBe(at);
});

test('after 08:30 the next morning is tomorrow’s, and after the last phase there is none', async () => {
  await turn({ do: 'phase' });
  await turn({ do: 'morning' });
  await turn({ do: 'morning' });
  expect(s.clock.now()).toBe(START + 2 * 86_400_000 + 1_800_000);
  const last = await post('/sim/clock', { do: 'phase' });
  expect([last.status, await last.json()]).toEqual([400, { error: '已经是最后一个阶段' }]);
});

/** The feed's events as they come; `until` resolves with the first that fits. */
async function feed(): Promise<{ until(fits: (e: PageEvent) => boolean): Promise<PageEvent>; close(): void }> {
  const abort = new AbortController();
  const response = await fetch(`${s.sim.url}/sim/events?as=ou_zhang`, { signal: abort.signal });
  const events: PageEvent[] = [];
  let more: () => void = () => undefined;
  const reading = (async () => {
    let text = '';
    for await (const part of response.body ?? []) {
      text += new TextDecoder().decode(part);
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) if (block.startsWith('data: ')) events.push(JSON.parse(block.slice(6)));
      more();
    }
  })().catch(() => undefined);
  const until = async (fits: (e: PageEvent) => boolean): Promise<PageEvent> => {
    for (;;) {
      const found = events.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((done) => {
        more = done;
      });
    }
  };
  const close = () => {
    abort.abort();
    void reading;
  };
  return { until, close };
}

test('the feed tells of messages, chats, the clock and a restart', async () => {
  const live = await feed();
  await live.until((e) => e.type === 'clock');
  const messageId = await sendCard();
  expect(await live.until((e) => e.type === 'message')).toMatchObject({
    message: { messageId, card: { schema: '2.0' } },
  });
  expect(await live.until((e) => e.type === 'chats')).toMatchObject({ chats: [{ chatId, unread: 1 }] });
  await post('/sim/clock', { do: 'phase' });
  await live.until((e) => e.type === 'clock' && e.clock.label === '整改阶段');
  await post('/sim/clock', { do: 'restart' });
  await live.until((e) => e.type === 'restarted');
  expect(restarts).toBe(1);
  live.close();
});

test('the feed says nothing of chats I am not in', async () => {
  const live = await feed();
  await live.until((e) => e.type === 'clock');
  const other = s.sim.addChat({ name: '别的群', members: ['ou_li'], hasBot: true });
  await s.sim.say('ou_li', other.chatId, '看不到');
  await s.sim.say('ou_li', chatId, '看得到');
  const first = await live.until((e) => e.type === 'message');
  expect(first).toMatchObject({ message: { text: '看得到' } });
  live.close();
});

test('what the page should never send is answered with a sentence, not with an error of the machine', async () => {
  const answer = await post('/sim/clock', { do: 'backwards' });
  expect([answer.status, await answer.json()]).toEqual([400, { error: '没有这个时间操作' }]);
  const broken = await fetch(`${s.sim.url}/sim/click`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  });
  expect([broken.status, await broken.json()]).toEqual([500, { error: '模拟平台没有处理成功，请再试一次' }]);
});

test('somebody unknown and a foreign chat are refused with a sentence', async () => {
  expect(await read('/sim/state?as=ou_nobody')).toEqual({ error: '没有这个人，请重新选择身份' });
  const foreign = s.sim.addChat({ name: '别的群', members: ['ou_li'] });
  expect((await fetch(`${s.sim.url}/sim/chats/${foreign.chatId}/messages?as=${openId}`)).status).toBe(400);
});

const foreign: readonly [string, Record<string, string>][] = [
  ['another origin', { origin: 'http://evil.example' }],
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['a plain form', { 'content-type': 'application/x-www-form-urlencoded' }],
];
test.each(foreign)('a post from %s is refused', async (_, headers) => {
  const answer = await post('/sim/messages', { as: 'ou_zhang', chatId, text: '好', mentionBot: false }, headers);
  expect(answer.status).toBe(403);
  expect(s.sim.messages(chatId)).toEqual([]);
});

/** A request whose path and host are sent exactly as given. */
function exact(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; type: string; body: string }> {
  return new Promise((done, fail) => {
    const { hostname, port } = new URL(s.sim.url);
    const req = request({ hostname, port, path, headers }, async (res) => {
      let body = '';
      for await (const part of res) body += part;
      done({ status: res.statusCode ?? 0, type: res.headers['content-type'] ?? '', body });
    });
    req.on('error', fail);
    req.end();
  });
}

test('a request under another host name is refused', async () => {
  expect((await exact('/sim/state?as=ou_zhang', { host: 'evil.example' })).status).toBe(403);
});

test('the page and its files are served with their types', async () => {
  expect(await exact('/?as=ou_zhang')).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
  expect(await exact('/assets/app-1a2b.js')).toMatchObject({ status: 200, type: 'text/javascript; charset=utf-8' });
});

const escapes = [
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/assets/%2e%2e/%2e%2e/secret.txt',
  '/%00',
  '/%',
];
test.each(escapes)('nothing outside the page’s folder is served: %s', async (path) => {
  const answer = await exact(path);
  expect(answer.status).toBe(404);
  expect(answer.body).not.toContain('secret');
});
