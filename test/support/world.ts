// Owns a small county for tests: temp-file database with the real migrations, the real import, the simulator and the bot
// over HTTP, a clock the test sets, people with fixed roles. Nothing is shared between two worlds.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Engine, Value } from '../../db/engine.ts';
import { openLocal } from '../../db/local.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import type { FormInput } from '../../simulator/press.ts';
import { Simulator } from '../../simulator/simulator.ts';
import type { StoredMessage } from '../../simulator/state.ts';
import type { ClickAnswer } from '../../simulator/wire.ts';
import { asSample, type Campaign } from '../../src/domain/campaign.ts';
import { hoursOfAll, maySpeak } from '../../src/domain/slots.ts';
import { type RunningBot, startBot } from '../../src/nodeServer.ts';
import type { Log } from '../../src/ports.ts';
import { createVault } from '../../src/vault.ts';
import { copySeed, dataKey, start, type WorldOptions } from './countyFile.ts';
import { demoOf, notes } from './demo.ts';
import { newFolder } from './folder.ts';
import { type GroupWatch, watchGroups } from './groupWatch.ts';
import { daaGroup, jinxingGroup, names, people, rosterRows, secondGroup, townGroup, type Who } from './people.ts';
import { startRelay } from './relay.ts';
import { xinfeng } from './xinfeng.ts';

const app = {
  appId: 'cli_a1b2c3d4e5f60718',
  appSecret: 'secret-of-the-test-app',
  encryptKey: 'encrypt-key-of-the-test',
  verificationToken: 'verification-token-of-the-test',
  name: '回头看助手',
};

/** What is due later than this waits for the story to go on. */
const farAway = 20_000;

export interface TestWorld {
  readonly sim: Simulator;
  readonly clock: VirtualClock;
  readonly running: RunningBot;
  /** The database's file. */
  readonly path: string;
  /** The first one loaded. */
  readonly campaign: Campaign;
  /** All pushes, background work and due messages done; moves the clock by up to a few seconds when sends must wait. */
  settle(): Promise<void>;
  /** The clock goes on to this instant, and everything that was waiting for it happens. */
  until(iso: string): Promise<void>;
  /** Says it with @bot; `at` = when it was said, for messages that come late. */
  says(who: Who, chatId: string, text: string, at?: string): Promise<void>;
  /** Says it in private; resolves to the bot's newest message there. */
  asks(who: Who, text: string, at?: string): Promise<StoredMessage>;
  taps(who: Who, message: StoredMessage, label: string, form?: FormInput): Promise<ClickAnswer>;
  /** Messages of the bot in a chat, newest last. */
  heard(chatId: string): StoredMessage[];
  last(chatId: string): StoredMessage;
  privateChat(who: Who): string;
  /** Everything a message says, card or text, as one string, entities decoded. */
  reads(message: StoredMessage): string;
  /** Rows of the database, straight from the file. */
  rows(sql: string, ...args: Value[]): Promise<Value[][]>;
  /** Stops the bot and starts another one on the same file. */
  restart(): Promise<void>;
  /** Starts one more bot on the same file, which nobody is told of; it stops with the world. */
  beside(settings?: { allowance: number }): Promise<RunningBot>;
  /** What the platform sends during `run` reaches the bot twice, byte for byte; resolves to its last second answer. */
  twice(run: () => Promise<unknown>): Promise<unknown>;
  /** Failures logged so far were part of the story. */
  forgives(): void;
  /** What holds after every story: tallies equal a full count, groups saw no secret, nothing failed. Then closes. */
  end(): Promise<void>;
  close(): Promise<void>;
}

