// Owns the promises of the long connection, with the stock SDK on one side and the simulator's gateway on the other; the
// handlers behind it only note what reached them. What people notice is in test/flows/, run once more over it.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../simulator/clock.ts';
import { Simulator } from '../simulator/simulator.ts';
import { Connection, deafAtMost, pauseBefore, type Timing, usualTiming } from '../src/connection.ts';
import type { Doors } from '../src/doors.ts';
import type { Click, MessageEvent } from '../src/feishu/inbound.ts';
import { createLines } from '../src/feishu/longConnection.ts';
import { app, card } from './simulator/bot.ts';

const quick: Timing = {
  ...{ pingMs: 20, silenceMs: 1000, pauseMs: 5, longestPauseMs: 20, bootstrapMs: 1000, handshakeMs: 1000 },
};
/** For what is about waiting in vain; elsewhere a busy machine may hold the loop up for a while. */
const hasty: Partial<Timing> = { silenceMs: 200, bootstrapMs: 100, handshakeMs: 100 };
const start = Date.parse('2023-07-12T08:30:00+08:00');
const saved = { toast: { type: 'success', content: '已保存' } };

interface Bot {
  readonly connection: Connection;
  readonly clicks: Click[];
  readonly events: string[];
  readonly repaired: (object | null)[];
  readonly lines: string[];
}

let sim: Simulator;
let openId: string;
let chatId: string;
const running: Bot[] = [];
beforeEach(async () => {
  sim = new Simulator({
    clock: new VirtualClock({ start, paused: true }),
    app,
    log: { info: () => undefined, warn: () => undefined },
  });
  await sim.listen('127.0.0.1', 0);
  sim.useLongConnection();
  openId = sim.addUser({ name: '张三' }).openId;
  chatId = sim.addChat({ name: '大阿村工作群', members: [openId], hasBot: true }).chatId;
});
afterEach(async () => {
  sim.faults.silentGateway = false;
  await Promise.all(running.splice(0).map((bot) => bot.connection.stop()));
  await sim.close();
});

function begun(o: { timing?: Partial<Timing>; secret?: string; doors?: Partial<Doors> } = {}): Bot {
  const [clicks, events, repaired, lines]: [Click[], string[], (object | null)[], string[]] = [[], [], [], []];
  const write = (message: string, fields?: object) => lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const timing = { ...quick, ...o.timing };
  const doors: Doors = {
    log: { debug: write, info: write, warn: write, error: write },
    defer: (work) => void work.catch(() => undefined),
    onClick: async (click) => {
      clicks.push(click);
      return saved;
    },
    onEvent: async (event) => void events.push((event as MessageEvent).text),
    onLate: async (_, answer) => void repaired.push(answer),
    ...o.doors,
  };
  const open = createLines({
    ...{ appId: app.appId, appSecret: o.secret ?? app.appSecret, baseUrl: sim.url, ...timing },
    fetch: (input, init) => fetch(input, init),
  });
  const connection = new Connection({ doors, open, appId: app.appId, clock: sim.clock, timing });
  connection.start();
  const bot = { connection, clicks, events, repaired, lines };
  running.push(bot);
  return bot;
}
const connected = async (o: Parameters<typeof begun>[0] = {}): Promise<Bot> => {
  const bot = begun(o);
  await bot.connection.opened();
  return bot;
};
const says = async (text: string) => {
  await sim.say(openId, chatId, text, { mentionBot: true });
  await sim.idle();
};
const heard = (bot: Bot) => bot.events.map((text) => text.replace(/@\S+\s*/, ''));
/** A card in the group, put there without a call of the bot. */
async function cardInGroup(): Promise<string> {
  const token = await (
    await fetch(`${sim.url}/open-apis/auth/v3/tenant_access_token/internal`, {
      method: 'POST',
      body: JSON.stringify({ app_id: app.appId, app_secret: app.appSecret }),
    })
  ).json();
  const sent = await fetch(`${sim.url}/open-apis/im/v1/messages?receive_id_type=chat_id`, {
    method: 'POST',
    headers: { authorization: `Bearer ${(token as { tenant_access_token: string }).tenant_access_token}` },
    body: JSON.stringify({ receive_id: chatId, msg_type: 'interactive', content: JSON.stringify(card()) }),
  });
  return ((await sent.json()) as { data: { message_id: string } }).data.message_id;
}
const soon = (check: () => unknown) => vi.waitFor(check, { timeout: 5000, interval: 5 });
const opens = (bot: Bot) => bot.connection.gauges().find((g) => g.name === 'lookback_connection_opens')?.value ?? 0;

