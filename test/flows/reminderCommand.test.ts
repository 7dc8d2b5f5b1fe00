// 提醒: what will come, leave, mute and resume by button and by text, a township's switch, the way to say it is too much.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daaGroup, people, townGroup, type Who } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { digestOf, personOf, scheduled } from './digestStory.ts';
import { boundGroup, buttons, eventsOf, newest } from './story.ts';
import { allForms, allHouseholds, askMeeting, met } from './villageStory.ts';

let w: TestWorld;
const begin = async (more: Parameters<typeof newWorld>[0] = {}) => {
  w = await newWorld({ campaigns: [scheduled()], at: '2023-07-12T09:05:00+08:00', ...more });
};
beforeEach(() => begin());
afterEach(() => w.end());

const setting = async (who: Who) => {
  const { leaveUntilDay, mutedUntilDay } = await w.running.store.reminderSetting(await personOf(w, who));
  return [leaveUntilDay, mutedUntilDay];
};
const away = { '不在岗，请假到哪天（含当天）': '2023-07-18' };
const muted = (day: string) => ({ '在岗，静音到哪天（含当天）': day });

describe('提醒', () => {
  it('asked in private shows how it stands and what may be changed', async () => {
    const card = await w.asks('cadre', '提醒');
    expect(w.reads(card)).toContain('提醒：工作日每天至多一条');
    expect(buttons(w, card)).toEqual(['请假', '静音', '本轮不再提醒', '这项负担重/填不了']);
  });

  it('asked in a group is answered in private, and the group hears one line', async () => {
    await boundGroup(w);
    const before = w.heard(daaGroup).length;
    await w.says('cadre', daaGroup, '提醒 静音到7月18日');
    expect(
      w
        .heard(daaGroup)
        .slice(before)
        .map((m) => w.reads(m)),
    ).toEqual([expect.stringContaining('已私发给您。')]);
    expect(w.reads(w.last(w.privateChat('cadre')))).toContain('已静音到7月18日');
    expect(await setting('cadre')).toEqual([null, '2023-07-18']);
  });

  it('says what will come, when and why, until nothing is left to do', async () => {
    const text = w.reads(await w.asks('cadre', '提醒'));
    expect(text).toContain('大阿村：还有 10 户没有排查，村级表 3 张待填');
    expect(text).toContain('7月19日 09:01　村级研判、村级完成还剩 1 天');
    expect(text).not.toContain('乡镇审核');
    expect(w.reads(await w.asks('clerk', '提醒'))).toContain('乡镇审核');
    await boundGroup(w);
    await allHouseholds(w);
    await allForms(w);
    await w.taps('cadre', await askMeeting(w), '村级提交', met);
    expect(w.reads(await w.asks('cadre', '提醒'))).toContain('接下来没有要发给您的');
  });

  it('tells somebody on leave what comes after it', async () => {
    await w.asks('cadre', '提醒 请假到7月18日');
    const text = w.reads(await w.asks('cadre', '提醒'));
    expect(text).not.toContain('7月17日 09:01');
    expect(text).toContain('7月19日 09:01');
  });

  it('is one of the commands in 帮助, for everybody', async () => {
    for (const who of ['cadre', 'clerk', 'office', 'leader'] as const)
      expect(w.reads(await w.asks(who, '帮助'))).toContain('提醒');
  });
});

