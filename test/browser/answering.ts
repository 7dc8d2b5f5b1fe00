// Owns the story's middle act: a cadre on a phone fills in five households of three kinds. Each test goes on where the one
// before it stopped.
import { expect, test } from 'vitest';
import { answer, fill, questions, shown, skipTo, title, turning, untap } from './form.ts';
import { button, press, shot, titled, toast } from './hands.ts';
import { codeIn, village, working } from './reading.ts';
import type { Stage } from './stage.ts';

/** Begins at the village card of a group just bound, ends there with five done and one not reached. */
export function answering(stage: Stage): void {
  test('继续排查 opens the cadre’s own card below the village card', async () => {
    const { page } = stage.cadre;
    await press(button(await village(page), '继续排查'));
    await toast(page, '您的填报卡已发在下面');
    const mine = await working(page);
    expect(await title(mine)).toMatch(/^大阿社区-\d\d-\d{3} .某｜请填写$/);
    expect(await mine.textContent()).toContain('简表');
    await shot(page, '06-working');
  });

  test('a submit with a question left empty sends nothing and shows which one', async () => {
    const { page } = stage.cadre;
    const mine = await working(page);
    const before = stage.cadre.clicks();
    await press(button(mine, '提交'));
    await toast(page, '有必填项未填写');
    await mine.locator('.field.unanswered').first().waitFor();
    expect(stage.cadre.clicks(), 'nothing was sent').toBe(before);
    await shot(page, '07-left-empty');
  });

  test('after 提交 the next household is on the same card', async () => {
    const { page } = stage.cadre;
    const mine = await working(page);
    const first = await title(mine);
    await press(mine.locator('.form [role=combobox]').first());
    await page.locator('dialog[open]').waitFor();
    await shot(page, '08-options');
    await page.keyboard.press('Escape');
    await fill(mine);
    await shot(page, '09-filled');
    expect(await answer(mine)).toBe(1);
    await toast(page, `已保存 ${codeIn(first)}`);
    expect(await title(mine)).not.toBe(first);
    expect(await mine.textContent()).toContain('您本次已填 1 户');
    await shot(page, '10-next');
  });

  test('有问题 asks the questions behind it in a second step, and those that follow in a third', async () => {
    const { page } = stage.cadre;
    const mine = await working(page);
    await fill(mine, { '义务教育、基本医疗、住房安全、饮水安全': ['有问题'] });
    await turning(mine, () => press(button(mine, '提交')));
    await toast(page, '还要补充几项');
    expect(await questions(mine)).toEqual(['义务教育保障', '基本医疗保障', '住房安全', '饮水安全']);
    await shot(page, '11-second-step');
    const here = await title(mine);
    const steps = await answer(mine, { 住房安全: ['C级'], '第8题补充：目前是否居住': ['是'] });
    expect(steps, 'whether they live there is asked after 住房安全').toBe(2);
    await toast(page, `已保存 ${codeIn(here)}`);
  });

  test('上一户 goes back to the household before, 跳过 leaves it as it was', async () => {
    const { page } = stage.cadre;
    const mine = await working(page);
    const here = await title(mine);
    await turning(mine, () => press(button(mine, '上一户')));
    await toast(page, '已回到');
    expect(await mine.textContent()).toContain('这户您已经填过');
    await shot(page, '12-back');
    await turning(mine, () => press(button(mine, '跳过')));
    expect(await title(mine)).toBe(here);
  });

  test('联系不上 asks for the reason and a day, and goes on', async () => {
    const { page } = stage.cadre;
    const mine = await working(page);
    const here = await title(mine);
    await turning(mine, () => press(button(mine, '联系不上')));
    await shot(page, '13-not-reached');
    expect(await answer(mine, { 下次联系的日期: ['2023-07-15'] })).toBe(1);
    await toast(page, `已登记 ${codeIn(here)}，7月15日再联系`);
    expect(await title(mine)).not.toBe(here);
  });

  test('a refused submit names the question, keeps what was tapped, and is accepted once mended', async () => {
    const { page } = stage.cadre;
    const mine = await working(page);
    await skipTo(mine, (asked) => asked.includes('是否遭遇突发事件'));
    const here = await title(mine);
    await fill(mine, { 是否遭遇突发事件: ['无', '失业'], '属于哪类“八类人员”': ['就业不稳定户'] });
    await shot(page, '14-full-form');
    await press(button(mine, '提交'));
    const said = await toast(page, '还没有保存');
    expect(said).toContain('第10题「是否遭遇突发事件」');
    expect(said).toContain('「无」不能和别的选项同时选');
    await shot(page, '15-refused');
    expect(await title(mine)).toBe(here);
    expect(await shown(mine, '是否遭遇突发事件')).toBe('无、失业');
    expect(await shown(mine, '属于哪类“八类人员”')).toBe('就业不稳定户');
    await untap(mine, '是否遭遇突发事件', '失业');
    await turning(mine, () => press(button(mine, '提交')));
    if ((await title(mine)) === here) await answer(mine);
    await toast(page, `已保存 ${codeIn(here)}`);
  });

  test('a monitored household has its own questions, and five are counted', async () => {
    const { page } = stage.cadre;
    const mine = await working(page);
    await skipTo(mine, (asked) => asked.includes('是否制定帮扶计划'));
    await shot(page, '16-monitored');
    for (const left of ['您本次已填 4 户', '您本次已填 5 户']) {
      const here = await title(mine);
      await answer(mine);
      await toast(page, `已保存 ${codeIn(here)}`);
      expect(await mine.textContent()).toContain(left);
    }
    await shot(page, '17-fifth-done');
    const of = await village(page);
    await press(button(of, '刷新'));
    await titled(of, /^大阿社区：已排查 5\/50 户$/);
    expect(await of.textContent()).toContain('联系不上 1 户');
    await shot(page, '18-village-after-five');
  });
}
