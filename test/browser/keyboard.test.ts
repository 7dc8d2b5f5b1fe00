// A cadre without a mouse: becomes herself, opens her group, answers a household and goes on to the next, by Tab, arrows,
// Enter and Escape alone. The focus is always somewhere and always seen.
import { beforeAll, expect, test } from 'vitest';
import { title, turning } from './form.ts';
import { card, shot, toast } from './hands.ts';
import { answerStep, focusOf, key, says, tabTo } from './keys.ts';
import { working } from './reading.ts';
import { newStage } from './stage.ts';

const stage = newStage();
beforeAll(async () => {
  await stage.seatLeader();
});

test('故障演练 is turned on and off by keyboard, and the focus outlives its note', async () => {
  const { page } = stage.leader;
  await tabTo(page, (focus) => focus.text === '故障演练');
  await key(page, 'Enter');
  await tabTo(page, (focus) => focus.inDialog && focus.text === '开');
  await key(page, 'Enter');
  await page.getByTestId('faults-on').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  expect((await focusOf(page)).text).toBe('故障演练');
  await tabTo(page, (focus) => focus.text === '全部恢复');
  await key(page, 'Enter');
  await page.getByTestId('faults-on').waitFor({ state: 'detached' });
  expect((await focusOf(page)).text).toContain('当前身份');
  expect((await key(page, 'Shift+Tab')).text, 'and goes on from there').toBe('故障演练');
});

test('who I am and which group is chosen by keyboard', async () => {
  const { page } = stage.leader;
  await tabTo(page, says('换一个人'));
  await key(page, 'Enter');
  await tabTo(page, (focus) => focus.inDialog && focus.text.includes('大阿村 村干部'));
  await page.keyboard.press('Enter');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  expect((await focusOf(page)).text, 'back where it was').toContain('当前身份');
  await tabTo(page, (focus) => focus.text.includes('大阿村') && focus.text.includes('工作群'));
  await page.keyboard.press('Enter');
  await card(page, /^大阿村：已排查/);
});

test('Escape closes a list without an answer and the focus is where it was', async () => {
  const { page } = stage.leader;
  await tabTo(page, says('继续排查'));
  await page.keyboard.press('Enter');
  await toast(page, '填报卡');
  await working(page);
  expect((await focusOf(page)).tag, 'still on the page').not.toBe('BODY');
  const field = await tabTo(page, (focus) => focus.role === 'combobox');
  await key(page, 'ArrowDown');
  expect((await focusOf(page)).role).toBe('option');
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  expect(await focusOf(page)).toEqual(field);
});

test('a household is answered and the next one is under the same focus', async () => {
  const { page } = stage.leader;
  const mine = await working(page);
  const before = await title(mine);
  const id = await mine.getAttribute('data-card');
  for (let step = 1; (await title(mine)) === before && step <= 4; step++) {
    await answerStep(page);
    await shot(page, `35-by-keyboard-${step}`);
    await turning(mine, () => page.keyboard.press('Enter'));
    const after = await focusOf(page);
    expect([after.card, after.visible], 'on the card that was answered').toEqual([id, true]);
  }
  await toast(page, '已保存');
  const next = await tabTo(page, (focus) => focus.role === 'combobox');
  expect([next.card, next.text], 'the next household’s first question').toEqual([
    id,
    expect.stringContaining('未选择'),
  ]);
});
