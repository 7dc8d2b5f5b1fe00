// Owns a small county for tests: temp-file database with the real migrations, the real import, the simulator and the bot
// over HTTP, a clock the test sets, people with fixed roles. Nothing is shared between two worlds.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocal } from '../../db/local.ts';
import { migrations } from '../../db/migrations.gen.ts';
import { createStore } from '../../db/store.ts';
import { importStore } from '../../db/storeImport.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import type { FormInput } from '../../simulator/press.ts';
import { Simulator } from '../../simulator/simulator.ts';
import type { StoredMessage } from '../../simulator/state.ts';
import type { ClickAnswer } from '../../simulator/wire.ts';
import { asSample, type Campaign } from '../../src/domain/campaign.ts';
import type { Table } from '../../src/domain/importTable.ts';
import { newId } from '../../src/newId.ts';
import { type RunningBot, startBot } from '../../src/nodeServer.ts';
import type { Log } from '../../src/ports.ts';
import { parseCampaign } from '../../src/sheets/campaignFile.ts';
import { createImports } from '../../src/usecases/imports.ts';
import { createVault, newDataKey } from '../../src/vault.ts';

export const app = {
  appId: 'cli_a1b2c3d4e5f60718',
  appSecret: 'secret-of-the-test-app',
  encryptKey: 'encrypt-key-of-the-test',
  verificationToken: 'verification-token-of-the-test',
  name: '回头看助手',
};

export const start = Date.parse('2023-07-12T08:30:00+08:00');

/** open_ids by who they are. */
export const people = {
  cadre: 'ou_00000000000000000000000000000001', // 王例, 大阿村 村干部
  colleague: 'ou_00000000000000000000000000000002', // 李样, 大阿村 驻村工作队
  neighbour: 'ou_00000000000000000000000000000003', // 张示, 金星村 村干部
  clerk: 'ou_00000000000000000000000000000004', // 陈例, 大阿镇 乡镇干部
  office: 'ou_00000000000000000000000000000005', // 周样, 县办
  leader: 'ou_00000000000000000000000000000006', // 刘示, 县领导
  stranger: 'ou_00000000000000000000000000000007', // in a group, not in the people file
} as const;
export type Who = keyof typeof people;

const names: Record<Who, string> = { cadre: '王例', colleague: '李样', neighbour: '张示', clerk: '陈例', office: '周样', leader: '刘示', stranger: '外人' };

export const daa = '360722108200'; // 大阿村
export const jinxing = '360722108201'; // 金星村
export const daaGroup = 'oc_000000000000000000000000000000a1';
export const jinxingGroup = 'oc_000000000000000000000000000000a2';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

export const sampleCampaign = (): Campaign => {
  const parsed = parseCampaign(readFileSync('campaigns/xinfeng-2023-13.yaml', 'utf8'), 'xinfeng-2023-13.yaml');
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  return asSample(parsed.campaign);
};

/** A table as the readers give it. */
export function tableOf(rows: readonly Readonly<Record<string, string>>[]): Table {
  const columns = [...new Set(rows.flatMap((r) => Object.keys(r)))];
  const cells = [columns, ...rows.map((r) => columns.map((c) => r[c] ?? ''))];
  return { sheets: [{ name: 'Sheet1', rows: cells.map((c, i) => ({ row: i + 1, cells: c })) }] };
}

function areaRows(): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync('campaigns/xinfeng_orgs.csv', 'utf8').replace(/^\ufeff/, '').trim().split(/\r?\n/);
  const columns = head.split(',');
  return lines.map((l) => Object.fromEntries(l.split(',').map((v, i) => [columns[i] ?? '', v]))).filter((r) => r.乡镇 === '大阿镇' || r.乡镇 === '油山镇');
}

const roleRows = [
  { 姓名: '王例', 角色: '村干部', 区划代码: daa, open_id: people.cadre },
  { 姓名: '李样', 角色: '驻村工作队', 区划代码: daa, open_id: people.colleague },
  { 姓名: '张示', 角色: '村干部', 区划代码: jinxing, open_id: people.neighbour },
  { 姓名: '陈例', 角色: '乡镇干部', 区划代码: '360722108', open_id: people.clerk },
  { 姓名: '周样', 角色: '县办', 区划代码: '360722', open_id: people.office },
  { 姓名: '刘示', 角色: '县领导', 区划代码: '360722', open_id: people.leader },
];

