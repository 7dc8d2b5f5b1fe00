// Owns the product's story in a real browser, in one county from first start to 重新开始: every test goes on where the
// one before it stopped. SHOTS=1 keeps what is seen on the way as pictures.
import { expect, test } from 'vitest';
import { answering } from './answering.ts';
import { title, turning } from './form.ts';
import {
  become,
  button,
  card,
  hurry,
  openChat,
  openPrivate,
  patience,
  press,
  sameCard,
  say,
  shot,
  titled,
  toast,
  turn,
} from './hands.ts';
import { isDrawn, pixelsOf } from './pixels.ts';
import { terminate } from './product.ts';
import { clockOf, foundIn, nowOf, rowOf, village, working } from './reading.ts';
import { newStage } from './stage.ts';

const group = '大阿社区回头看工作群';
const stage = newStage();

test('the first start prints one line and is up within a minute', () => {
  expect(stage.product.stdout()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\S*\n$/);
  expect(stage.product.ms).toBeLessThan(60_000);
});

test('rare characters of village names are drawn from the page font, no boxes', async () => {
  const { page } = stage.cadre;
  await shot(page, '01-list');
  await press(page.getByTestId('person-switcher'));
  await page.getByRole('textbox', { name: '按姓名、村、角色找人' }).fill('塅');
  await page.locator('dialog[open] .option').filter({ hasText: '塅' }).first().waitFor();
  await shot(page, '02-switcher');
  const [rare, other, missing] = await pixelsOf(page, ['塅', '塝', '\u{e000}']);
  expect(new Set([rare, other, missing]).size, 'three different drawings').toBe(3);
  await page.keyboard.press('Escape');
});

test('a cadre adds the bot, binds the group with one button and gets the village card', async () => {
  const { page } = stage.cadre;
  await become(page, '大阿社区 村干部');
  await openChat(page, group);
  await shot(page, '03-group-without-bot');
  await press(page.getByTestId('add-bot'));
  const welcome = await card(page, '请告诉我本群是哪里的工作群');
  await shot(page, '04-welcome');
  await press(button(welcome, '绑定'));
  await toast(page, '本群已绑定大阿社区');
  await titled(await village(page), /^大阿社区：已排查 0\/50 户$/);
  await shot(page, '05-village');
});

answering(stage);

test('进度 asked in the group is answered in private, and the group is told so', async () => {
  const { page } = stage.cadre;
  await say(page, '进度');
  await page.getByTestId('message').filter({ hasText: '已私发给您' }).last().waitFor();
  await shot(page, '19-asked-in-group');
  await openPrivate(page);
  const mine = await card(page, /^大阿社区：已排查 5\/50 户/);
  expect(await mine.textContent()).toContain('联系不上 1 户');
  await shot(page, '20-answered-in-private');
  await openChat(page, group);
});

test('on a computer the same group shows the same cards', async () => {
  const { page } = await stage.seatLeader();
  await become(page, '大阿社区 村干部');
  await openChat(page, group);
  expect(await title(await village(page))).toBe('大阿社区：已排查 5/50 户');
  expect(await title(await working(page))).toBe(await title(await working(stage.cadre.page)));
  await (await village(page)).scrollIntoViewIfNeeded();
  await shot(page, '20-group-on-a-computer');
});

test('a leader asks 进度, sees the chart, goes down to a township and back', async () => {
  const { page } = stage.leader;
  await become(page, '县领导');
  await openPrivate(page);
  await say(page, '进度');
  const county = await sameCard(await card(page, /^信丰县：已排查 5\/15000 户/));
  await county.locator('.chart[data-state=drawn]').waitFor();
  expect(await isDrawn(county.locator('.chart')), 'the chart is drawn').toBe(true);
  await shot(page, '21-county');
  await county.locator('.card-head').scrollIntoViewIfNeeded();
  await press(button(county, '大阿镇'));
  await titled(county, /^大阿镇：已排查 5\/\d+ 户/);
  expect(await rowOf(county, '大阿社区')).toEqual(['5', '50', '1', await foundIn(await village(stage.cadre.page))]);
  await county.locator('.chart[data-state=drawn]').waitFor();
  await shot(page, '22-township');
  await county.locator('tbody').scrollIntoViewIfNeeded();
  await shot(page, '22-township-below');
  await press(button(county, '返回'));
  await titled(county, /^信丰县：已排查 5\/15000 户（不到0.1%）$/);
  expect((await rowOf(county, '大阿镇'))[0]).toBe('5');
});

