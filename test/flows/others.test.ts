import { afterEach, describe, expect, it } from 'vitest';
import { daaGroup, jinxing, people } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { newest } from './story.ts';

let w: TestWorld;
afterEach(() => w.end());

describe('without a campaign', () => {
  it.each(['排查', '进度', '活动'])('%s says whom to ask', async (text) => {
    w = await newWorld({ idle: true });
    expect(w.reads(await w.asks('cadre', text))).toBe('现在还没有正在进行的活动，请联系县办。');
  });

  it('a group is welcomed and help works', async () => {
    w = await newWorld({ idle: true });
    w.sim.addBot(daaGroup, people.cadre);
    await w.settle();
    expect(w.reads(w.last(daaGroup))).toContain('本工具不打卡、不排名、不计时');
    await w.says('cadre', daaGroup, '绑定 大阿村');
    expect(w.reads(w.last(daaGroup))).toContain('请联系县办');
    expect(w.reads(await w.asks('cadre', '帮助'))).toContain('王例，您好！大阿村 村干部');
  });
});

describe('a cadre of two villages', () => {
  const roles = [{ 姓名: '王例', 角色: '驻村工作队', 区划代码: jinxing, open_id: people.cadre }];

  it('names the village in private and gets its card', async () => {
    w = await newWorld({ roles });
    expect(w.reads(await w.asks('cadre', '排查'))).toContain('您名下有 2 个村（社区），请写明排查哪一个，例如：排查 ');
    const card = await w.asks('cadre', '排查 金星');
    expect(w.reads(newest(w, card.chatId, '刷新'))).toContain('金星村：已排查 0/4 户');
    expect(w.reads(card)).toContain('金星-01-001 陈甲例');
  });

  it('goes over to the other village in the same chat with a card of its own', async () => {
    w = await newWorld({ roles });
    const chat = w.privateChat('cadre');
    const first = await w.asks('cadre', '排查 大阿');
    await w.asks('cadre', '排查 金星');
    expect(w.reads(newest(w, chat, '填写人： **王例**'))).toContain('金星-01-001');
    expect(w.reads(first)).toContain('这张填报卡已换成新的');
    expect(await w.rows("select count(*) from sitting where state = 'open'")).toEqual([[1]]);
    expect(
      await w.rows("select count(distinct screening_id) from sitting where claim_until > 0 and state = 'open'"),
    ).toEqual([[1]]);
  });

  it('sees the counts of both', async () => {
    w = await newWorld({ roles });
    const picker = w.reads(await w.asks('cadre', '进度'));
    expect(picker).toContain('进度 大阿镇大阿村');
    expect(w.reads(await w.asks('cadre', '进度 大阿镇金星村'))).toContain('金星村：已排查 0/4 户');
  });
});
