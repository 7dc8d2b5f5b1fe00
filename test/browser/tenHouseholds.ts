// Owns the village story's first act: ten households of four kinds, one of them in the private chat, one corrected.
import { expect, test } from 'vitest';
import { household } from '../flows/story.ts';
import { rosterRows } from '../support/people.ts';
import type { County } from './county.ts';
import { answer, fill, questions, title, turning } from './form.ts';
import { button, card, openChat, openPrivate, type phone, press, sameCard, say, shot, titled, toast } from './hands.ts';
import { working } from './reading.ts';

export interface Place {
  readonly county: County;
  readonly on: string; // in the names of pictures
  readonly size: typeof phone;
}

export const villageGroup = '大阿村回头看工作群';
/** What tells the four kinds apart: a question only they are asked. */
const kinds = {
  '大阿-01-006': '综合研判结论', // ordinary, short form
  '大阿-01-007': '属于哪类“八类人员”', // of a key group, full form
  '大阿-01-008': '是否制定帮扶计划', // monitored
  '大阿-01-010': '稳定情况结论', // risk eliminated
} as const;

/** The household at this place of the village's list: how the group names it, how its own cadre does. */
function named(at: number): { readonly group: string; readonly alone: string } {
  const { 户编码: code = '', 户主姓名: name = '' } = rosterRows[at] ?? {};
  return { group: `${code} ${name[0]}某`, alone: `${code} ${name}` };
}

/** Begins at the village card with nothing done, ends with ten done and nothing handed in. */
export function tenHouseholds({ county, on, size }: Place): void {
  const [first, second] = [named(0), named(1)];
  const screen = () => county.screen('cadre', size);
  const shoot = async (name: string) => shot(await screen(), `40-${on}-${name}`);

  test('村级提交 says first what is missing, and hands in nothing', async () => {
    const page = await screen();
    const village = await card(page, /^大阿村：已排查/);
    await press(button(village, '村级提交'));
    const said = await toast(page, '还没有提交');
    expect(said).toContain('还有 10 户没有排查，请点“继续排查”');
    expect(said).toContain('村级表还有“规模性风险”、“重点区域”、“数据台账”没有填，请点“村级表”');
    await shoot('01-missing');
  });

  test('转到私聊 goes on with the same household in private, by its full name', async () => {
    const page = await screen();
    await press(button(await card(page, /^大阿村：已排查/), '继续排查'));
    await toast(page, '填报卡');
    await county.rest();
    const mine = await working(page);
    expect(await title(mine)).toBe(`${first.group}｜请填写`);
    await turning(mine, () => press(button(mine, '转到私聊')));
    await toast(page, '已转到私聊');
    expect(await mine.textContent()).toContain('王例已转到私聊接着填');
    await shoot('02-moved');
    await openPrivate(page);
    const alone = await working(page);
    expect(await title(alone)).toBe(`${first.alone}｜请填写`);
    expect(await alone.textContent()).toContain('户类型：一般农户');
    await shoot('03-private');
    await answer(alone);
    expect(await title(alone)).toBe(`${second.alone}｜请填写`);
    await openChat(page, villageGroup);
  });

  test('the others in the group, each kind with its own questions, 姓某 only', async () => {
    const page = await screen();
    const village = await card(page, /^大阿村：已排查/).then(sameCard);
    await press(button(village, '继续排查'));
    const mine = await working(page);
    const asked: Record<string, string[]> = {};
    for (let n = 2; n <= 10; n++) {
      const now = await title(mine);
      expect(now).toMatch(/^大阿-01-0\d\d .{1,2}某｜请填写$/);
      const [code = ''] = now.split(' ');
      asked[code] = await questions(mine);
      if (code in kinds) await shoot(`04-${code.slice(-3)}`);
      await answer(mine);
      await toast(page, `已保存 ${code}`);
    }
    for (const [code, question] of Object.entries(kinds)) expect(asked[code], code).toContain(question);
    await titled(mine, /^大阿村：眼下没有要填的户了$/);
    await shoot('05-all-done');
    await press(button(village, '刷新'));
    await titled(village, /^大阿村：已排查 10\/10 户$/);
    await shoot('06-village');
  });

  test('更正 of a household a colleague mends meanwhile shows both versions, and the choice stands', async () => {
    const page = await screen();
    const code = '大阿-01-003';
    await openPrivate(page);
    await say(page, `查户 ${code}`);
    const shown = await card(page, /^大阿-01-003 孙三示｜已填/);
    await shoot('07-household');
    await press(button(shown, '更正'));
    const form = await sameCard(await card(page, `更正 ${code} 孙三示`));
    await shoot('08-correcting');
    await colleagueCorrects(county, code);
    await fill(form, { 综合研判结论: ['疑似，提交乡镇研判'] });
    await press(button(form, '提交'));
    await toast(page, '请看两份再决定');
    for (const line of ['李样', '我填的：疑似，提交乡镇研判', '对方填的：无返贫致贫风险'])
      expect(await form.textContent()).toContain(line);
    await shoot('09-both');
    await press(button(form, '用我的'));
    await toast(page, '已保存');
    await titled(form, /^大阿-01-003 孙三示｜/);
    expect(await form.textContent()).toMatch(/综合研判结论： ?疑似，提交乡镇研判/);
    await shoot('10-corrected');
    await county.rest();
    expect(await household(county.world, code)).toMatchObject({ by: '王例', state: 'found' });
    await openChat(page, villageGroup);
  });
}

async function colleagueCorrects({ world: w }: County, code: string): Promise<void> {
  await w.taps('colleague', await w.asks('colleague', `查户 ${code}`), '更正');
  const theirs = { 更正原因: '电话再核实过', 本户核实方式: '全家外出，电话或视频核实' };
  await w.taps('colleague', w.last(w.privateChat('colleague')), '提交', theirs);
}
