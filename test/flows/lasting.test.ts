import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daa, daaGroup, daaHousehold, people } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { allNormal, boundGroup, buttons, continues, eventsOf, household, openCard } from './story.ts';

let w: TestWorld;
afterEach(() => w.end());

const moreChildren = { ...allNormal, 家庭人口与户籍信息是否核准: '有增减需更新' };

describe('what was begun', () => {
  beforeEach(async () => {
    w = await newWorld();
  });

  it('goes on where it stood when the bot comes back', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '提交', moreChildren);
    await w.restart();
    const answer = await w.taps('cadre', card, '提交', { '第2题补充：具体情况': '添了一个孩子' });
    expect(answer.toast?.content).toContain('已保存 大阿-01-001');
    const { answers } = await household(w, '大阿-01-001');
    expect(answers).toMatchObject({ 'L1-01': '入户面谈', 'L1-02': '有增减需更新', 'L1-02.detail': '添了一个孩子' });
  });

  it('goes along to the new card of a second 继续排查; the old card points to it', async () => {
    const old = await openCard(w);
    await w.taps('cadre', old, '提交', moreChildren);
    await w.until('2023-07-12T14:00:00+08:00');
    const fresh = await continues(w, 'cadre');
    expect(fresh.messageId).not.toBe(old.messageId);
    expect(w.reads(old)).toContain('这张填报卡已换成新的');
    expect(buttons(w, old)).toEqual([]);
    expect(w.reads(fresh)).toContain('第2题补充：具体情况');
    await w.taps('cadre', fresh, '提交', { '第2题补充：具体情况': '添了一个孩子' });
    expect((await household(w, '大阿-01-001')).answers).toMatchObject({
      'L1-01': '入户面谈',
      'L1-02.detail': '添了一个孩子',
    });
    expect(await w.rows("select count(*) from sitting where state = 'open'")).toEqual([[1]]);
  });

  it('a message that was promised before the bot stopped is sent after it', async () => {
    const card = await boundGroup(w);
    w.sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 502, times: 1 });
    await w.sim.press(people.cadre, card.messageId, '继续排查');
    await w.running.settled();
    await w.restart();
    await w.until('2023-07-12T08:40:00+08:00');
    expect(w.heard(daaGroup).filter((m) => w.reads(m).includes('填写人： **王例**'))).toHaveLength(1);
  });

  it('an old card gets the fresh one and nothing is stored twice', async () => {
    const card = await openCard(w);
    const [submit] = card.content.match(/screening\.submit~[^"\\]+/) ?? [];
    await w.taps('cadre', card, '提交', allNormal);
    const answer = await w.sim.click(people.cadre, card.messageId, {
      tag: 'button',
      name: submit ?? '',
      form_value: {},
    });
    expect(answer.toast?.content).toBe('卡片已更新，请看最新的一户。');
    expect(w.reads(card)).toContain('大阿-01-002');
    expect(await eventsOf(w, 'submit')).toBe(1);
  });

  it('a card that was replaced behaves: its buttons lead to the pointer', async () => {
    const old = await openCard(w);
    const before = old.content;
    await w.until('2023-07-12T14:00:00+08:00');
    await continues(w, 'cadre');
    const [submit] = before.match(/screening\.submit~[^"\\]+/) ?? [];
    const answer = await w.sim.click(people.cadre, old.messageId, {
      tag: 'button',
      name: submit ?? '',
      form_value: {},
    });
    expect(answer.toast?.content).toBe('这张卡已经换成新的，请往下看。');
    expect(await eventsOf(w, 'submit')).toBe(0);
  });

  it.each([
    ['an action nobody knows', { a: 'screening.guess', v: 1, p: {} }],
    ['a button of another version', { a: 'village.open', v: 0, p: { c: 'x', v: 'y' } }],
    ['a value that does not fit', { a: 'village.open', v: 1, p: { c: 7 } }],
    ['no value at all', undefined],
  ])('%s brings a card that says what to do', async (_, value) => {
    const card = await boundGroup(w);
    const action = value === undefined ? { tag: 'button' } : { tag: 'button', value };
    const answer = await w.sim.click(people.cadre, card.messageId, action);
    expect(answer).toMatchObject({ code: null, toast: { content: '这张卡片已经过期，请用新的。' } });
    expect(w.reads(card)).toContain('请发送「排查」打开新的填报卡');
  });

  it('返回 from the second step says that the first is to be chosen again', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '提交', moreChildren);
    const answer = await w.taps('cadre', card, '返回');
    expect(answer.toast?.content).toBe('已回到第一步，请重新选一遍再提交。');
    expect(buttons(w, card)).toContain('跳过');
    await w.taps('cadre', card, '提交', allNormal);
    expect((await household(w, '大阿-01-001')).answers).not.toHaveProperty('L1-02.detail');
  });

  it('a second card in private does not answer a household twice', async () => {
    const inGroup = await openCard(w);
    const inPrivate = await w.asks('cadre', '排查');
    expect(w.reads(inPrivate)).toContain('大阿-01-001');
    await w.until('2023-07-12T08:35:00+08:00');
    await w.taps('cadre', inPrivate, '提交', { ...allNormal, 综合研判结论: '疑似，提交乡镇研判' });
    const answer = await w.taps('cadre', inGroup, '提交', allNormal);
    expect(answer.toast?.content).toContain('这户已由王例在7月12日 08:35填好，没有重复保存。');
    expect((await household(w, '大阿-01-001')).answers).toMatchObject({ 'L1-15': '疑似，提交乡镇研判' });
    expect(await eventsOf(w, 'submit')).toBe(1);
  });

  it('a click whose write fails says so, and the same tap works afterwards', async () => {
    const card = await openCard(w);
    await w.running.store.close();
    const failed = await w.sim.press(people.cadre, card.messageId, '提交', allNormal);
    expect(failed).toMatchObject({ cardChanged: false, toast: { type: 'error', content: '没有保存，请再点一次' } });
    await w.running.settled();
    w.forgives();
    await w.restart();
    const answer = await w.taps('cadre', card, '提交', allNormal);
    expect(answer.toast?.content).toContain('已保存 大阿-01-001');
    w.forgives(); // what the closed database still met in the background
  });
});

