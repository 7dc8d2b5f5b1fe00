// What survives a restart of the simulator, with a real file and a process that is killed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createVirtualClock } from '../../simulator/clock.ts';
import { Storage } from '../../simulator/storage.ts';
import { type Scene, START, scene } from './bot.ts';

let dir: string;
let file: string;
const open: Scene[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'simulator-'));
  file = join(dir, 'simulator.db');
});
afterEach(async () => {
  for (const s of open.splice(0)) await s.close();
  rmSync(dir, { recursive: true });
});

async function started(): Promise<Scene> {
  const s = await scene({ storage: file });
  open.push(s);
  return s;
}
async function stopped(s: Scene): Promise<void> {
  open.splice(open.indexOf(s), 1);
  await s.close();
}

test('people, chats, messages and the time are there again after a stop', async () => {
  const first = await started();
  const { openId } = first.sim.addUser({ name: '张三', note: '大阿村 村干部', userId: 'zhangsan' });
  const { chatId } = first.sim.addChat({ name: '大阿村工作群', members: [openId], hasBot: true });
  const { messageId } = await first.sim.say(openId, chatId, '进度', { mentionBot: true });
  const p2p = first.sim.openP2p(openId);
  await first.clock.advanceBy(3_600_000);
  await stopped(first);

  const second = await started();
  expect(second.clock.now()).toBe(START + 3_600_000);
  expect(second.sim.user(openId)).toMatchObject({ name: '张三', note: '大阿村 村干部', userId: 'zhangsan' });
  expect([...(second.sim.chat(chatId)?.members ?? [])]).toEqual([openId]);
  expect(second.sim.messages(chatId).map((m) => m.messageId)).toEqual([messageId]);
  expect(second.sim.openP2p(openId)).toBe(p2p);
});

test('changes of a message and its uuid survive too', async () => {
  const first = await started();
  const { openId } = first.sim.addUser({ name: '张三' });
  const { chatId } = first.sim.addChat({ name: '群', members: [openId], hasBot: true });
  const send = (s: Scene) =>
    s.client.im.v1.message.create({
      params: { receive_id_type: 'chat_id' },
      data: { receive_id: chatId, msg_type: 'text', content: '{"text":"好"}', uuid: 'u-1' },
    });
  const sent = await send(first);
  const id = sent.data?.message_id ?? '';
  await first.client.im.v1.message.delete({ path: { message_id: id } });
  await stopped(first);

  const second = await started();
  expect(second.sim.messages(chatId)[0]?.recalled).toBe(true);
  expect((await send(second)).data?.message_id).toBe(id);
});

test('an event the bot had not taken yet is delivered after the restart, with its old id', async () => {
  const first = await started();
  const { openId } = first.sim.addUser({ name: '张三' });
  const { chatId } = first.sim.addChat({ name: '群', members: [openId], hasBot: true });
  first.handle = (_, res) => {
    res.statusCode = 503;
    res.end();
  };
  const { eventId } = await first.sim.say(openId, chatId, '进度', { mentionBot: true });
  await first.sim.idle();
  await stopped(first);

  const second = await started();
  await second.clock.advanceBy(15_000);
  expect(second.events.map((e) => e.event_id)).toEqual([eventId]);
});

test('everything anew leaves nothing behind', async () => {
  const first = await started();
  const { openId } = first.sim.addUser({ name: '张三' });
  await first.clock.advanceBy(3_600_000);
  first.sim.wipe(START);
  await stopped(first);
  const second = await started();
  expect(second.sim.user(openId)).toBeUndefined();
  expect(second.clock.now()).toBe(START);
});

test('what could not be written because the file was busy is written later', () => {
  const failures: unknown[] = [];
  const parts = { path: file, beforeFlush: () => undefined, onFailure: (e: unknown) => failures.push(e) };
  const storage = new Storage(parts);
  const other = new Database(file);
  other.exec('BEGIN IMMEDIATE');
  storage.put('push', 'p1', { key: 'p1' });
  storage.flush();
  expect(failures).toHaveLength(1);
  other.exec('COMMIT');
  storage.flush();
  expect(other.prepare('SELECT id FROM thing').all()).toEqual([{ id: 'p1' }]);
  other.close();
  storage.close();
});

