import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daaGroup, people } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { allNormal, boundGroup, buttons, continues, eventsOf } from './story.ts';

let w: TestWorld;
const inspector = 'ou_00000000000000000000000000000003'; // the neighbour inspects as well
beforeEach(async () => {
  w = await newWorld();
});
afterEach(() => w.end());

const doubtful = { ...allNormal, 综合研判结论: '疑似，提交乡镇研判' };

async function answered(): Promise<void> {
  const card = await w.asks('cadre', '排查');
  await w.taps('cadre', card, '提交', doubtful);
}

describe('查户', () => {
  it('shows who answered what and when, in the campaign’s order, with findings and the record', async () => {
    await answered();
    const card = await w.asks('cadre', '查户 大阿-01-001');
    const text = w.reads(card);
    for (const line of [
      '大阿-01-001 赵一例',
      '填写人：王例 7月12日 08:30',
      '综合研判结论： **疑似，提交乡镇研判**',
      '第1次 7月12日 08:30 王例 填报',
    ])
      expect(text).toContain(line);
    expect(text.indexOf('本户核实方式：')).toBeLessThan(text.indexOf('综合研判结论：'));
    expect(text).toContain('发现线索');
    expect(buttons(w, card)).toContain('更正');
  });

  it.each(['查户 大阿-01-002', '查户大阿01002', 'household 大阿-01-002', '查户 钱二样', '查户　钱二样'])(
    'finds the household by %s',
    async (words) => {
      expect(w.reads(await w.asks('cadre', words))).toContain('大阿-01-002 钱二样');
    },
  );

  it('several that fit come as a list to pick from; none says how to ask', async () => {
    const list = w.reads(await w.asks('clerk', '查户 例'));
    expect(list).toContain('您要查哪一户');
    expect(list).toContain('查户 大阿-01-001');
    expect(w.reads(await w.asks('cadre', '查户'))).toContain('请写户编码或户主姓名');
    expect(w.reads(await w.asks('cadre', '查户 无此人'))).toContain('没有找到「无此人」');
  });

  it('asked in a group is answered to the asker alone', async () => {
    await boundGroup(w);
    await answered();
    await w.says('cadre', daaGroup, '查户 赵一例');
    expect(w.reads(w.last(daaGroup))).toBe('已私发给您。');
    expect(w.reads(w.last(w.privateChat('cadre')))).toContain('大阿-01-001 赵一例');
  });

  it('stays inside the asker’s scope', async () => {
    expect(w.reads(await w.asks('cadre', '查户 金星-01-001'))).toContain('没有找到');
    expect(w.reads(await w.asks('neighbour', '查户 大阿-01-001'))).toContain('没有找到');
    expect(w.reads(await w.asks('leader', '查户 大阿-01-001'))).toContain('您名下没有可查的户');
    expect(w.reads(await w.asks('clerk', '查户 大阿-01-001'))).toContain('赵一例');
    expect(w.reads(await w.asks('office', '查户 金星-01-001'))).toContain('陈甲例');
  });

  it('puts every household it shows on record', async () => {
    await w.asks('clerk', '查户 大阿-01-001');
    await w.asks('clerk', '查户 无此人');
    expect(await w.rows("select subject from event where verb = 'view'")).toEqual([[`screening:${w.campaign.id}:1`]]);
  });

  it('turns its pages in the private chat, wherever the button is pressed', async () => {
    await boundGroup(w);
    const group = await continues(w, 'cadre');
    const value = { a: 'household.open', v: 1, p: { c: `${w.campaign.id}:1`, p: 1 } };
    const answer = await w.sim.click(people.cadre, group.messageId, { tag: 'button', value });
    expect(answer).toMatchObject({ cardChanged: false, toast: { content: '已发在下面。' } });
    await w.settle();
    expect(w.reads(w.last(w.privateChat('cadre')))).toContain('大阿-01-001 赵一例');
    const refused = await w.sim.click(people.neighbour, group.messageId, { tag: 'button', value });
    expect(refused.toast?.content).toBe('这户不在您的范围。');
    expect(await eventsOf(w, 'view')).toBe(1);
  });
});

describe('an inspector', () => {
  it('sees the state and how many findings, no answer of the self-check', async () => {
    await w.close();
    w = await newWorld({ roles: [{ 姓名: '张示', 角色: '县级督查', 区划代码: '360722', open_id: inspector }] });
    await answered();
    const card = await w.asks('neighbour', '查户 大阿-01-001');
    const text = w.reads(card);
    expect(text).toContain('大阿-01-001 赵一例｜已填');
    for (const hidden of ['入户面谈', '疑似，提交乡镇研判', '王例', '户类型']) expect(text).not.toContain(hidden);
    expect(buttons(w, card)).toEqual([]);
  });
});
