// Another campaign than the county's own runs with no change to the source: its phases, roles, forms and reasons are data.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flood, floodRoles, oneWell } from '../support/otherCampaigns.ts';
import { daa, daaGroup, people, townGroup } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import {
  boundGroup,
  buttons,
  continues,
  eventsOf,
  household,
  newest,
  normalAnswers,
  openCard,
  village,
} from './story.ts';
import { openForms, storedForms } from './villageStory.ts';

let w: TestWorld;
afterEach(() => w.end());
const on = async (at: string) => {
  w = await newWorld({ campaigns: [flood()], roles: floodRoles, at });
};

const fine = { 房前屋后是否走到看过: '都看过', 墙体现在怎样: '完好' };
const key = { 屋面下雨时怎样: '不漏', 屋后有没有切坡: ['没有'], 转移时由谁来接: '网格员王例' };

describe('a campaign of three phases and six items', () => {
  beforeEach(() => on('2023-07-12T08:30:00+08:00'));

  it('has its own village card: look-backs, counts, phase, deadline, name', async () => {
    const card = await boundGroup(w);
    const text = w.reads(card);
    expect(w.reads(w.heard(daaGroup)[1] ?? card)).toContain('本群已绑定大阿村，做的是汛期住房安全。');
    expect(text).toContain('大阿村：已排查 0/9 户'); // one household of ten is in neither population
    for (const line of ['1、重点户住房', '2、一般户住房', '3、避灾点']) expect(text).toContain(line);
    expect(text).toContain('0/3 户');
    expect(text).toContain('0/6 户');
    expect(text).toContain('逐户查看阶段');
    expect(text).toContain('网格入户：7月14日 12:00，还剩 2 天');
    expect(text).toContain('汛期住房安全');
    expect(text).not.toMatch(/未纳入|返贫|4、/);
    expect(buttons(w, card)).toContain('继续排查');
  });

  it('asks each household its own form, short or full, and names no question by a number it has not', async () => {
    const card = await openCard(w);
    const asked: string[] = [];
    for (let n = 1; n <= 9; n++) {
      const code = `大阿-01-00${n}`;
      expect(w.reads(card)).toContain(code);
      expect(w.reads(card)).not.toMatch(/NaN|undefined/);
      asked.push(w.reads(card).includes('（简表）') ? '简表' : '全表');
      const answer = await w.taps('cadre', card, '提交', n <= 6 ? fine : key);
      expect(answer.toast?.content).toContain(`已保存 ${code}`);
    }
    expect(asked).toEqual([...Array(6).fill('简表'), ...Array(3).fill('全表')]);
    expect(w.reads(card)).toContain('本村各户都已填好，辛苦了。');
    expect((await household(w, '大阿-01-008')).answers).toEqual({
      roof: '不漏',
      slope: ['没有'],
      helper: '网格员王例',
    });
    expect(await w.rows("select id from screening where id like '%:a'")).toEqual([]); // the tenth is not part of it
  });

  it('asks a second step for what an answer needs, and finds what it says is a problem', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '提交', { ...fine, 墙体现在怎样: '有裂缝' });
    expect(w.reads(card)).toContain('墙体一题补充：毫米数');
    const refused = await w.taps('cadre', card, '提交', { '墙体一题补充：毫米数': '很宽' });
    expect(refused.toast?.content).toContain('还没有保存：「墙体一题补充：毫米数」请填整数，如 3');
    await w.taps('cadre', card, '提交', { '墙体一题补充：毫米数': '6' });
    expect(await household(w, '大阿-01-001')).toMatchObject({
      state: 'found',
      answers: { seen: '都看过', wall: '有裂缝', 'wall.width': 6 },
      findings: [{ item: 'wall', type: 'Z1', procedure: 'MOVE' }],
    });
  });

  it('puts off with its own reasons only', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '联系不上');
    expect(w.reads(card)).toContain('最好不晚于7月15日');
    expect(w.reads(card)).not.toContain('空挂户');
    const done = await w.taps('cadre', card, '提交', { 没联系上的原因: '外出避险', 下次联系的日期: '2023-07-13' });
    expect(done.toast?.content).toBe('已登记 大阿-01-001，7月13日再联系。下一户：大阿-01-002');
    expect((await household(w, '大阿-01-001')).defer).toEqual({ reason: '外出避险', day: '2023-07-13' });
  });

  it('knows its own roles: who fills in, who looks, who is nobody here', async () => {
    const card = await boundGroup(w);
    const colleague = await w.taps('colleague', card, '继续排查'); // 驻村工作队 has no part in this campaign
    expect(colleague.toast?.content).toBe('您还不在大阿村名单，请联系大阿镇。');
    const clerk = await w.taps('clerk', card, '继续排查');
    expect(clerk.toast?.content).toBe('大阿村由网格员、镇巡查员来填。看进度请发送「进度 大阿村」。');
    await w.says('office', daaGroup, '解绑');
    expect(w.reads(w.last(daaGroup))).toBe('解绑要由大阿村的干部或上级乡镇来做。');
    w.sim.addBot(townGroup, people.office);
    await w.says('office', townGroup, '绑定 大阿镇');
    expect(w.reads(w.last(townGroup))).toContain('绑定要由网格员、镇巡查员、镇村建站来做。');
    expect(w.reads(await w.asks('office', '进度'))).toContain('您名下没有可查的地区');
    expect(w.reads(await w.asks('leader', '进度'))).toContain('信丰县：已排查 0/13 户');
    expect(w.reads(await w.asks('clerk', '进度'))).toContain('大阿镇：已排查 0/13 户');
  });

  it('lets somebody of the township fill in for any village, by name in private', async () => {
    const which = w.reads(await w.asks('stranger', '排查'));
    expect(which).toMatch(/您名下有 \d+ 个村（社区），请写明排查哪一个/);
    await w.asks('stranger', '排查 大阿村');
    const card = newest(w, w.privateChat('stranger'), '填写人： **外人**');
    await w.taps('stranger', card, '提交', fine);
    expect(await household(w, '大阿-01-001')).toMatchObject({ state: 'clear', by: '外人' });
  });

  it('asks the village its one form and hands in with one tap, since it wants no meeting; its township accepts', async () => {
    const early = await w.taps('cadre', await boundGroup(w), '村级提交');
    expect(early.toast?.content).toBe(
      '还没有提交：还有 9 户没有排查，请点“继续排查”；村级表还有“避灾点”没有填，请点“村级表”。',
    );
    const card = await continues(w, 'cadre');
    for (let n = 1; n <= 9; n++) await w.taps('cadre', card, '提交', n <= 6 ? fine : key);
    const form = await openForms(w);
    await w.taps('cadre', form, '填写避灾点');
    await w.taps('cadre', form, '提交', { 避灾点今天能不能住人: '不能' });
    expect(await storedForms(w)).toMatchObject({
      place: { answers: { shelter: '不能' }, findings: [{ item: 'shelter', type: 'Z2', procedure: 'AGAIN' }] },
    });
    const done = await w.taps('cadre', village(w), '村级提交');
    expect(done.toast).toMatchObject({ type: 'success', content: '已提交乡镇，辛苦了。' });
    expect(w.reads(village(w))).toContain('已提交乡镇（7月12日 08:30 王例），等乡镇接收或退回');
    expect(await eventsOf(w, 'handIn')).toBe(1);
    await w.taps('clerk', await w.asks('clerk', '排查'), '大阿村');
    const review = w.last(w.privateChat('clerk'));
    expect(w.reads(review)).not.toContain('研判会');
    await w.taps('clerk', review, '接收');
    expect((await w.running.store.areaTask(w.campaign.id, daa))?.state).toBe('accepted');
  });

  it('shows its own phases and contact', async () => {
    const text = w.reads(await w.asks('cadre', '活动'));
    for (const phase of w.campaign.phases) expect(text).toContain(phase.name);
    expect(text).toContain('联系：县防汛办');
    expect(text).toContain('信汛办字〔2023〕6号');
  });
});