describe('leave, mute, resume', () => {
  it('by button: on record, told on the card, no digest until the day after, and back again', async () => {
    const card = await w.asks('cadre', '提醒');
    const { toast } = await w.taps('cadre', card, '请假', away);
    expect(toast?.content).toContain('请假到7月18日');
    expect(w.reads(card)).toContain('提醒：请假到7月18日，不发提醒');
    expect(await setting('cadre')).toEqual(['2023-07-18', null]);
    await w.until('2023-07-18T10:00:00+08:00');
    expect(await digestOf(w, 'cadre')).toBeNull();
    await w.until('2023-07-19T10:00:00+08:00');
    expect(await digestOf(w, 'cadre')).not.toBeNull();
    await w.taps('cadre', await w.asks('cadre', '提醒'), '静音', muted('2023-07-25'));
    expect(await digestOf(w, 'cadre')).toBeNull();
    await w.taps('cadre', await w.asks('cadre', '提醒'), '恢复提醒');
    expect(await setting('cadre')).toEqual([null, null]);
    expect(await digestOf(w, 'cadre')).not.toBeNull();
    expect(await eventsOf(w, 'reminders')).toBe(3);
  });

  it.each([
    ['提醒 请假到7月18日', ['2023-07-18', null]],
    ['提醒请假到7.18', ['2023-07-18', null]],
    ['reminders 请假到 18号', ['2023-07-18', null]],
    ['提醒 静音', [null, '2023-07-30']], // the campaign's last day
    ['提醒 静音到后天', [null, '2023-07-14']],
  ])('by text: %s', async (text, stored) => {
    expect(w.reads(await w.asks('cadre', text))).toContain('提醒 恢复');
    expect(await setting('cadre')).toEqual(stored);
    expect(w.reads(await w.asks('cadre', '提醒 恢复'))).toContain('已恢复提醒');
    expect(await setting('cadre')).toEqual([null, null]);
  });

  it('leave and mute stand side by side; one does not undo the other', async () => {
    await w.asks('cadre', '提醒 静音到7月20日');
    await w.asks('cadre', '提醒 请假到7月14日');
    expect(await setting('cadre')).toEqual(['2023-07-14', '2023-07-20']);
  });

  it('本轮不再提醒 lasts as long as the campaign', async () => {
    const card = await w.asks('cadre', '提醒');
    await w.taps('cadre', card, '本轮不再提醒');
    expect(await setting('cadre')).toEqual([null, '2023-07-30']);
  });

  it('a day that has gone or cannot be read changes nothing and says what to send', async () => {
    expect(w.reads(await w.asks('cadre', '提醒 请假到2023-07-01'))).toContain('请选今天或今天以后的日期');
    expect(w.reads(await w.asks('cadre', '提醒 请假'))).toContain('提醒 请假到7月18日');
    expect(w.reads(await w.asks('cadre', '提醒 请假到2033-01-01'))).toContain('一年以内');
    expect(await setting('cadre')).toEqual([null, null]);
    expect(await eventsOf(w, 'reminders')).toBe(0);
  });

  it('an old card changes nothing and becomes the newest', async () => {
    const old = await w.asks('cadre', '提醒');
    await w.asks('cadre', '提醒 请假到7月14日');
    const { toast } = await w.taps('cadre', old, '静音', muted('2023-07-18'));
    expect(toast?.content).toContain('刚有改动');
    expect(await setting('cadre')).toEqual(['2023-07-14', null]);
    expect(w.reads(old)).toContain('请假到7月14日');
  });

  it('a click and a message that come twice count once', async () => {
    const card = await w.asks('cadre', '提醒');
    await w.twice(() => w.taps('cadre', card, '请假', away));
    await w.twice(() => w.asks('colleague', '提醒 静音'));
    expect(await eventsOf(w, 'reminders')).toBe(2);
  });

  it('leave that the people file knows is shown, and is the township’s to change', async () => {
    const row = {
      姓名: '黄例',
      角色: '村干部',
      区划代码: '360722108200',
      open_id: people.stranger,
      请假至: '2023-07-16',
    };
    await w.close();
    await begin({ roles: [row] });
    expect(w.reads(await w.asks('stranger', '提醒'))).toContain('请假到7月16日');
    expect(w.reads(await w.asks('stranger', '提醒 恢复'))).toContain('名单上还登记着请假到7月16日，要改请联系乡镇');
    expect(await digestOf(w, 'stranger')).toBeNull();
  });
});

