// Owns the pictures of the README and the manuals: the demo with a county half through its work, each card as its reader
// sees it. Not a test of the product: `npm run pictures` runs it, `npm test` does not know it.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test, vi } from 'vitest';
import type { FormInput } from '../../simulator/press.ts';
import { inOrder, keyArea, keyAreaMore, met } from '../flows/villageStory.ts';
import { button, card, press, sameCard, titled, turn } from './hands.ts';
import { isDrawn } from './pixels.ts';
import { newStage } from './stage.ts';
import { filled, Villager } from './villager.ts';

const stage = newStage();
vi.setConfig({ testTimeout: 400_000 }); // hundreds of households are answered
const folder = fileURLToPath(new URL('../../docs/pictures', import.meta.url));

/** The window as it is. */
async function picture(page: Page, name: string, clip?: Clip): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.getByTestId('toast').first().waitFor({ state: 'detached' });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', scale: 'css', ...(clip && { clip }) });
}
type Clip = NonNullable<Parameters<Page['screenshot']>[0]>['clip'];

/** One card, or the top of a long one, in a window high enough for it. */
async function cardPicture(of: Locator, name: string, most = 2000): Promise<void> {
  const page = of.page();
  const size = page.viewportSize();
  if (size) await page.setViewportSize({ ...size, height: 2600 });
  await of.scrollIntoViewIfNeeded();
  const box = await of.boundingBox();
  if (box) await picture(page, name, { ...box, height: Math.min(box.height, most) });
  if (size) await page.setViewportSize(size);
}

const origin = (): string => new URL(stage.product.url).origin;
const called = (note: string): Promise<Villager> => Villager.called(origin(), note);

/** This person's chat on this screen. */
async function look(page: Page, who: Villager, chatId: string): Promise<void> {
  await page.goto(`${origin()}/?as=${who.openId}&chat=${chatId}`);
  await page.getByTestId('composer').waitFor();
  await page.getByText('正在取消息').waitFor({ state: 'detached' });
}

const school = '义务教育、基本医疗、住房安全、饮水安全';
/** Every twelfth household lives in a bad house. */
const told = (nth: number): FormInput =>
  nth % 12 === 5 ? { [school]: '有问题', 住房安全: 'C级', '第8题补充：目前是否居住': '是' } : {};

/** All of 大阿村: one household not to be reached, the others done. Resolves to the card of the meeting. */
async function wholeVillage(cadre: Villager, chatId: string): Promise<void> {
  const village = await cadre.card(chatId, /^大阿村：已排查/);
  await cadre.presses(village, '继续排查');
  await cadre.answers(chatId, 3);
  const working = await cadre.card(chatId, /｜请填写$/);
  const away = await cadre.presses(working, '联系不上');
  await cadre.presses(away, '提交', { 没联系上的原因: '空挂户', 下次联系的日期: '2023-07-14' });
  await cadre.answers(chatId, 500, told);
  await cadre.presses(village, '村级表');
  let form = await cadre.card(chatId, /^大阿村：村级表$/);
  for (const [look, answers] of [
    ['填写规模性风险', [{}]],
    ['填写重点区域', [keyArea, keyAreaMore]],
    ['填写数据台账', [inOrder]],
  ] as const) {
    form = await cadre.presses(form, look);
    for (const given of answers) form = await cadre.presses(form, '提交', filled(form, given));
  }
}

/** Cadres of other villages at work in their private chats, so that the county's numbers look like a county's. */
async function othersWork(first: Villager): Promise<void> {
  const rows = readFileSync(new URL('../../campaigns/xinfeng_orgs.csv', import.meta.url), 'utf8').split(/\r?\n/);
  const towns = [...new Set(rows.slice(1).map((row) => row.split(',')[1] ?? ''))].filter((town) => town !== '');
  await Promise.all(
    towns.map(async (town, i) => {
      const found = (await first.others(town)).filter((p) => p.note.endsWith(' 村干部') && p.note.startsWith(town));
      const villages = new Map(found.map((p) => [p.note, p.openId]));
      for (const openId of [...villages.values()].slice(0, 1 + ((i * 5) % 4)))
        await oneWorks(openId, 8 + ((i * 7) % 17));
    }),
  );
}

async function oneWorks(openId: string, most: number): Promise<void> {
  const one = new Villager(origin(), openId);
  const chatId = await one.private();
  await one.says(chatId, '排查');
  await one.answers(chatId, most, told);
}

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const { page } = await stage.seatLeader();
  await turn(page, 'pause'); // the same minute on every picture
});

