// Owns the proof that the bot runs in workerd as it does on Node: through its front door, with sealed and signed callbacks,
// a libSQL server behind it and the simulated platform beside it. One story; each test goes on where the last one ended.
import { createExecutionContext, createScheduledController, env, SELF, waitOnExecutionContext } from 'cloudflare:test';
import { afterAll, describe, expect, inject, test, vi } from 'vitest';
import { openRemote } from '../../db/remote.ts';
import { createStore } from '../../db/store.ts';
import { pressed } from '../../simulator/press.ts';
import type { PageMessage } from '../../simulator/wire.ts';
import type { Area, Outgoing } from '../../src/ports.ts';
import worker from '../../src/worker.ts';
import { allNormal } from '../support/allNormal.ts';
import type {} from '../support/bridge.setup.ts';
import { botAddedBody, clickBody, envelope, messageBody, signed } from '../support/envelope.ts';
import { cadreOpenId, groupId, villageCode, villageName } from '../support/seed.ts';

const { app, databases, simulator, botOpenId, from, bindMessages, campaign } = inject('outside');
const engine = openRemote(databases.replace('DATABASE', 'worker'), 'database-token');
const store = createStore(engine);
afterAll(() => store.close());

const at = from + 60_000;
const cadre = cadreOpenId(0, 0);
const group = groupId(0);

interface Answer {
  readonly toast?: { readonly type: string; readonly content: string };
  readonly card?: { readonly data: unknown };
  readonly challenge?: string;
}

async function post(payload: unknown, signKey?: string): Promise<{ status: number; body: Answer }> {
  const request = await signed(app, payload, { at, ...(signKey === undefined ? {} : { signKey }) });
  const response = await SELF.fetch('https://bot.example/webhook/event', request);
  return { status: response.status, body: (await response.json()) as Answer };
}
const event = (type: string, body: object) => post(envelope(app, { type, event: body, at }));

async function click(openId: string, message: PageMessage, action: object): Promise<Answer> {
  const { messageId, chatId } = message;
  const { status, body } = await event('card.action.trigger', clickBody(openId, { messageId, chatId }, action));
  expect(status).toBe(200);
  return body;
}

/** What the bot has said in a group, as its members see it. */
async function heard(chatId: string, as: string): Promise<PageMessage[]> {
  const response = await fetch(`${simulator}/sim/chats/${chatId}/messages?as=${as}`);
  return ((await response.json()) as PageMessage[]).filter((m) => m.from.bot);
}
const heardWith = (words: string) =>
  vi.waitFor(
    async () => {
      const found = (await heard(group, cadre)).findLast((m) => (m.text + JSON.stringify(m.card)).includes(words));
      if (!found) throw new Error(`nobody said ${words}`);
      return found;
    },
    { timeout: 10_000, interval: 20 },
  );

async function tick(): Promise<void> {
  const context = createExecutionContext();
  await worker.scheduled(createScheduledController({ cron: '* * * * *' }), env, context);
  await waitOnExecutionContext(context);
}

describe('the door', () => {
  test('echoes the challenge of whoever knows the token', async () => {
    const challenge = crypto.randomUUID();
    const right = await post({ type: 'url_verification', challenge, token: app.verificationToken });
    expect(right).toEqual({ status: 200, body: { challenge } });
    expect(await post({ type: 'url_verification', challenge, token: 'another' })).toEqual({ status: 401, body: {} });
  });

  test('refuses a forged signature, and nothing of it is stored', async () => {
    const body = botAddedBody(cadre, { chatId: 'oc_forged', name: '某群' });
    const forged = envelope(app, { type: 'im.chat.member.bot.added_v1', event: body, at });
    expect(await post(forged, 'not-the-key')).toEqual({ status: 401, body: {} });
    expect(await store.chat('oc_forged')).toBeNull();
    expect(await engine.read('select count(*) from seen', [])).toEqual([[0]]);
  });
});

