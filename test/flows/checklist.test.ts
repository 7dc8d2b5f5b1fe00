import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daaGroup, people } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import {
  allNormal,
  boundGroup,
  buttons,
  continues,
  eventsOf,
  household,
  normalAnswers,
  openCard,
  schoolHealthHouseWater,
  somethingWrong,
  village,
} from './story.ts';

let w: TestWorld;
beforeEach(async () => {
  w = await newWorld();
});
afterEach(() => w.end());

describe('a village begins', () => {
  it('is welcomed with what this tool does not do', async () => {
    w.sim.addBot(daaGroup, people.cadre);
    await w.settle();
    expect(w.reads(w.last(daaGroup))).toContain('本工具不打卡、不排名、不计时');
    expect(buttons(w, w.last(daaGroup))).toContain('绑定');
  });

  it('sees eight look-backs with counts, the phase, the days left, and 继续排查', async () => {
    const card = await boundGroup(w);
    const text = w.reads(card);
    for (const l of w.campaign.lookbacks) expect(text).toContain(`${l.no}、${l.short}`);
    expect(text).toContain('0/7 户'); // 未纳入户
    expect(text).toContain('0/2 户'); // 监测户帮扶
    expect(text).toContain('乡镇自查整改阶段');
    expect(text).toContain('村级完成：7月20日 18:00，还剩 8 天');
    expect(buttons(w, card)).toEqual(['继续排查', '村级表', '村级提交', '刷新']);
  });
});

