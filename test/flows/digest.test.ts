// What a digest says to whom, and that its buttons lead into the work.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { daa, daaGroup, daaTown, people, townGroup } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { comesDue, digestOf, scheduled } from './digestStory.ts';
import { allNormal, boundGroup, buttons, eventsOf, newest } from './story.ts';
import { allForms, allHouseholds, askMeeting, met } from './villageStory.ts';

let w: TestWorld;
const begin = async (at = '2023-07-12T09:05:00+08:00') => {
  w = await newWorld({ campaigns: [scheduled()], at });
};
beforeEach(() => begin());
afterEach(() => w.end());

const reads = async (who: 'cadre' | 'clerk' | 'office' | 'leader') => {
  const message = await digestOf(w, who);
  return message === null ? null : w.reads(message);
};

describe('a cadre', () => {
  it('reads what is left, until when, how long it takes and what comes next', async () => {
    const text = await reads('cadre');
    expect(text).toContain('今日可办：大阿村 10 户');
    expect(text).toContain('还有 10 户没有排查');
    expect(text).toContain('村级表 3 张待填');
    expect(text).toContain('村级完成：7月20日 18:00，还剩 8 天');
    expect(text).toMatch(/约 \d+ 小时/);
    expect(text).toContain('这几天：入户排查，到7月18日');
    expect(text).toContain('以乡镇审核数为准');
  });

  it('has one button into the work, which opens the household below, in private', async () => {
    const message = await digestOf(w, 'cadre');
    if (!message) throw new Error('no digest');
    expect(buttons(w, message)).toEqual(['继续排查', '提醒设置', '这项负担重/填不了']);
    await w.taps('cadre', message, '继续排查');
    expect(w.reads(w.last(w.privateChat('cadre')))).toContain('｜请填写');
    expect(w.reads(message)).toContain('今日可办'); // the digest stays
  });

  it('is led to the forms once the households are done, then to the hand-in, then hears nothing more', async () => {
    await boundGroup(w);
    await allHouseholds(w);
    const forms = await digestOf(w, 'cadre');
    if (!forms) throw new Error('no digest');
    expect(w.reads(forms)).toContain('今日可办：大阿村村级表 3 张');
    expect(buttons(w, forms)[0]).toBe('村级表');
    await w.taps('cadre', forms, '村级表');
    expect(w.reads(w.last(w.privateChat('cadre')))).toContain('村级表一村一份');
    await allForms(w);
    const last = await digestOf(w, 'cadre');
    if (!last) throw new Error('no digest');
    expect(w.reads(last)).toContain('都填好了，可以村级提交');
    await w.taps('cadre', last, '村级提交');
    expect(w.reads(w.last(w.privateChat('cadre')))).toContain('请填研判会');
    await w.taps('cadre', await askMeeting(w), '村级提交', met);
    expect(await digestOf(w, 'cadre')).toBeNull();
  });

  it('learns what the township sent back, by count, and where the reasons are', async () => {
    await boundGroup(w);
    await allHouseholds(w);
    await allForms(w);
    await w.taps('cadre', await askMeeting(w), '村级提交', met);
    const clerk = await digestOf(w, 'clerk');
    if (!clerk) throw new Error('no digest');
    expect(w.reads(clerk)).toContain('今日可办：大阿镇待接收 1 村');
    await w.taps('clerk', clerk, '看各村');
    const town = w.last(w.privateChat('clerk'));
    await w.taps('clerk', town, '大阿村');
    const review = newest(w, w.privateChat('clerk'), '待接收');
    await w.taps('clerk', review, '退回');
    await w.taps('clerk', review, '退回', { '要重新核实的户（每行一户：户编码 原因）': '大阿-01-002 收入请再核对' });
    const digest = await digestOf(w, 'cadre');
    if (!digest) throw new Error('no digest');
    expect(w.reads(digest)).toContain('乡镇退回 1 处，请补充，其中 1 户要重新核实');
    expect(w.reads(digest)).not.toContain('收入请再核对');
    expect(buttons(w, digest)).toEqual(['继续排查', '看退回原因', '提醒设置', '这项负担重/填不了']);
    await w.taps('cadre', digest, '看退回原因');
    expect(w.reads(w.last(w.privateChat('cadre')))).toContain('收入请再核对');
  });

  it('sees the deadline’s colour, blue while there is time, yellow on the last days, red afterwards', async () => {
    const colour = async () => /<text_tag color='(\w+)'>/.exec((await reads('cadre')) ?? '')?.[1];
    expect(await colour()).toBe('neutral');
    await w.until('2023-07-17T09:00:00+08:00');
    expect(await colour()).toBe('blue');
    await w.until('2023-07-19T09:00:00+08:00');
    expect(await colour()).toBe('yellow');
    await w.until('2023-07-20T19:00:00+08:00');
    expect(await colour()).toBe('red');
  });

  it('who left the list or is away by the time it is sent hears nothing', async () => {
    await w.asks('cadre', '提醒 请假到7月14日');
    expect(await digestOf(w, 'cadre')).toBeNull();
    await w.until('2023-07-15T09:00:00+08:00');
    expect(await digestOf(w, 'cadre')).not.toBeNull();
  });
});

