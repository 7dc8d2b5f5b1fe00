// Owns `tick`: one round of due work, at a given instant when one is given.
import { createStore } from '../../db/store.ts';
import { createBot } from '../bot/bot.ts';
import { createCallCounter } from '../calls.ts';
import { configExit } from '../config.ts';
import { instantOf } from '../domain/time.ts';
import { createPlatform } from '../feishu/client.ts';
import { createLog } from '../log.ts';
import { newId } from '../newId.ts';
import type { Clock } from '../ports.ts';
import { type Call, Exit, type Result } from './command.ts';

export async function tick(c: Call): Promise<Result> {
  const { config, engine } = c;
  if (config.mode !== 'bot') throw new Exit(configExit, 'LARK_APP_ID：演示模式自己会走钟，不用运行 tick。');
  const store = createStore(engine);
  const from = Number((await store.meta('lastTickAt')) ?? 0);
  const at = typeof c.flags.at === 'string' ? instantOf(c.flags.at) : c.clock.now();
  if (Number.isNaN(at)) throw new Exit(2, '--at 要写成 2023-07-20T09:00:00+08:00 这样的时间');
  if (at < from) throw new Exit(1, 'tick: 给的时间早于上一次，没有办。');
  const clock: Clock = { now: () => at };
  const log = createLog({ level: config.logLevel, write: c.say, clock });
  const calls = createCallCounter();
  const platform = createPlatform({
    baseUrl: config.baseUrl,
    appId: config.app.id,
    appSecret: config.app.secret,
    fetch: (u, i) => fetch(u, i),
    clock,
    log,
    onCall: calls.note,
  });
  const world = { store, clock, newId, rehearsal: config.rehearsalNow !== null, allowance: config.monthlyCalls };
  const running: Promise<unknown>[] = [];
  const defer = (work: Promise<unknown>) => void running.push(work);
  const bot = createBot({ world, platform, log, defer, owner: newId(), calls });
  const due = (await store.outboxState()).due;
  await bot.tick();
  await Promise.all(running);
  const left = (await store.outboxState()).due;
  const json = { from, to: at, due, sent: Math.max(0, due - left), deferred: left };
  return { text: `到点 ${due}，已发 ${json.sent}，稍后再发 ${left}`, json };
}
