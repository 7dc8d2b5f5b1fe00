import { afterEach, describe, expect, it } from 'vitest';
import { daaGroup } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { allNormal, boundGroup, buttons, continues, household, newest, openCard, village } from './story.ts';

let w: TestWorld;
afterEach(() => w.end());
const on = async (at: string) => {
  w = await newWorld({ at });
};

describe('before the campaign', () => {
  it('the village card says when it starts and offers no 继续排查; on the day it does', async () => {
    await on('2023-07-11T09:00:00+08:00');
    const card = await boundGroup(w);
    expect(w.reads(card)).toContain('排查从7月12日开始，到时再点“继续排查”。');
    expect(buttons(w, card)).toEqual(['刷新']);
    await w.until('2023-07-12T00:00:00+08:00');
    await w.taps('cadre', card, '刷新');
    expect(buttons(w, card)).toContain('继续排查');
  });

  it('a button of a card drawn in time does not work early either', async () => {
    await on('2023-07-11T09:00:00+08:00');
    const card = await boundGroup(w);
    const value = { a: 'village.open', v: 1, p: { c: w.campaign.id, v: '360722108200' } };
    const answer = await w.sim.click('ou_00000000000000000000000000000001', card.messageId, { tag: 'button', value });
    expect(answer.toast?.content).toBe('排查从7月12日开始，到时再点“继续排查”。');
    expect(await w.rows('select count(*) from sitting')).toEqual([[0]]);
  });
});

describe('the deadline of the villages', () => {
  it('turns from days left to today to over', async () => {
    await on('2023-07-19T09:00:00+08:00');
    const card = await boundGroup(w);
    expect(w.reads(card)).toContain('还剩 1 天');
    await w.until('2023-07-20T09:00:00+08:00');
    await w.taps('cadre', card, '刷新');
    expect(w.reads(card)).toContain('村级完成：7月20日 18:00，就在今天');
    await w.until('2023-07-20T18:00:00+08:00');
    await w.taps('cadre', card, '刷新');
    expect(w.reads(card)).toContain('村级完成的时间（7月20日 18:00）已过，仍可补报');
    const working = await continues(w, 'cadre');
    await w.taps('cadre', working, '提交', allNormal);
    expect(await household(w, '大阿-01-001')).toMatchObject({ state: 'clear', late: false });
  });
});

describe('after 21 July, 24:00', () => {
  it('an answer is accepted and stamped 逾期, a minute before it is not', async () => {
    await on('2023-07-21T23:50:00+08:00');
    const card = await openCard(w);
    await w.until('2023-07-21T23:59:00+08:00');
    await w.taps('cadre', card, '提交', allNormal);
    await w.until('2023-07-22T00:00:00+08:00');
    const late = await w.taps('cadre', card, '提交', allNormal);
    expect(late.toast?.content).toBe('已保存 大阿-01-002（逾期补报）。下一户：大阿-01-003');
    expect((await household(w, '大阿-01-001')).late).toBe(false);
    expect((await household(w, '大阿-01-002')).late).toBe(true);
  });

  it('the village card names the county’s own phase, 县级抽查督查, and still leads into the work', async () => {
    await on('2023-07-21T23:50:00+08:00');
    const card = await boundGroup(w);
    expect(w.reads(card)).toContain('乡镇自查整改阶段');
    await w.until('2023-07-22T00:00:00+08:00');
    await w.taps('cadre', card, '刷新');
    expect(w.reads(card)).toContain('县级抽查督查阶段');
    expect(w.reads(card)).not.toContain('乡镇自查整改阶段');
    expect(buttons(w, card)).toContain('继续排查');
  });

  it('after the whole campaign 排查 says so and still offers to fill in', async () => {
    await on('2023-08-02T09:00:00+08:00');
    await boundGroup(w);
    const card = village(w);
    expect(w.reads(card)).toContain('活动已结束，仍可补报，会标注“逾期”');
    const working = await continues(w, 'cadre');
    await w.taps('cadre', working, '提交', allNormal);
    expect(await household(w, '大阿-01-001')).toMatchObject({ state: 'clear', late: true });
    expect(w.reads(await w.asks('cadre', '活动'))).toContain('活动已结束，没填完的户仍可补报。');
    expect(newest(w, daaGroup, '继续排查').messageId).toBe(card.messageId);
  });
});
