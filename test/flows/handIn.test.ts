import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocal } from '../../db/local.ts';
import { createStore } from '../../db/store.ts';
import type { StoredMessage } from '../../simulator/state.ts';
import { daa, daaGroup, jinxingGroup, people, townGroup, type Who } from '../support/people.ts';
import { newWorld, type TestWorld } from '../support/world.ts';
import {
  allNormal,
  boundGroup,
  buttons,
  continues,
  eventsOf,
  filledButtons,
  household,
  newest,
  village,
} from './story.ts';
import { allForms, allHouseholds, askMeeting, inOrder, met, openForms } from './villageStory.ts';

let w: TestWorld;
beforeEach(async () => {
  w = await newWorld({ roles: [{ 姓名: '张示', 角色: '村干部', 区划代码: empty, open_id: people.neighbour }] });
  await boundGroup(w);
});
afterEach(() => w.end());

const task = async () => await w.running.store.areaTask(w.campaign.id, daa);

/** Counts of the village equal a count of its rows; told in every story at each turn. */
async function countsAreRight(): Promise<void> {
  const full = (await w.running.store.fullCount(w.campaign.id)).map((t) => [t.areaCode, t.section, t.state, t.n]);
  const kept = await w.rows('select village_code, section, state, n from tally where n <> 0 order by 1, 2, 3');
  expect(kept).toEqual(full.sort());
}

const empty = '360722108202'; // 芫峰村, where nobody is in the roster

/** 大阿村 complete and handed in by its cadre. Resolves to the card of the meeting. */
async function handedIn(): Promise<StoredMessage> {
  await allHouseholds(w);
  await allForms(w);
  const card = await askMeeting(w);
  await w.taps('cadre', card, '村级提交', met);
  return card;
}

/** The township's group bound, and 大阿村's hand-in in the clerk's private chat. */
async function reviewed(who: Who = 'clerk'): Promise<StoredMessage> {
  if (w.heard(townGroup).length === 0) {
    w.sim.addBot(townGroup, people.clerk);
    await w.settle();
    await w.says('clerk', townGroup, '绑定 大阿镇');
  }
  await w.taps(who, town(), '刷新');
  await w.taps(who, town(), '大阿村');
  return w.last(w.privateChat(who));
}
const town = () => newest(w, townGroup, '未提交');

