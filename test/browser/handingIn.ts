// Owns the village story's second act: the village's own forms, its hand-in, what the township sends back, and the end.
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { FormInput } from '../../simulator/press.ts';
import { inOrder, keyArea, keyAreaMore, met, noRisk } from '../flows/villageStory.ts';
import { townGroup } from '../support/people.ts';
import { answer, fill, type Told, turning } from './form.ts';
import { button, card, openChat, openPrivate, press, sameCard, say, shot, titled, toast } from './hands.ts';
import { working } from './reading.ts';
import { type Place, villageGroup } from './tenHouseholds.ts';

const flood = {
  '第1题补充：情况描述': '河堤低洼处进水',
  '影响户数 / 人数（其中脱贫户、监测户）': '12',
  风险状态: '已控制',
  '已采取措施、责任单位、下次核查时间': '转移安置，村委会，下周',
  受灾或失业户是否逐户核查是否纳入: '已逐户',
};
const floodMore = { '第2题补充：人数': '40', '第4题补充：下次核查日期': '2023-07-19' };
const reasons = {
  '要重新核实的户（每行一户：户编码 原因）': '大阿-01-002 收入与流水不符',
  要补充的村级内容: ['数据台账第10题 线上线下是否一致'],
  村级内容退回的原因: '请核对线下台账',
};

/** What a flow test tells a form, as fingers do it. */
const told = (form: FormInput): Told =>
  Object.fromEntries(Object.entries(form).map(([label, value]) => [label, [value].flat().map(String)]));

/** The village's card in the group on this screen, as it is now. */
async function refreshed(page: Page): Promise<Locator> {
  const village = await card(page, /^大阿村：已排查/).then(sameCard);
  await press(button(village, '刷新'));
  await toast(page, /已是最新|已更新/);
  return village;
}

