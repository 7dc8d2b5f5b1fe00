import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daa, daaGroup } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { boundGroup, eventsOf, village } from './story.ts';
import { allForms, inOrder, keyArea, keyAreaMore, noRisk, openForms, storedForms } from './villageStory.ts';

let w: TestWorld;
beforeEach(async () => {
  w = await newWorld();
  await boundGroup(w);
});
afterEach(() => w.end());

describe('村级表', () => {
  it('is offered on the village’s card, opens below it, and counts what is filled in', async () => {
    expect(w.reads(village(w))).toContain('待填');
    const card = await openForms(w);
    expect(card.rootId).toBe(village(w).messageId);
    expect(w.reads(card)).toMatch(/规模性风险.*待填.*重点区域.*待填.*数据台账.*待填/s);
    await allForms(w);
    await w.taps('cadre', village(w), '刷新');
    expect(w.reads(village(w)).match(/已填 1\/1/g)).toHaveLength(3);
    expect(w.reads(village(w))).toContain('待办理 0');
  });

  it('asks for details only of the kinds of risk there are', async () => {
    const card = await openForms(w);
    await w.taps('cadre', card, '填写规模性风险');
    const first = await w.taps('cadre', card, '提交', { ...noRisk(w), 洪涝: '有', 地质: '有' });
    expect(first.toast?.content).toBe('先记下了，还要补充几项，填好再点提交。');
    expect(w.reads(card)).toContain('洪涝');
    expect(w.reads(card)).not.toContain('干旱');
    const flood = {
      '第1题补充：情况描述': '河堤低洼处进水',
      '影响户数 / 人数（其中脱贫户、监测户）': '12',
      风险状态: '已控制',
      '已采取措施、责任单位、下次核查时间': '转移安置，村委会，下周',
      受灾或失业户是否逐户核查是否纳入: '已逐户',
    };
    await w.taps('cadre', card, '提交', flood);
    expect(w.reads(card)).toContain('第2题补充：人数');
    await w.taps('cadre', card, '提交', { '第2题补充：人数': '40', '第4题补充：下次核查日期': '2023-07-19' });
    expect(w.reads(card)).toContain('地质');
    expect((await storedForms(w)).LB5).toMatchObject({ doneAt: null });
    const slope = {
      '第1题补充：情况描述': '屋后山体有裂缝',
      '影响户数 / 人数（其中脱贫户、监测户）': '0',
      风险状态: '苗头',
      受灾或失业户是否逐户核查是否纳入: '部分',
    };
    const last = await w.taps('cadre', card, '提交', slope);
    expect(last.toast?.content).toBe('已保存规模性风险。');
    const stored = (await storedForms(w)).LB5;
    expect(stored?.answers).toMatchObject({
      '洪涝|L5-01': '有',
      '洪涝|L5-02': 12,
      '洪涝|L5-02.persons': 40,
      '地质|L5-05': '部分',
      '干旱|L5-01': '无',
      'L5-06': '知道',
    });
    expect(stored?.findings.map((f) => f.item)).toEqual([
      '洪涝|L5-01',
      '洪涝|L5-02',
      '地质|L5-01',
      '地质|L5-04',
      '地质|L5-05',
    ]);
    expect(stored?.doneAt).not.toBeNull();
  });

  it('shows what is known and asks the rest', async () => {
    const card = await openForms(w);
    await w.taps('cadre', card, '填写数据台账');
    expect(w.reads(card)).toContain('是否摸清所有农户情况：0%（0/10 户）');
    expect(w.reads(card)).toContain('没有待核对的数据疑点');
    expect(w.reads(card)).toContain('是否建立问题清单：已由填好的卡片自动生成，不用另填');
    await w.taps('cadre', card, '提交', inOrder);
    const stored = (await storedForms(w)).LB7;
    expect(stored?.answers).toMatchObject({ 'L7-05': 0, 'L7-04': 0, 'L7-08': '已建', 'L7-10': '一致' });
    expect(stored?.findings.map((f) => f.item)).toEqual(['L7-05']);
  });

  it('what is left out is named, and nothing is stored', async () => {
    const card = await openForms(w);
    await w.taps('cadre', card, '填写数据台账');
    const answer = await w
      .taps('cadre', card, '提交', { ...inOrder, 是否核准数据信息: '大概核对过' })
      .catch(() => null);
    expect(answer?.toast?.type ?? 'error').toBe('error');
    expect(await storedForms(w)).toEqual({});
  });

  it('what has happened cannot have happened tomorrow', async () => {
    const card = await openForms(w);
    await w.taps('cadre', card, '填写重点区域');
    await w.taps('cadre', card, '提交', keyArea);
    const { toast } = await w.taps('cadre', card, '提交', { ...keyAreaMore, '第7题补充：日期': '2023-07-13' });
    expect(toast?.content).toContain('第7题「第7题补充：日期」这一天还没有到，请核对日期');
    expect((await storedForms(w)).LB6).toMatchObject({ doneAt: null });
    await w.taps('cadre', card, '提交', keyAreaMore);
    expect((await storedForms(w)).LB6?.answers).toMatchObject({ 'L6-07.day': '2023-07-12' });
  });

  it('two cadres on the same form: one is stored, the other sees it', async () => {
    const mine = await openForms(w);
    const theirs = await openForms(w, 'colleague');
    for (const [who, card] of [
      ['cadre', mine],
      ['colleague', theirs],
    ] as const)
      await w.taps(who, card, '填写数据台账');
    await w.taps('cadre', mine, '提交', inOrder);
    const second = await w.taps('colleague', theirs, '提交', { ...inOrder, 线上线下是否一致: '不一致' });
    expect(second.toast?.content).toBe('这张表刚有改动，请看最新的。');
    expect(w.reads(theirs)).toContain('王例');
    expect((await storedForms(w)).LB7?.answers).toMatchObject({ 'L7-10': '一致' });
    expect(await eventsOf(w, 'areaForm')).toBe(1);
  });

  it('the same callback twice leaves one and shows the card', async () => {
    const card = await openForms(w);
    await w.taps('cadre', card, '填写重点区域');
    await w.taps('cadre', card, '提交', keyArea);
    const second = await w.twice(() => w.taps('cadre', card, '提交', keyAreaMore));
    expect(second).toMatchObject({ card: { type: 'raw' } });
    expect(await eventsOf(w, 'areaForm')).toBe(2);
    expect((await storedForms(w)).LB6).toMatchObject({ rev: 2, findings: [] });
  });

  it('is the village’s own: neighbours and clerks fill in nothing', async () => {
    const card = await openForms(w);
    for (const who of ['neighbour', 'stranger'] as const) {
      const answer = await w.taps(who, card, '填写数据台账');
      expect(answer).toMatchObject({ cardChanged: false, toast: { content: '您还不在大阿村名单，请联系大阿镇。' } });
    }
    expect((await w.taps('clerk', village(w), '村级表')).toast?.content).toContain('大阿村由村干部、驻村工作队来填');
    expect(await storedForms(w)).toEqual({});
  });

  it('half a form survives a restart, and is not counted', async () => {
    const card = await openForms(w);
    await w.taps('cadre', card, '填写重点区域');
    await w.taps('cadre', card, '提交', keyArea);
    await w.restart();
    const again = await openForms(w, 'colleague');
    expect(w.reads(again)).toContain('填了一半（王例）');
    await w.taps('colleague', again, '接着填重点区域');
    await w.taps('colleague', again, '提交', keyAreaMore);
    expect((await storedForms(w)).LB6?.answers).toMatchObject({
      'L6-07': '已完成',
      'L6-07.households': 10,
      'L6-08': 0,
    });
  });

  it('what somebody wrote never stands in the group', async () => {
    const card = await openForms(w);
    await w.taps('cadre', card, '填写规模性风险');
    await w.taps('cadre', card, '提交', { ...noRisk(w), 洪涝: '有' });
    await w.taps('cadre', card, '提交', {
      '第1题补充：情况描述': '张家湾河堤塌了一段',
      '影响户数 / 人数（其中脱贫户、监测户）': '0',
      风险状态: '苗头',
      受灾或失业户是否逐户核查是否纳入: '已逐户',
    });
    await w.taps('cadre', card, '重新填写规模性风险');
    for (const m of w.heard(daaGroup)) expect(w.reads(m)).not.toContain('张家湾');
  });

  it('in private what was said stands in the fields, also of the kinds of risk; in the group never', async () => {
    await w.asks('cadre', '排查');
    const alone = w.privateChat('cadre');
    const card = await openForms(w, 'cadre', alone);
    await w.taps('cadre', card, '填写规模性风险');
    await w.taps('cadre', card, '提交', { ...noRisk(w), 洪涝: '有' });
    const flood = {
      '第1题补充：情况描述': '张家湾河堤塌了一段',
      '影响户数 / 人数（其中脱贫户、监测户）': '0',
      风险状态: '苗头',
      受灾或失业户是否逐户核查是否纳入: '已逐户',
    };
    await w.taps('cadre', card, '提交', flood);
    expect((await storedForms(w)).LB5?.doneAt).not.toBeNull();
    await w.taps('cadre', card, '重新填写规模性风险');
    expect(w.reads(card)).toContain('"initial_option":"有"');
    await w.taps('cadre', card, '提交', { ...noRisk(w), 洪涝: '有', 地质: '有' });
    expect(w.reads(card)).toContain('张家湾河堤塌了一段');

    const inGroup = await openForms(w);
    await w.taps('cadre', inGroup, '接着填规模性风险');
    expect(w.reads(inGroup)).toContain('第1题补充：情况描述');
    expect(w.reads(inGroup)).not.toContain('张家湾');
    expect(w.reads(inGroup)).not.toContain('initial_option');
    await w.taps('cadre', inGroup, '提交', { ...flood, '第1题补充：情况描述': '河堤已修好' });
    await w.taps('cadre', inGroup, '提交', { ...flood, '第1题补充：情况描述': '屋后有裂缝' });
    const stored = (await storedForms(w)).LB5;
    expect(stored?.answers).toMatchObject({ '洪涝|L5-01.detail': '河堤已修好', '地质|L5-01.detail': '屋后有裂缝' });
    expect(Object.keys(stored?.answers ?? {}).filter((key) => key.startsWith('前'))).toEqual([]);
  });
});

