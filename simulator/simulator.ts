// Owns the simulator's door: puts the parts together, listens, and offers what tests, demo and bench do with it.
// A fake Feishu open platform; it knows the wire, never the bot behind it.
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { createApi } from './api.ts';
import { checkCard } from './cardCheck.ts';
import { type Action, Clicks } from './clicks.ts';
import type { VirtualClock } from './clock.ts';
import { type Faults, noFaults } from './faults.ts';
import { Limits } from './limits.ts';
import { createPageApi } from './pageApi.ts';
import { type NewChat, type NewUser, People, type SayOptions, type Upload } from './people.ts';
import type { ApiCall, AppSettings, DemoHooks, Platform, SimulatorLog } from './platform.ts';
import { Courier } from './post.ts';
import { type FormInput, pressed } from './press.ts';
import { Pusher } from './push.ts';
import { newId } from './seal.ts';
import { type Chat, cardOf, plainText, type StoredMessage, type User, World } from './state.ts';
import { servePage } from './static.ts';
import { Storage } from './storage.ts';
import { Tokens } from './tokens.ts';
import type { ClickAnswer } from './wire.ts';

export interface SimulatorOptions {
  readonly clock: VirtualClock;
  readonly app: AppSettings;
  /** http://127.0.0.1:PORT/webhook/event; '' until setBotUrl. */
  readonly botUrl?: string;
  /** Strict card profile (default true), or what the platform tolerates. */
  readonly strict?: boolean;
  readonly log: SimulatorLog;
  /** File that keeps the world over restarts; absent = memory. */
  readonly storage?: string;
  /** The built web page, served at /. */
  readonly pageDir?: string;
  readonly demo?: DemoHooks;
}

export interface Said {
  readonly eventId: string;
  readonly messageId: string;
}

type Pressing = [openId: string, messageId: string, label: string, form?: FormInput];

export class Simulator {
  readonly #platform: Platform;
  readonly #people: People;
  readonly #storage: Storage | null;
  readonly #server: Server;
  readonly #closePage: () => void;
  #url = '';

