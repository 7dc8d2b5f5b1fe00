import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daa, daaGroup, newWorld, type TestWorld } from '../support/world.ts';

let w: TestWorld;
beforeEach(async () => {
  w = await newWorld();
});
afterEach(() => w.close());

/** Bot in the group, bound, first working card open. */
async function openCard() {
  w.sim.addBot(daaGroup, 'ou_00000000000000000000000000000001');
  await w.settle();
  await w.says('cadre', daaGroup, '绑定 大阿村');
  const village = w.heard(daaGroup).findLast((m) => w.reads(m).includes('继续排查'));
  if (!village) throw new Error('no village card');
  const answer = await w.taps('cadre', village, '继续排查');
  return { village, card: w.last(daaGroup), answer };
}

export const allNormal = {
  本户核实方式: '入户面谈',
  家庭人口与户籍信息是否核准: '一致',
  '近12个月家庭人均纯收入（对照监测范围）': '1.5倍以上',
  '义务教育、基本医疗、住房安全、饮水安全': '全部正常',
  '是否已给予帮扶但未识别纳入系统（体外循环）': '否',
  综合研判结论: '无返贫致贫风险',
};

describe('a village cadre answers households in the group', () => {
  it('welcomes, binds and shows the village card', async () => {
    w.sim.addBot(daaGroup, 'ou_00000000000000000000000000000001');
    await w.settle();
    expect(w.reads(w.last(daaGroup))).toContain('本工具不打卡、不排名、不计时');
    await w.says('cadre', daaGroup, '绑定 大阿村');
    expect(w.reads(w.last(daaGroup))).toContain('继续排查');
  });

  it('stores a short card and shows the next household in the same click', async () => {
    const { card } = await openCard();
    expect(w.reads(card)).toContain('大阿-01-001');
    expect(w.reads(card)).not.toContain('赵一例');
    const before = w.sim.calls.length;
    const answer = await w.sim.press('ou_00000000000000000000000000000001', card.messageId, '提交', allNormal);
    expect(answer).toMatchObject({ code: null, toast: { type: 'success' }, cardChanged: true });
    expect(w.sim.calls.length).toBe(before);
    expect(JSON.stringify(w.sim.card(card.messageId))).toContain('大阿-01-002');
    const stored = await w.running.store.answersOf(`${w.campaign.id}:1`);
    expect(stored?.answers).toMatchObject({ 'L1-01': '入户面谈', 'L1-06': '全部在校', 'L1-09': '安全' });
    expect(stored?.provenance).toMatchObject({ 'L1-06': 'short', 'L1-09': 'short' });
    const area = await w.running.store.area(daa);
    if (!area) throw new Error('no area');
    const tallies = await w.running.store.tallies(w.campaign.id, area);
    const key = (t: (typeof tallies)[number]) => `${t.areaCode}|${t.section}|${t.state}|${t.n}`;
    const full = (await w.running.store.fullCount(w.campaign.id)).filter((t) => t.areaCode === daa);
    expect(tallies.filter((t) => t.n > 0).map(key).sort()).toEqual(full.map(key).sort());
  });
});