describe('silence', () => {
  test('is noticed and the connection reopened within two minutes of the last frame, whatever the attempt meets', () => {
    expect(deafAtMost(usualTiming)).toBe(102_000);
    expect(deafAtMost(usualTiming)).toBeLessThan(120_000);
    expect(usualTiming.silenceMs).toBeGreaterThan(2 * usualTiming.pingMs); // one lost pong is no silence
  });

  test('ends a connection that still looks open, and events come again over the next one', async () => {
    const bot = await connected({ timing: hasty });
    sim.faults.silentGateway = true;
    Object.assign(sim.faults, { deadlineMs: 50 });
    await says('没有人听见');
    await soon(() => expect(opens(bot)).toBeGreaterThan(1));
    expect(bot.lines.join('\n')).toContain('"why":"silent"');
    sim.faults.silentGateway = false;
    await bot.connection.opened();
    await sim.clock.advanceBy(15_000);
    await sim.idle();
    await soon(() => expect(heard(bot)).toEqual(['没有人听见']));
  });

  test('is not what a quiet day is: pings keep the connection', async () => {
    const bot = await connected();
    await new Promise((done) => setTimeout(done, 2 * quick.silenceMs));
    expect([opens(bot), bot.connection.isOpen, sim.gateway.online]).toEqual([1, true, 1]);
  });
});

