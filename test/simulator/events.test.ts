// What the platform tells the bot, with the stock SDK's EventDispatcher as the reader.
import * as lark from '@larksuiteoapi/node-sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encryptBody, signature } from '../../simulator/seal.ts';
import { type Scene, START, scene } from './bot.ts';

let s: Scene;
let openId: string;
let chatId: string;
beforeEach(async () => {
  s = await scene();
  openId = s.sim.addUser({ name: '张三' }).openId;
  chatId = s.sim.addChat({ name: '大阿村工作群', members: [openId], hasBot: true }).chatId;
});
afterEach(() => s.close());

/** Answers the next requests with this HTTP status and counts them. */
function answering(status: number): { readonly at: number[]; readonly headers: Record<string, unknown>[] } {
  const seen = { at: [] as number[], headers: [] as Record<string, unknown>[] };
  s.handle = (req, res) => {
    seen.at.push(s.clock.now() - START);
    seen.headers.push(req.headers);
    res.statusCode = status;
    res.end('{}');
  };
  return seen;
}

test('a mention in a group reaches the SDK, which verifies and decrypts it', async () => {
  const { eventId, messageId } = await s.sim.say(openId, chatId, '进度', { mentionBot: true });
  await s.sim.idle();
  expect(s.events).toMatchObject([
    {
      event_id: eventId,
      event_type: 'im.message.receive_v1',
      create_time: String(START),
      sender: { sender_id: { open_id: openId }, sender_type: 'user' },
      message: {
        message_id: messageId,
        chat_id: chatId,
        chat_type: 'group',
        content: JSON.stringify({ text: '@_user_1 进度' }),
        mentions: [{ key: '@_user_1', id: { open_id: s.sim.bot.openId }, mentioned_type: 'bot' }],
      },
    },
  ]);
});

test('a message that comes late says when it was said', async () => {
  const createdAt = START - 3_600_000;
  await s.sim.say(openId, chatId, '进度', { mentionBot: true, createdAt });
  await s.sim.idle();
  const late = { create_time: String(createdAt), message: { create_time: String(createdAt) } };
  expect(s.events).toMatchObject([late]);
});

test('a group message that does not mention the bot is not delivered', async () => {
  expect((await s.sim.say(openId, chatId, '大家好')).eventId).toBe('');
  await s.sim.idle();
  expect(s.events).toEqual([]);
});

test('a private message is delivered without a mention, and opening the chat is an event', async () => {
  const p2p = s.sim.openP2p(openId);
  await s.sim.say(openId, p2p, '帮助');
  await s.sim.idle();
  expect(s.events.map((e) => e.event_type).sort()).toEqual([
    'im.chat.access_event.bot_p2p_chat_entered_v1',
    'im.message.receive_v1',
  ]);
});

test('joining, leaving, dissolving and taking back are events', async () => {
  const other = s.sim.addChat({ name: '新群', members: [openId] });
  s.sim.addBot(other.chatId, openId);
  await s.sim.idle();
  const { messageId } = await s.sim.say(openId, chatId, '写错了', { mentionBot: true });
  s.sim.recall(openId, messageId);
  s.sim.removeBot(other.chatId, openId);
  s.sim.dissolve(chatId);
  await s.sim.idle();
  expect(s.events.map((e) => e.event_type).sort()).toEqual([
    'im.chat.disbanded_v1',
    'im.chat.member.bot.added_v1',
    'im.chat.member.bot.deleted_v1',
    'im.message.recalled_v1',
    'im.message.receive_v1',
  ]);
});

test('the challenge is echoed by the SDK, and fails when the bot does not', async () => {
  expect(await s.sim.challenge()).toBe(true);
  answering(200);
  expect(await s.sim.challenge()).toBe(false);
});

test('an event that fails is repeated after 15 s, 5 min, 1 h and 6 h, and then given up', async () => {
  const seen = answering(500);
  await s.sim.say(openId, chatId, '进度', { mentionBot: true });
  await s.sim.idle();
  await s.clock.advanceBy(14_999);
  expect(seen.at).toEqual([0]);
  await s.clock.advanceBy(1);
  await s.clock.advanceBy(24 * 3_600_000);
  expect(seen.at).toEqual([0, 15_000, 315_000, 3_915_000, 25_515_000]);
});

test('a repeat carries the same event, and stops once it is delivered', async () => {
  const first = answering(500);
  const { eventId } = await s.sim.say(openId, chatId, '进度', { mentionBot: true });
  await s.sim.idle();
  s.handle = null;
  await s.clock.advanceBy(24 * 3_600_000);
  expect(first.at).toHaveLength(1);
  expect(s.events.map((e) => e.event_id)).toEqual([eventId]);
});

test('a redirect counts as a failure', async () => {
  const seen = answering(302);
  await s.sim.say(openId, chatId, '进度', { mentionBot: true });
  await s.sim.idle();
  await s.clock.advanceBy(15_000);
  expect(seen.at).toHaveLength(2);
});

test('a repeat is signed anew, or as the first time when the switch says so', async () => {
  const seen = answering(500);
  s.sim.faults.retryStamp = 'first';
  await s.sim.say(openId, chatId, '进度', { mentionBot: true });
  await s.sim.idle();
  await s.clock.advanceBy(15_000);
  s.sim.faults.retryStamp = 'fresh';
  await s.clock.advanceBy(300_000);
  const stamps = seen.headers.map((h) => Number(h['x-lark-request-timestamp']) - START / 1000);
  expect(stamps).toEqual([0, 0, 315]);
});

test('a bot that does not answer in time gets the event again', async () => {
  s.sim.faults.deadlineMs = 30;
  s.handle = () => undefined;
  await s.sim.say(openId, chatId, '进度', { mentionBot: true });
  await s.sim.idle();
  s.handle = null;
  await s.clock.advanceBy(15_000);
  expect(s.events).toHaveLength(1);
});

test('an event can come twice, with one id or two', async () => {
  s.sim.faults.eventCopies = 2;
  await s.sim.say(openId, chatId, '一', { mentionBot: true });
  s.sim.faults.copyIds = 'new';
  await s.sim.say(openId, chatId, '二', { mentionBot: true });
  await s.sim.idle();
  expect(s.events).toHaveLength(4);
  expect(new Set(s.events.map((e) => e.event_id)).size).toBe(3);
});

test('a wrong signature is one the SDK does not accept', async () => {
  s.sim.faults.wrongSignature = true;
  await s.sim.say(openId, chatId, '进度', { mentionBot: true });
  await s.sim.idle();
  expect(s.events).toEqual([]);
});

test('the seal is the one of the documented vector', () => {
  const body = '{"encrypt":"P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="}';
  const signed = signature({ timestamp: '1700000000', nonce: 'n0nce' }, 'test key', body);
  expect(signed).toBe('bed8fdd3e4bbc581364c140b572ec676edff3db612d57bbc07a24d062c40ddf3');
  const sealed: { encrypt: string } = JSON.parse(encryptBody('test key', '村干部，你好'));
  expect(new lark.AESCipher('test key').decrypt(sealed.encrypt)).toBe('村干部，你好');
});
