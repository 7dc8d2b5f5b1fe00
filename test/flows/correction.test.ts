import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocal } from '../../db/local.ts';
import type { StoredMessage } from '../../simulator/state.ts';
import { daa, people, type Who } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { allNormal, buttons, eventsOf, household } from './story.ts';

let w: TestWorld;
beforeEach(async () => {
  w = await newWorld();
  const card = await w.asks('cadre', '排查');
  await w.taps('cadre', card, '提交', allNormal);
});
afterEach(() => w.end());

const code = '大阿-01-001';
const doubtful = { 综合研判结论: '疑似，提交乡镇研判' };
/** The form in this person's private chat. */
async function form(who: Who, button = '更正'): Promise<StoredMessage> {
  await w.taps(who, await w.asks(who, `查户 ${code}`), button);
  return w.last(w.privateChat(who));
}
const history = () => w.rows("select verb, actor, before, after from event where verb = 'correct' order by id");
/** The village's hand-in stands like this. */
async function handedIn(state: string): Promise<void> {
  const engine = await openLocal(w.path);
  const sql = 'insert into area_task (campaign_id, area_code, township_code, state, rev) values (?, ?, ?, ?, 1)';
  await engine.commit([{ sql, args: [w.campaign.id, daa, '360722108', state] }]);
  await engine.close();
  // what another process writes is noticed within ten milliseconds
  await expect.poll(async () => (await w.running.store.areaTask(w.campaign.id, daa))?.state).toBe(state);
}

describe('更正', () => {
  it('of one’s own answer needs no reason: the stored answers stand in their fields', async () => {
    const card = await form('cadre');
    expect(w.reads(card)).toContain(`更正 ${code} 赵一例`);
    expect(w.reads(card)).not.toContain('更正原因');
    expect(card.content).toContain('"initial_option":"无返贫致贫风险"');
    const answer = await w.taps('cadre', card, '提交', doubtful);
    expect(answer.toast?.content).toBe(`已保存 ${code}。`);
    expect(w.reads(card)).toContain('综合研判结论： **疑似，提交乡镇研判**');
    const stored = await household(w, code);
    expect(stored).toMatchObject({ state: 'found', by: '王例', late: false });
    expect(stored.answers).toMatchObject({ 'L1-01': '入户面谈', 'L1-15': '疑似，提交乡镇研判' });
    expect(Object.keys(stored.answers ?? {}).filter((id) => id.startsWith('~') || id === 'why')).toEqual([]);
  });

  it('keeps the full answers before and after', async () => {
    await w.taps('cadre', await form('cadre'), '提交', doubtful);
    const [row] = await history();
    expect(JSON.parse(String(row?.[2]))).toMatchObject({
      rev: 1,
      state: 'clear',
      answers: { 'L1-15': '无返贫致贫风险' },
    });
    expect(JSON.parse(String(row?.[3]))).toMatchObject({
      rev: 2,
      state: 'found',
      answers: { 'L1-15': '疑似，提交乡镇研判' },
    });
  });

  it('of somebody else’s needs a reason, which the record shows', async () => {
    const card = await form('colleague');
    const refused = await w.taps('colleague', card, '提交', { ...doubtful, 更正原因: ' ' });
    expect(refused.toast?.content).toContain('「更正原因」请填写');
    expect(card.content).toContain('"initial_option":"疑似，提交乡镇研判"');
    await w.taps('colleague', card, '提交', { 更正原因: '电话再核实过' });
    expect(w.reads(card)).toContain('李样 更正，原因：电话再核实过');
    expect((await household(w, code)).by).toBe('李样');
  });

  it('asks what the new answers make necessary, and 返回 leaves everything as it was', async () => {
    const card = await form('cadre');
    await w.taps('cadre', card, '提交', { 家庭人口与户籍信息是否核准: '有增减需更新' });
    expect(w.reads(card)).toContain('第2题补充：具体情况');
    await w.taps('cadre', card, '返回');
    expect(w.reads(card)).toContain(`${code} 赵一例｜已填，没有发现线索`);
    expect(await eventsOf(w, 'correct')).toBe(0);
    await w.taps('cadre', card, '更正');
    const again = w.last(w.privateChat('cadre'));
    await w.taps('cadre', again, '提交', { 家庭人口与户籍信息是否核准: '有增减需更新' });
    await w.restart();
    await w.taps('cadre', again, '提交', { '第2题补充：具体情况': '添了一个孩子' });
    expect((await household(w, code)).answers).toMatchObject({ 'L1-02.detail': '添了一个孩子' });
  });

  it.each(['submitted', 'accepted'])(
    'is closed while the village is %s, also for a form opened before',
    async (state) => {
      const card = await form('cadre');
      await handedIn(state);
      expect((await w.taps('cadre', card, '提交', doubtful)).toast?.content).toContain('要改，请乡镇先退回');
      const shown = await w.asks('cadre', `查户 ${code}`);
      expect(buttons(w, shown)).toEqual([]);
      expect(w.reads(shown)).toContain('要改，请乡镇先退回');
      expect(await eventsOf(w, 'correct')).toBe(0);
    },
  );

  it('is open again after 退回', async () => {
    await handedIn('returned');
    await w.taps('cadre', await form('cadre'), '提交', doubtful);
    expect(await eventsOf(w, 'correct')).toBe(1);
  });

  it('after the lock is taken and marked 逾期', async () => {
    await w.until('2023-07-22T09:00:00+08:00');
    const card = await form('cadre');
    expect((await w.taps('cadre', card, '提交', doubtful)).toast?.content).toBe(`已保存 ${code}（逾期）。`);
    expect(w.reads(card)).toContain('更正（逾期）');
    expect((await household(w, code)).late).toBe(true);
  });
});