function populate(sim: Simulator, campaigns: readonly Campaign[]): void {
  for (const [who, openId] of Object.entries(people))
    sim.addUser({ name: names[who as Who], note: notes[who as Who], openId });
  const { cadre, colleague, clerk, stranger, neighbour, office, leader } = people;
  const groups = [
    { name: '大阿村回头看工作群', members: [cadre, colleague, clerk, stranger, neighbour, office], chatId: daaGroup },
    { name: '金星村工作群', members: [neighbour, clerk], chatId: jinxingGroup },
    { name: '大阿镇工作群', members: [clerk, office, leader, cadre], chatId: townGroup },
  ];
  for (const group of groups) sim.addChat(group);
  const second = { name: '大阿村第二个工作群', members: [cadre, colleague, clerk, stranger, neighbour, office] };
  if (campaigns.length > 1) sim.addChat({ ...second, chatId: secondGroup });
}

class Inhabited implements TestWorld {
  readonly clock: VirtualClock;
  readonly campaign: Campaign;
  readonly campaigns: readonly Campaign[];
  readonly sim: Simulator;
  readonly dir: string;
  readonly path: string;
  readonly watch: GroupWatch;
  readonly failures: string[] = [];
  readonly transport: 'webhook' | 'websocket';
  #engine: Engine | null = null;
  #running: RunningBot | null = null;
  readonly #others: RunningBot[] = [];

  constructor(options: WorldOptions, campaigns: readonly [Campaign, ...Campaign[]]) {
    this.clock = new VirtualClock({ start: options.at ? Date.parse(options.at) : start, paused: true });
    this.transport = options.transport ?? (process.env.LONG_CONNECTION ? 'websocket' : 'webhook');
    this.campaigns = campaigns;
    this.campaign = campaigns[0];
    const page = options.page === undefined ? {} : { pageDir: options.page };
    const demo = options.demo ? { demo: demoOf(this.campaign, () => this.running.bot.tick()) } : {};
    this.sim = new Simulator({ clock: this.clock, app, log: this.#log(), ...page, ...demo });
    this.dir = newFolder('lookback');
    this.path = join(this.dir, 'world.db');
    this.watch = watchGroups(this.sim, [...rosterRows, ...(options.households ?? [])], campaigns);
  }

  /** Says nothing; keeps what went wrong for the end of the story. */
  #log(): Log {
    const error = (message: string, fields?: Record<string, unknown>) =>
      void this.failures.push(`${message} ${JSON.stringify(fields)}`);
    return { debug() {}, info() {}, warn() {}, error };
  }

  get running(): RunningBot {
    if (!this.#running) throw new Error('the bot is not running');
    return this.#running;
  }

  async startBot(): Promise<void> {
    const engine = await openLocal(this.path);
    this.#engine = engine;
    this.#running = await this.#bot(engine, {});
    if (this.transport === 'websocket') this.sim.useLongConnection();
    else this.sim.setBotUrl(`${this.#running.url}/webhook/event`);
    await this.#running.connection?.opened();
  }

  async #bot(engine: Engine, more: object): Promise<RunningBot> {
    const settings = {
      engine,
      clock: this.clock,
      log: this.#log(),
      baseUrl: this.sim.url,
      transport: this.transport,
      rehearsal: false,
      allowance: 1000,
      spacing: { now: () => this.clock.now() },
      openSealed: (await createVault(dataKey)).open,
    };
    const secrets = { id: app.appId, secret: app.appSecret, ...app };
    return startBot({ ...settings, ...more, app: secrets }, '127.0.0.1', 0);
  }

  async beside(settings: object = {}): Promise<RunningBot> {
    const bot = await this.#bot(await openLocal(this.path), settings);
    this.#others.push(bot);
    return bot;
  }

  async restart(): Promise<void> {
    await this.running.stop();
    await this.startBot();
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 40; round++) {
      await this.sim.idle();
      await this.running.settled();
      await this.running.bot.deliver();
      this.watch.look();
      const { nextDueAt } = await this.running.store.outboxState();
      if (nextDueAt === null || nextDueAt > this.clock.now() + farAway) return;
      if (await this.#onlyRests()) return;
      await this.clock.advanceBy(500);
    }
    throw new Error('the world does not come to rest');
  }

  /** All that is left waits for working hours. */
  async #onlyRests(): Promise<boolean> {
    const left = await this.rows("select count(*) from outbox where state = 'due' and proactive = 0");
    return left[0]?.[0] === 0 && !maySpeak(this.clock.now(), hoursOfAll(this.campaigns, this.campaign.zone));
  }

