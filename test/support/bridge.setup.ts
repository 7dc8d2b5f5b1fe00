// Owns what the Worker's tests find outside: a libSQL server with a seeded county and the simulated platform, both on
// 127.0.0.1 in this Node process, and the settings that lead there.
import type { TestProject } from 'vitest/node';
import { openRemote } from '../../db/remote.ts';
import { createStore } from '../../db/store.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { asSample, type Campaign } from '../../src/domain/campaign.ts';
import { newDataKey } from '../../src/vault.ts';
import { startBridge } from './bridge.ts';
import { cadreOpenId, groupId, seed, villageName } from './seed.ts';
import { xinfeng } from './xinfeng.ts';

const from = '2023-07-12T08:30:00+08:00';
const app = {
  appId: 'cli_a1b2c3d4e5f60718',
  appSecret: 'secret-of-the-test-app',
  encryptKey: 'encrypt-key-of-the-test',
  verificationToken: 'verification-token-of-the-test',
  name: '回头看助手',
};
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const size = { villages: 2, households: 60, cadres: 50 };

export interface OutsideOfWorker {
  readonly app: { readonly appId: string; readonly encryptKey: string; readonly verificationToken: string };
  /** Address of any database: DATABASE is to be replaced by its name. */
  readonly databases: string;
  readonly simulator: string;
  readonly botOpenId: string;
  /** Epoch ms at which the Worker's rehearsed clock starts. */
  readonly from: number;
  /** In each group a cadre has already said 绑定 and the village's name; the Worker has not heard of it. */
  readonly bindMessages: readonly string[];
  readonly campaign: Campaign;
}

declare module 'vitest' {
  interface ProvidedContext {
    outside: OutsideOfWorker;
    workerVars: Record<string, string>;
  }
}

export default async function outside({ provide }: TestProject): Promise<() => Promise<void>> {
  const campaign = asSample(xinfeng());
  const clock = new VirtualClock({ start: Date.parse(from) });
  const bridge = await startBridge({ token: 'database-token' });
  const engine = openRemote(bridge.url('worker'), 'database-token');
  await seed(engine, { size, campaign, clock: { now: () => Date.parse(from) } });
  await createStore(engine).setMeta('remoteConfirmed', 'yes');
  await engine.close();
  const sim = new Simulator({ clock, app, log: quiet });
  const simulator = await sim.listen('127.0.0.1', 0);
  const bindMessages = await county(sim);
  const { appSecret, name: _, ...keys } = app;
  const databases = bridge.url('database').replace('/database/', '/DATABASE/');
  provide('outside', {
    app: keys,
    databases,
    simulator,
    botOpenId: sim.bot.openId,
    from: Date.parse(from),
    bindMessages,
    campaign,
  });
  provide('workerVars', {
    LARK_APP_ID: app.appId,
    LARK_APP_SECRET: appSecret,
    LARK_ENCRYPT_KEY: app.encryptKey,
    LARK_VERIFICATION_TOKEN: app.verificationToken,
    LARK_BASE_URL: simulator,
    LOG_LEVEL: 'error',
    DATABASE_URL: bridge.url('worker'),
    DATABASE_AUTH_TOKEN: 'database-token',
    DATA_KEY: newDataKey(),
    REHEARSAL_NOW: from,
  });
  return async () => {
    await sim.close();
    await bridge.close();
  };
}

/** People, and one group for each village with the bot in it. The tests tell the Worker of it themselves. */
async function county(sim: Simulator): Promise<string[]> {
  sim.faults.noPushes = true;
  const said: string[] = [];
  for (let v = 0; v < size.villages; v++) {
    const members = Array.from({ length: size.cadres }, (_, n) => cadreOpenId(v, n));
    for (const openId of members) sim.addUser({ name: '某例', openId });
    sim.addChat({ name: `${villageName(v)}工作群`, members, chatId: groupId(v), hasBot: true });
    const message = await sim.say(cadreOpenId(v, 0), groupId(v), `绑定 ${villageName(v)}`, { mentionBot: true });
    said.push(message.messageId);
  }
  return said;
}