  constructor(o: SimulatorOptions) {
    const built = build(o);
    this.#platform = built.platform;
    this.#storage = built.storage;
    const { world, pusher, clock, faults, tenantKey } = built.platform;
    this.#people = new People({ world, pusher, clock, faults, tenantKey });
    const page = createPageApi({ platform: this.#platform, people: this.#people, demo: o.demo ?? null });
    this.#closePage = page.close;
    const app = new Hono();
    app.route('/open-apis', createApi(this.#platform));
    app.route('/sim', page.app);
    app.get('*', servePage(o.pageDir ?? null));
    app.onError((error, c) => {
      o.log.warn('the simulator itself failed', { path: c.req.path, error: String(error.stack ?? error) });
      return c.json({ code: 1000005, msg: 'internal error' }, 500);
    });
    this.#server = createServer(getRequestListener(app.fetch));
  }

  /** port 0 = any free one. Resolves to the url. */
  listen(host: string, port: number): Promise<string> {
    return new Promise((done, fail) => {
      this.#server.once('error', fail);
      this.#server.listen(port, host, () => {
        const { port: real } = this.#server.address() as AddressInfo;
        this.#url = `http://${host.includes(':') ? `[${host}]` : host}:${real}`;
        done(this.#url);
      });
    });
  }

  /** Base for the bot's LARK_BASE_URL; '' before listen. */
  get url(): string {
    return this.#url;
  }

  get clock(): VirtualClock {
    return this.#platform.clock;
  }

  /** Switches; set them at any time. */
  get faults(): Faults {
    return this.#platform.faults;
  }

  /** API calls the bot made, newest last, at most 5,000. */
  get calls(): readonly ApiCall[] {
    return this.#platform.calls;
  }

  get bot(): { readonly openId: string; readonly name: string } {
    return this.#platform.world.bot;
  }

  /** Why the last failed click failed, in words. */
  get lastProblem(): string {
    return this.#platform.clicks.lastProblem;
  }

  setBotUrl(url: string): void {
    this.#platform.botUrl = url;
    if (url !== '') this.#platform.pusher.release();
  }

  /** What saving the request URL does: true when the bot echoed the challenge within 1 s. */
  async challenge(token: string = this.#platform.app.verificationToken): Promise<boolean> {
    const { pusher, faults } = this.#platform;
    const challenge = newId('');
    const plain = JSON.stringify({ challenge, token, type: 'url_verification' });
    const before = Date.now();
    const answer = await pusher.deliver(plain, { signed: faults.signChallenge });
    if (!answer.ok || answer.status !== 200 || Date.now() - before > 1000) return false;
    return answer.text.replace(/\s/g, '') === JSON.stringify({ challenge });
  }

  addUser(o: NewUser): User {
    return this.#people.addUser(o);
  }
  addChat(o: NewChat): Chat {
    return this.#people.addChat(o);
  }
  /** Person by open_id; its `reachable` and `stoppedBot` may be switched. */
  user(openId: string): User | undefined {
    return this.#platform.world.users.get(openId);
  }
  /** Chat by id; its `atAll` may be switched. */
  chat(chatId: string): Chat | undefined {
    return this.#platform.world.chats.get(chatId);
  }
  addBot(chatId: string, operatorOpenId: string): string {
    return this.#people.addBot(chatId, operatorOpenId);
  }
  removeBot(chatId: string, operatorOpenId: string): string {
    return this.#people.removeBot(chatId, operatorOpenId);
  }
  dissolve(chatId: string): string {
    return this.#people.dissolve(chatId);
  }
  openP2p(openId: string): string {
    return this.#people.openP2p(openId);
  }
  recall(openId: string, messageId: string): void {
    this.#people.recall(openId, messageId);
  }

  /** Says it now; the event travels in the background (`idle` waits for it). */
  async say(...said: [openId: string, chatId: string, text: string, options?: SayOptions]): Promise<Said> {
    return this.#people.say(...said);
  }

  /** A picture or a file from a person. */
  async send(openId: string, chatId: string, upload: Upload): Promise<Said> {
    return this.#people.send(openId, chatId, upload);
  }

  /** A raw click, as the page's component produced it. */
  click(openId: string, messageId: string, action: Action): Promise<ClickAnswer> {
    return this.#platform.clicks.click(openId, messageId, action);
  }

  /**
   * Presses the button that says `label`, with a form filled by label or name. Throws ClientRefusal as the client would.
   */
  async press(...[openId, messageId, label, form]: Pressing): Promise<ClickAnswer> {
    return this.click(openId, messageId, pressed(this.card(messageId), label, form));
  }

  /** All of a chat, recalled and system ones included, in order. */
  messages(chatId: string): readonly StoredMessage[] {
    return this.#platform.world.messagesOf(chatId);
  }

  /** The card a message now shows. */
  card(messageId: string): Record<string, unknown> | null {
    const message = this.#platform.world.message(messageId);
    return message === null || message.recalled ? null : cardOf(message);
  }

  /** What a text message says, mention keys replaced by @name. */
  text(message: StoredMessage): string {
    return plainText(message);
  }

  /** All pushes delivered or failed; retries that wait for virtual time do not count. */
  idle(): Promise<void> {
    return this.#platform.pusher.idle();
  }

  /** Every token the bot holds stops working. */
  revokeTokens(): void {
    this.#platform.tokens.revokeAll();
  }

  /** Everything anew: no people, chats, messages; the clock at `start`. */
  wipe(start: number): void {
    this.#platform.world.wipe();
    this.#platform.uuids.clear();
    this.#storage?.wipe();
    this.#platform.clock.reset(start);
  }

  async close(): Promise<void> {
    this.#closePage();
    await this.idle();
    this.#platform.courier.close();
    this.#storage?.close();
    if (!this.#server.listening) return;
    await new Promise<void>((done) => {
      this.#server.close(() => done());
      this.#server.closeAllConnections();
    });
  }
}

function build(o: SimulatorOptions): { platform: Platform; storage: Storage | null } {
  const { app, clock, log } = o;
  const seed = (text: string) => createHash('sha256').update(text).digest('hex');
  const tenantKey = seed(`tenant ${app.appId}`).slice(0, 16);
  const world = new World({ openId: `ou_${seed(`bot ${app.appId}`).slice(0, 32)}`, name: app.name });
  const faults = noFaults();
  const courier = new Courier();
  const storage = o.storage === undefined ? null : openStorage({ path: o.storage, clock, log });
  const keep = (key: string, push: unknown) => storage?.put('push', key, push);
  const botUrl = () => platform.botUrl;
  const pusher = new Pusher({ app, tenantKey, clock, faults, courier, log, botUrl, keep });
  const strict = o.strict ?? true;
  const check = (card: unknown, chat: Chat) => checkCard({ strict, world }, card, chat);
  const clicks = new Clicks({ app, tenantKey, clock, faults, world, pusher, log, botUrl, check });
  const parts = { app, tenantKey, clock, log, strict, world, faults, courier, pusher, clicks };
  const fresh = { limits: new Limits(clock), tokens: new Tokens(), calls: [], uuids: new Map<string, StoredMessage>() };
  const platform: Platform = { ...parts, ...fresh, botUrl: o.botUrl ?? '' };
  if (storage !== null) resume(platform, storage);
  return { platform, storage };
}

function openStorage(o: { path: string; clock: VirtualClock; log: SimulatorLog }): Storage {
  const { clock, log } = o;
  let kept = '';
  const beforeFlush = () => {
    const row = { now: clock.now(), paused: clock.paused, speed: clock.speed };
    if (JSON.stringify(row) === kept) return;
    kept = JSON.stringify(row);
    storage.put('clock', '', row);
  };
  const onFailure = (error: unknown) =>
    log.warn('the simulator could not write its file yet', { error: String(error) });
  const storage = new Storage({ path: o.path, beforeFlush, onFailure });
  return storage;
}

/** Puts the stored world back, goes on from its clock, and delivers what was not delivered. */
function resume(p: Platform, storage: Storage): void {
  const kept = storage.load();
  for (const thing of kept.things) {
    p.world.restore(thing);
    if (thing.kind === 'message' && thing.value.uuid !== null) p.uuids.set(thing.value.uuid, thing.value);
  }
  if (kept.clock !== null) {
    void p.clock.advanceTo(kept.clock.now);
    if (kept.clock.paused) p.clock.pause();
    else p.clock.play(kept.clock.speed);
  }
  p.world.onChange((thing) => storage.put(thing.kind, thing.id, thing.value));
  p.pusher.hold(kept.pushes);
  if (p.botUrl !== '') p.pusher.release();
}

/** Ready to `listen`. */
export async function startSimulator(o: SimulatorOptions): Promise<Simulator> {
  return new Simulator(o);
}
