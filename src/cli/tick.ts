// Owns `tick`: one round of due work, at a given instant when one is given.
import { createStore } from '../../db/store.ts';
import { type Bot, createBot } from '../bot/bot.ts';
import { createCallCounter } from '../calls.ts';
import { configExit } from '../config.ts';
import { instantOf } from '../domain/time.ts';
import { createPlatform } from '../feishu/client.ts';
import { createLog } from '../log.ts';
import { newId } from '../newId.ts';
import type { Clock, Platform } from '../ports.ts';
import type { Store } from '../store.ts';
import { createVault } from '../vault.ts';
import { type Call, Exit, type Result } from './command.ts';

export async function tick(c: Call): Promise<Result> {
  const { config, engine } = c;
  if (config.mode !== 'bot') throw new Exit(configExit, 'LARK_APP_ID：演示模式自己会走钟，不用运行 tick。');
  const store = createStore(engine);
  const from = Number((await store.meta('lastTickAt')) ?? 0);
  const at = typeof c.flags.at === 'string' ? instantOf(c.flags.at) : c.clock.now();
  if (Number.isNaN(at)) throw new Exit(2, '--at 要写成 2023-07-20T09:00:00+08:00 这样的时间');
  if (at < from) throw new Exit(1, 'tick: 给的时间早于上一次，没有办。');
  const began = c.realNow();
  const clock: Clock = { now: () => at + Math.max(0, c.realNow() - began) }; // stands where it was set, and runs on
  const log = createLog({ level: config.logLevel, write: c.say, clock });
  const calls = createCallCounter();
  const counted = counting(
    createPlatform({
      baseUrl: config.baseUrl,
      appId: config.app.id,
      appSecret: config.app.secret,
      fetch: (u, i) => fetch(u, i),
      clock,
      log,
      onCall: calls.note,
    }),
  );
  const { platform } = counted;
  const world = { store, clock, newId, rehearsal: config.rehearsalNow !== null, allowance: config.monthlyCalls };
  const { open: openSealed } = await createVault(
    config.dataKey,
    config.dataKeyPrevious === null ? [] : [config.dataKeyPrevious],
  );
  const running: Promise<unknown>[] = [];
  const defer = (work: Promise<unknown>) => void running.push(work);
  const bot = createBot({ world, platform, log, defer, owner: newId(), calls, openSealed });
  const dead = (await store.outboxState()).dead;
  await bot.tick();
  await Promise.all(running);
  await sendRest({ store, clock, bot, sent: counted.sent });
  const left = await store.outboxState();
  const sent = counted.sent();
  const due = sent + left.due + Math.max(0, left.dead - dead);
  return {
    text: `到点 ${due}，已发 ${sent}，稍后再发 ${left.due}`,
    json: { from, to: at, due, sent, deferred: left.due },
  };
}

/** What a platform was told, counted. */
function counting(platform: Platform): { platform: Platform; sent(): number } {
  let n = 0;
  const note = <T>(result: T): T => {
    n += 1;
    return result;
  };
  const told: Platform = {
    ...platform,
    send: (...p) => platform.send(...p).then(note),
    reply: (...p) => platform.reply(...p).then(note),
    patch: (...p) => platform.patch(...p).then(note),
  };
  return { platform: told, sent: () => n };
}

const soon = 2000;
const patience = 5; // looks without a message sent

/** Messages of one slot go out one after the other: waits for those that follow closely, as long as any go out. */
async function sendRest(p: { store: Store; clock: Clock; bot: Bot; sent(): number }): Promise<void> {
  for (let idle = 0; idle < patience; ) {
    const { nextDueAt } = await p.store.outboxState();
    const wait = nextDueAt === null ? Number.POSITIVE_INFINITY : nextDueAt - p.clock.now();
    if (wait > soon) return;
    await new Promise((done) => setTimeout(done, Math.max(100, wait)));
    const before = p.sent();
    await p.bot.deliver();
    idle = p.sent() > before ? 0 : idle + 1;
  }
}
