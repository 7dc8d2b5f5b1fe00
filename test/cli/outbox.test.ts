// Owns the operator's look at messages that were given up: listed without content, sent again by key, or all.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { whyNotSent } from '../../src/feishu/reasons.ts';
import { daaGroup, people } from '../support/people.ts';
import { type Beside, type Desk, filledDesk, startBeside } from './office.ts';

describe('a group the bot cannot write to', () => {
  let desk: Desk;
  let beside: Beside;
  beforeEach(async () => {
    desk = await filledDesk();
    beside = await startBeside(desk);
    beside.sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 230002, times: 2 });
    beside.sim.addBot(daaGroup, people.cadre); // the welcome card
    await beside.settle();
    await beside.sim.say(people.clerk, daaGroup, '活动', { mentionBot: true });
    await beside.settle();
  }, 120_000);
  afterEach(async () => {
    await beside.stop();
    desk.close();
  });

  interface Listed {
    readonly dead: readonly {
      readonly key: string;
      readonly at: number;
      readonly target: string;
      readonly reason: string;
      readonly priority: string;
      readonly telling: string;
      readonly ageMs: number;
    }[];
  }
  const listed = async () => JSON.parse((await desk.run('outbox --json')).out) as Listed;
  const heard = () => beside.sim.messages(daaGroup).filter((m) => m.from.bot && m.type !== 'system');

  test('given-up messages are listed with key, time, place and reason, and nothing of what they say', async () => {
    expect(heard()).toEqual([]);
    const { dead } = await listed();
    expect(dead.map((m) => m.target).sort()).toEqual(['回复', '群']);
    for (const m of dead) {
      expect(m.reason).toBe('机器人不在这个群里：请群主把机器人加回来（平台代码 230002）');
      expect(Math.abs(m.at - Date.now())).toBeLessThan(60_000);
      expect(m).toMatchObject({ priority: 'answer', telling: 'card' });
      expect(m.ageMs).toBeLessThan(120_000);
    }
    const text = (await desk.run('outbox')).out;
    for (const m of dead) expect(text).toContain(m.key);
    expect(text).toMatch(/ {2}答复 {2}卡片 {2}[01] 分钟前的 {2}机器人不在这个群里/);
    expect(text).toMatch(/\d+月\d+日 \d\d:\d\d/);
    for (const said of ['信丰', '大阿', '陈例', people.clerk, people.cadre]) expect(text).not.toContain(said);
  });

  test('one is sent again by its key, then all; the running bot sends them', async () => {
    const { dead } = await listed();
    const one = dead.find((m) => m.target === '群')?.key ?? '';
    const said = await desk.run(`outbox --resend ${one} --json`);
    expect(JSON.parse(said.out)).toEqual({ resent: 1 });
    await beside.settle();
    expect(heard().map((m) => m.type)).toEqual(['interactive']);
    expect((await listed()).dead.map((m) => m.target)).toEqual(['回复']);
    expect((await desk.run('outbox --resend all')).out).toContain('已重新排队 1 条');
    await beside.settle();
    expect(heard()).toHaveLength(2);
    expect((await desk.run('outbox')).out).toBe('没有发不出去的消息。\n');
    expect(await desk.rows("select subject, actor from event where verb = 'resent' order by id")).toEqual([
      [`outbox:${one}`, 'operator'],
      ['outbox:all', 'operator'],
    ]);
  });

  test('what was given up long ago is tried anew for a whole day, not buried at the first busy answer', async () => {
    await desk.damage("update outbox set created_at = 1, sent_at = 1 where state = 'dead'");
    beside.sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 230020, times: 2 });
    await desk.run('outbox --resend all');
    await beside.settle();
    expect((await listed()).dead).toEqual([]);
    expect(
      await desk.rows("select count(*), sum(last_error like '230020%') > 0 from outbox where state = 'due'"),
    ).toEqual([[2, 1]]);
  });

  test('a key nobody has is told', async () => {
    const said = await desk.run('outbox --resend nothing/like-it');
    expect(said).toMatchObject({ code: 1, out: '' });
    expect(said.err).toContain('请核对编号');
  });
});

test.each([
  ['0 send: connection failed', '平台一直忙或网络不通，一天内没有发成：请核对网络后重新发送'],
  ['230029 send: code 230029 person has resigned log 2023', '这个人已离职（平台代码 230029）'],
  ['99992351 send: code 99992351', '联系不到这个人或这个群：请核对人员是否在职、机器人是否在群里（平台代码 99992351）'],
  [
    '10015 token: code 10015 app secret wrong',
    '开放平台的设置要调整：请运行 npx lookback doctor 按提示处理（平台代码 10015）',
  ],
])('%s is told as %s', (stored, told) => {
  expect(whyNotSent(stored)).toBe(told);
});
