// What arrives unasked in the first days of the campaign, seen on the page while time hurries: the beginning in the group,
// each person's digest, days of rest, and nothing more for whoever is done or asked for that.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { allNormal, newest } from '../flows/story.ts';
import { allForms, allHouseholds, askMeeting, met } from '../flows/villageStory.ts';
import { notes } from '../support/demo.ts';
import { accessible } from './axe.ts';
import { newCounty } from './county.ts';
import { title } from './form.ts';
import {
  button,
  card,
  desktop,
  hurry,
  openPrivate,
  patience,
  phone,
  press,
  sameCard,
  shot,
  titled,
  turn,
} from './hands.ts';
import { clockOf } from './reading.ts';

const county = newCounty({ demo: true });
const watched = () => county.screen('office', desktop);
const inPocket = () => county.screen('cadre', phone);
const reads = (page: Page, text: string) => expect.poll(() => clockOf(page), { timeout: patience }).toContain(text);

/** The night is jumped over; the hour in which digests are sent is walked through on the page, minute by minute. */
async function morningOf(page: Page, day: string): Promise<void> {
  await county.world.until(`${day}T08:30:00+08:00`);
  await hurry(page, 'hour');
}

/** Today's digests in the flow of messages; `to`: of this person only. */
const digests = (page: Page, to = '') =>
  page.getByTestId('flow-log').locator('.flow-item[data-kind=每日提醒]').filter({ hasText: to });
/** What the day's column says of itself. */
const dayOf = async (page: Page, day: string) =>
  page.locator(`.flow-bar[data-day="${day}"]`).getAttribute('aria-label');

test('the first day: the group hears of the beginning, everybody with work has one digest', async () => {
  const page = await watched();
  await turn(page, 'flow');
  await hurry(page, 'evening');
  await reads(page, '7月12日 星期三 18:00');
  await expect.poll(() => dayOf(page, '2023-07-12')).toMatch(/每日提醒 5 条.*里程碑 1 条|里程碑 1 条.*每日提醒 5 条/);
  for (const who of ['cadre', 'colleague', 'neighbour', 'clerk', 'office'] as const)
    await expect.poll(() => digests(page, notes[who]).count(), { message: who }).toBe(1);
  await accessible(page, 'the flow of messages');
  await (await card(page, '大阿村：集中排查“回头看”今天开始')).scrollIntoViewIfNeeded();
  await shot(page, '40-milestone');
});

test.each([notes.clerk, notes.office])('the flow opens the digest of %s, as that person', async (note) => {
  const page = await watched();
  await press(digests(page, note));
  await page.locator('[data-testid=person-switcher]').filter({ hasText: note }).waitFor();
  await card(page, /^今日/);
  await shot(page, `41-digest-${note}`);
});

test('on a phone a cadre’s digest has one filled button, and it leads into the work', async () => {
  const page = await inPocket();
  await openPrivate(page);
  const digest = await card(page, /^今日可办：大阿村 ?10 户/);
  expect(await digest.locator('.btn.primary_filled').allTextContents()).toEqual(['继续排查']);
  await accessible(page, 'a digest');
  await shot(page, '42-digest-on-a-phone');
  await press(button(digest, '继续排查'));
  const mine = await sameCard(await card(page, /｜请填写$/));
  expect(await title(mine)).toContain('大阿-01-001');
  const { world: w } = county;
  await w.taps('cadre', newest(w, w.privateChat('cadre'), '｜请填写'), '提交', allNormal);
  await titled(mine, /^大阿-01-002/);
});

test('提醒, 本轮不再提醒: one press each', async () => {
  const page = await inPocket();
  await press(page.getByRole('button', { name: '提醒', exact: true }));
  const settings = await sameCard(await card(page, /^提醒：/));
  await shot(page, '43-reminders');
  await press(button(settings, '本轮不再提醒'));
  await button(settings, '恢复提醒').waitFor();
});

test('a day with nothing new brings nothing; the next digest has what is left, and not for who wants none', async () => {
  const page = await watched();
  for (const day of ['2023-07-13', '2023-07-14']) await morningOf(page, day);
  await reads(page, '7月14日 星期五 09:30');
  expect(await dayOf(page, '2023-07-13')).toContain('没有消息');
  await expect.poll(() => digests(page, notes.neighbour).count()).toBe(1);
  expect(await digests(page, notes.cadre).count()).toBe(0);
  await press(digests(page, notes.colleague));
  await card(page, /^今日可办：大阿村 ?9 户/);
  await shot(page, '44-next-digest');
});

test('on the weekend nobody hears anything', async () => {
  const page = await watched();
  for (const day of ['2023-07-15', '2023-07-16']) await morningOf(page, day);
  await reads(page, '7月16日 星期日 09:30');
  for (const day of ['2023-07-15', '2023-07-16']) expect(await dayOf(page, day)).toContain('没有消息');
  await shot(page, '45-weekend');
});

test('on Monday a village that handed in everything hears nothing, its neighbour does', async () => {
  const { world: w } = county;
  await allHouseholds(w, 'colleague');
  await allForms(w, 'colleague');
  await w.taps('colleague', await askMeeting(w, 'colleague'), '村级提交', met);
  const page = await watched();
  await morningOf(page, '2023-07-17');
  await reads(page, '7月17日 星期一 09:30');
  await expect.poll(() => digests(page, notes.neighbour).count()).toBe(1);
  for (const who of ['cadre', 'colleague'] as const) expect(await digests(page, notes[who]).count(), who).toBe(0);
  await shot(page, '46-monday');
});