describe('a cadre answers households in the group', () => {
  it('gets a card in the thread of the village card: code and 姓某 above an empty form', async () => {
    const card = await openCard(w);
    expect(card.rootId ?? card.parentId).toBe(village(w).messageId);
    expect(card.threadId).not.toBeNull();
    expect(w.reads(card)).toContain('大阿-01-001 赵某');
    expect(buttons(w, card)).toEqual(['提交', '跳过', '联系不上', '转到私聊']);
  });

  it('stores a household and shows the next in one click, without any call to the platform', async () => {
    const card = await openCard(w);
    const calls = w.sim.calls.length;
    const answer = await w.sim.press(people.cadre, card.messageId, '提交', allNormal);
    expect(answer).toMatchObject({ code: null, toast: { type: 'success' }, cardChanged: true });
    expect(answer.toast?.content).toBe('已保存 大阿-01-001。下一户：大阿-01-002');
    expect(w.sim.calls.length).toBe(calls);
    expect(w.reads(card)).toContain('大阿-01-002 钱某');
    expect(w.reads(card)).toContain('您本次已填 1 户');
  });

  it('stores four normal answers marked 简表 for 全部正常', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '提交', allNormal);
    const stored = await household(w, '大阿-01-001');
    expect(stored).toMatchObject({ state: 'clear', by: '王例', findings: [] });
    expect(stored.answers).toMatchObject({
      'L1-06': '全部在校',
      'L1-07': '全部参保',
      'L1-08': 'A或B级',
      'L1-09': '安全',
    });
    expect(stored.provenance).toEqual({ 'L1-06': 'short', 'L1-07': 'short', 'L1-08': 'short', 'L1-09': 'short' });
  });

  it('asks follow-ups as a second step, and only those an answer needs', async () => {
    const card = await openCard(w);
    const first = await w.taps('cadre', card, '提交', { ...allNormal, 家庭人口与户籍信息是否核准: '有增减需更新' });
    expect(first.toast?.content).toContain('还要补充几项');
    expect(w.reads(card)).toContain('第2题补充：具体情况');
    expect(w.reads(card)).not.toContain('第1题补充');
    expect(await eventsOf(w, 'submit')).toBe(0);
    await w.taps('cadre', card, '提交', { '第2题补充：具体情况': '新添一个孩子还没上户口' });
    const stored = await household(w, '大阿-01-001');
    expect(stored).toMatchObject({ state: 'found', findings: [{ item: 'L1-02', type: 'PT16' }] });
    expect(stored.answers).toMatchObject({ 'L1-01': '入户面谈', 'L1-02.detail': '新添一个孩子还没上户口' });
    expect(w.reads(card)).toContain('大阿-01-002');
  });

  it('opens the switch 有问题 into its four questions, and asks why there is no risk when one answer is bad', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '提交', somethingWrong);
    for (const question of Object.keys(schoolHealthHouseWater)) expect(w.reads(card)).toContain(question);
    await w.taps('cadre', card, '提交', { ...schoolHealthHouseWater, 饮水安全: '水量不足' });
    expect(w.reads(card)).toContain('第9题补充：持续天数');
    expect(w.reads(card)).toContain('第15题补充：情况说明');
    const refused = await w.taps('cadre', card, '提交', {
      '第9题补充：持续天数': '很多天',
      '第15题补充：情况说明': '村里下周打井',
    });
    expect(refused).toMatchObject({ toast: { type: 'error' }, cardChanged: false });
    expect(refused.toast?.content).toContain('第9题「第9题补充：持续天数」请填整数，如 3');
    await w.taps('cadre', card, '提交', { '第9题补充：持续天数': '１２', '第15题补充：情况说明': '村里下周打井' });
    const stored = await household(w, '大阿-01-001');
    expect(stored.answers).toMatchObject({ 'L1-09': '水量不足', 'L1-09.days': 12, 'L1-15.reason': '村里下周打井' });
    expect(stored.answers).not.toHaveProperty('L1-09.since');
    expect(stored.findings).toEqual([{ item: 'L1-09', type: 'PT22', procedure: 'SAFE' }]);
  });

  it('says per field what is missing, as a toast alone, so that nothing typed is lost', async () => {
    const card = await openCard(w);
    const before = w.reads(card);
    const form = { [fieldOf(card, '本户核实方式')]: '入户面谈', [fieldOf(card, '综合研判结论')]: '不知道' };
    const action = { tag: 'button', name: submitName(card), form_value: form };
    const answer = await w.sim.click(people.cadre, card.messageId, action);
    expect(answer).toMatchObject({ toast: { type: 'error' }, cardChanged: false });
    expect(answer.toast?.content).toContain('还没有保存：第2题「家庭人口与户籍信息是否核准」请选择；');
    expect(answer.toast?.content).toContain('另有 2 题也请补充');
    expect(w.reads(card)).toBe(before);
    expect((await household(w, '大阿-01-001')).state).toBe('todo');
  });

  it('may leave the value out of a submit: the button is known by its name', async () => {
    w.sim.faults.submitWithoutValue = true;
    const card = await openCard(w);
    await w.taps('cadre', card, '提交', allNormal);
    expect((await household(w, '大阿-01-001')).state).toBe('clear');
  });

  it('gets the right form for every kind of household, and the village card follows', async () => {
    const card = await openCard(w);
    const forms: Record<string, string> = {};
    for (let n = 1; n <= 10; n++) {
      const code = `大阿-01-${String(n).padStart(3, '0')}`;
      expect(w.reads(card)).toContain(code);
      forms[code] = w.reads(card).includes('（简表）') ? '简表' : '全表';
      const answer = await w.taps('cadre', card, '提交', n <= 6 ? allNormal : normalAnswers(w, card));
      expect(answer.toast?.content).toContain(`已保存 ${code}`);
    }
    expect(Object.values(forms)).toEqual([...Array(6).fill('简表'), ...Array(4).fill('全表')]);
    expect(Object.keys((await household(w, '大阿-01-007')).answers ?? {})).toContain('L1-12');
    const safetyNet = Object.keys((await household(w, '大阿-01-009')).answers ?? {});
    expect(safetyNet.some((id) => id.startsWith('L2-'))).toBe(true);
    expect(safetyNet.some((id) => id.startsWith('L4-'))).toBe(true);
    expect(Object.keys((await household(w, '大阿-01-010')).answers ?? {}).every((id) => id.startsWith('L3-'))).toBe(
      true,
    );
    expect(w.reads(card)).toContain('大阿村：眼下没有要填的户了');
    expect(w.reads(card)).toContain('本村各户都已填好，辛苦了。');
    await w.taps('cadre', village(w), '刷新');
    expect(w.reads(village(w))).toContain('大阿村：已排查 10/10 户');
  });
});