describe('a cadre works', () => {
  test('the bot comes into the group, is bound, and shows the village', async () => {
    const joined = botAddedBody(cadre, { chatId: group, name: `${villageName(0)}工作群` });
    expect((await event('im.chat.member.bot.added_v1', joined)).status).toBe(200);
    await heardWith('本工具不打卡、不排名、不计时');
    const place = { messageId: bindMessages[0] ?? '', chatId: group };
    const bind = messageBody(cadre, place, { text: `绑定 ${villageName(0)}`, botOpenId, at });
    expect((await event('im.message.receive_v1', bind)).status).toBe(200);
    const card = await heardWith('继续排查');
    expect(JSON.stringify(card.card)).toContain('演练');
    expect(await store.chatOfArea(campaign.id, villageCode(0))).toMatchObject({ id: group });
  });

  test('one household is answered and stored, and the next one comes in the same answer', async () => {
    const village = await heardWith('继续排查');
    const opened = await click(cadre, village, pressed(village.card, '继续排查'));
    expect(opened.toast?.type).toBe('success');
    const working = await heardWith('例1-0001');
    const answer = await click(cadre, working, pressed(working.card, '提交', allNormal));
    expect(answer.toast).toEqual({ type: 'success', content: '已保存 例1-0001。下一户：例1-0002' });
    expect(JSON.stringify(answer.card?.data)).toContain('例1-0002');
    expect(await store.answersOf(`${campaign.id}:1`)).toMatchObject({ rev: 1, answers: { 'L1-01': '入户面谈' } });
  });

  test('the tallies equal the full count', async () => {
    const lines = (rows: Awaited<ReturnType<typeof store.fullCount>>) =>
      rows
        .filter((t) => t.n !== 0 && t.areaCode === villageCode(0))
        .map((t) => `${t.section} ${t.state} ${t.n}`)
        .sort();
    const tallies = lines(await store.tallies(campaign.id, { level: 'village', code: villageCode(0) } as Area));
    expect(tallies).toEqual(lines(await store.fullCount(campaign.id)));
    expect(tallies).toContain('ALL clear 1');
  });
});

describe('the tick', () => {
  test('sends what is due, and notes that it ran; the rehearsed clock has gone on', async () => {
    const due: Outgoing = {
      key: `due/${crypto.randomUUID()}`,
      kind: 'send',
      target: { kind: 'chat', id: group },
      lane: group,
      payload: { type: 'text', text: '例行提醒：请继续' },
      dueAt: from,
    };
    await store.clickChange({ eventId: crypto.randomUUID(), actor: 'test', at: from }, [], [due]);
    await tick();
    const said = (await heard(group, cadre)).filter((m) => m.text.includes('例行提醒：请继续'));
    expect(said).toHaveLength(1);
    expect(await engine.read('select state from outbox where key = ?', [due.key])).toEqual([['sent']]);
    const first = Number(await store.meta('lastTickAt'));
    expect(first).toBeGreaterThan(from);
    await tick();
    expect(Number(await store.meta('lastTickAt'))).toBeGreaterThan(first);
    const kept = await store.meta('tenantToken');
    expect(kept).not.toBeNull();
    expect(() => JSON.parse(kept ?? ''), 'the token lies sealed').toThrow();
    const ready = await SELF.fetch('https://bot.example/readyz');
    expect(await ready.json()).toEqual({ ok: true, parts: { database: true, tick: true } });
  });
});

describe('many at once', () => {
  test('forty people open their card in the same moment: nobody hangs, everybody holds a household of their own', async () => {
    const action = { tag: 'button', value: { a: 'village.open', v: 1, p: { c: campaign.id, v: villageCode(1) } } };
    const place = (n: number) => ({ messageId: 'om_gone', chatId: `oc_gone_${n}` }); // what cannot be sent is given up at once
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        event('card.action.trigger', clickBody(cadreOpenId(1, n), place(n), action)),
      ),
    );
    expect(all.map((a) => `${a.status} ${a.body.toast?.type}`)).toEqual(
      Array.from({ length: 40 }, () => '200 success'),
    );
    const sql = 'select count(*), count(distinct screening_id) from sitting where village_code = ?';
    expect(await engine.read(sql, [villageCode(1)])).toEqual([[40, 40]]);
    const over = async () => expect(await store.outboxState()).toMatchObject({ due: 0, dead: 40 });
    await vi.waitFor(over, { timeout: 20_000, interval: 20 });
  });
});
