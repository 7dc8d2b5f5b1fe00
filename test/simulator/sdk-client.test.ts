// The stock SDK's Client as an independent peer of the simulated HTTP API.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { app, card, refused, type Scene, START, scene } from './bot.ts';

let s: Scene;
let chatId: string;
let openId: string;
beforeEach(async () => {
  s = await scene();
  openId = s.sim.addUser({
    name: '张三',
    note: '大阿村 村干部',
    email: 'zhang@example.com',
    mobile: '13800000000',
  }).openId;
  chatId = s.sim.addChat({ name: '大阿村工作群', members: [openId], hasBot: true }).chatId;
});
afterEach(() => s.close());

const sendTo = (type: 'chat_id' | 'open_id' | 'user_id' | 'union_id' | 'email', id: string, more = {}) =>
  s.client.im.v1.message.create({
    params: { receive_id_type: type },
    data: { receive_id: id, msg_type: 'text', content: JSON.stringify({ text: '你好' }), ...more },
  });
const sendCard = (content: Record<string, unknown> = card()) =>
  sendTo('chat_id', chatId, { msg_type: 'interactive', content: JSON.stringify(content) });
const idOf = (sent: { data?: { message_id?: string | undefined } | undefined }) => sent.data?.message_id ?? '';

test('a text sent by the SDK is stored as the bot’s message', async () => {
  const sent = await sendTo('chat_id', chatId);
  expect(sent.code).toBe(0);
  expect(sent.data).toMatchObject({ chat_id: chatId, create_time: String(START), sender: { sender_type: 'app' } });
  expect(s.sim.messages(chatId).map((m) => s.sim.text(m))).toEqual(['你好']);
});

test('every kind of person id leads to the same private chat', async () => {
  const user = s.sim.user(openId);
  const ids = ['open_id', 'user_id', 'union_id', 'email'] as const;
  const values = [openId, user?.userId ?? '', user?.unionId ?? '', 'zhang@example.com'];
  const chats = await Promise.all(ids.map(async (type, i) => (await sendTo(type, values[i] ?? '')).data?.chat_id));
  expect(new Set(chats).size).toBe(1);
  expect(s.sim.chat(chats[0] ?? '')?.type).toBe('p2p');
});

test('a card can be sent, read back and patched', async () => {
  const id = idOf(await sendCard());
  const read = await s.client.im.v1.message.get({ path: { message_id: id } });
  expect(JSON.parse(read.data?.items?.[0]?.body?.content ?? '')).toEqual(card());
  const patched = await s.client.im.v1.message.patch({
    path: { message_id: id },
    data: { content: JSON.stringify(card('新的')) },
  });
  expect(patched.code).toBe(0);
  expect(s.sim.card(id)).toEqual(card('新的'));
});

test('a reply in thread opens a topic that the parent joins', async () => {
  const parent = idOf(await sendTo('chat_id', chatId));
  const reply = await s.client.im.v1.message.reply({
    path: { message_id: parent },
    data: { msg_type: 'text', content: JSON.stringify({ text: '收到' }), reply_in_thread: true },
  });
  expect(reply.data).toMatchObject({ root_id: parent, parent_id: parent });
  expect(reply.data?.thread_id).toMatch(/^omt_/);
  const topic = await s.client.im.v1.message.list({
    params: { container_id_type: 'thread', container_id: reply.data?.thread_id ?? '' },
  });
  expect(topic.data?.items?.map((m) => m.message_id)).toEqual([parent, reply.data?.message_id]);
});

test('the bot learns its own open_id and the chat’s name', async () => {
  const info = await s.client.request<{ bot: { open_id: string; app_name: string } }>({
    method: 'GET',
    url: '/open-apis/bot/v3/info',
  });
  expect(info.bot).toMatchObject({ open_id: s.sim.bot.openId, app_name: app.name });
  const chat = await s.client.im.v1.chat.get({ path: { chat_id: chatId } });
  expect(chat.data).toMatchObject({ name: '大阿村工作群', chat_mode: 'group', user_count: '1' });
});