describe('a household that cannot be answered now', () => {
  it('跳过 leaves it unanswered and comes back to it at the end', async () => {
    const card = await openCard(w);
    const answer = await w.taps('cadre', card, '跳过');
    expect(answer.toast?.content).toBe('已跳过，这户还在待排查里。');
    expect(w.reads(card)).toContain('大阿-01-002');
    for (let n = 2; n <= 10; n++) await w.taps('cadre', card, '提交', n <= 6 ? allNormal : normalAnswers(w, card));
    expect(w.reads(card)).toContain('大阿-01-001');
    const last = await w.taps('cadre', card, '跳过');
    expect(last.toast?.content).toBe('本村眼下只剩这一户。');
    await w.taps('cadre', card, '提交', allNormal);
    expect(w.reads(card)).toContain('您本次已填 10 户');
  });

  it('上一户 brings back what was just answered, empty, and counts it once', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '提交', allNormal);
    await w.taps('cadre', card, '提交', allNormal);
    await w.taps('cadre', card, '上一户');
    expect(w.reads(card)).toContain('大阿-01-002');
    expect(w.reads(card)).toContain('这户您已经填过');
    await w.taps('cadre', card, '提交', { ...allNormal, 综合研判结论: '疑似，提交乡镇研判' });
    expect((await household(w, '大阿-01-002')).answers).toMatchObject({ 'L1-15': '疑似，提交乡镇研判' });
    expect(w.reads(card)).toContain('大阿-01-003');
    expect(w.reads(card)).toContain('您本次已填 2 户');
  });

  it('跳过 leaves an answered household as it is and says so', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '提交', allNormal);
    await w.taps('cadre', card, '上一户');
    const answer = await w.taps('cadre', card, '跳过');
    expect(answer.toast?.content).toBe('没有改动。');
    expect(w.reads(card)).toContain('大阿-01-002');
    expect((await household(w, '大阿-01-001')).state).toBe('clear');
  });

  it('联系不上 asks for a reason and a day from today on, and 返回 forgets it', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '联系不上');
    expect(w.reads(card)).toContain('没联系上的原因');
    await w.taps('cadre', card, '返回');
    expect(buttons(w, card)).toEqual(['提交', '跳过', '联系不上', '转到私聊']);
    await w.taps('cadre', card, '联系不上');
    const past = await w.taps('cadre', card, '提交', { 没联系上的原因: '临时不在家', 下次联系的日期: '2023-07-11' });
    expect(past.toast?.content).toContain('请选今天或以后的日期');
    const done = await w.taps('cadre', card, '提交', { 没联系上的原因: '临时不在家', 下次联系的日期: '2023-07-14' });
    expect(done.toast?.content).toBe('已登记 大阿-01-001，7月14日再联系。下一户：大阿-01-002');
    expect(await household(w, '大阿-01-001')).toMatchObject({
      state: 'deferred',
      defer: { reason: '临时不在家', day: '2023-07-14' },
    });
    expect(w.reads(card)).toContain('暂时联系不上 1 户；您本次已填 0 户');
  });

  it('put off to later today comes back in two hours, not with the next tap', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '联系不上');
    await w.taps('cadre', card, '提交', { 没联系上的原因: '临时不在家', 下次联系的日期: '2023-07-12' });
    await w.taps('cadre', card, '提交', allNormal);
    expect(w.reads(card)).toContain('大阿-01-003');
    await w.until('2023-07-12T10:31:00+08:00');
    await w.taps('cadre', card, '提交', allNormal);
    expect(w.reads(card)).toContain('大阿-01-001');
  });

  it('put off to a later day is offered early only to whoever presses 继续排查 again', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '联系不上');
    await w.taps('cadre', card, '提交', { 没联系上的原因: '临时不在家', 下次联系的日期: '2023-07-15' });
    for (let n = 2; n <= 10; n++) await w.taps('cadre', card, '提交', n <= 6 ? allNormal : normalAnswers(w, card));
    expect(w.reads(card)).toContain('其余各户都已填好。联系不上的户，到约好的日期再点村卡片上的“继续排查”。');
    const early = await continues(w, 'cadre');
    expect(w.reads(early)).toContain('大阿-01-001 赵某');
    await w.taps('cadre', early, '提交', allNormal);
    expect(await household(w, '大阿-01-001')).toMatchObject({ state: 'clear', defer: null });
    expect(w.reads(early)).toContain('本村各户都已填好');
  });

  it('comes back on its day, before households nobody has asked yet, and rests when skipped', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '联系不上');
    await w.taps('cadre', card, '提交', { 没联系上的原因: '临时不在家', 下次联系的日期: '2023-07-14' });
    await w.taps('cadre', card, '提交', allNormal);
    expect(w.reads(card)).toContain('大阿-01-003');
    await w.until('2023-07-14T09:00:00+08:00');
    const answer = await w.taps('cadre', card, '提交', allNormal);
    expect(answer.toast?.content).toContain('下一户：大阿-01-001（约好再联系的）');
    await w.taps('cadre', card, '跳过');
    expect(w.reads(card)).toContain('大阿-01-004');
    await w.taps('cadre', card, '提交', allNormal);
    expect(w.reads(card)).toContain('大阿-01-005');
    await w.until('2023-07-14T11:30:00+08:00');
    await w.taps('cadre', card, '提交', allNormal);
    expect(w.reads(card)).toContain('大阿-01-001');
  });
});

function fieldOf(card: { content: string }, label: string): string {
  const question = w.campaign.items.find((i) => i.text === label)?.id.replaceAll('-', '_m') ?? '';
  return card.content.match(new RegExp(`q_z${question}_z[A-Za-z0-9_]+`))?.[0] ?? '';
}

const submitName = (card: { content: string }) => card.content.match(/screening\.submit~[^"\\]+/)?.[0] ?? '';
