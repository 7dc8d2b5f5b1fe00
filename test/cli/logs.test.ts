// Owns the proof that a bot's log tells an operator what went wrong and nobody what a household, a cadre or a message said.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { daaGroup, people, roleRows } from '../support/people.ts';
import { type Beside, cadrePhone, type Desk, filledDesk, roster, secrets, startBeside } from './office.ts';

let desk: Desk;
let beside: Beside;
const lines: string[] = [];
beforeEach(async () => {
  desk = await filledDesk();
  lines.length = 0;
  const log = createLog({ level: 'debug', write: (line) => lines.push(line), clock: { now: () => Date.now() } });
  beside = await startBeside(desk, log);
}, 120_000);
afterEach(async () => {
  await beside.stop();
  desk.close();
});

const says = async (text: string) => {
  await beside.sim.say(people.cadre, daaGroup, text, { mentionBot: true });
  await beside.settle();
};

test('at its most talkative, through work, refusals and failures, it names nobody', async () => {
  const { sim, running } = beside;
  sim.addBot(daaGroup, people.cadre);
  await beside.settle();
  await says('绑定 大阿村');
  const typed = `许家例的电话是${cadrePhone}，证件${roster[0]?.户主证件号码}`;
  await says(typed);
  sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 230029, times: 1 });
  await says('活动');
  sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 230020, times: 1 });
  await says('帮助');
  const bot = sim.messages(daaGroup).filter((m) => m.from.bot && m.type === 'interactive');
  await sim.press(people.cadre, bot[0]?.messageId ?? '', '帮助');
  sim.faults.wrongSignature = true;
  await says('进度');
  sim.faults.wrongSignature = false;
  await desk.damage('alter table chat rename to chat_gone');
  await says('排查');
  await desk.damage('alter table chat_gone rename to chat');
  await running.bot.tick();

  const text = lines.join('\n');
  expect(lines.map((line) => JSON.parse(line).level)).toContain('error');
  for (const told of ['message not sent', '230029', 'webhook refused', 'event failed, kept for later'])
    expect(text).toContain(told);
  const names = [...roleRows.map((r) => r.姓名), ...roster.map((r) => r.户主姓名), '许小例'];
  const words = [
    ...secrets,
    ...names,
    ...Object.values(people),
    typed,
    '许家',
    '138****0020',
    desk.key,
    desk.env.LARK_APP_SECRET,
  ];
  expect(words.filter((word) => word !== undefined && text.includes(word))).toEqual([]);
});
