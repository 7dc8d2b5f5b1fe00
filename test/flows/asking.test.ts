import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daaGroup, people, townGroup, type Who } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { allNormal, boundGroup, buttons, newest, openCard } from './story.ts';

let w: TestWorld;
beforeEach(async () => {
  w = await newWorld();
});
afterEach(() => w.end());

describe('进度 shows what the asker may see', () => {
  it.each<[Who, string]>([
    ['cadre', '大阿村：已排查 0/10 户'],
    ['clerk', '大阿镇：已排查 0/14 户'],
    ['office', '信丰县：已排查 0/14 户'],
    ['leader', '信丰县：已排查 0/14 户'],
  ])('%s: %s', async (who, title) => {
    expect(w.reads(await w.asks(who, '进度'))).toContain(title);
  });

  it.each([
    ['进度 大阿镇', '大阿镇：已排查 0/14 户'],
    ['进度大阿镇', '大阿镇：已排查 0/14 户'],
    ['大阿镇进度', '大阿镇：已排查 0/14 户'],
    ['大阿镇 排查进度？', '大阿镇：已排查 0/14 户'],
    ['@我 进度 大阿镇', '大阿镇：已排查 0/14 户'],
    ['progress 大阿', '大阿镇：已排查 0/14 户'],
    ['Ｐｒｏｇｒｅｓｓ大阿村', '大阿村：已排查 0/10 户'],
    ['进度：金星', '金星村：已排查 0/4 户'],
    ['进度 油山', '油山镇：还没有要排查的户'],
  ])('%s', async (text, title) => {
    expect(w.reads(await w.asks('office', text))).toContain(title);
  });

  it('an area outside the scope is refused by name, an unknown one asks again, several are listed', async () => {
    expect(w.reads(await w.asks('cadre', '进度 金星村'))).toBe('「金星村」不在您的查看范围。您可以查：大阿村。');
    expect(w.reads(await w.asks('cadre', '进度 月亮村'))).toBe('没有找到「月亮村」。请核对名称，例如：进度 大阿村');
    const picker = w.reads(await w.asks('clerk', '进度 大'));
    expect(picker).toContain('您要查哪一个');
    expect(picker).toContain('进度 大阿镇大阿村');
  });

  it('counts follow every answer and equal a full count at every level', async () => {
    const card = await openCard(w);
    await w.taps('cadre', card, '提交', allNormal);
    await w.taps('cadre', card, '提交', { ...allNormal, 综合研判结论: '疑似，提交乡镇研判' });
    await w.taps('cadre', card, '联系不上');
    await w.taps('cadre', card, '提交', { 没联系上的原因: '空挂户', 下次联系的日期: '2023-07-15' });
    const levels = [
      ['cadre', '大阿村：已排查 2/10 户（20.0%）', '2/7 户'],
      ['clerk', '大阿镇：已排查 2/14 户（14.3%）', '2/11 户'],
      ['office', '信丰县：已排查 2/14 户（14.3%）', '2/11 户'],
    ] as const;
    for (const [who, title, notIncluded] of levels) {
      const text = w.reads(await w.asks(who, '进度'));
      expect(text).toContain(title);
      expect(text).toContain('联系不上 1 户　发现线索 1 户');
      expect(text).toContain(notIncluded);
      expect(text).toContain('数据时间：7月12日 08:30，以乡镇审核数为准');
    }
  });

  it('has a native chart, and buttons lead down and back', async () => {
    const card = await w.asks('office', '进度');
    expect(card.content).toContain('"tag":"chart"');
    expect(buttons(w, card)).toEqual(['大阿镇', '油山镇']);
    await w.taps('office', card, '大阿镇');
    expect(w.reads(card)).toContain('大阿镇：已排查 0/14 户');
    await w.taps('office', card, '大阿村');
    expect(w.reads(card)).toContain('大阿村：已排查 0/10 户');
    await w.taps('office', card, '返回');
    await w.taps('office', card, '返回');
    expect(w.reads(card)).toContain('信丰县：已排查 0/14 户');
  });

  it('a clerk does not rise above the township', async () => {
    expect(buttons(w, await w.asks('clerk', '进度'))).not.toContain('返回');
  });

  it('names places in area-code order, first and last without a mark', async () => {
    const names = buttons(w, await w.asks('office', '进度 大阿镇')).filter((b) => /[村区]$/.test(b));
    const codes = await w.rows("select name from area where parent = '360722108' order by code");
    expect(names).toEqual(codes.flat().slice(0, names.length));
  });
});

