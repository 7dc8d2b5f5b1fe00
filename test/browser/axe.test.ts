// The main stations, at phone and at computer width: nobody is kept from reading or using them by contrast, missing names
// or roles. Judged by axe, in the product as it is started.
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessible } from './axe.ts';
import { become, button, card, openChat, openPrivate, press, say, shot, toast } from './hands.ts';
import { opening } from './reading.ts';
import { newStage } from './stage.ts';

const stage = newStage();
const group = '大阿村';
const pages = { phone: () => stage.cadre.page, computer: () => stage.leader.page };

beforeAll(async () => {
  await stage.seatLeader();
});

const closed = (page: Page): Promise<void> => page.locator('dialog[open]').waitFor({ state: 'detached' });

test.each(['phone', 'computer'] as const)('on a %s: list, people, group, form, open list, rehearsal', async (which) => {
  const page = pages[which]();
  await accessible(page, 'the list of chats');
  await press(page.getByTestId('person-switcher'));
  await accessible(page, 'the people to play');
  await page.keyboard.press('Escape');
  await become(page, '大阿村 村干部');
  await openChat(page, group);
  const village = await card(page, /^大阿村：已排查/);
  await accessible(page, 'a group with the village card');
  const mine = await opening(page, async () => {
    await press(button(village, '继续排查'));
    await toast(page, '填报卡');
  });
  await accessible(page, 'the working card');
  await press(button(mine, '提交'));
  await mine.locator('.field.unanswered').first().waitFor();
  await accessible(page, 'a form with questions left empty');
  await press(mine.locator('.form [role=combobox]').first());
  await page.locator('dialog[open]').getByRole('option').first().waitFor();
  await accessible(page, 'an open list');
  await page.keyboard.press('Escape');
  await closed(page);
});

test.each(['phone', 'computer'] as const)('on a %s: the rehearsal and its note', async (which) => {
  const page = pages[which]();
  if (which === 'phone') await press(page.getByRole('button', { name: '调时间' }));
  await press(page.getByTestId('faults'));
  await press(page.locator('[data-drill=keepInputs]').getByRole('button', { name: '开', exact: true }));
  await page.getByTestId('faults-on').waitFor();
  await accessible(page, 'the drawer');
  await shot(page, `33-faults-${which}`);
  await page.keyboard.press('Escape');
  await closed(page);
  await accessible(page, 'the note while something is rehearsed');
  await press(page.getByTestId('faults-reset'));
  if (which === 'phone') await press(page.getByRole('button', { name: '调时间' }));
});

test.each(['phone', 'computer'] as const)('on a %s: 进度 with its chart', async (which) => {
  const page = pages[which]();
  await become(page, '大阿镇 乡镇干部');
  await openPrivate(page);
  await say(page, '进度');
  const progress = await card(page, /^大阿镇：已排查/);
  await progress.locator('.chart[data-state=drawn]').last().waitFor();
  await accessible(page, 'the progress card');
  await shot(page, `34-progress-${which}`);
  expect(await progress.getByRole('img', { name: /大阿村 \d+/ }).count(), 'the chart is told in words').toBeGreaterThan(
    0,
  );
});