/** Writes a message every 10 ms and says its number once it is in the world. */
const talker = (simulator: string, clock: string, db: string) => `
  import { startSimulator } from ${JSON.stringify(simulator)};
  import { createVirtualClock } from ${JSON.stringify(clock)};
  const app = { appId: 'cli_a1b2c3d4e5f60718', appSecret: 's', encryptKey: 'k', verificationToken: 'v', name: 'bot' };
  const log = { info: () => {}, warn: () => {} };
  const sim = await startSimulator({ clock: createVirtualClock({ start: ${START} }), app, log, storage: ${JSON.stringify(db)} });
  const user = sim.addUser({ name: 'a', openId: 'ou_a' });
  sim.addChat({ name: 'g', members: ['ou_a'], chatId: 'oc_g' });
  let n = 0;
  setInterval(async () => { n += 1; await sim.say('ou_a', 'oc_g', String(n)); process.stdout.write(n + ' ' + Date.now() + '\\n'); }, 10);
`;

test('a kill loses at most the last second', async () => {
  const { build } = await import('esbuild');
  const source = join(dir, 'talker.ts');
  const bundle = join(process.cwd(), 'node_modules', `.talker-${process.pid}.mjs`);
  const module = (name: string) => join(process.cwd(), 'simulator', name);
  writeFileSync(source, talker(module('simulator.ts'), module('clock.ts'), file));
  await build({
    entryPoints: [source],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const child = spawn(process.execPath, [bundle], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: { n: number; at: number }[] = [];
  await new Promise<void>((done) => {
    child.stdout.on('data', (data: Buffer) => {
      for (const line of data.toString().trim().split('\n')) {
        const [n, at] = line.split(' ').map(Number);
        said.push({ n: n ?? 0, at: at ?? 0 });
      }
      if (said.length >= 150) done();
    });
  });
  child.kill('SIGKILL');
  await new Promise((done) => child.once('exit', done));
  rmSync(bundle);

  const last = said.at(-1) ?? { n: 0, at: 0 };
  const s = await started();
  const kept = s.sim.messages('oc_g').length;
  const owed = said.filter((one) => one.at <= last.at - 1000).length;
  expect(owed).toBeGreaterThan(0);
  expect(kept).toBeGreaterThanOrEqual(owed);
  expect(s.sim.messages('oc_g').map((m) => s.sim.text(m))).toEqual(
    Array.from({ length: kept }, (_, i) => String(i + 1)),
  );
});

test('a county of 2,000 people, 311 groups and 20,000 messages is back for little more than reading its messages', async () => {
  const storage = new Storage({ path: file, beforeFlush: () => undefined, onFailure: () => undefined });
  const card = JSON.stringify({ schema: '2.0', body: { elements: [{ tag: 'markdown', content: '户'.repeat(1000) }] } });
  for (let i = 0; i < 2000; i++)
    storage.put('user', `ou_${i}`, { openId: `ou_${i}`, userId: `u${i}`, unionId: `on_${i}`, name: `人${i}` });
  for (let i = 0; i < 311; i++)
    storage.put('chat', `oc_${i}`, { chatId: `oc_${i}`, type: 'group', members: [`ou_${i}`] });
  for (let i = 0; i < 20_000; i++) {
    storage.put('message', `om_${i}`, {
      messageId: `om_${i}`,
      chatId: `oc_${i % 311}`,
      seq: i,
      type: 'interactive',
      content: card,
      uuid: `k${i}`,
      mentions: [],
    });
  }
  storage.close();
  const computing = async (work: () => unknown) => {
    const began = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(began);
    return user + system;
  };
  const ratios: number[] = []; // the best of three: either may meet other work
  for (let n = 0; n < 3; n++) {
    let s = undefined as unknown as Awaited<ReturnType<typeof scene>>;
    const back = await computing(async () => {
      s = await scene({ storage: file, clock: createVirtualClock({ start: START, paused: true }) });
    });
    expect(s.sim.messages('oc_310').length).toBe(64);
    await s.close();
    const once = JSON.stringify({ content: card });
    ratios.push(
      back / (await computing(() => Array.from({ length: 20_000 }, () => JSON.parse(JSON.parse(once).content)))),
    );
  }
  expect(Math.min(...ratios)).toBeLessThan(8); // about 3
});
