// The gateway of the long connection, driven by the stock SDK's WSClient.
import * as lark from '@larksuiteoapi/node-sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { decodeFrame, encodeFrame } from '../../simulator/gateway/frame.ts';
import { app, card, longClient, type Scene, START, scene, sdkDispatcher } from './bot.ts';

let s: Scene;
let openId: string;
let chatId: string;
const clients: lark.WSClient[] = [];
beforeEach(async () => {
  s = await scene();
  openId = s.sim.addUser({ name: '张三' }).openId;
  chatId = s.sim.addChat({ name: '大阿村工作群', members: [openId], hasBot: true }).chatId;
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close({ force: true });
  await s.close();
});

type Options = Parameters<typeof longClient>[1];
const online = async (o: Options = {}) => {
  const client = await longClient(s, o);
  clients.push(client);
  return client;
};
const says = async (text = '你好') => {
  await s.sim.say(openId, chatId, text, { mentionBot: true });
  await s.sim.idle();
};
const heard = () => s.events.map((e) => e.event_type);
const cardSent = async (): Promise<string> => {
  const sent = await s.client.im.v1.message.create({
    params: { receive_id_type: 'chat_id' },
    data: { receive_id: chatId, msg_type: 'interactive', content: JSON.stringify(card()) },
  });
  return sent.data?.message_id ?? '';
};
const bootstrap = async (body: object) =>
  (await fetch(`${s.sim.url}/callback/ws/endpoint`, { method: 'POST', body: JSON.stringify(body) })).json();
const credentials = { AppID: app.appId, AppSecret: app.appSecret };

describe('a frame', () => {
  test.each([0, 1, 127, 128, 300, 2 ** 31, 2 ** 53 - 1])('keeps the number %i and everything else', (n) => {
    const frame = {
      ...{ seqId: n, logId: n, service: 33554678, method: 1 },
      headers: [
        ['type', 'event'],
        ['说明', '大阿村𠮷'],
      ] as const,
      payload: new TextEncoder().encode('{"a":1}'),
    };
    expect(decodeFrame(new Uint8Array(encodeFrame(frame)))).toEqual(frame);
  });

  test.each([[[0x08]], [[0x2a, 0x7f, 0x01]], [[0x0d, 1, 2, 3, 4]], [Array(12).fill(0xff)]])(
    'that is none is refused: %j',
    (bytes) => {
      expect(() => decodeFrame(Uint8Array.from(bytes as number[]))).toThrow(RangeError);
    },
  );
});

describe('the stock client', () => {
  test('gets events, and the platform is content with its ack', async () => {
    await online();
    await says();
    expect(s.events).toMatchObject([{ event_type: 'im.message.receive_v1', app_id: app.appId }]);
    await s.clock.advanceBy(7 * 3_600_000);
    await s.sim.idle();
    expect(s.events).toHaveLength(1);
  });

  test('gets clicks, and its toast and card arrive', async () => {
    await online();
    const messageId = await cardSent();
    s.clickAnswer = { toast: { type: 'success', content: '已保存' }, card: { type: 'raw', data: card('第二户') } };
    const answer = await s.sim.press(openId, messageId, '开始');
    expect(answer).toEqual({ code: null, toast: { type: 'success', content: '已保存' }, cardChanged: true });
    expect(s.sim.card(messageId)).toEqual(card('第二户'));
  });

  test('puts fragments together', async () => {
    await online();
    s.sim.faults.fragments = 4;
    await says('一二三四五六七八九十');
    expect(JSON.stringify(s.events)).toContain('一二三四五六七八九十');
  });

  test('is pinged back and told how often to ping', async () => {
    s.sim.gateway.config = { ReconnectCount: 3, ReconnectInterval: 7, ReconnectNonce: 0, PingInterval: 0.02 };
    const client = await online({ wsConfig: { pingTimeout: 1 } });
    await new Promise((done) => setTimeout(done, 100));
    expect(client.getConnectionStatus().state).toBe('connected');
    expect(s.sim.gateway.online).toBe(1);
  });

  test('drops frames of type card without an ack, so that the click fails', async () => {
    await online();
    const messageId = await cardSent();
    Object.assign(s.sim.faults, { cardFrames: true, deadlineMs: 100 });
    expect((await s.sim.press(openId, messageId, '开始')).code).toBe(200340);
    expect(heard()).toEqual([]);
    await says();
    expect(heard()).toEqual(['im.message.receive_v1']);
  });

  test('comes back by itself when the line broke', async () => {
    s.sim.gateway.config = { ReconnectCount: -1, ReconnectInterval: 1, ReconnectNonce: 0, PingInterval: 120 };
    const back = new Promise<void>((done) => {
      void online({ autoReconnect: true, onReconnected: done });
    });
    while (s.sim.gateway.online === 0) await new Promise(setImmediate);
    s.sim.gateway.cut();
    await back;
    await says();
    expect(heard()).toEqual(['im.message.receive_v1']);
  });
});