describe('its calendar', () => {
  it('in the first phase nobody fills in yet, in the second they do', async () => {
    await on('2023-07-09T20:00:00+08:00');
    const card = await boundGroup(w);
    expect(w.reads(card)).toContain('动员准备阶段');
    expect(w.reads(card)).toContain('排查从7月10日开始');
    expect(buttons(w, card)).not.toContain('继续排查');
    await w.until('2023-07-10T00:00:00+08:00');
    await w.taps('cadre', card, '刷新');
    expect(buttons(w, card)).toContain('继续排查');
  });

  it('stamps late from its own lock on, hours before the day ends, and in the third phase', async () => {
    await on('2023-07-15T19:55:00+08:00');
    const card = await openCard(w);
    await w.until('2023-07-15T19:59:00+08:00');
    await w.taps('cadre', card, '提交', fine);
    await w.until('2023-07-15T20:00:00+08:00');
    const late = await w.taps('cadre', card, '提交', fine);
    expect(late.toast?.content).toContain('（逾期补报）');
    expect((await household(w, '大阿-01-001')).late).toBe(false);
    expect((await household(w, '大阿-01-002')).late).toBe(true);
    await w.until('2023-07-16T08:00:00+08:00');
    await w.taps('cadre', village(w), '刷新');
    expect(w.reads(village(w))).toContain('整治销号阶段');
    expect(w.reads(village(w))).toContain('网格入户的时间（7月14日 12:00）已过，仍可补报');
  });
});

describe('a campaign of one phase and one item', () => {
  const roles = [{ 姓名: '王例', 角色: '管水员', 区划代码: daa, open_id: people.cadre }];

  it('is filled in from the first household to the last', async () => {
    w = await newWorld({ campaigns: [oneWell()], roles });
    const bound = await boundGroup(w);
    expect(w.reads(bound)).toContain('大阿村：已排查 0/10 户');
    const card = await continues(w, 'cadre');
    for (let n = 1; n <= 10; n++) await w.taps('cadre', card, '提交', normalAnswers(w, card));
    expect(w.reads(card)).toContain('本村各户都已填好，辛苦了。');
    expect((await household(w, '大阿-01-010')).answers).toEqual({ lid: '盖好' });
    expect(w.reads(await w.asks('cadre', '进度'))).toContain('大阿村：已排查 10/10 户（100.0%）');
    expect(w.reads(await w.asks('cadre', '活动'))).toContain('水井查看');
  });

  it('counts its days in its own zone: 12 July ends two hours after Beijing', async () => {
    w = await newWorld({ campaigns: [oneWell()], roles, at: '2023-07-13T01:50:00+08:00' });
    const card = await openCard(w);
    await w.until('2023-07-13T01:59:00+08:00');
    await w.taps('cadre', card, '提交', { 井盖是否盖好: '盖好' });
    await w.until('2023-07-13T02:00:00+08:00');
    await w.taps('cadre', card, '提交', { 井盖是否盖好: '盖好' });
    expect((await household(w, '大阿-01-001')).late).toBe(false);
    expect((await household(w, '大阿-01-002')).late).toBe(true);
  });
});