describe('a question asked in a group', () => {
  it('is answered in private, and the group hears that much', async () => {
    await boundGroup(w);
    await w.says('cadre', daaGroup, '进度');
    expect(w.reads(w.last(w.privateChat('cadre')))).toContain('大阿村：已排查');
    expect(w.reads(w.last(daaGroup))).toBe('已私发给您。');
  });

  it.each([{ reachable: false }, { stoppedBot: true }])(
    'says how to open the bot when that fails (%o)',
    async (fault) => {
      await boundGroup(w);
      const user = w.sim.user(people.cadre);
      if (user) Object.assign(user, fault);
      await w.says('cadre', daaGroup, '进度');
      expect(w.reads(w.last(daaGroup))).toContain('请点我的头像打开私聊');
      expect(w.heard(w.privateChat('cadre'))).toEqual([]);
    },
  );

  it('a township’s own card stays within the township whoever clicks', async () => {
    w.sim.addBot(townGroup, people.office);
    await w.settle();
    await w.says('clerk', townGroup, '绑定 大阿镇');
    const card = newest(w, townGroup, '大阿镇：已排查');
    expect(buttons(w, card)).not.toContain('返回');
    expect((await w.taps('office', card, '刷新')).toast?.content).toBe('已是最新');
    const forge = async (a: string, p: object) =>
      (await w.sim.click(people.office, card.messageId, { tag: 'button', value: { a, v: 1, p } })).toast?.content;
    const other = { c: w.campaign.id, a: '360722109' };
    expect(await forge('progress.open', other)).toBe('群里只看本群的地区。要看油山镇，请私聊我发送「进度 油山镇」。');
    expect(await forge('township.open', { ...other, p: 0 })).toContain('本群已不是油山镇的工作群');
    const refused = await w.taps('cadre', card, '刷新');
    expect(refused).toMatchObject({ cardChanged: false, toast: { content: '这个地区不在您的查看范围。' } });
  });
});

describe('帮助 and what is not understood', () => {
  it.each(['帮助', ' 帮 助 ', 'HELP', '菜单', '今天天气怎么样', '？', 'helpful'])(
    '%s brings the help card',
    async (text) => {
      expect(w.reads(await w.asks('cadre', text))).toContain('我可以帮您做这些');
    },
  );

  it('shows what this person can do here, and who they are', async () => {
    const cadre = w.reads(await w.asks('cadre', '帮助'));
    expect(cadre).toContain('王例，您好！大阿村 村干部');
    for (const word of ['排查', '进度 [地区]', '绑定 村名', '解绑', '活动']) expect(cadre).toContain(`**${word}**`);
    const leader = w.reads(await w.asks('leader', '帮助'));
    expect(leader).toContain('**进度 [地区]**');
    expect(leader).not.toContain('**排查**');
    expect(leader).not.toContain('绑定');
  });

  it('a stranger hears whom to ask', async () => {
    expect(w.reads(await w.asks('stranger', '帮助'))).toBe('您还不在名单里，请联系所在村或乡镇登记，登记后再来找我。');
  });

  it('活动 shows the phases, the days left and the contact', async () => {
    const text = w.reads(await w.asks('leader', '活动'));
    expect(text).toContain('乡镇自查整改阶段（7月12日—7月21日）');
    expect(text).toContain('还剩 8 天');
    expect(text).toContain('联系：县巩衔办');
  });

  it('排查 in private opens the own village; people without one hear why not', async () => {
    const card = await w.asks('cadre', '排查');
    expect(buttons(w, newest(w, card.chatId, '刷新'))).toContain('继续排查');
    expect(w.reads(await w.asks('leader', 'check'))).toBe('您名下没有要排查的村（社区）。如有疑问，请联系乡镇。');
  });

  it('a group is heard only when it says @bot', async () => {
    await boundGroup(w);
    const before = w.heard(daaGroup).length;
    await w.sim.say(people.cadre, daaGroup, '进度');
    await w.settle();
    expect(w.heard(daaGroup)).toHaveLength(before);
  });
});

describe('a message that comes late', () => {
  const said = '2023-07-12T08:15:00+08:00';
  it('is answered with the time it was asked at', async () => {
    expect(w.reads(await w.asks('cadre', '进度', said))).toContain('补发（08:15 的请求）大阿村：已排查');
    expect(w.reads(await w.asks('cadre', '你是谁', said))).toContain('补发（08:15 的请求）我可以帮您做这些');
    expect(w.reads(await w.asks('cadre', '进度 月亮村', said))).toMatch(/^补发（08:15 的请求）没有找到/);
    expect(w.reads(await w.asks('stranger', '帮助', said))).toMatch(/^补发（08:15 的请求）您还不在名单里/);
    const check = await w.asks('cadre', '排查', said);
    expect(buttons(w, check)).toContain('提交');
    expect(
      w
        .heard(check.chatId)
        .slice(-3)
        .map((m) => w.reads(m)),
    ).toContain('补发（08:15 的请求）');
  });

  it('绑定 and 解绑 ask first and change nothing', async () => {
    w.sim.addBot(daaGroup, people.cadre);
    await w.settle();
    await w.says('cadre', daaGroup, '绑定 大阿村', said);
    expect(w.reads(w.last(daaGroup))).toBe(
      '补发（08:15 的请求）这条消息来晚了，先没有办。现在还要办的话，请再发一次「绑定 大阿村」。',
    );
    expect((await w.running.store.chat(daaGroup))?.areaCode).toBeNull();
    await w.says('cadre', daaGroup, '绑定 大阿村');
    await w.says('cadre', daaGroup, '解绑', said);
    expect(w.reads(w.last(daaGroup))).toContain('请再发一次「解绑」');
    expect((await w.running.store.chat(daaGroup))?.areaCode).not.toBeNull();
  });
});
