// Two campaigns side by side in one database: every group, card, count and claim belongs to one of them and says which.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredMessage } from '../../simulator/state.ts';
import { asSample } from '../../src/domain/campaign.ts';
import { flood, floodRoles } from '../support/otherCampaigns.ts';
import { daa, daaGroup, jinxingGroup, people, secondGroup, townGroup } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import { xinfeng } from '../support/xinfeng.ts';
import { allNormal, buttons, continues, newest, village } from './story.ts';

let w: TestWorld;
const begin = async (at: string) => {
  w = await newWorld({ campaigns: [asSample(xinfeng()), flood()], roles: floodRoles, at });
};
beforeEach(() => begin('2023-07-12T08:30:00+08:00'));
afterEach(() => w.end());

const poverty = '防返贫“回头看”';
const houses = '汛期住房安全';
const fine = { 房前屋后是否走到看过: '都看过', 墙体现在怎样: '完好' };

const boundTo = async (chatId: string) => {
  const chat = await w.running.store.chat(chatId);
  return [chat?.areaCode ?? null, chat?.campaignId ?? null];
};
/** The bot comes into a group and hears this. */
async function comes(chatId: string, text: string): Promise<StoredMessage> {
  w.sim.addBot(chatId, people.stranger);
  await w.settle();
  await w.says('cadre', chatId, text);
  return w.last(chatId);
}
/** 大阿村 works in two groups, one for each campaign. */
async function bothGroups(): Promise<void> {
  await comes(daaGroup, '绑定 大阿村 防返贫');
  await comes(secondGroup, `绑定 大阿村 ${houses}`);
}
async function stateOf(code: string, campaign: string) {
  const [row] = await w.rows(
    "select c.state, e.after ->> '$.answers', c.submitted_by is not null, exists (select 1 from sitting s where s.screening_id = c.id and s.state = 'open') " +
      'from screening c join household h on h.no = c.household_no left join event e on e.id = c.answers_event where h.code = ? and c.campaign_id = ?',
    code,
    campaign,
  );
  return { state: row?.[0], answers: JSON.parse(String(row?.[1] ?? 'null')), by: row?.[2] === 1, held: row?.[3] === 1 };
}
const povertyId = 'xinfeng-2023-13';
const housesId = 'flood-2023';
const choices = (message: StoredMessage) => [...w.reads(message).matchAll(/\*\*([^*]+)\*\*/g)].map((m) => m[1]);