  async until(iso: string): Promise<void> {
    await this.clock.advanceTo(Date.parse(iso));
    await this.running.bot.tick();
    await this.settle();
  }

  async says(...[who, chatId, text, at]: Parameters<TestWorld['says']>): Promise<void> {
    const late = at === undefined ? {} : { createdAt: Date.parse(at) };
    const group = this.sim.chat(chatId)?.type === 'group';
    await this.sim.say(people[who], chatId, text, { mentionBot: group, ...late });
    await this.settle();
  }

  async asks(...[who, text, at]: Parameters<TestWorld['asks']>): Promise<StoredMessage> {
    const chat = this.privateChat(who);
    await this.says(who, chat, text, at);
    return this.last(chat);
  }

  async taps(...[who, message, label, form]: Parameters<TestWorld['taps']>): Promise<ClickAnswer> {
    const answer = await this.sim.press(people[who], message.messageId, label, form);
    this.watch.look();
    await this.settle();
    return answer;
  }

  heard(chatId: string): StoredMessage[] {
    return this.sim.messages(chatId).filter((m) => m.from.bot && m.type !== 'system' && !m.recalled);
  }

  last(chatId: string): StoredMessage {
    const message = this.heard(chatId).at(-1);
    if (!message) throw new Error('the bot said nothing here');
    return message;
  }

  privateChat(who: Who): string {
    return this.sim.openP2p(people[who]);
  }

  reads(message: StoredMessage): string {
    const text = message.type === 'text' ? this.sim.text(message) : JSON.stringify(this.sim.card(message.messageId));
    return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  }

  async rows(sql: string, ...args: Value[]): Promise<Value[][]> {
    if (!this.#engine) throw new Error('no database');
    return this.#engine.read(sql, args);
  }

  async twice(run: () => Promise<unknown>): Promise<unknown> {
    if (this.transport === 'websocket') return this.#twiceOverLine(run);
    const target = `${this.running.url}/webhook/event`;
    const relay = await startRelay(target);
    this.sim.setBotUrl(relay.url);
    await run();
    this.sim.setBotUrl(target);
    await relay.close();
    await this.settle();
    return relay.second();
  }

  async #twiceOverLine(run: () => Promise<unknown>): Promise<unknown> {
    this.sim.faults.repeatFrames = true;
    await run();
    this.sim.faults.repeatFrames = false;
    const { repeated } = this.sim.gateway;
    return repeated?.ok ? JSON.parse(repeated.text) : repeated;
  }

  forgives(): void {
    this.failures.length = 0;
  }

  async end(): Promise<void> {
    try {
      this.watch.look();
      const { store } = this.running;
      for (const { id } of this.campaigns) {
        const full = await store.fullCount(id);
        const sql =
          'select village_code, section, state, n from tally where n <> 0 and campaign_id = ? order by 1, 2, 3';
        const counted = full.map((t) => [t.areaCode, t.section, t.state, t.n]);
        expect(await this.rows(sql, id), 'tallies equal a full count').toEqual(counted.sort());
      }
      const stored = await this.rows(
        "select e.after ->> '$.answers', defer_reason from screening c left join event e on e.id = c.answers_event " +
          'union all select draft, null from sitting',
      );
      expect(this.watch.leaks(stored), 'groups saw no secret').toEqual([]);
      expect(this.failures, 'nothing failed on the way').toEqual([]);
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    for (const bot of this.#others) await bot.stop();
    await this.#running?.stop();
    await this.sim.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export async function newWorld(options: WorldOptions = {}): Promise<TestWorld> {
  const [first = asSample(xinfeng()), ...more] = options.campaigns ?? [];
  const campaigns = [first, ...more] as const;
  const world = new Inhabited(options, campaigns);
  await copySeed(options, campaigns, world.path);
  populate(world.sim, campaigns);
  await world.sim.listen('127.0.0.1', 0);
  await world.startBot();
  return world;
}