describe('村级提交', () => {
  it('says everything that is missing, in counts, and hands in nothing', async () => {
    const answer = await w.taps('cadre', village(w), '村级提交');
    expect(answer.toast).toMatchObject({ type: 'warning' });
    expect(answer.toast?.content).toBe(
      '还没有提交：还有 10 户没有排查，请点“继续排查”；村级表还有“规模性风险”、“重点区域”、“数据台账”没有填，请点“村级表”。',
    );
    expect(await task()).toBeNull();
    expect(w.heard(daaGroup).filter((m) => w.reads(m).includes('请填研判会'))).toEqual([]);
  });

  it('the village’s card fills the button there is something to do behind, and none once it is the township’s turn', async () => {
    const filled = async () => {
      await w.taps('cadre', village(w), '刷新');
      return filledButtons(w, village(w));
    };
    expect(await filled()).toEqual(['继续排查']);
    await allHouseholds(w);
    expect(await filled()).toEqual(['村级表']);
    await allForms(w);
    expect(await filled()).toEqual(['村级提交']);
    await w.taps('cadre', await askMeeting(w), '村级提交', met);
    expect(await filled()).toEqual([]);
    const review = await reviewed();
    await w.taps('clerk', review, '退回');
    await w.taps('clerk', review, '退回', { '要重新核实的户（每行一户：户编码 原因）': '大阿-01-002 请核对' });
    expect(await filled()).toEqual(['继续排查']);
  });

  it('wants the meeting first: 没开研判会 is refused with a sentence, a day to come as well', async () => {
    await allHouseholds(w);
    await allForms(w);
    const card = await askMeeting(w);
    const none = await w.taps('cadre', card, '村级提交', { 村级对未纳入户集体研判是否召开: '未召开' });
    expect(none.toast?.content).toBe('还没有提交：请先召开村级研判会，把未纳入户过一遍，再点“村级提交”。');
    const undated = await w.taps('cadre', card, '村级提交', { 村级对未纳入户集体研判是否召开: '已召开' });
    expect(undated.toast?.content).toBe('还没有提交：请选村级研判会的召开日期。');
    const early = await w.taps('cadre', card, '村级提交', { ...met, '第17题补充：召开日期': '2023-07-30' });
    expect(early.toast?.content).toBe('还没有提交：研判会的召开日期还没有到，请核对日期。');
    expect(await task()).toBeNull();
  });

  it('takes a household that could not be asked when the reason explains it, and no other', async () => {
    await allForms(w);
    const card = await continues(w, 'cadre');
    await w.taps('cadre', card, '联系不上');
    await w.taps('cadre', card, '提交', { 没联系上的原因: '临时不在家', 下次联系的日期: '2023-07-14' });
    await allHouseholds(w, 'cadre', 9);
    const refused = await w.taps('cadre', village(w), '村级提交');
    expect(refused.toast?.content).toContain('有 1 户登记了联系不上，但原因还不能说明为什么没排查');
    const again = await continues(w, 'cadre');
    expect(w.reads(again)).toContain('大阿-01-001');
    await w.taps('cadre', again, '联系不上');
    await w.taps('cadre', again, '提交', { 没联系上的原因: '空挂户', 下次联系的日期: '2023-07-14' });
    const meeting = await askMeeting(w);
    const done = await w.taps('cadre', meeting, '村级提交', met);
    expect(done.toast).toMatchObject({ type: 'success', content: '已提交乡镇，辛苦了。' });
    expect(w.reads(await reviewed())).toContain('空挂户');
  });

  it('closes the village’s books until the township has spoken', async () => {
    await handedIn();
    expect(await task()).toMatchObject({ state: 'submitted', rev: 1, meetingDay: '2023-07-12', late: false });
    await w.taps('cadre', village(w), '刷新');
    expect(w.reads(village(w))).toContain('已提交乡镇（7月12日 08:30 王例），等乡镇接收或退回');
    for (const label of ['继续排查', '村级表', '村级提交']) {
      const answer = await w.taps('cadre', village(w), label);
      expect(answer.toast?.content).toBe('大阿村已提交，等乡镇接收或退回。要改，请联系乡镇退回。');
    }
    expect(await eventsOf(w, 'handIn')).toBe(1);
  });

  it('the same callback twice, and two cadres at once, hand in once', async () => {
    await allHouseholds(w);
    await allForms(w);
    const mine = await askMeeting(w);
    const theirs = await askMeeting(w, 'colleague');
    const second = await w.twice(() => w.taps('cadre', mine, '村级提交', met));
    expect(second).toMatchObject({ card: { type: 'raw' } });
    const other = await w.taps('colleague', theirs, '村级提交', met);
    expect(other.toast?.content).toBe('提交的情况刚有变化，请看最新的。');
    expect(w.reads(theirs)).toContain('已提交乡镇');
    expect(await task()).toMatchObject({ rev: 1 });
    expect(await eventsOf(w, 'handIn')).toBe(1);
  });

  it('a household that opens again between looking and pressing stops it', async () => {
    await allHouseholds(w);
    await allForms(w);
    const card = await askMeeting(w);
    const store = w.running.store;
    const [found] = await store.householdsByCode(w.campaign.id, daa, ['大阿-01-004']);
    const act = { eventId: 'e-race', actor: 'nobody', at: w.clock.now() };
    const fresh = {
      campaignId: w.campaign.id,
      areaCode: daa,
      townshipCode: daa.slice(0, 9),
      state: 'open',
      rev: 0,
    } as const;
    const rest = { meetingDay: null, returns: [], late: false, submittedBy: null, submittedAt: null };
    const none = { ...fresh, ...rest, decidedBy: null, decidedAt: null };
    const households = found ? [found] : [];
    await store.returnHandIn({ act, task: none, returns: [], households });
    await countsAreRight();
    const needs = { reasons: [], lookbacks: [] };
    const late = { act: { ...act, eventId: 'e-2' }, task: none, meetingDay: '2023-07-12', late: false, outgoing: [] };
    expect(await store.handIn({ ...late, needs })).toEqual({ ok: false, why: 'stale' });
    const answer = await w.taps('cadre', card, '村级提交', met);
    expect(answer.toast?.content).toContain('还有 1 户没有排查');
  });

  it('a neighbour village’s cadre cannot, and hears whom to ask', async () => {
    await allHouseholds(w);
    await allForms(w);
    const card = await askMeeting(w);
    for (const [label, message] of [
      ['村级提交', village(w)],
      ['村级提交', card],
    ] as const) {
      const answer = await w.taps('neighbour', message, label, message === card ? met : undefined);
      expect(answer.toast?.content).toBe('您还不在大阿村名单，请联系大阿镇。');
    }
    expect(await task()).toBeNull();
  });

  it('of a village without households is asked all the same, as 无适用对象', async () => {
    w.sim.addBot(jinxingGroup, people.neighbour);
    await w.settle();
    await w.says('neighbour', jinxingGroup, '绑定 芫峰村');
    const refused = await w.taps('neighbour', village(w, jinxingGroup), '村级提交');
    expect(refused.toast?.content).toMatch(/^还没有提交：村级表还有/);
    await allForms(w, 'neighbour', jinxingGroup);
    const card = await askMeeting(w, 'neighbour', jinxingGroup);
    expect(w.reads(card)).toContain('按“无适用对象”提交');
    await w.taps('neighbour', card, '村级提交', met);
    expect(await w.running.store.areaTask(w.campaign.id, empty)).toMatchObject({ state: 'submitted' });
  });

  it('after the deadline is taken and stamped', async () => {
    await w.until('2023-07-20T18:00:00+08:00');
    await handedIn();
    expect(await task()).toMatchObject({ state: 'submitted', late: true });
    await w.taps('cadre', village(w), '刷新');
    expect(w.reads(village(w))).toContain('逾期');
    expect(w.reads(await reviewed())).toContain('（逾期）');
  });
});