describe('绑定 while two campaigns run', () => {
  it('asks which by name, and the line it offers does it', async () => {
    const ask = await comes(daaGroup, '绑定 大阿村');
    expect(w.reads(ask)).toContain('请选一项活动');
    expect(choices(ask)).toEqual([`绑定 大阿村 ${poverty}`, `绑定 大阿村 ${houses}`]);
    expect(await boundTo(daaGroup)).toEqual([null, null]);
    await w.says('cadre', daaGroup, `绑定 大阿村 ${houses}`);
    expect(await boundTo(daaGroup)).toEqual([daa, housesId]);
    const said = w.heard(daaGroup).map((m) => w.reads(m));
    expect(said.some((text) => text.includes(`本群已绑定大阿村，做的是${houses}。`))).toBe(true);
    expect(w.reads(village(w))).toContain(houses);
  });

  it.each([
    ['绑定 大阿村 防返贫', povertyId],
    [`绑定大阿村${houses}`, housesId],
    ['绑定 汛期 大阿村', housesId],
    ['绑定 大阿 信汛办字〔2023〕6号', housesId],
    ['bind 大阿村 flood-2023', housesId],
    ['绑定 防返贫', povertyId], // the only village of this cadre
  ])('%s', async (text, campaign) => {
    await comes(daaGroup, text);
    expect(await boundTo(daaGroup)).toEqual([daa, campaign]);
  });

  it('names the only village also where just 绑定 was said', async () => {
    expect(choices(await comes(daaGroup, '绑定'))).toEqual([`绑定 大阿村 ${poverty}`, `绑定 大阿村 ${houses}`]);
  });

  it('does not ask somebody who has a part in one of them only', async () => {
    w.sim.addBot(daaGroup, people.office);
    await w.settle();
    await w.says('colleague', daaGroup, '绑定 大阿村'); // 驻村工作队
    expect(await boundTo(daaGroup)).toEqual([daa, povertyId]);
    w.sim.addBot(secondGroup, people.office);
    await w.settle();
    await w.says('stranger', secondGroup, '绑定 大阿村'); // 镇巡查员
    expect(await boundTo(secondGroup)).toEqual([daa, housesId]);
  });

  it('is offered on the welcome card area by area and campaign by campaign', async () => {
    w.sim.addBot(daaGroup, people.cadre);
    await w.settle();
    const welcome = w.last(daaGroup);
    expect(w.reads(welcome)).toContain(`大阿村（${houses}）`);
    await w.taps('cadre', welcome, '绑定', { '本群是哪里的工作群？': `大阿村（${houses}）` });
    expect(await boundTo(daaGroup)).toEqual([daa, housesId]);
    expect(w.reads(welcome)).toContain(`做的是${houses}`);
  });

  it('one village has a group for each; a third group asks to move the one it was asked for', async () => {
    await bothGroups();
    expect([await boundTo(daaGroup), await boundTo(secondGroup)]).toEqual([
      [daa, povertyId],
      [daa, housesId],
    ]);
    w.sim.chat(townGroup)?.members.add(people.stranger);
    const ask = await comes(townGroup, `绑定 大阿村 ${houses}`);
    expect(w.reads(ask)).toContain('大阿村已绑定别的群，要移到本群吗？');
    expect(w.reads(ask)).toContain('大阿村第二个工作群');
    await w.taps('cadre', ask, '移到本群');
    expect(await boundTo(townGroup)).toEqual([daa, housesId]);
    expect(await boundTo(secondGroup)).toEqual([null, null]);
    expect(await boundTo(daaGroup)).toEqual([daa, povertyId]);
  });

  it('a group works for one campaign at a time and says which', async () => {
    await comes(daaGroup, '绑定 大阿村 防返贫');
    await w.says('cadre', daaGroup, `绑定 大阿村 ${houses}`);
    expect(w.reads(w.last(daaGroup))).toContain(
      `本群现在做的是${poverty}，没有改动。要改做${houses}，请先发送「解绑」`,
    );
    await w.says('cadre', daaGroup, '绑定 大阿村');
    expect(w.reads(w.last(daaGroup))).toContain(`本群已经是大阿村的工作群，不用再绑定，做的是${poverty}。`);
    expect(await boundTo(daaGroup)).toEqual([daa, povertyId]);
    const old = village(w);
    await w.says('cadre', daaGroup, '解绑');
    await w.says('cadre', daaGroup, `绑定 大阿村 ${houses}`);
    expect(await boundTo(daaGroup)).toEqual([daa, housesId]);
    for (const label of ['继续排查', '村级表', '村级提交']) {
      const tap = await w.taps('cadre', old, label);
      expect(tap.toast?.content).toBe(`本群现在做的不是${poverty}。请@我发送「排查」，用新的卡片。`);
    }
    expect(await w.rows('select count(*) from sitting')).toEqual([[0]]);
  });
});

describe('one cadre, one household, two campaigns', () => {
  it('has an open card in both groups; answers, counts and claims do not mix', async () => {
    await bothGroups();
    const one = await continues(w, 'cadre', daaGroup);
    const two = await continues(w, 'cadre', secondGroup);
    expect(w.reads(one)).toContain(poverty);
    expect(w.reads(two)).toContain(houses);
    for (const card of [one, two]) expect(w.reads(card)).toContain('大阿-01-001 赵某');
    expect(await w.rows("select count(*) from sitting where state = 'open'")).toEqual([[2]]);
    expect(
      await w.rows("select count(distinct screening_id) from sitting where claim_until > 0 and state = 'open'"),
    ).toEqual([[2]]);

    await w.taps('cadre', two, '提交', { ...fine, 墙体现在怎样: '已经倾斜' });
    expect(w.reads(one)).toContain('大阿-01-001');
    expect(w.reads(two)).toContain('大阿-01-002');
    expect(await stateOf('大阿-01-001', housesId)).toMatchObject({ state: 'found', answers: { wall: '已经倾斜' } });
    expect(await stateOf('大阿-01-001', povertyId)).toEqual({ state: 'todo', answers: null, by: false, held: true });

    const saved = await w.taps('cadre', one, '提交', allNormal);
    expect(saved.toast?.content).toBe('已保存 大阿-01-001。下一户：大阿-01-002');
    const after = await stateOf('大阿-01-001', povertyId);
    expect(after.state).toBe('clear');
    expect(Object.keys(after.answers).every((id) => id.startsWith('L1-'))).toBe(true);
    for (const chat of [daaGroup, secondGroup]) await w.taps('cadre', village(w, chat), '刷新');
    expect(w.reads(village(w, daaGroup))).toContain('大阿村：已排查 1/10 户');
    expect(w.reads(village(w, daaGroup))).toContain('发现线索 0 户');
    expect(w.reads(village(w, secondGroup))).toContain('大阿村：已排查 1/9 户');
    expect(w.reads(village(w, secondGroup))).toContain('发现线索 1 户');
  });

  it('what a colleague holds in one campaign is free in the other', async () => {
    await bothGroups();
    await continues(w, 'colleague', daaGroup);
    const two = await continues(w, 'cadre', secondGroup);
    expect(w.reads(two)).toContain('大阿-01-001');
    const one = await continues(w, 'cadre', daaGroup);
    expect(w.reads(one)).toContain('大阿-01-002');
    await w.taps('cadre', two, '联系不上');
    await w.taps('cadre', two, '提交', { 没联系上的原因: '外出避险', 下次联系的日期: '2023-07-13' });
    expect(await stateOf('大阿-01-001', housesId)).toMatchObject({ state: 'deferred', held: false });
    expect(await stateOf('大阿-01-001', povertyId)).toMatchObject({ state: 'todo', held: true });
  });
});

