// Each switch of 「故障演练」 as a person meets it: turned on the page, seen on the page. And pictures and files, sent and
// shown.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { card } from '../simulator/bot.ts';
import { button, patience, phone, press, say, shot, toast, turn as turnTime } from './hands.ts';
import { newRoom, turn } from './room.ts';

const room = newRoom();
const cards = { first: card('第一张'), next: card('第二张') };

/** One question and 提交, the field called `name`. */
const form = (title: string, name: string): Record<string, unknown> => {
  const text = (content: string) => ({ tag: 'plain_text', content });
  const input = { tag: 'input', name, label: text('家里几口人'), input_type: 'text' };
  const behaviors = [{ type: 'callback', value: { n: 'save' } }];
  const submit = { tag: 'button', name: 'save', text: text('提交'), form_action_type: 'submit', behaviors };
  return {
    schema: '2.0',
    config: { update_multi: true, summary: { content: `${title}：发「排查」也能办` } },
    header: { title: text(title) },
    body: { elements: [{ tag: 'form', name: `f_${name}`, elements: [input, submit] }] },
  };
};
const heard = () => room.scene.events.map((e) => e.event_type);

test('nothing is rehearsed at first; what is on stays in sight until 全部恢复', async () => {
  const page = await room.screen();
  expect(await page.getByTestId('faults-on').count()).toBe(0);
  await turn(page, 'slow', '开');
  await turn(page, 'duplicates', '编号不同');
  const note = page.getByTestId('faults-on');
  expect(await note.textContent()).toContain('故障演练中 2 项');
  expect(await note.textContent()).toContain('平台反应慢、同一条消息送来三次');
  await press(page.getByTestId('faults-reset'));
  await note.waitFor({ state: 'detached' });
  expect(room.scene.sim.faults).toMatchObject({ apiDelayMs: 0, eventCopies: 1 });
});

test('what one person turns on, everybody is told, on a phone too', async () => {
  const page = await room.screen();
  const other = await room.screen(room.other, phone);
  await turn(other, 'lateMinutes', '1 小时');
  await page.getByTestId('faults-on').filter({ hasText: '消息晚到' }).waitFor();
  await press(other.getByTestId('faults-on').getByRole('button', { name: /故障演练中/ }));
  await shot(other, '30-faults-on-a-phone');
});

test('slow: the button turns for two seconds, then it is done', async () => {
  const page = await room.screen();
  await room.send(cards.first);
  room.scene.clickAnswer = { toast: { type: 'success', content: '办好了' } };
  await turn(page, 'slow', '开');
  const began = performance.now();
  await press(page.getByRole('button', { name: '开始', exact: true }));
  await page.locator('.btn[aria-busy=true]').waitFor();
  await toast(page, '办好了');
  expect(performance.now() - began).toBeGreaterThan(1900);
});

test('lost answers, 5xx, 429, resets, a revoked token: a bot that tries again has its card shown once', async () => {
  const page = await room.screen();
  const expected = { lostAnswers: 2, serverErrors: 2, rateLimited: 2, resets: 1, revokedToken: 2 };
  for (const [drill, tries] of Object.entries(expected)) {
    await turn(page, drill, '开');
    const before = room.scene.sim.calls.length;
    await room.send(card(drill));
    await page.getByRole('article', { name: drill }).waitFor();
    const calls = room.scene.sim.calls.slice(before).filter((call) => call.path === '/im/v1/messages');
    expect(calls.length, `${drill}: it did not go well at once (a broken line leaves no record)`).toBe(tries);
    await press(page.getByTestId('faults-reset'));
    await page.getByTestId('faults-on').waitFor({ state: 'detached' });
  }
  expect(await page.getByTestId('card').count()).toBe(5);
});

test('withoutBot: the group says so, the bot hears nothing, another group is untouched', async () => {
  const page = await room.screen();
  await turn(page, 'withoutBot', '开');
  await page.locator('.chat-title').filter({ hasText: '机器人已被移出' }).waitFor();
  await say(page, '进度');
  await page.getByTestId('message').filter({ hasText: '进度' }).waitFor();
  expect(heard()).toEqual([]);
  await turn(page, 'withoutBot', '关');
  await say(page, '帮助');
  await expect.poll(heard, { timeout: patience }).toEqual(['im.message.receive_v1']);
});

test('lostClicks: the first press says 出错了 and stays to be read, the second one works', async () => {
  const page = await room.screen();
  await room.send(cards.first);
  room.scene.clickAnswer = { card: { type: 'raw', data: cards.next } };
  await turn(page, 'lostClicks', '开');
  await press(page.getByRole('button', { name: '开始', exact: true }));
  await toast(page, '出错了 code: 200341');
  expect(heard(), 'the bot has heard it').toEqual(['card.action.trigger']);
  await press(page.getByRole('button', { name: '开始', exact: true }));
  await page.getByRole('article', { name: '第二张' }).waitFor();
});

