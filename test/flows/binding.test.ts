import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daa, daaGroup, jinxing, jinxingGroup, people, townGroup } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { boundGroup, buttons, newest, openCard, village } from './story.ts';

let w: TestWorld;
beforeEach(async () => {
  w = await newWorld();
});
afterEach(() => w.end());

const areaOf = async (chatId: string) => (await w.running.store.chat(chatId))?.areaCode ?? null;

async function enters(chatId: string, who: keyof typeof people) {
  w.sim.addBot(chatId, people[who]);
  await w.settle();
  return w.last(chatId);
}

describe('the group that asks', () => {
  it('binds with one tap when the one who added the bot has one village', async () => {
    const welcome = await enters(daaGroup, 'cadre');
    const answer = await w.taps('cadre', welcome, '绑定');
    expect(answer.toast).toMatchObject({ type: 'success', content: '本群已绑定大阿村，工作卡片已发在下面。' });
    expect(w.reads(welcome)).toContain('王例 已把本群绑定到大阿村');
    expect(await areaOf(daaGroup)).toBe(daa);
    expect(buttons(w, w.last(daaGroup))).toContain('继续排查');
  });

  it('lets a clerk choose among the likeliest, and keeps the welcome when somebody asks for help', async () => {
    const welcome = await enters(jinxingGroup, 'clerk');
    await w.taps('clerk', welcome, '帮助');
    expect(buttons(w, welcome)).toContain('绑定');
    expect(w.reads(w.last(jinxingGroup))).toContain('我可以帮您做这些');
    await w.taps('clerk', welcome, '绑定');
    expect(await areaOf(jinxingGroup)).toBe(jinxing);
  });

  it('tells a stranger how it is done, and lets no stranger do it', async () => {
    w.sim.chat(daaGroup)?.members.add(people.leader);
    const welcome = await enters(daaGroup, 'stranger');
    expect(w.reads(welcome)).toContain('@我 绑定 村名');
    await w.says('leader', daaGroup, '绑定 大阿村');
    expect(w.reads(w.last(daaGroup))).toContain('绑定要由村干部、驻村工作队、乡镇干部、乡镇负责人、县办来做');
    expect(await areaOf(daaGroup)).toBeNull();
  });
});

describe('绑定 is understood', () => {
  it.each([
    ['绑定 大阿村', daa],
    ['绑定大阿村', daa],
    ['绑定　大阿村。', daa],
    ['绑定：“大阿”村', daa],
    ['　ｂｉｎｄ　大阿', daa],
    ['BIND大阿村委会', daa],
    ['绑定 大阿镇大阿村', daa],
    ['绑定 360722108200', daa],
    ['绑定', daa], // the only village of this cadre
  ])('%s', async (text, area) => {
    await enters(daaGroup, 'stranger');
    await w.says('cadre', daaGroup, text);
    expect(await areaOf(daaGroup)).toBe(area);
  });

  it('a bare 大阿 is the township for whoever has the township', async () => {
    await enters(townGroup, 'office');
    await w.says('clerk', townGroup, '绑定 大阿');
    expect(await areaOf(townGroup)).toBe('360722108');
    expect(w.reads(w.last(townGroup))).toContain('大阿镇：已排查 0/14 户');
  });

  it('a name that fits several gets a list of at most ten, one that fits none a sentence', async () => {
    await enters(townGroup, 'office');
    await w.says('clerk', townGroup, '绑定 村');
    expect(w.reads(w.last(townGroup))).toMatch(/共 \d+ 个，只列出前 10 个/);
    expect(w.reads(w.last(townGroup)).match(/绑定 大阿镇\S+?村\*\*/g)).toHaveLength(10);
    await w.says('clerk', townGroup, '绑定 月亮村');
    expect(w.reads(w.last(townGroup))).toContain('您能绑定的范围里没有找到「月亮村」。请核对名称');
    expect(await areaOf(townGroup)).toBeNull();
  });

  it('a cadre binds no village but their own', async () => {
    await enters(daaGroup, 'stranger');
    await w.says('neighbour', daaGroup, '绑定 大阿村');
    expect(w.reads(w.last(daaGroup))).toContain('没有找到「大阿村」。请核对名称，例如：绑定 金星村');
    expect(await areaOf(daaGroup)).toBeNull();
  });

  it('only in a group', async () => {
    expect(w.reads(await w.asks('cadre', '绑定 大阿村'))).toContain('绑定要在工作群里做');
    expect(w.reads(await w.asks('cadre', '解绑'))).toContain('解绑要在工作群里做');
  });
});