describe('what else belongs to one of them', () => {
  beforeEach(bothGroups);

  it('the private cards of one cadre: one for each, on the same household', async () => {
    for (const chat of [daaGroup, secondGroup]) {
      const card = await continues(w, 'cadre', chat);
      await w.taps('cadre', card, '转到私聊');
    }
    const chat = w.privateChat('cadre');
    const [one, two] = [newest(w, chat, '综合研判结论'), newest(w, chat, '墙体现在怎样')];
    for (const card of [one, two]) expect(w.reads(card)).toContain('赵一例');
    await w.taps('cadre', two, '提交', fine);
    await w.taps('cadre', one, '提交', allNormal);
    expect(await stateOf('大阿-01-001', housesId)).toMatchObject({ state: 'clear', answers: { wall: '完好' } });
    expect((await stateOf('大阿-01-001', povertyId)).answers).toMatchObject({ 'L1-15': '无返贫致贫风险' });
    for (const card of [one, two]) expect(w.reads(card)).toContain('大阿-01-002');
  });

  it('the village’s form and its hand-in: one is closed, the other goes on', async () => {
    const card = await continues(w, 'cadre', secondGroup);
    const key = { 屋面下雨时怎样: '不漏', 屋后有没有切坡: ['没有'], 转移时由谁来接: '网格员王例' };
    for (let n = 1; n <= 9; n++) await w.taps('cadre', card, '提交', n <= 6 ? fine : key);
    await w.taps('cadre', village(w, secondGroup), '村级表');
    const form = newest(w, secondGroup, '村级表一村一份');
    await w.taps('cadre', form, '填写避灾点');
    await w.taps('cadre', form, '提交', { 避灾点今天能不能住人: '能' });
    const done = await w.taps('cadre', village(w, secondGroup), '村级提交');
    expect(done.toast?.content).toBe('已提交乡镇，辛苦了。');
    const closed = await w.taps('cadre', village(w, secondGroup), '继续排查');
    expect(closed.toast?.content).toContain('大阿村已提交');
    expect(await w.rows('select campaign_id, state from area_task')).toEqual([[housesId, 'submitted']]);
    const open = await continues(w, 'cadre', daaGroup);
    await w.taps('cadre', open, '提交', allNormal);
    expect((await stateOf('大阿-01-001', povertyId)).state).toBe('clear');
  });
});

describe('commands in a group that works for one of them', () => {
  beforeEach(bothGroups);

  it('speak of the group’s own', async () => {
    for (const [chat, own, contact] of [
      [daaGroup, poverty, '县巩衔办'],
      [secondGroup, houses, '县防汛办'],
    ] as const) {
      await w.says('cadre', chat, '活动');
      expect(w.reads(w.last(chat))).toContain(`联系：${contact}`);
      await w.says('cadre', chat, '排查');
      expect(w.reads(w.last(chat))).toContain(own);
      await w.says('cadre', chat, '帮助');
      expect(w.reads(w.last(chat))).toContain(own);
      await w.says('cadre', chat, '进度');
      expect(w.reads(w.last(w.privateChat('cadre')))).toContain(own);
    }
  });

  it('say where the other one is worked on, and answer for it where it was named', async () => {
    await w.says('cadre', daaGroup, `排查 ${houses}`);
    expect(w.reads(w.last(daaGroup))).toContain(`本群做的是${poverty}。${houses}请到它的工作群里排查`);
    await w.says('cadre', daaGroup, `进度 大阿村 ${houses}`);
    expect(w.reads(w.last(w.privateChat('cadre')))).toContain('大阿村：已排查 0/9 户');
  });

  it('somebody who has no part in it is not let in by the part they have in the other', async () => {
    const tap = await w.taps('colleague', village(w, secondGroup), '继续排查');
    expect(tap.toast?.content).toBe('您还不在大阿村名单，请联系大阿镇。');
    const other = await w.taps('stranger', village(w, daaGroup), '继续排查');
    expect(other.toast?.content).toBe('您还不在大阿村名单，请联系大阿镇。');
  });
});