/** Begins with ten households done, ends with the village accepted. */
export function handingIn({ county, on, size }: Place): void {
  const cadre = () => county.screen('cadre', size);
  const clerk = () => county.screen('clerk', size);
  const shoot = async (page: Page, name: string) => shot(page, `41-${on}-${name}`);
  /** Step after step of one of the village's forms. */
  const fills = async (forms: Locator, name: string, steps: readonly FormInput[]) => {
    await turning(forms, () => press(button(forms, name)));
    for (const [n, step] of steps.entries()) {
      await shoot(forms.page(), `${name}-${n + 1}`);
      await fill(forms, told(step));
      await turning(forms, () => press(button(forms, '提交')));
    }
  };

  test('村级表: three forms, what follows from an answer in a step of its own', async () => {
    const page = await cadre();
    await press(button(await card(page, /^大阿村：已排查/), '村级表'));
    const forms = await sameCard(await card(page, '大阿村：村级表'));
    await shoot(page, '01-forms');
    await fills(forms, '填写规模性风险', [{ ...noRisk(county.world), 洪涝: '有' }, flood, floodMore]);
    await toast(page, '已保存规模性风险');
    await fills(forms, '填写重点区域', [keyArea, keyAreaMore]);
    await fills(forms, '填写数据台账', [inOrder]);
    expect((await forms.textContent())?.match(/已填 \S+ 7月12日/g)).toHaveLength(3);
    await shoot(page, '02-forms-done');
  });

  test('村级提交 asks for the meeting, then closes the village’s books', async () => {
    const page = await cadre();
    await press(button(await refreshed(page), '村级提交'));
    await toast(page, '都齐了');
    const meeting = await sameCard(await card(page, /请填研判会$/));
    await fill(meeting, told(met));
    await shoot(page, '03-meeting');
    await press(button(meeting, '村级提交'));
    await toast(page, '已提交乡镇，辛苦了');
    await titled(meeting, /^大阿村：已提交乡镇$/);
    const village = await refreshed(page);
    expect(await village.textContent()).toContain('已提交乡镇（7月12日 08:30 王例），等乡镇接收或退回');
    await press(button(village, '继续排查'));
    await toast(page, '大阿村已提交，等乡镇接收或退回。要改，请联系乡镇退回。');
    await shoot(page, '04-handed-in');
  });

  test('the township sees what was handed in, in private, and sends it back with reasons', async () => {
    const page = await clerk();
    await county.world.until('2023-07-13T09:10:00+08:00');
    await openPrivate(page);
    await say(page, '排查');
    const town = await card(page, /^大阿镇：已排查/);
    expect(await town.textContent()).toContain('未提交 17，待接收 1，已退回 0，已接收 0');
    await shoot(page, '05-township');
    await press(button(town, '大阿村'));
    const review = await sameCard(await card(page, '大阿村：待接收'));
    for (const line of ['共 10 户，已排查 10 户', '村级研判会：7月12日', '未纳入户第15题', '洪涝'])
      expect(await review.textContent()).toContain(line);
    await shoot(page, '06-review');
    await press(button(review, '退回'));
    await titled(review, /^大阿村：写明退回的原因$/);
    await shoot(page, '07-return-empty');
    await fill(review, told(reasons));
    await shoot(page, '08-return-filled');
    await press(button(review, '退回'));
    await toast(page, '已退回大阿村，1 户、1 项要补充。');
    await shoot(page, '09-returned');
  });

  test('the group hears counts, the cadre who handed in the reasons', async () => {
    const page = await cadre();
    const village = await refreshed(page);
    expect(await village.textContent()).toContain('乡镇已退回（7月13日 09:10 陈例），1 户、1 项要补充');
    await press(button(village, '村级提交'));
    await toast(page, '还有 1 户没有排查');
    await shoot(page, '10-group');
    await press(button(village, '看退回原因'));
    await toast(page, '退回的原因已私发给您');
    await openPrivate(page);
    const reasonsCard = await card(page, '大阿村：乡镇退回，请补充');
    for (const line of ['大阿-01-002', '收入与流水不符', '数据台账第10题 线上线下是否一致', '请核对线下台账'])
      expect(await reasonsCard.textContent()).toContain(line);
    await shoot(page, '11-reasons');
    await openChat(page, villageGroup);
  });

  test('the village mends what was sent back and hands in again', async () => {
    const page = await cadre();
    await press(button(await refreshed(page), '继续排查'));
    const mine = await working(page);
    await titled(mine, /^大阿-01-002 钱某｜请填写$/);
    await answer(mine, { '近12个月家庭人均纯收入（对照监测范围）': ['监测范围至1.5倍'] });
    await toast(page, '已保存 大阿-01-002');
    await press(button(await refreshed(page), '村级表'));
    const forms = await sameCard(await card(page, '大阿村：村级表'));
    await fills(forms, '重新填写数据台账', [{ ...inOrder, 线上线下是否一致: '不一致' }, {}]);
    await press(button(await refreshed(page), '村级提交'));
    const meeting = await sameCard(await card(page, /请填研判会$/));
    await fill(meeting, told(met));
    await press(button(meeting, '村级提交'));
    await toast(page, '已提交乡镇，辛苦了');
  });

  test('接收: the township sees what changed, is asked once more, and the village is told', async () => {
    const page = await clerk();
    await openChat(page, '大阿镇工作群');
    await openPrivate(page);
    const town = await sameCard(await card(page, /^大阿镇：已排查/));
    await press(button(town, '刷新'));
    await press(button(town, '大阿村'));
    const review = await sameCard(await card(page, '大阿村：待接收'));
    expect(await review.textContent()).toMatch(/大阿-01-002　改了未纳入户第3题/);
    expect(await review.textContent()).toContain('数据台账　改了数据台账第10题');
    await shoot(page, '12-review-again');
    await press(button(review, '接收'));
    const asked = page.locator('dialog[open]');
    expect(await asked.textContent()).toContain('接收后，本村填报的内容不能再改，也不能再退回。');
    await shoot(page, '13-accept-asked');
    await press(asked.getByRole('button', { name: '确定' }));
    await toast(page, '已接收大阿村。');
    await shoot(page, '14-accepted');
    await press(button(town, '刷新'));
    await expect.poll(() => town.textContent()).toContain('未提交 17，待接收 0，已退回 0，已接收 1');
    const village = await refreshed(await cadre());
    expect(await village.textContent()).toContain('乡镇已接收（7月13日 09:10 陈例）');
    await shoot(await cadre(), '15-village-accepted');
    expect(county.world.heard(townGroup), 'nobody asked in the township’s group').toEqual([]);
  });
}