describe('接收 and 退回', () => {
  it('a village is sent back with two households, mends, hands in again and is accepted', async () => {
    await handedIn();
    const review = await reviewed();
    expect(w.reads(review)).toContain('共 10 户，已排查 10 户，发现线索 1 户');
    expect(w.reads(review)).toContain('村级研判会：7月12日');
    expect(w.reads(review)).not.toContain('上次退回以后');
    await w.taps('clerk', review, '退回');
    const answer = await w.taps('clerk', review, '退回', {
      '要重新核实的户（每行一户：户编码 原因）': '大阿-01-002 收入与流水不符\n大阿-01-005：电话核实说法不一',
    });
    expect(answer.toast?.content).toBe('已退回大阿村，2 户要补充。');
    await countsAreRight();
    expect(await household(w, '大阿-01-002')).toMatchObject({ state: 'todo' });
    expect(await w.rows('select count(*) from screening where return_reason is not null')).toEqual([[2]]);

    for (const m of w.heard(daaGroup)) expect(w.reads(m)).not.toContain('流水');
    await w.taps('cadre', village(w), '刷新');
    expect(w.reads(village(w))).toContain('乡镇已退回（7月12日 08:30 陈例），2 户要补充');
    expect((await w.taps('cadre', village(w), '村级提交')).toast?.content).toContain('还有 2 户没有排查');
    await w.taps('colleague', village(w), '看退回原因');
    expect(w.reads(w.last(w.privateChat('colleague')))).toContain('收入与流水不符');
    const stranger = await w.taps('neighbour', village(w), '看退回原因');
    expect(stranger.toast?.content).toBe('您还不在大阿村名单，请联系大阿镇。');

    const card = await continues(w, 'cadre');
    expect(w.reads(card)).toContain('大阿-01-002');
    await w.taps('cadre', card, '提交', { ...allNormal, '近12个月家庭人均纯收入（对照监测范围）': '监测范围至1.5倍' });
    await w.taps('cadre', card, '提交', allNormal);
    expect(await w.rows('select count(*) from screening where return_reason is not null')).toEqual([[0]]);
    await countsAreRight();
    const meeting = await askMeeting(w);
    await w.taps('cadre', meeting, '村级提交', met);

    const second = await reviewed();
    expect(w.reads(second)).toMatch(/大阿-01-002　改了未纳入户第3题/);
    expect(w.reads(second)).toContain('大阿-01-005　重新核实，内容没有变化');
    expect(w.reads(second)).not.toContain('大阿-01-003');
    const accepted = await w.taps('clerk', second, '接收');
    expect(accepted.toast).toMatchObject({ type: 'success', content: '已接收大阿村。' });
    expect(await task()).toMatchObject({ state: 'accepted', rev: 4 });
    expect(buttons(w, second)).toEqual([]);
    await w.taps('clerk', town(), '刷新');
    expect(w.reads(town())).toMatch(/已接收 1/);
    await countsAreRight();
    const verbs = await w.rows(
      "select verb, actor from event where subject like 'area:xinfeng%' and verb <> 'areaForm' order by id",
    );
    expect(verbs.map((r) => r[0])).toEqual(['handIn', 'return', 'handIn', 'accept']);
    expect(new Set(verbs.map((r) => r[1])).size).toBe(2);
  });

  it('an item of the village is sent back with its reason; the form shows as changed', async () => {
    await handedIn();
    const review = await reviewed();
    await w.taps('clerk', review, '退回');
    const item = '数据台账第10题 线上线下是否一致';
    const unexplained = await w.taps('clerk', review, '退回', { 要补充的村级内容: [item] });
    expect(unexplained.toast?.content).toContain('请写上退回的原因');
    const form = { 要补充的村级内容: [item], 村级内容退回的原因: '请核对线下台账' };
    expect((await w.taps('clerk', review, '退回', form)).toast?.content).toBe('已退回大阿村，1 项要补充。');
    await w.taps('cadre', village(w), '刷新');
    await w.taps('cadre', village(w), '看退回原因');
    const told = w.reads(w.last(w.privateChat('cadre')));
    expect(told).toContain('请核对线下台账');
    expect(told).toContain('村级内容，点“村级表”重填');
    const forms = await openForms(w);
    await w.taps('cadre', forms, '重新填写数据台账');
    await w.taps('cadre', forms, '提交', { ...inOrder, 线上线下是否一致: '不一致' });
    await w.taps('cadre', forms, '提交', {});
    const meeting = await askMeeting(w);
    await w.taps('cadre', meeting, '村级提交', met);
    expect(w.reads(await reviewed())).toContain('数据台账　改了数据台账第10题');
  });

  it('a return names households of this village, each with a reason; else nothing happens', async () => {
    await handedIn();
    const review = await reviewed();
    await w.taps('clerk', review, '退回');
    const say = async (text: string) => {
      const form = { '要重新核实的户（每行一户：户编码 原因）': text };
      return (await w.taps('clerk', review, '退回', form)).toast?.content;
    };
    expect(await say('金星-01-001 请核对')).toBe('还没有退回：本村没有户编码 金星-01-001，请核对。已填的内容都还在。');
    expect(await say('大阿-01-002')).toBe('还没有退回：「大阿-01-002」后面请写上退回的原因。已填的内容都还在。');
    expect(await say('大阿-01-002 甲\n大阿-01-002 乙')).toContain('写了两次');
    expect(await say('')).toContain('请写明要重新核实的户');
    expect(await task()).toMatchObject({ state: 'submitted', rev: 1 });
    await w.taps('clerk', review, '先不退回');
    expect(buttons(w, review)).toEqual(['接收', '退回']);
  });

  it('only the township decides, and it does so in private', async () => {
    await handedIn();
    const review = await reviewed();
    const cadre = await w.taps('cadre', town(), '大阿村');
    expect(cadre.toast?.content).toBe('大阿村由乡镇干部接收或退回。');
    const leader = await w.taps('leader', town(), '大阿村');
    expect(leader.toast?.content).toBe('大阿村由乡镇干部接收或退回。');
    expect(w.heard(townGroup).some((m) => w.reads(m).includes('村级研判会'))).toBe(false);
    expect(buttons(w, review)).toEqual(['接收', '退回']);
  });

  it('the county office that handed in for a village leaves accepting to somebody else', async () => {
    await allHouseholds(w);
    await allForms(w);
    const card = await askMeeting(w);
    await w.taps('office', card, '村级提交', met);
    const review = await reviewed('office');
    const own = await w.taps('office', review, '接收');
    expect(own.toast?.content).toBe('这是您自己提交的，请由另一位乡镇同事接收。');
    expect(await task()).toMatchObject({ state: 'submitted' });
  });

  it('an old card decides nothing: it shows what became of the village', async () => {
    await handedIn();
    const first = await reviewed();
    const second = await reviewed();
    await w.taps('clerk', first, '接收');
    const late = await w.taps('clerk', second, '接收');
    expect(late.toast?.content).toBe('提交的情况刚有变化，请看最新的。');
    expect(w.reads(second)).toContain('已接收（7月12日 08:30 陈例）');
    expect(await eventsOf(w, 'accept')).toBe(1);
  });

  it('the same callback twice accepts once', async () => {
    await handedIn();
    const review = await reviewed();
    const second = await w.twice(() => w.taps('clerk', review, '接收'));
    expect(second).toMatchObject({ card: { type: 'raw' } });
    expect(await eventsOf(w, 'accept')).toBe(1);
    expect(await task()).toMatchObject({ rev: 2 });
  });
});