describe('a township', () => {
  it('reads counts, who waits, and what changed since the working day before', async () => {
    await boundGroup(w);
    await w.until('2023-07-13T00:00:00+08:00');
    await allHouseholds(w);
    await allForms(w);
    await w.taps('cadre', await askMeeting(w), '村级提交', met);
    await w.until('2023-07-14T09:00:00+08:00');
    const text = await reads('clerk');
    expect(text).toContain('已排查 10/14 户');
    expect(text).toMatch(/已接收 0 村，待接收 1 村，还在排查 \d+ 村/);
    expect(text).toContain('待接收：大阿村');
    expect(text).toContain('从 7月13日 00:00 到现在：新排查 10 户，新提交 1 村');
    expect(text).not.toContain('请商定');
    expect(text).not.toMatch(/王例|李样|张示/);
  });

  it('hears on Monday what changed since Friday', async () => {
    await w.until('2023-07-14T00:00:00+08:00');
    await w.until('2023-07-16T00:00:00+08:00');
    await w.until('2023-07-17T09:00:00+08:00');
    expect(await reads('clerk')).toContain('从 7月14日 00:00 到现在：没有变化');
  });

  it('decides about villages once their deadline and their grace are over; the county once the township’s are', async () => {
    await w.until('2023-07-20T19:00:00+08:00'); // due at 18:00
    expect(await reads('clerk')).not.toContain('请商定');
    await w.until('2023-07-21T09:05:00+08:00'); // the next working day
    expect(await reads('clerk')).toMatch(/请商定.*大阿村.*，村级完成已到期/);
    expect(await reads('clerk'), 'its villages are named once').not.toContain('还在排查：');
    expect(await reads('office')).not.toContain('请商定');
    await w.until('2023-07-24T09:05:00+08:00'); // the working day after the township's deadline
    expect(await reads('office')).toMatch(/请商定.*大阿镇、油山镇，乡镇报送已到期，还有 \d+ 个村没有接收/);
  });
});

describe('the county', () => {
  it('the office reads counts and a chart by township; a leader who only looks is told nothing unasked', async () => {
    const text = await reads('office');
    expect(text).toContain('已排查 0/14 户');
    expect(text).toContain('"tag":"chart"');
    expect(text).toContain('未提交的村');
    expect(await digestOf(w, 'leader')).toBeNull();
    const message = await digestOf(w, 'office');
    if (!message) throw new Error('no digest');
    await w.taps('office', message, '看各乡镇');
    expect(w.reads(w.last(w.privateChat('office')))).toContain('点名称看下一级');
  });
});

describe('groups', () => {
  const toGroup = (milestone: string, chat = daaGroup, areaCode = daa) =>
    comesDue(w, { kind: 'chat', id: chat }, { type: 'milestone', campaignId: w.campaign.id, milestone, areaCode });

  it('the first milestone promises, tells the schedule and leads into the work', async () => {
    await boundGroup(w);
    await toGroup('start');
    const first = w.last(daaGroup);
    expect(w.reads(first)).toContain('大阿村：自查整改开始');
    expect(w.reads(first)).toContain('本工具不打卡、不排名、不计时');
    expect(w.reads(first)).toContain('7月12日—7月18日 入户排查');
    expect(w.reads(first)).toContain('共 10 户要排查');
    await w.taps('cadre', first, '继续排查');
    const card = newest(w, daaGroup, '填写人');
    await w.taps('cadre', card, '提交', allNormal);
    await toGroup('near');
    expect(w.reads(w.last(daaGroup))).toContain('已排查 1/10 户');
    expect(w.reads(w.last(daaGroup))).not.toContain('不打卡');
  });

  it('a deadline that comes near is no news to a village that handed in; the end is', async () => {
    await boundGroup(w);
    await allHouseholds(w);
    await allForms(w);
    await w.taps('cadre', await askMeeting(w), '村级提交', met);
    const before = w.heard(daaGroup).length;
    await toGroup('near');
    expect(w.heard(daaGroup).length).toBe(before);
    await toGroup('end');
    expect(w.reads(w.last(daaGroup))).toContain('已提交乡镇，辛苦了');
    expect(buttons(w, w.last(daaGroup))).toEqual([]);
  });

  it('what came too late is not told: a deadline that has passed does not come near', async () => {
    await boundGroup(w);
    const before = w.heard(daaGroup).length;
    await w.until('2023-07-21T09:05:00+08:00');
    await toGroup('near');
    expect(w.heard(daaGroup).length).toBe(before);
  });

  it('a township’s group hears its digest only while that is switched on, in counts', async () => {
    w.sim.addBot(townGroup, people.clerk);
    await w.settle();
    await w.says('clerk', townGroup, '绑定 大阿镇');
    const due = (day: string) =>
      comesDue(
        w,
        { kind: 'chat', id: townGroup },
        { type: 'groupDigest', campaignId: w.campaign.id, areaCode: daaTown, day },
      );
    const before = w.heard(townGroup).length;
    await due('2023-07-12');
    expect(w.heard(townGroup).length).toBe(before);
    await w.taps('clerk', await w.asks('clerk', '提醒'), '打开大阿镇工作群的每日进展');
    await w.until('2023-07-13T09:30:00+08:00');
    await due('2023-07-12');
    expect(w.heard(townGroup).filter((m) => w.reads(m).includes('今日进展'))).toEqual([]); // its day is over
    await due('2023-07-13');
    const digest = newest(w, townGroup, '今日进展');
    expect(w.reads(digest)).toContain('已排查 0/14 户');
    expect(w.reads(digest)).not.toContain('大阿村');
    await w.taps('clerk', digest, '看各村');
    expect(w.reads(digest)).toContain('大阿村');
    expect(await eventsOf(w, 'groupDigest')).toBe(1);
  });
});