describe('an attempt', () => {
  test.each([
    ['the endpoint that never answers', 'hang', 'unreachable'],
    ['the handshake that never ends', 'stall', 'unreachable'],
    ['a busy platform, after which the SDK gives up for good', 1, 'refused 1'],
    ['too many connections', 1000040350, 'refused 1000040350'],
    ['a refusal nobody knows', 403, 'refused 403'],
  ] as const)('is made again after %s', async (_, refusal, why) => {
    sim.faults.refuseConnections = refusal;
    const bot = begun({ timing: hasty });
    await soon(() => expect(bot.lines.filter((line) => line.includes(`"why":"${why}"`)).length).toBeGreaterThan(2));
    expect(bot.connection.isOpen).toBe(false);
    sim.faults.refuseConnections = null;
    await bot.connection.opened();
    await says('在吗');
    expect(heard(bot)).toEqual(['在吗']);
  });

  test('with a wrong secret names the platform’s code and never the secret', async () => {
    const bot = begun({ secret: 'not-the-secret' });
    await soon(() => expect(bot.lines.join('\n')).toContain('refused 514'));
    expect(bot.lines.join('\n')).not.toContain('not-the-secret');
  });

  test('waits twice as long each time, up to a minute, and never together with others', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 1000].map((n) => pauseBefore(n, usualTiming, 1));
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(pauseBefore(3, usualTiming, 0)).toBe(2000);
  });

  test('that is under way does not hold up the end', async () => {
    sim.faults.refuseConnections = 'hang';
    const bot = begun({ timing: { bootstrapMs: 60_000 } });
    const before = performance.now();
    await bot.connection.stop();
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('a payload', () => {
  test('in fragments is one event', async () => {
    const bot = await connected();
    sim.faults.fragments = 5;
    await says('一二三四五六七八九十𠮷');
    expect(heard(bot)).toEqual(['一二三四五六七八九十𠮷']);
  });

  test('is acked after it is stored; one that could not be stored comes again', async () => {
    let broken = true;
    const taken: string[] = [];
    const onEvent: Doors['onEvent'] = async (event) => {
      if (broken) throw new Error('the disk is full');
      taken.push((event as MessageEvent).text);
    };
    const bot = await connected({ doors: { onEvent } });
    await says('记一下');
    expect(bot.lines.join('\n')).toContain('event was not stored');
    expect(bot.lines.join('\n')).not.toContain('the disk is full');
    broken = false;
    await sim.clock.advanceBy(15_000);
    await sim.idle();
    await sim.clock.advanceBy(7 * 3_600_000);
    await sim.idle();
    expect(taken).toHaveLength(1);
  });

  test('of another app is taken by nobody', async () => {
    const bot = await connected();
    sim.faults.wrongAppId = true;
    await says('给别人的');
    expect(bot.events).toEqual([]);
    expect(bot.lines.join('\n')).toContain('"reason":"app-id"');
  });

  test('of a type that is none of our business is acked and forgotten', async () => {
    const bot = await connected();
    const { messageId } = await sim.say(openId, chatId, '说错了');
    await sim.idle();
    const before = bot.events.length;
    sim.recall(openId, messageId);
    await sim.idle();
    await sim.clock.advanceBy(15_000);
    await sim.idle();
    expect(bot.events).toHaveLength(before);
    expect(bot.lines.filter((line) => line.includes('refused'))).toEqual([]);
  });

  test('goes to one of two bots, whichever, and to the other when one is gone', async () => {
    const [one, two] = [await connected(), await connected()];
    for (let n = 0; n < 40; n++) await says('x');
    expect(one.events.length + two.events.length).toBe(40);
    expect(Math.min(one.events.length, two.events.length)).toBeGreaterThan(0);
    await one.connection.stop();
    await soon(() => expect(sim.gateway.online).toBe(1));
    const before = two.events.length;
    for (let n = 0; n < 5; n++) await says('y');
    expect(two.events).toHaveLength(before + 5);
  });
});

describe('a click', () => {
  test('gets its toast and card, with the same reader as by webhook', async () => {
    const answer = { ...saved, card: { type: 'raw', data: card('第二户') } };
    const clicks: Click[] = [];
    const onClick = async (click: Click) => {
      clicks.push(click);
      return answer;
    };
    await connected({ doors: { onClick } });
    const messageId = await cardInGroup();
    const shown = await sim.press(openId, messageId, '开始');
    expect(shown).toEqual({ code: null, toast: saved.toast, cardChanged: true });
    expect(sim.card(messageId)).toEqual(card('第二户'));
    expect(clicks).toMatchObject([{ operator: { openId }, messageId, chatId, value: { n: 'go' }, at: start }]);
  });

  test('in a frame of type card, which the SDK drops, is answered all the same', async () => {
    const bot = await connected();
    sim.faults.cardFrames = true;
    expect((await sim.press(openId, await cardInGroup(), '开始')).toast).toEqual(saved.toast);
    expect(bot.clicks).toHaveLength(1);
  });

  test('slower than two seconds gets 正在处理 in time, and its card afterwards', async () => {
    const answer = { ...saved, card: { type: 'raw', data: card('第二户') } };
    let finish: (answer: object) => void = () => undefined;
    const work = new Promise<object>((done) => {
      finish = done;
    });
    const bot = await connected({ doors: { onClick: () => work } });
    const shown = await sim.press(openId, await cardInGroup(), '开始');
    expect(shown).toMatchObject({ code: null, toast: { type: 'info', content: '正在处理，请稍候…' } });
    expect(bot.repaired).toEqual([]);
    finish(answer);
    await soon(() => expect(bot.repaired).toEqual([answer]));
  });

  test('that fails says that nothing was saved', async () => {
    const bot = await connected({ doors: { onClick: async () => Promise.reject(new Error('王例 张三')) } });
    const shown = await sim.press(openId, await cardInGroup(), '开始');
    expect(shown.toast).toEqual({ type: 'error', content: '没有保存，请再点一次' });
    expect(bot.lines.join('\n')).not.toContain('王例');
  });

  test('whose line breaks before the answer has its card put right afterwards', async () => {
    const bot = await connected();
    sim.faults.cutLines = true;
    expect((await sim.press(openId, await cardInGroup(), '开始')).code).toBe(200340);
    await soon(() => expect(bot.repaired).toEqual([saved]));
    expect(bot.clicks).toHaveLength(1);
  });

  test('whose line lives on is left alone when that line ends later', async () => {
    const bot = await connected();
    await sim.press(openId, await cardInGroup(), '开始');
    await says('还在'); // a frame after the answer
    sim.gateway.cut();
    await soon(() => expect(opens(bot)).toBe(2));
    expect(bot.repaired).toEqual([]);
  });

  test('under way when the bot is told to stop is answered, and then nobody is there', async () => {
    let finish: () => void = () => undefined;
    let taken = false;
    const work = new Promise<object>((done) => {
      finish = () => done(saved);
    });
    const onClick = () => {
      taken = true;
      return work;
    };
    const bot = await connected({ doors: { onClick } });
    const messageId = await cardInGroup();
    const pressed = sim.press(openId, messageId, '开始');
    await soon(() => expect(taken).toBe(true));
    const stopped = bot.connection.stop();
    const late = sim.press(openId, messageId, '开始');
    expect((await late).code).toBe(200671); // it is told at once that it was not taken
    finish();
    expect((await pressed).toast).toEqual(saved.toast);
    await stopped;
    await soon(() => expect(sim.gateway.online).toBe(0));
    expect((await sim.press(openId, messageId, '开始')).code).toBe(200340);
  });
});

test('what the gauges say', async () => {
  const bot = await connected();
  const told = () => Object.fromEntries(bot.connection.gauges().map((g) => [g.name, g.value]));
  expect(told()).toEqual({
    lookback_connection_open: 1,
    lookback_connection_opens: 1,
    lookback_connection_silence_seconds: 0,
  });
  await bot.connection.stop();
  expect(told()).toMatchObject({ lookback_connection_open: 0, lookback_connection_silence_seconds: -1 });
});