describe('the township', () => {
  it('sees its villages in code order with what is handed in, in its group and in private', async () => {
    await handedIn();
    await reviewed();
    const text = w.reads(town());
    expect(text).toMatch(/未提交 17，待接收 1，已退回 0，已接收 0/);
    expect(text.indexOf('大阿村')).toBeLessThan(text.indexOf('金星村'));
    expect(text).toContain('已填 1/18 村');
    const alone = await w.asks('clerk', '排查');
    expect(w.reads(alone)).toContain('待接收 1');
    expect(buttons(w, alone)).toContain('大阿村');
    await w.taps('clerk', alone, '大阿村');
    expect(buttons(w, w.last(w.privateChat('clerk')))).toEqual(['接收', '退回']);
  });
});

describe('the end of a phase', () => {
  it('leaves one snapshot, however late the tick and however many processes tick', async () => {
    await handedIn();
    await w.until('2023-07-21T23:59:00+08:00');
    expect(await w.rows('select count(*) from phase_snapshot')).toEqual([[0]]);
    await w.clock.advanceTo(Date.parse('2023-07-22T07:30:00+08:00'));
    const engine = await openLocal(w.path);
    const beside = createStore(engine);
    const at = w.clock.now();
    const other = { campaignId: w.campaign.id, phaseId: 'P1', at };
    const [, one, two] = await Promise.all([
      w.running.bot.tick(),
      beside.takeSnapshot(other),
      beside.takeSnapshot(other),
    ]);
    await engine.close();
    expect([one, two].filter(Boolean).length).toBeLessThanOrEqual(1);
    await w.until('2023-07-22T09:00:00+08:00');
    const [row, ...more] = await w.rows('select phase_id, taken_at, counts, tasks from phase_snapshot');
    expect(more).toEqual([]);
    expect(row?.slice(0, 2)).toEqual(['P1', at]);
    expect(await eventsOf(w, 'lock')).toBe(1);
    const full = await w.running.store.fullCount(w.campaign.id);
    expect(JSON.parse(String(row?.[2]))).toEqual(expect.arrayContaining(full));
    expect(JSON.parse(String(row?.[3]))).toMatchObject([{ areaCode: daa, state: 'submitted', late: 0 }]);
  });
});