test('a village begins: welcome, its card, a working card; the same group on a computer', async () => {
  const cadre = await called('大阿社区 村干部');
  const chatId = await cadre.group('大阿社区回头看工作群');
  const { page } = stage.cadre;
  await cadre.letsBotIn(chatId);
  const welcome = await cadre.card(chatId, /^请告诉我本群是哪里的工作群/);
  await look(page, cadre, chatId);
  await cardPicture(await card(page, '请告诉我本群是哪里的工作群'), 'welcome');
  await cadre.presses(welcome, '绑定');
  const village = await cadre.card(chatId, /^大阿社区：已排查/);
  await cadre.presses(village, '继续排查');
  await cadre.answers(chatId, 7, told);
  await cadre.presses(village, '刷新');
  await look(page, cadre, chatId);
  await cardPicture(await card(page, /^大阿社区：已排查/), 'village');
  await cardPicture(await card(page, /｜请填写$/), 'working');
  const wide = stage.leader.page;
  await look(wide, cadre, chatId);
  await turn(wide, 'play');
  await (await card(wide, /^大阿社区：已排查/)).scrollIntoViewIfNeeded();
  await picture(wide, 'group');
  await turn(wide, 'pause');
});

test('a village hands in; its township receives it or sends it back', async () => {
  const { page } = stage.cadre;
  const cadre = await called('大阿村 村干部');
  const clerk = await called('大阿镇 乡镇干部');
  const group = await cadre.group('大阿村回头看工作群');
  await wholeVillage(cadre, group);
  const village = await cadre.card(group, /^大阿村：已排查/);
  await cadre.presses(village, '村级提交');
  const meeting = await cadre.card(group, /村级提交前/);
  await look(page, cadre, group);
  await cardPicture(await card(page, /村级提交前/), 'hand-in');
  await cadre.presses(meeting, '村级提交', met);
  const townGroup = await clerk.group('大阿镇回头看工作群');
  await clerk.letsBotIn(townGroup);
  await clerk.says(townGroup, '绑定 大阿镇');
  const town = await clerk.card(townGroup, /^大阿镇：已排查/);
  await look(page, clerk, townGroup);
  await cardPicture(await card(page, /^大阿镇：已排查/), 'township');
  await clerk.presses(town, '大阿村');
  await clerk.card(await clerk.private(), /待接收/);
  await look(page, clerk, await clerk.private());
  const review = await sameCard(await card(page, /待接收/));
  await cardPicture(review, 'review');
  await press(button(review, '退回'));
  await titled(review, /写明退回的原因/);
  await cardPicture(review, 'return');
});

test('the county at work: its progress and its campaign on a computer, a township’s on a phone', async () => {
  const office = await called('县办');
  const clerk = await called('大阿镇 乡镇干部');
  await othersWork(office);
  const chatId = await office.private();
  await office.says(chatId, '进度');
  await office.card(chatId, /^信丰县：已排查/);
  await office.says(chatId, '活动');
  const { page } = stage.leader;
  await look(page, office, chatId);
  await drawn(await card(page, /^信丰县：已排查/), 'county');
  await cardPicture(await card(page, /^防返贫“回头看”：/), 'campaign');
  const own = await clerk.private();
  await clerk.says(own, '进度');
  await clerk.card(own, /^大阿镇：已排查/);
  await look(stage.cadre.page, clerk, own);
  await drawn(await card(stage.cadre.page, /^大阿镇：已排查/), 'progress');
});

/** Chart and table; what follows them is left out. */
async function drawn(of: Locator, name: string): Promise<void> {
  await of.locator('.chart[data-state=drawn]').waitFor();
  expect(await isDrawn(of.locator('.chart')), 'the chart is drawn').toBe(true);
  const [top, below] = [await of.boundingBox(), await of.getByText('点名称看下一级').boundingBox()];
  await cardPicture(of, name, (below?.y ?? 0) - (top?.y ?? 0));
}

test('the simulator’s page for who runs the machine: clock and 故障演练', async () => {
  const { page } = stage.leader;
  await page.setViewportSize({ width: 1000, height: 600 });
  const cadre = await called('大阿村 村干部');
  await look(page, cadre, await cadre.group('大阿村回头看工作群'));
  await press(page.getByTestId('faults'));
  const slow = page.locator('[data-drill=slow]').getByRole('button').last();
  await press(slow);
  await expect.poll(() => slow.getAttribute('aria-pressed')).toBe('true');
  await picture(page, 'drill');
});