describe('one group, one area', () => {
  it('a second group for the same village asks before it moves, and moves with one tap', async () => {
    await boundGroup(w);
    await enters(townGroup, 'office');
    await w.says('cadre', townGroup, '绑定 大阿村');
    const ask = w.last(townGroup);
    expect(w.reads(ask)).toContain('大阿村已绑定别的群，要移到本群吗？');
    expect(w.reads(ask)).toContain('大阿村回头看工作群');
    expect(await areaOf(daaGroup)).toBe(daa);
    await w.taps('cadre', ask, '移到本群');
    expect([await areaOf(daaGroup), await areaOf(townGroup)]).toEqual([null, daa]);
    const old = await w.taps('cadre', village(w), '继续排查');
    expect(old.toast?.content).toBe('本群已不是大阿村的工作群，请到大阿村现在的工作群里办。');
    expect(await w.rows('select count(*) from sitting')).toEqual([[0]]);
  });

  it('a bound group is not taken over by another village', async () => {
    await boundGroup(w);
    await w.says('neighbour', daaGroup, '绑定 金星村');
    expect(w.reads(w.last(daaGroup))).toContain('本群现在是大阿村的工作群，没有改动');
    expect(await areaOf(daaGroup)).toBe(daa);
    await w.says('neighbour', daaGroup, '解绑');
    expect(w.reads(w.last(daaGroup))).toBe('解绑要由大阿村的干部或上级乡镇来做。');
    await w.says('clerk', daaGroup, '解绑');
    await w.says('neighbour', daaGroup, '绑定 金星村');
    expect(await areaOf(daaGroup)).toBe(jinxing);
  });

  it('binding it again says that it is bound', async () => {
    await boundGroup(w);
    await w.says('colleague', daaGroup, '绑定 大阿村');
    expect(w.reads(w.last(daaGroup))).toContain('本群已经是大阿村的工作群，不用再绑定');
  });

  it('解绑 keeps every answer', async () => {
    const card = await openCard(w);
    await w.says('cadre', daaGroup, '解绑');
    expect(w.reads(w.last(daaGroup))).toContain('已解绑大阿村。已填的内容都还在');
    expect(await areaOf(daaGroup)).toBeNull();
    await w.says('cadre', daaGroup, '排查');
    expect(w.reads(w.last(daaGroup))).toBe('本群还没有绑定村（社区）。请本村干部在群里@我发送：绑定 大阿村');
    expect(w.reads(card)).toContain('大阿-01-001');
  });

  it('the bot removed or the group dissolved is unbound', async () => {
    await boundGroup(w);
    w.sim.removeBot(daaGroup, people.cadre);
    await w.settle();
    expect(await areaOf(daaGroup)).toBeNull();
    await enters(daaGroup, 'cadre');
    await w.says('cadre', daaGroup, '绑定');
    expect(await areaOf(daaGroup)).toBe(daa);
    w.sim.dissolve(daaGroup);
    await w.settle();
    expect(await areaOf(daaGroup)).toBeNull();
    await enters(townGroup, 'office');
    await w.says('cadre', townGroup, '绑定');
    expect(await areaOf(townGroup)).toBe(daa);
    expect(newest(w, townGroup, '继续排查').chatId).toBe(townGroup);
  });
});