describe('from the digest', () => {
  it('提醒设置 opens the card below, and the digest stays', async () => {
    const digest = await digestOf(w, 'cadre');
    if (!digest) throw new Error('no digest');
    await w.taps('cadre', digest, '提醒设置');
    expect(w.reads(w.last(w.privateChat('cadre')))).toContain('提醒：');
    expect(w.reads(digest)).toContain('今日可办');
  });

  it('这项负担重/填不了 is kept for the county, once, and changes nothing else', async () => {
    const digest = await digestOf(w, 'cadre');
    if (!digest) throw new Error('no digest');
    await w.taps('cadre', digest, '这项负担重/填不了');
    const form = newest(w, w.privateChat('cadre'), '是哪种情况');
    const said = { 是哪种情况: '填不了', 请说说具体情况: '第3题没有这种情况' };
    await w.twice(() => w.taps('cadre', form, '提交', said));
    const rows = await w.rows("select campaign_id, actor, after from event where verb = 'feedback'");
    expect(rows).toEqual([
      [w.campaign.id, await personOf(w, 'cadre'), JSON.stringify({ kind: '填不了', text: '第3题没有这种情况' })],
    ]);
    expect(w.reads(form)).toContain('交给县办，谢谢');
  });

  it('an opinion may be typed, and takes no numbers of people', async () => {
    expect(w.reads(await w.asks('cadre', '提醒 意见 表太多，能不能合并？'))).toContain('已记下，交给县办，谢谢。');
    expect(w.reads(await w.asks('cadre', '提醒 意见 张三 138 0013 8000 填不了'))).toContain('请去掉证件号码和电话');
    const rows = await w.rows("select after from event where verb = 'feedback'");
    expect(rows).toEqual([[JSON.stringify({ kind: '别的', text: '表太多，能不能合并？' })]]);
  });

  it('the county office reads what was said in the last 7 days: counts and words, nobody’s name; others are told how to say something', async () => {
    expect(w.reads(await w.asks('office', '提醒 意见'))).toBe('近 7 天没有人提意见。');
    await w.asks('neighbour', '提醒 意见 上个星期的');
    await w.until('2023-07-19T10:00:00+08:00');
    await w.asks('cadre', '提醒 意见 表太多，能不能合并？');
    await w.asks('colleague', '提醒 负担重 每天都要填 123456');
    await w.until('2023-07-20T10:00:00+08:00');
    const said = w.reads(await w.asks('office', '提醒 意见'));
    expect(said).toMatch(/^近 7 天收到意见 2 条：负担重 1 条，别的 1 条/);
    expect(said).toContain('7月19日 别的：表太多，能不能合并？');
    expect(said).not.toMatch(/上个星期的|123456|王例|李样|大阿/);
    await w.until('2023-07-24T09:10:00+08:00');
    expect(w.reads(w.last(w.privateChat('office')))).toContain('近 7 天收到意见 2 条，发送“提醒 意见”就能看');
    expect(w.reads(await w.asks('cadre', '提醒 意见'))).toContain('请在后面写上您的意见');
  });
});

describe('试算', () => {
  it('shows the county office what would go out, to how many and what it costs, and sends nothing', async () => {
    const card = await w.asks('office', '提醒');
    const [before] = await w.rows('select count(*) from outbox');
    await w.taps('office', card, '试算全县要发多少');
    expect(await w.rows('select count(*) from outbox')).toEqual([before]);
    const text = w.reads(card);
    expect(text).toContain('提醒试算：还没有发送任何消息');
    expect(text).toMatch(/照现在的情况预计发 \d+ 条：私聊 \d+ 人，群 0 个/);
    expect(text).toContain('村级：村级研判、村级完成还剩 1 天');
    expect(text).toMatch(/2023年7月可用 1000 次调用，已用 \d+ 次/);
    await w.taps('office', card, '返回');
    expect(w.reads(card)).toContain('提醒：工作日每天至多一条');
  });

  it('what it foretells is what goes out, where nothing changes', async () => {
    const text = w.reads(await w.asks('office', '提醒 试算'));
    const foretold = Number(/预计发 (\d+) 条/.exec(text)?.[1]);
    const sent = async () => Number((await w.rows('select count(*) from outbox where proactive = 1'))[0]?.[0]);
    const before = await sent();
    for (let day = 12; day <= 31; day++)
      for (const at of ['09:10', '12:00', '16:10', '17:59']) await w.until(`2023-07-${day}T${at}:00+08:00`);
    await w.until('2023-08-04T18:00:00+08:00');
    expect(foretold).toBeGreaterThan(10);
    expect((await sent()) - before).toBe(foretold);
  });

  it('is the county office’s alone', async () => {
    expect(buttons(w, await w.asks('clerk', '提醒')).join()).not.toContain('试算');
    expect(w.reads(await w.asks('clerk', '提醒 试算'))).toContain('试算由县办来做');
  });
});

describe('a township', () => {
  it('switches its group’s digest on and off; a village cadre is not offered it', async () => {
    expect(buttons(w, await w.asks('clerk', '提醒'))).not.toContain('打开大阿镇工作群的每日进展'); // no group yet
    w.sim.addBot(townGroup, people.clerk);
    await w.settle();
    await w.says('clerk', townGroup, '绑定 大阿镇');
    const card = await w.asks('clerk', '提醒');
    await w.taps('clerk', card, '打开大阿镇工作群的每日进展');
    expect(await w.running.store.groupDigest(w.campaign.id, '360722108')).toBe(true);
    await w.taps('clerk', card, '关掉大阿镇工作群的每日进展');
    expect(await w.running.store.groupDigest(w.campaign.id, '360722108')).toBe(false);
    expect(buttons(w, await w.asks('cadre', '提醒')).join()).not.toContain('每日进展');
    expect(buttons(w, await w.asks('office', '提醒')).join()).not.toContain('每日进展');
  });
});