describe('what is not acked', () => {
  test('is an event to send again after 15 s, 5 min, 1 h, 6 h, then never', async () => {
    const dispatcher = sdkDispatcher(s).register({
      'im.message.receive_v1': () => {
        s.events.push({ event_type: 'refused' });
        throw new Error('not now');
      },
    });
    await online({ dispatcher });
    await says();
    for (const wait of [15_000, 300_000, 3_600_000, 21_600_000]) {
      const before = s.events.length;
      await s.clock.advanceBy(wait - 1);
      await s.sim.idle();
      expect(s.events).toHaveLength(before);
      await s.clock.advanceBy(1);
      await s.sim.idle();
      expect(s.events).toHaveLength(before + 1);
    }
    await s.clock.advanceBy(86_400_000);
    await s.sim.idle();
    expect(s.events).toHaveLength(5);
  });

  test.each([
    ['nobody is connected', 200340, async () => s.sim.useLongConnection()],
    [
      'no ack comes in time',
      200340,
      async () => {
        await online();
        Object.assign(s.sim.faults, { silentGateway: true, deadlineMs: 50 });
      },
    ],
    [
      'the line breaks before the ack',
      200340,
      async () => {
        await online();
        s.sim.faults.cutLines = true;
      },
    ],
    [
      'the ack says 500',
      200671,
      async () => {
        const fails = () => {
          throw new Error('no');
        };
        await online({ dispatcher: sdkDispatcher(s).register({ 'card.action.trigger': fails }) });
      },
    ],
    [
      'nothing was registered for it, which the SDK answers with a string',
      200672,
      async () => {
        await online({ dispatcher: new lark.EventDispatcher({ loggerLevel: lark.LoggerLevel.fatal }) });
      },
    ],
  ])('is a failed click: %s', async (_, code, prepare) => {
    const messageId = await cardSent();
    await prepare();
    expect(await s.sim.press(openId, messageId, '开始')).toEqual({ code, toast: null, cardChanged: false });
    expect(s.sim.card(messageId)).toEqual(card());
    expect(s.sim.lastProblem).not.toBe('');
  });

  test('a click with an ack that carries nothing leaves the card as it is', async () => {
    await online();
    s.clickAnswer = undefined;
    expect(await s.sim.press(openId, await cardSent(), '开始')).toEqual({
      code: null,
      toast: null,
      cardChanged: false,
    });
  });
});

test('of several clients one gets each payload, whichever', async () => {
  const two = [0, 1].map(() => ({ events: [] as Record<string, unknown>[], clickAnswer: {} }));
  for (const one of two) await online({ dispatcher: sdkDispatcher(one) });
  for (let n = 0; n < 40; n++) await says(`第${n}条`);
  const counts = two.map((one) => one.events.length);
  expect(counts.reduce((sum, n) => sum + n)).toBe(40);
  for (const count of counts) expect(count).toBeGreaterThan(0);
});

describe('who may connect', () => {
  test.each([
    ['a wrong secret', 514, { ...credentials, AppSecret: 'wrong' }],
    ['another app', 514, { ...credentials, AppID: 'cli_0000000000000000' }],
    ['no credentials', 514, {}],
  ])('%s is refused with %i', async (_, code, body) => {
    expect(await bootstrap(body)).toMatchObject({ code, data: {} });
  });

  test('the stock client gives up for good after such an answer, whatever it was', async () => {
    await expect(online({ appSecret: 'wrong', autoReconnect: true })).rejects.toThrow('code=514');
    s.sim.faults.refuseConnections = 1;
    await expect(online({ autoReconnect: true })).rejects.toThrow('system busy');
  });

  test('the address carries device and service id, not first', async () => {
    const { data } = (await bootstrap(credentials)) as { data: { URL: string; ClientConfig: object } };
    expect(data.URL).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/ws\/v2\?fpid=\d+&.*device_id=\d+&.*service_id=\d+&ticket=/);
    expect(data.ClientConfig).toEqual({
      ReconnectCount: -1,
      ReconnectInterval: 120,
      ReconnectNonce: 30,
      PingInterval: 120,
    });
  });

  test('a ticket opens one connection, and nothing else does', async () => {
    const { data } = (await bootstrap(credentials)) as { data: { URL: string } };
    const opens = (url: string) =>
      new Promise<boolean>((done) => {
        const socket = new WebSocket(url);
        socket.on('open', () => done(true));
        socket.on('error', () => done(false));
      });
    expect(await opens(data.URL)).toBe(true);
    expect(await opens(data.URL)).toBe(false);
    expect(await opens(data.URL.replace(/ticket=\w+/, 'ticket=guess'))).toBe(false);
    expect(s.sim.gateway.online).toBe(1);
  });

  test('the fifty-first is one too many', async () => {
    for (let n = 0; n < 50; n++) await online();
    expect(await bootstrap(credentials)).toMatchObject({ code: 1000040350 });
    clients.pop()?.close({ force: true });
    while (s.sim.gateway.online === 50) await new Promise(setImmediate);
    expect(await bootstrap(credentials)).toMatchObject({ code: 0 });
  });
});

test('a payload nobody was there for goes out on the schedule once somebody is', async () => {
  s.sim.useLongConnection();
  await says();
  expect(heard()).toEqual([]);
  await online();
  await s.clock.advanceTo(START + 15_000);
  await s.sim.idle();
  expect(heard()).toEqual(['im.message.receive_v1']);
});

test('who does not read the address of a silent gateway waits for it', async () => {
  s.sim.faults.refuseConnections = 'stall';
  await expect(online({ handshakeTimeoutMs: 50 })).rejects.toThrow('connect failed');
});