describe('hostile words', () => {
  const bad = '**粗**<at id=all></at>[点我](http://x.example)';
  beforeEach(async () => {
    w = await newWorld({
      households: [{ ...daaHousehold, 区划代码: daa, 户编码: `坏-${bad}`, 户主姓名: '<at id=all></at>坏人' }],
    });
  });

  it('of a roster and of answers are shown as they are, or not at all', async () => {
    await boundGroup(w);
    const card = await continues(w, 'cadre');
    for (let n = 1; n <= 10; n++) await w.taps('cadre', card, '跳过');
    expect(w.reads(card)).toContain(`坏-${bad.replaceAll('"', '\\"')}`);
    expect(card.content).not.toMatch(/"content":"[^"]*<at id=all>[^"]*","tag":"markdown"/);
    expect(card.content).not.toMatch(/"tag":"markdown","content":"[^"]*<at id=all>/);
    const form = { ...moreChildren };
    await w.taps('cadre', card, '提交', form);
    const answer = await w.taps('cadre', card, '提交', { '第2题补充：具体情况': `写${bad}` });
    expect(answer).toMatchObject({ code: null, toast: { type: 'success' } });
    const [row] = await w.rows(
      "select e.after ->> '$.answers' from screening c join event e on e.id = c.answers_event",
    );
    expect(JSON.parse(String(row?.[0]))).toMatchObject({ 'L1-02.detail': `写${bad}` });
  });

  it('typed to the bot call nobody', async () => {
    await boundGroup(w);
    for (const command of ['绑定', 'bind', 'progress', '进度', '排查']) {
      await w.says('cadre', daaGroup, `${command} <at user_id="all">所有人</at>`);
      expect(w.last(daaGroup).content).not.toContain('<at');
      expect(w.heard(w.privateChat('cadre')).at(-1)?.content ?? '').not.toContain('<at');
    }
  });
});
