// The end of a village's work without a mouse: the last household, a form of the village, the hand-in; the township sends
// it back; it is mended, handed in again and accepted. Tab, arrows, Enter and typing alone.
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { allNormal, continues, newest, normalAnswers, village as villageMessage } from '../flows/story.ts';
import { keyArea, keyAreaMore, noRisk, openForms } from '../flows/villageStory.ts';
import { daa, daaGroup } from '../support/people.ts';
import { newCounty } from './county.ts';
import { title, turning } from './form.ts';
import { card, desktop, sameCard, shot, titled, toast } from './hands.ts';
import { answerStep, type Focus, focusOf, says, tabTo } from './keys.ts';

const county = newCounty();

/** Nine households and two of three forms are done already, as in every story of the village. */
beforeAll(async () => {
  const { world: w } = county;
  const card = await continues(w, 'cadre');
  for (let n = 0; n < 9; n++)
    await w.taps('cadre', card, '提交', w.reads(card).includes('（全表）') ? normalAnswers(w, card) : allNormal);
  await w.taps('cadre', card, '跳过');
  const forms = await openForms(w);
  await w.taps('cadre', forms, '填写规模性风险');
  await w.taps('cadre', forms, '提交', noRisk(w));
  await w.taps('cadre', forms, '填写重点区域');
  await w.taps('cadre', forms, '提交', keyArea);
  await w.taps('cadre', forms, '提交', keyAreaMore);
  await w.taps('cadre', villageMessage(w), '刷新');
  expect(w.reads(newest(w, daaGroup, '刷新'))).toContain('已排查 9/10 户');
});

const idOf = async (of: Locator): Promise<string> => (await of.getAttribute('data-card')) ?? '';
/** Tab to a button of this card. */
async function onto(of: Locator, label: string): Promise<Focus> {
  const id = await idOf(of);
  return tabTo(of.page(), (focus) => focus.card === id && focus.text === label);
}
const enter = (page: Page) => page.keyboard.press('Enter');
const village = (page: Page) => arrived(page, /^大阿村：已排查/);

/** The newest card whose title says this, once everything has come and the list stands still: nobody tabs while it moves. */
async function arrived(page: Page, title: string | RegExp): Promise<Locator> {
  const found = await sameCard(await card(page, title));
  await county.rest();
  await page.evaluate(() => new Promise((still) => requestAnimationFrame(() => requestAnimationFrame(still))));
  return found;
}

/** 继续排查 and whatever the household asks, until another one or none is on the card. */
async function answersHousehold(page: Page): Promise<void> {
  await onto(await village(page), '继续排查');
  await enter(page);
  await toast(page, '填报卡');
  await county.rest();
  const mine = await arrived(page, /｜请填写$/);
  const household = await title(mine);
  await tabTo(page, (focus) => focus.role === 'combobox');
  for (let step = 1; (await title(mine)) === household && step <= 4; step++) {
    await answerStep(page);
    await turning(mine, () => enter(page));
  }
  expect(await title(mine), 'saved').not.toBe(household);
}

async function handsIn(page: Page): Promise<void> {
  await onto(await village(page), '村级提交');
  await enter(page);
  const meeting = await arrived(page, /请填研判会$/);
  const id = await idOf(meeting);
  await tabTo(page, (focus) => focus.card === id && focus.role === 'combobox');
  await answerStep(page, {}, '村级提交');
  await enter(page);
  await titled(meeting, /^大阿村：已提交乡镇$/);
}

test('the last household, the last form, the hand-in', async () => {
  const page = await county.screen('cadre', desktop);
  await answersHousehold(page);
  await onto(await village(page), '村级表');
  await enter(page);
  const forms = await arrived(page, '大阿村：村级表');
  await onto(forms, '填写数据台账');
  await turning(forms, () => enter(page));
  for (let step = 1; (await title(forms)) !== '大阿村：村级表' && step <= 3; step++) {
    await answerStep(page);
    await turning(forms, () => enter(page));
  }
  expect(await forms.textContent()).toContain('重新填写数据台账');
  await handsIn(page);
  await shot(page, '42-keyboard-handed-in');
});

test('the township opens what was handed in and sends it back', async () => {
  const page = await county.screen('clerk', desktop);
  await tabTo(page, says('打开与机器人的私聊'));
  await enter(page);
  await tabTo(page, (focus) => focus.tag === 'TEXTAREA' || focus.text === '写消息');
  await page.keyboard.type('排查');
  await enter(page);
  const town = await arrived(page, /^大阿镇：已排查/);
  await onto(town, '大阿村');
  await enter(page);
  const review = await arrived(page, '大阿村：待接收');
  await onto(review, '退回');
  await enter(page);
  await titled(review, /^大阿村：写明退回的原因$/);
  const id = await idOf(review);
  await tabTo(page, (focus) => focus.card === id && focus.tag === 'TEXTAREA');
  await page.keyboard.type('大阿-01-002 收入与流水不符');
  await onto(review, '退回');
  await enter(page);
  await titled(review, /^大阿村：已退回$/);
});

test('the village mends and hands in again, the township accepts', async () => {
  const page = await county.screen('cadre', desktop);
  await answersHousehold(page);
  await handsIn(page);
  const clerk = await county.screen('clerk', desktop);
  const town = await arrived(clerk, /^大阿镇：已排查/);
  await onto(town, '刷新');
  await enter(clerk);
  await expect.poll(() => town.textContent()).toContain('待接收 1');
  await onto(town, '大阿村');
  await enter(clerk);
  const review = await arrived(clerk, '大阿村：待接收');
  await onto(review, '接收');
  await enter(clerk);
  await clerk.locator('dialog[open]').waitFor();
  const asked = await focusOf(clerk);
  expect([asked.inDialog, asked.text, asked.visible], 'it asks once more').toEqual([true, '确定', true]);
  await enter(clerk);
  await titled(review, /^大阿村：已接收$/);
  await shot(clerk, '42-keyboard-accepted');
  expect(await county.world.running.store.areaTask(county.world.campaign.id, daa)).toMatchObject({ state: 'accepted' });
});