const base = { 区划代码: daa, 组: '1组', 家庭人口数: '3', 户类型: '一般农户' };
/** Six ordinary (short), one key group (full), one active, one safety net, one eliminated; then four of 金星村. */
export const rosterRows: readonly Readonly<Record<string, string>>[] = [
  ...['赵一例', '钱二样', '孙三示', '李四例', '周五样', '吴六示'].map((n, i) => ({ ...base, 户编码: `大阿-01-00${i + 1}`, 户主姓名: n })),
  { ...base, 户编码: '大阿-01-007', 户主姓名: '欧阳七例', 户类型: '脱贫户', 八类人员: '脱贫户' },
  { ...base, 户编码: '大阿-01-008', 户主姓名: '郑八样', 户类型: '脱贫户', 监测对象类别: '脱贫不稳定户', 识别时间: '2023-01-10', 主要风险: '因病', 风险是否已消除: '否' },
  { ...base, 户编码: '大阿-01-009', 户主姓名: '王九示', 监测对象类别: '边缘易致贫户', 识别时间: '2022-05-10', 主要风险: '因残', 风险是否已消除: '否', 整户无劳动能力标注: '是' },
  { ...base, 户编码: '大阿-01-010', 户主姓名: '冯十例', 监测对象类别: '边缘易致贫户', 识别时间: '2021-05-10', 主要风险: '因学', 风险是否已消除: '是', 消除时间: '2022-11-20', 消除方式: '帮扶消除' },
  ...['陈甲例', '褚乙样', '卫丙示', '蒋丁例'].map((n, i) => ({ ...base, 区划代码: jinxing, 户编码: `金星-01-00${i + 1}`, 户主姓名: n })),
];

export interface TestWorld {
  readonly sim: Simulator;
  readonly clock: VirtualClock;
  readonly running: RunningBot;
  readonly campaign: Campaign;
  readonly path: string;
  /** All pushes, background work and due messages done; moves the clock by up to a few seconds when sends must wait. */
  settle(): Promise<void>;
  says(who: Who, chatId: string, text: string): Promise<void>;
  /** Says it in private. */
  asks(who: Who, text: string): Promise<StoredMessage>;
  taps(who: Who, message: StoredMessage, label: string, form?: FormInput): Promise<ClickAnswer>;
  /** Messages of the bot in a chat, newest last. */
  heard(chatId: string): StoredMessage[];
  last(chatId: string): StoredMessage;
  privateChat(who: Who): string;
  /** Everything a message says, card or text, as one string. */
  reads(message: StoredMessage): string;
  close(): Promise<void>;
}

async function seed(path: string, clock: VirtualClock, campaign: Campaign) {
  const engine = await openLocal(path);
  await engine.migrate(migrations);
  const vault = await createVault(newDataKey());
  const imports = createImports({ store: importStore(engine), vault, clock, newId });
  await imports.areas(tableOf(areaRows()));
  for (const [kind, rows] of [['people', roleRows], ['households', rosterRows]] as const) {
    const report = await imports[kind](tableOf(rows));
    if (report.refused.length > 0) throw new Error(JSON.stringify(report.refused));
  }
  const store = createStore(engine);
  await store.loadCampaign(campaign, 'hash-1', clock.now());
  const loaded = await store.campaign(campaign.id);
  if (loaded) await imports.enrolAll(loaded);
  return engine;
}

export async function newWorld(options: { at?: number } = {}): Promise<TestWorld> {
  const dir = mkdtempSync(join(tmpdir(), 'lookback-'));
  const path = join(dir, 'world.db');
  const clock = new VirtualClock({ start: options.at ?? start, paused: true });
  const campaign = sampleCampaign();
  const engine = await seed(path, clock, campaign);
  const sim = new Simulator({ clock, app, log: silent });
  for (const [who, openId] of Object.entries(people)) sim.addUser({ name: names[who as Who], openId });
  const { cadre, colleague, clerk, stranger, neighbour } = people;
  sim.addChat({ name: '大阿村回头看工作群', members: [cadre, colleague, clerk, stranger], chatId: daaGroup });
  sim.addChat({ name: '金星村工作群', members: [neighbour, clerk], chatId: jinxingGroup });
  const baseUrl = await sim.listen('127.0.0.1', 0);
  const settings = { engine, clock, log: silent, baseUrl, rehearsal: false };
  const running = await startBot({ ...settings, app: { id: app.appId, secret: app.appSecret, ...app } }, '127.0.0.1', 0);
  sim.setBotUrl(`${running.url}/webhook/event`);

  const settle = async () => {
    for (let round = 0; round < 40; round++) {
      await sim.idle();
      await running.settled();
      await running.bot.deliver();
      const { due } = await running.store.outboxState();
      if (due === 0) return;
      await clock.advanceBy(500);
    }
    throw new Error('the world does not come to rest');
  };
  const heard = (chatId: string) => sim.messages(chatId).filter((m) => m.from.bot && !m.recalled);
  const last = (chatId: string) => {
    const message = heard(chatId).at(-1);
    if (!message) throw new Error('the bot said nothing here');
    return message;
  };
  return {
    sim,
    clock,
    running,
    campaign,
    path,
    settle,
    heard,
    last,
    privateChat: (who) => sim.openP2p(people[who]),
    async says(who, chatId, text) {
      await sim.say(people[who], chatId, text, { mentionBot: true });
      await settle();
    },
    async asks(who, text) {
      const chat = sim.openP2p(people[who]);
      await sim.say(people[who], chat, text);
      await settle();
      return last(chat);
    },
    async taps(who, message, label, form) {
      const answer = await sim.press(people[who], message.messageId, label, form);
      await settle();
      return answer;
    },
    reads: (message) => (message.type === 'text' ? sim.text(message) : JSON.stringify(sim.card(message.messageId))),
    async close() {
      await running.stop();
      await sim.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