describe('facts of the areas file', () => {
  it('stand on the card in place of questions, the share of monitored people among them', async () => {
    const known = {
      农村户籍人口: 120,
      脱贫户数: 2,
      省定重点帮扶村: false,
      市定重点帮扶村: true,
      易地扶贫搬迁集中安置区: false,
    };
    await w.running.stop();
    const { openLocal } = await import('../../db/local.ts');
    const engine = await openLocal(w.path);
    await engine.commit([
      {
        sql: 'update area set facts = ? where code = ?',
        args: [JSON.stringify({ ...known, 废弃矿山区域: false }), daa],
      },
    ]);
    await engine.close();
    await w.restart();
    const card = await openForms(w);
    await w.taps('cadre', card, '填写重点区域');
    expect(w.reads(card)).toContain('省定/市定/县定乡村振兴重点帮扶村：市定');
    expect(w.reads(card)).toContain('是（6/120 人，5.00%）');
    await w.taps('cadre', card, '提交', { 是否开展重点排查: '未开展', 重点排查新发现问题数: '0' });
    const stored = (await storedForms(w)).LB6;
    expect(stored?.answers).toMatchObject({ 'L6-01': ['市定'], 'L6-05': '是', 'L6-04': '否' });
    expect(stored?.findings.map((f) => f.item)).toEqual(['L6-01', 'L6-05', 'L6-07']);
  });
});