describe('a question in private', () => {
  it('is about the one campaign the asker has a part in', async () => {
    expect(w.reads(await w.asks('colleague', '进度'))).toContain('大阿村：已排查 0/10 户');
    expect(w.reads(await w.asks('stranger', '进度'))).toContain('大阿镇：已排查 0/13 户');
    expect(w.reads(await w.asks('stranger', '活动'))).toContain('县防汛办');
    expect(w.reads(await w.asks('office', '活动'))).toContain('县巩衔办');
    await w.asks('stranger', '排查 大阿村');
    const card = newest(w, w.privateChat('stranger'), '填写人： **外人**');
    expect(w.reads(card)).toContain('墙体现在怎样');
  });

  it('gets a picker that names both, and each line of it works', async () => {
    const ask = await w.asks('clerk', '进度 大阿村');
    expect(choices(ask)).toEqual([`进度 大阿村 ${poverty}`, `进度 大阿村 ${houses}`]);
    for (const [line, count] of [
      [choices(ask)[0], '0/10 户'],
      [choices(ask)[1], '0/9 户'],
    ] as const)
      expect(w.reads(await w.asks('clerk', line ?? ''))).toContain(`大阿村：已排查 ${count}`);
    expect(choices(await w.asks('cadre', '排查'))).toEqual([`排查 ${poverty}`, `排查 ${houses}`]);
    expect(choices(await w.asks('cadre', '活动'))).toEqual([`活动 ${poverty}`, `活动 ${houses}`]);
    expect(w.reads(await w.asks('cadre', '活动 汛期'))).toContain('县防汛办');
    expect(w.reads(await w.asks('cadre', `${houses}进度`))).toContain('大阿村：已排查 0/9 户');
    await w.asks('cadre', `排查 ${houses}`);
    expect(w.reads(newest(w, w.privateChat('cadre'), '填写人： **王例**'))).toContain('墙体现在怎样');
  });

  it('about a household is asked which, and stays with it while households are chosen from', async () => {
    const ask = await w.asks('clerk', '查户 例');
    expect(choices(ask)).toEqual([`查户 例 ${poverty}`, `查户 例 ${houses}`]);
    const list = choices(await w.asks('clerk', choices(ask)[1] ?? ''));
    expect(list).toContain(`查户 大阿-01-001 ${houses}`);
    expect(list).not.toContain(`查户 大阿-01-010 ${houses}`); // in no population of it
    const card = await w.asks('clerk', `查户 大阿-01-001 ${houses}`);
    expect(w.reads(card)).toContain('大阿-01-001');
    expect(w.reads(card)).toContain(houses);
  });

  it('keeps the campaign in the picker of areas', async () => {
    const ask = await w.asks('clerk', `进度 村 ${houses}`);
    expect(w.reads(ask)).toContain('您要查哪一个');
    expect(choices(ask).every((line) => line?.endsWith(` ${houses}`))).toBe(true);
    expect(w.reads(await w.asks('clerk', choices(ask)[0] ?? ''))).toContain(houses);
  });

  it('an area is never taken for a campaign whose title says it too', async () => {
    expect(choices(await w.asks('leader', '进度 信丰县'))).toEqual([`进度 信丰县 ${poverty}`, `进度 信丰县 ${houses}`]);
    expect(w.reads(await w.asks('leader', '进度 信丰 汛期'))).toContain('信丰县：已排查 0/13 户');
  });

  it('helps with what is of use in either', async () => {
    const help = w.reads(await w.asks('leader', '帮助'));
    expect(help).toContain('进度 [地区]');
    expect(help).not.toContain('绑定 村名');
  });
});

describe('when one of them is over', () => {
  beforeEach(async () => {
    await w.close();
    await begin('2023-08-02T09:00:00+08:00');
  });

  it('requests mean the running one, the other is there by name', async () => {
    expect(w.reads(await w.asks('cadre', '进度'))).toContain('大阿村：已排查 0/9 户');
    expect(w.reads(await w.asks('cadre', '进度 防返贫'))).toContain('大阿村：已排查 0/10 户');
    w.sim.addBot(jinxingGroup, people.neighbour);
    await w.settle();
    await w.says('neighbour', jinxingGroup, '绑定 金星村');
    expect((await boundTo(jinxingGroup))[1]).toBe(housesId);
    expect(buttons(w, village(w, jinxingGroup))).toContain('继续排查');
  });
});