test('duplicates: one message typed, three events heard', async () => {
  const page = await room.screen();
  await turn(page, 'duplicates', '编号相同');
  await say(page, '进度');
  await expect.poll(() => heard().length, { timeout: patience }).toBe(3);
  expect(new Set(room.scene.events.map((e) => e.event_id)).size).toBe(1);
});

test('lateMinutes: heard only after the clock was moved on', async () => {
  const page = await room.screen();
  await turn(page, 'lateMinutes', '1 小时');
  await say(page, '进度');
  await page.getByTestId('message').filter({ hasText: '进度' }).waitFor();
  expect(heard()).toEqual([]);
  await turnTime(page, 'hour');
  await expect.poll(heard, { timeout: patience }).toEqual(['im.message.receive_v1']);
});

test('submitWithoutValue: what was typed and the button’s name arrive without its value', async () => {
  const page = await room.screen();
  await room.send(form('大阿村-01-001', 'people_1'));
  await turn(page, 'submitWithoutValue', '开');
  await page.getByLabel('家里几口人').fill('4');
  await press(page.getByRole('button', { name: '提交', exact: true }));
  await expect.poll(heard, { timeout: patience }).toEqual(['card.action.trigger']);
  const { action } = room.scene.events[0] as { action: Record<string, unknown> };
  expect(action).toMatchObject({ name: 'save', form_value: { people_1: '4' } });
  expect(action.value).toBe(undefined);
});

test('keepInputs: what was typed stays in a field of the same name, in no other one, and only while it is on', async () => {
  const page = await room.screen();
  const field = page.getByLabel('家里几口人');
  const id = await room.send(form('第1户', 'people'));
  const after = async (title: string, name: string): Promise<string> => {
    await field.fill('4');
    await room.scene.client.im.v1.message.patch({
      path: { message_id: id },
      data: { content: JSON.stringify(form(title, name)) },
    });
    await page.getByRole('article', { name: title }).waitFor();
    return field.inputValue();
  };
  expect(await after('第2户', 'people'), 'off').toBe('');
  await turn(page, 'keepInputs', '开');
  expect(await after('第3户', 'people'), 'on').toBe('4');
  expect(await after('第4户', 'people_4'), 'another name, as the bot gives every household').toBe('');
});

test('oldClients: this person sees header, notice and summary; another one the card', async () => {
  const page = await room.screen();
  const other = await room.screen(room.other);
  await room.send(form('第一户', 'people'));
  await turn(page, 'oldClients', '开');
  const mine = page.getByRole('article', { name: '第一户' });
  await mine.filter({ hasText: '请升级客户端' }).waitFor();
  expect(await page.getByLabel('家里几口人').count()).toBe(0);
  await page.getByTestId('chat-item').filter({ hasText: '第一户：发「排查」也能办' }).waitFor();
  expect(await other.getByLabel('家里几口人').count()).toBe(1);
  await shot(page, '31-old-client');
});

test('a picture and a file go up from the page, are shown, and come down byte for byte', async () => {
  const page = await room.screen(room.me, phone);
  const picture = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  );
  const field = page.getByTestId('file');
  await field.setInputFiles({ name: '房屋照片.png', mimeType: 'image/png', buffer: picture });
  const shown = page.getByRole('img', { name: '房屋照片.png' });
  await expect
    .poll(() => shown.evaluate((img) => (img as HTMLImageElement).naturalWidth), { timeout: patience })
    .toBe(1);
  const sheet = Buffer.from('户编号,户主\n大阿村-01-001,卢示\n'.repeat(80));
  await field.setInputFiles({ name: '户清单.csv', mimeType: 'text/csv', buffer: sheet });
  const link = page.getByRole('link', { name: /^下载 户清单\.csv，\d+ KB$/ });
  await link.waitFor();
  const [down] = await Promise.all([page.waitForEvent('download'), press(link)]);
  expect(down.suggestedFilename()).toBe('户清单.csv');
  expect(await readFile(await down.path())).toEqual(sheet);
  await shot(page, '32-files');
});

test('a file over the limit is refused before anything is sent', async () => {
  const page = await room.screen();
  // Made in the page: the way of so many bytes into the browser is long.
  await page.getByTestId('file').evaluate((field) => {
    const chosen = new DataTransfer();
    chosen.items.add(new File([new Uint8Array(30 * 1024 * 1024 + 1)], '大.bin'));
    (field as HTMLInputElement).files = chosen.files;
    field.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await toast(page, '文件不能超过 30 MB');
  expect(room.scene.sim.messages(room.chatId)).toEqual([]);
  expect(await button(page.locator('.composer'), '发送图片或文件').isVisible()).toBe(true);
});