describe('代录', () => {
  it('a township clerk types for the village, and it says so', async () => {
    const card = await form('clerk', '代录');
    await w.taps('clerk', card, '提交', { ...doubtful, 更正原因: '村里电话报来' });
    expect(w.reads(card)).toContain('填写人：陈例 7月12日 08:30（代录）');
    expect(w.reads(card)).toContain('更正（代录），原因：村里电话报来');
    expect(await w.rows('select proxy from screening where id = ?', `${w.campaign.id}:1`)).toEqual([[1]]);
  });

  it('also of a household nobody has asked yet', async () => {
    const shown = await w.asks('clerk', '查户 大阿-01-003');
    await w.taps('clerk', shown, '代录');
    const card = w.last(w.privateChat('clerk'));
    expect(w.reads(card)).not.toContain('更正原因');
    await w.taps('clerk', card, '提交', allNormal);
    expect(await household(w, '大阿-01-003')).toMatchObject({ state: 'clear', by: '陈例' });
    expect(buttons(w, await w.asks('cadre', '查户 大阿-01-004'))).toEqual([]);
  });
});

describe('two people at the same household', () => {
  async function raced(): Promise<StoredMessage> {
    const mine = await form('cadre');
    const theirs = await form('colleague');
    await w.taps('colleague', theirs, '提交', { 更正原因: '再核实', 本户核实方式: '全家外出，电话或视频核实' });
    const answer = await w.taps('cadre', mine, '提交', doubtful);
    expect(answer.toast?.content).toContain('请看两份再决定');
    return mine;
  }

  it('one wins, the other sees both side by side', async () => {
    const card = await raced();
    const text = w.reads(card);
    for (const line of [
      '李样 7月12日',
      '我填的：疑似，提交乡镇研判',
      '对方填的：无返贫致贫风险',
      '对方填的：全家外出，电话或视频核实',
    ])
      expect(text).toContain(line);
    expect(buttons(w, card)).toEqual(['用我的', '保留对方的']);
    expect((await household(w, code)).by).toBe('李样');
  });

  it('保留对方的 leaves it', async () => {
    const card = await raced();
    await w.taps('cadre', card, '保留对方的');
    expect(w.reads(card)).toContain('全家外出，电话或视频核实');
    expect((await household(w, code)).by).toBe('李样');
  });

  it('用我的 stores mine over what was seen', async () => {
    const card = await raced();
    await w.taps('cadre', card, '用我的');
    const stored = await household(w, code);
    expect(stored).toMatchObject({ by: '王例', answers: { 'L1-01': '入户面谈', 'L1-15': '疑似，提交乡镇研判' } });
    expect(await eventsOf(w, 'correct')).toBe(2);
  });

  it('the form works for its owner alone', async () => {
    const card = await form('cadre');
    const [name] = card.content.match(/correct\.submit~[^"\\]+/) ?? [];
    const foreign = await form('colleague');
    const answer = await w.sim.click(people.colleague, foreign.messageId, {
      tag: 'button',
      name: name ?? '',
      form_value: {},
    });
    expect(answer.toast?.content).toBe('这张卡片只能由本人在和我的私聊里用。');
  });
});