test('people are found by mobile, and unknown ones come back without an id', async () => {
  const found = await s.client.contact.v3.user.batchGetId({
    params: { user_id_type: 'open_id' },
    data: { mobiles: ['13800000000', '13900000000'] },
  });
  expect(found.data?.user_list).toEqual([{ mobile: '13800000000', user_id: openId }, { mobile: '13900000000' }]);
  const user = s.sim.user(openId);
  if (user) user.reachable = false;
  const hidden = await s.client.contact.v3.user.batchGetId({
    params: { user_id_type: 'open_id' },
    data: { mobiles: ['13800000000'] },
  });
  expect(hidden.data?.user_list, 'outside the range of the app').toEqual([{ mobile: '13800000000' }]);
});

test('chats and members are paged until has_more ends', async () => {
  for (let i = 0; i < 4; i++) s.sim.addChat({ name: `群${i}`, members: [openId], hasBot: true });
  const names: (string | undefined)[] = [];
  for await (const page of await s.client.im.v1.chat.listWithIterator({ params: { page_size: 2 } })) {
    names.push(...(page?.items ?? []).map((c) => c.name));
  }
  expect(names).toEqual(['大阿村工作群', '群0', '群1', '群2', '群3']);
  const members = await s.client.im.v1.chatMembers.get({ path: { chat_id: chatId } });
  expect(members.data?.items).toMatchObject([{ member_id: openId, name: '张三' }]);
});

test('a list of messages is bounded by seconds', async () => {
  await sendTo('chat_id', chatId);
  await s.clock.advanceBy(60_000);
  const later = idOf(await sendTo('chat_id', chatId));
  const listed = await s.client.im.v1.message.list({
    params: { container_id_type: 'chat', container_id: chatId, start_time: String(START / 1000 + 30) },
  });
  expect(listed.data?.items?.map((m) => m.message_id)).toEqual([later]);
});

test('a mention in a text becomes a key, with the person beside it', async () => {
  const content = JSON.stringify({ text: `<at user_id="${openId}">张三</at> 请看` });
  const sent = await sendTo('chat_id', chatId, { content });
  expect(sent.data?.body?.content).toBe(JSON.stringify({ text: '@_user_1 请看' }));
  expect(sent.data?.mentions).toMatchObject([{ key: '@_user_1', id: openId, name: '张三' }]);
});

test('the same uuid within an hour gives the same message, after it a new one', async () => {
  const first = idOf(await sendTo('chat_id', chatId, { uuid: 'u-1' }));
  expect(idOf(await sendTo('chat_id', chatId, { uuid: 'u-1' }))).toBe(first);
  await s.clock.advanceBy(3_600_000);
  expect(idOf(await sendTo('chat_id', chatId, { uuid: 'u-1' }))).not.toBe(first);
  expect(s.sim.messages(chatId)).toHaveLength(2);
});

test('a recalled message can no longer be changed or answered', async () => {
  const id = idOf(await sendCard());
  expect((await s.client.im.v1.message.delete({ path: { message_id: id } })).code).toBe(0);
  const patch = s.client.im.v1.message.patch({ path: { message_id: id }, data: { content: JSON.stringify(card()) } });
  expect(await refused(patch)).toMatchObject({ status: 400, code: 230011, msg: 'The message is recalled.' });
});

test('an error carries the log id in its body and in the header', async () => {
  const answer = await refused(sendTo('open_id', 'ou_ffffffffffffffffffffffffffffffff'));
  expect(answer).toMatchObject({ status: 400, code: 230034, msg: 'The receive_id is invalid.' });
  expect(answer.error?.log_id).toBe(answer.headers['x-tt-logid']);
});

