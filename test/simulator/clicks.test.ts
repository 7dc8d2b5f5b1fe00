// A click on a card, from the finger to what the client shows, with the stock SDK behind the callback address.
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ClientRefusal } from '../../simulator/press.ts';
import { card, refused, type Scene, START, scene } from './bot.ts';

let s: Scene;
let openId: string;
let chatId: string;
let messageId: string;
beforeEach(async () => {
  s = await scene();
  openId = s.sim.addUser({ name: '张三', userId: 'e33ggbyz' }).openId;
  chatId = s.sim.addChat({ name: '大阿村工作群', members: [openId], hasBot: true }).chatId;
  messageId = await send(card());
});
afterEach(() => s.close());

async function send(content: Record<string, unknown>): Promise<string> {
  const sent = await s.client.im.v1.message.create({
    params: { receive_id_type: 'chat_id' },
    data: { receive_id: chatId, msg_type: 'interactive', content: JSON.stringify(content) },
  });
  return sent.data?.message_id ?? '';
}

const raw = (data: unknown) => ({ type: 'raw', data });

test('a press reaches the SDK with value, token and context', async () => {
  expect(await s.sim.press(openId, messageId, '开始')).toEqual({ code: null, toast: null, cardChanged: false });
  expect(s.events).toMatchObject([
    {
      event_type: 'card.action.trigger',
      create_time: `${START}000`,
      operator: { open_id: openId, user_id: 'e33ggbyz' },
      action: { tag: 'button', value: { n: 'go' } },
      host: 'im_message',
      context: { open_message_id: messageId, open_chat_id: chatId },
    },
  ]);
  expect(s.events[0]?.token).toMatch(/^c-/);
});

test('the card in the answer replaces the shared card, the toast is passed on', async () => {
  s.clickAnswer = { toast: { type: 'success', content: '已保存' }, card: raw(card('第二户')) };
  await s.clock.advanceBy(1000);
  const answer = await s.sim.press(openId, messageId, '开始');
  expect(answer).toEqual({ code: null, toast: { type: 'success', content: '已保存' }, cardChanged: true });
  expect(s.sim.card(messageId)).toEqual(card('第二户'));
  expect(s.sim.messages(chatId)[0]?.updatedAt).toBe(START + 1000);
});

const respond =
  (text: string, status = 200) =>
  (_: unknown, res: ServerResponse) => {
    res.statusCode = status;
    res.end(text);
  };
const outcomes: readonly [string, number, () => void][] = [
  ['no callback address', 200340, () => s.sim.setBotUrl('')],
  [
    'no answer in time',
    200341,
    () => {
      s.sim.faults.deadlineMs = 30;
      s.handle = () => undefined;
    },
  ],
  ['nobody listening', 200342, () => s.sim.setBotUrl('http://127.0.0.1:1/webhook/event')],
  ['a host that does not exist', 200343, () => s.sim.setBotUrl('http://no-such-host.invalid/webhook/event')],
  ['HTTP 500', 200671, () => (s.handle = respond('{}', 500))],
  ['HTTP 201', 200671, () => (s.handle = respond('{}', 201))],
  ['a redirect', 200671, () => (s.handle = respond('', 302))],
  ['an empty body', 200672, () => (s.handle = respond(''))],
  [
    'a JSON string, as the SDK answers an unknown event',
    200672,
    () => (s.handle = respond('"no card.action.trigger event handle"')),
  ],
  ['a toast of an unknown type', 200672, () => (s.clickAnswer = { toast: { type: 'fatal', content: 'x' } })],
  ['a card as a string', 200672, () => (s.clickAnswer = { card: raw(JSON.stringify(card())) })],
  ['a card the validator refuses', 200673, () => (s.clickAnswer = { card: raw({ schema: '2.0', elements: [] }) })],
  ['a card without a schema', 200830, () => (s.clickAnswer = { card: raw({ elements: [] }) })],
];
test.each(outcomes)('%s shows the client code %i and leaves the card alone', async (_, code, prepare) => {
  prepare();
  expect(await s.sim.press(openId, messageId, '开始')).toEqual({ code, toast: null, cardChanged: false });
  expect(s.sim.card(messageId)).toEqual(card());
  expect(s.sim.lastProblem).not.toBe('');
});

test('a click that failed is not repeated', async () => {
  let requests = 0;
  s.handle = (_, res) => {
    requests += 1;
    respond('{}', 500)(_, res);
  };
  await s.sim.press(openId, messageId, '开始');
  await s.clock.advanceBy(24 * 3_600_000);
  expect(requests).toBe(1);
});

test('after 14 days a card does nothing any more', async () => {
  await s.clock.advanceBy(14 * 86_400_000 + 1);
  expect((await s.sim.press(openId, messageId, '开始')).code).toBe(200340);
  expect(s.events).toEqual([]);
});

test('somebody outside the chat cannot click', async () => {
  const stranger = s.sim.addUser({ name: '李四' }).openId;
  await expect(s.sim.press(stranger, messageId, '开始')).rejects.toThrow('看不到');
});

// ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const plain = (content: string) => ({ tag: 'plain_text', content });
const option = (text: string, value: string) => ({ text: plain(text), value });
const formCard = {
  schema: '2.0',
  body: {
    elements: [
      {
        tag: 'form',
        name: 'f',
        elements: [
          {
            tag: 'select_static',
            name: 'q1',
            required: true,
            placeholder: plain('住房'),
            options: [option('安全', 'ok'), option('不安全', 'bad')],
          },
          {
            tag: 'multi_select_static',
            name: 'q2',
            required: false,
            placeholder: plain('原因'),
            options: [option('病', 'ill'), option('学', 'edu')],
          },
          { tag: 'input', name: 'note', label: plain('备注'), max_length: 5 },
          { tag: 'date_picker', name: 'day', placeholder: plain('日期') },
          {
            tag: 'button',
            name: 'go',
            text: plain('提交'),
            form_action_type: 'submit',
            behaviors: [{ type: 'callback', value: { n: 'submit' } }],
          },
          { tag: 'button', name: 'no', text: plain('不可用'), disabled: true, form_action_type: 'submit' },
        ],
      },
    ],
  },
};

test('a form is filled by label or name, options by what they say', async () => {
  const id = await send(formCard);
  await s.sim.press(openId, id, '提交', { 住房: '不安全', q2: ['病', 'edu'], 备注: '漏雨', 日期: '2023-08-01' });
  expect(s.events[0]?.action).toEqual({
    tag: 'button',
    name: 'go',
    value: { n: 'submit' },
    timezone: 'Asia/Shanghai',
    form_value: { q1: 'bad', q2: ['ill', 'edu'], note: '漏雨', day: '2023-08-01 +0800' },
  });
});

test('empty fields are absent, or blank when the switch says so', async () => {
  const id = await send(formCard);
  await s.sim.press(openId, id, '提交', { q1: 'ok' });
  s.sim.faults.emptyFields = 'blank';
  await s.sim.press(openId, id, '提交', { q1: 'ok' });
  expect(s.events.map((e) => (e.action as { form_value: unknown }).form_value)).toEqual([
    { q1: 'ok' },
    { q1: 'ok', q2: '', note: '', day: '' },
  ]);
});

test('the value of a submit button can be withheld', async () => {
  const id = await send(formCard);
  s.sim.faults.submitWithoutValue = true;
  await s.sim.press(openId, id, '提交', { q1: 'ok' });
  expect(s.events[0]?.action).toMatchObject({ name: 'go' });
  expect(s.events[0]?.action).not.toHaveProperty('value');
});

const local: readonly [string, string, string, Record<string, string>][] = [
  ['a required field left empty', 'required', '提交', {}],
  ['an option that is not there', 'no-option', '提交', { q1: '也许' }],
  ['a field that is not there', 'no-field', '提交', { 住房: '安全', 其他: 'x' }],
  ['a text over its length', 'too-long', '提交', { q1: 'ok', 备注: '一二三四五六' }],
  ['a disabled button', 'disabled', '不可用', { q1: 'ok' }],
  ['a button that is not there', 'no-button', '删除', {}],
];
test.each(local)('%s is refused by the client itself (%s)', async (...[, reason, label, form]) => {
  const id = await send(formCard);
  const error = await s.sim.press(openId, id, label, form).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ClientRefusal);
  expect(error).toMatchObject({ reason });
  expect(s.events).toEqual([]);
});

// ── what may differ on the real platform ─────────────────────────────────────────────────────────────────────────────

test('operator ids and the place of the context follow the switches', async () => {
  s.sim.faults.operatorIds = 'userId';
  s.sim.faults.contextAt = 'beside';
  await s.sim.press(openId, messageId, '开始');
  expect(s.events[0]?.operator).toEqual({ tenant_key: expect.any(String), user_id: 'e33ggbyz' });
  expect(s.events[0]).toMatchObject({ open_message_id: messageId, open_chat_id: chatId });
});

// ── the delayed update ───────────────────────────────────────────────────────────────────────────────────────────────

const update = (token: unknown, data: unknown) =>
  s.client.request({ method: 'POST', url: '/open-apis/interactive/v1/card/update', data: { token, card: data } });

test('the click token updates the card twice, within 30 minutes', async () => {
  await s.sim.press(openId, messageId, '开始');
  const token = s.events[0]?.token;
  await update(token, card('一'));
  await update(token, card('二'));
  expect(s.sim.card(messageId)).toEqual(card('二'));
  expect(await refused(update(token, card('三')))).toMatchObject({ code: 300040 });
  await s.clock.advanceBy(30 * 60_000 + 1);
  expect(await refused(update(token, card('四')))).toMatchObject({ code: 300030 });
  expect(await refused(update('c-unknown', card('五')))).toMatchObject({ code: 300020 });
});

test('the delayed update is refused while its click is still unanswered', async () => {
  s.handle = (_, res, body) => {
    void update(tokenIn(body), card('早')).catch((e: { response: { data: { code: number } } }) => {
      res.end(JSON.stringify({ toast: { content: String(e.response.data.code) } }));
    });
  };
  s.sim.faults.plaintext = true;
  expect((await s.sim.press(openId, messageId, '开始')).toast?.content).toBe('11310');
  expect(s.sim.card(messageId)).toEqual(card());
});

function tokenIn(body: string): string {
  const envelope: { event: { token: string } } = JSON.parse(body);
  return envelope.event.token;
}