test('「进度 大阿镇」 typed gives the same township', async () => {
  const { page } = stage.leader;
  await say(page, '进度 大阿镇');
  const town = await card(page, /^大阿镇：已排查 5\/\d+ 户/);
  expect((await rowOf(town, '大阿社区')).slice(0, 3)).toEqual(['5', '50', '1']);
  expect((await rowOf(town, '大阿村'))[0]).toBe('0');
  await town.locator('.chart[data-state=drawn]').waitFor();
  expect(await isDrawn(town.locator('.chart'))).toBe(true);
  await shot(page, '23-typed');
});

test('a township’s cadre reads the same card on a phone', async () => {
  const { page } = stage.cadre;
  await become(page, '大阿镇 乡镇干部');
  await openPrivate(page);
  await say(page, '进度');
  const town = await card(page, /^大阿镇：已排查 5\/\d+ 户/);
  await town.locator('.chart[data-state=drawn]').waitFor();
  await shot(page, '24-township-on-a-phone');
  await town.locator('tbody').scrollIntoViewIfNeeded();
  await shot(page, '24-township-on-a-phone-below');
  await become(page, '大阿社区 村干部');
  await openChat(page, group);
});

test('SIGTERM drains and ends with 0, a second one changes nothing; the next start goes on within five seconds', async () => {
  const { page } = stage.cadre;
  const before = await title(await working(page));
  expect(await terminate(stage.product, 2)).toEqual({ code: 0, signal: null });
  expect(stage.product.complaints(), 'nothing went wrong until then').toEqual([]);
  await page.getByRole('alert').filter({ hasText: '断了' }).waitFor();
  await shot(page, '24-server-away');
  expect((await stage.startAgain()).ms).toBeLessThan(5000);
  for (const screen of [stage.cadre, stage.leader]) {
    await screen.page.getByRole('alert').waitFor({ state: 'detached' });
    screen.complaints(); // of the time without a server
  }
  const of = await village(page);
  await press(button(of, '刷新'));
  await toast(page, '已是最新');
  await titled(of, /^大阿社区：已排查 5\/50 户$/);
  const mine = await working(page);
  expect(await title(mine)).toBe(before);
  await turning(mine, () => press(button(mine, '跳过')));
});

test('the clock goes to the next morning, runs sixty times as fast, and stands still', {
  timeout: 400_000,
}, async () => {
  const { page } = stage.leader;
  await hurry(page, 'morning');
  await expect.poll(() => clockOf(page), { timeout: patience }).toMatch(/2023年7月13日 星期四 08:3\d/);
  const before = await nowOf(page);
  await turn(page, 'fast');
  await expect.poll(() => nowOf(page), { timeout: patience }).toBeGreaterThan(before + 120_000);
  await turn(page, 'pause');
  await page.locator('[data-testid=clock][data-paused=true]').waitFor();
  const stopped = await nowOf(page);
  await hurry(page, 'hour');
  expect(await nowOf(page), 'an hour later and not a second more').toBe(stopped + 3_600_000);
  await shot(page, '25-clock');
  await press(stage.cadre.page.getByRole('button', { name: '调时间' }));
  await shot(stage.cadre.page, '25-clock-on-a-phone');
  await press(stage.cadre.page.getByRole('button', { name: '调时间' }));
});

test('下一阶段 hurries, says so, and can be stopped on the way', async () => {
  const { page } = stage.leader;
  const before = await nowOf(page);
  await turn(page, 'phase');
  const note = page.getByTestId('forward');
  await note.filter({ hasText: '快进到 7月22日 星期六 08:30' }).waitFor();
  await expect.poll(() => nowOf(page), { timeout: patience }).toBeGreaterThan(before);
  await shot(page, '26-hurrying');
  await press(note.getByRole('button', { name: '停下' }));
  await note.waitFor({ state: 'detached' });
  expect(await clockOf(page)).toContain('2023年7月13日');
});

test('重新开始 asks first and brings the beginning back', async () => {
  const { page } = stage.leader;
  await turn(page, 'restart');
  await page.locator('dialog[open]').filter({ hasText: '重新开始演示？' }).waitFor();
  await shot(page, '27-restart-asks');
  await press(page.locator('[data-do=restart-yes]'));
  await expect.poll(() => clockOf(page), { timeout: 60_000 }).toMatch(/2023年7月12日 星期三 08:3\d/);
  await page.locator('[data-testid=clock][data-paused=false]').waitFor(); // it runs again
  await openChat(stage.cadre.page, group);
  await stage.cadre.page.getByTestId('add-bot').waitFor();
  await expect.poll(() => stage.cadre.page.getByTestId('card').count(), { timeout: patience }).toBe(0);
  await shot(stage.cadre.page, '28-beginning');
});