test('a card the platform cannot parse is refused with its path', async () => {
  const answer = await refused(sendCard({ ...card(), elements: [] }));
  expect(answer).toMatchObject({ status: 400, code: 230099 });
  expect(answer.msg).toMatch(
    /^Failed to create card content, ext=ErrCode: 200621; ErrMsg: parse card json err.*unknown property: elements, path: \[\]$/,
  );
});

test('a card may mention the people of the platform, and nobody else', async () => {
  await sendCard(card(`<at id=${openId}></at>`));
  const answer = await refused(sendCard(card('<at id=ou_ffffffffffffffffffffffffffffffff></at>')));
  expect(answer.msg).toContain('ErrCode: 100290');
});

test('a card may mention everyone only where the group allows it', async () => {
  await sendCard(card('<at id=all></at>'));
  Object.assign(s.sim.chat(chatId) ?? {}, { atAll: false });
  expect(await refused(sendCard(card('<at id=all></at>')))).toMatchObject({ code: 230099 });
});

test('a 2.0 card cannot be patched into a 1.0 card', async () => {
  const id = idOf(await sendCard());
  const content = JSON.stringify({ elements: [] });
  const answer = await refused(s.client.im.v1.message.patch({ path: { message_id: id }, data: { content } }));
  expect(answer.msg).toContain('ErrCode: 200830');
  expect(s.sim.card(id)).toEqual(card());
});

test('the bot edits its own text twenty times, and never somebody else’s', async () => {
  const id = idOf(await sendTo('chat_id', chatId));
  const edit = (message_id: string) =>
    s.client.im.v1.message.update({
      path: { message_id },
      data: { msg_type: 'text', content: JSON.stringify({ text: '改' }) },
    });
  for (let n = 0; n < 20; n++) {
    await edit(id);
    await s.clock.advanceBy(1000);
  }
  expect(await refused(edit(id))).toMatchObject({ code: 230072 });
  const theirs = await s.sim.say(openId, chatId, '别人的');
  expect(await refused(edit(theirs.messageId))).toMatchObject({ code: 230071 });
});

test('a reaction is a signal on a message, and needs a real emoji type', async () => {
  const { messageId } = await s.sim.say(openId, chatId, '进度');
  const react = (emoji_type: string) =>
    s.client.im.v1.messageReaction.create({
      path: { message_id: messageId },
      data: { reaction_type: { emoji_type } },
    });
  expect((await react('OK')).data?.reaction_id).toBeTruthy();
  expect(await refused(react('好的'))).toMatchObject({ code: 231001 });
});

const impossible: readonly [string, number, () => Promise<unknown>][] = [
  [
    'a group the bot has left',
    230002,
    async () => {
      s.sim.removeBot(chatId, openId);
      return sendTo('chat_id', chatId);
    },
  ],
  [
    'a dissolved group',
    232009,
    async () => {
      s.sim.dissolve(chatId);
      return sendTo('chat_id', chatId);
    },
  ],
  [
    'a person outside the availability range',
    230013,
    async () => {
      Object.assign(s.sim.user(openId) ?? {}, { reachable: false });
      return sendTo('open_id', openId);
    },
  ],
  [
    'a person who stopped the bot',
    230053,
    async () => {
      Object.assign(s.sim.user(openId) ?? {}, { stoppedBot: true });
      return sendTo('open_id', openId);
    },
  ],
  ['a card over 30 KB', 230025, () => sendCard(card('长'.repeat(11_000)))],
  [
    'a card older than 14 days',
    230031,
    async () => {
      const id = idOf(await sendCard());
      await s.clock.advanceBy(14 * 86_400_000 + 1);
      return s.client.im.v1.message.patch({ path: { message_id: id }, data: { content: JSON.stringify(card()) } });
    },
  ],
];
test.each(impossible)('%s is refused with %i', async (_, code, call) => {
  expect(await refused(call())).toMatchObject({ status: 400, code });
});
