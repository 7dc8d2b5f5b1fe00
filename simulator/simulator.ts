// Owns the simulator's door: puts the parts together, listens, and offers what tests, demo and bench do with it.
// A fake Feishu open platform; it knows the wire, never the bot behind it.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { createApi } from './api.ts';
import { assemble } from './assemble.ts';
import type { Action } from './clicks.ts';
import type { VirtualClock } from './clock.ts';
import type { Faults } from './faults.ts';
import { Forward } from './forward.ts';
import type { Gateway } from './gateway/gateway.ts';
import { createPageApi } from './pageApi.ts';
import { type NewChat, type NewUser, People, type SayOptions, type Upload } from './people.ts';
import type { ApiCall, AppSettings, DemoHooks, Platform, SimulatorLog } from './platform.ts';
import { type FormInput, pressed } from './press.ts';
import { newId } from './seal.ts';
import { type Chat, cardOf, plainText, type StoredMessage, type User } from './state.ts';
import { servePage } from './static.ts';
import type { Storage } from './storage.ts';
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
  /** Going through time quickly. */
  readonly forward: Forward;
  readonly #closePage: () => void;
  #url = '';

  constructor(o: SimulatorOptions) {
    const built = assemble(o);
    this.#platform = built.platform;
    this.#storage = built.storage;
    const { world, pusher, clock, faults, tenantKey } = built.platform;
    this.#people = new People({ world, pusher, clock, faults, tenantKey });
    const demo = o.demo ?? null;
    const { calls } = built.platform;
    this.forward = new Forward({ clock, work: async () => demo?.minute(), heard: () => calls.at(-1) });
    const page = createPageApi({ platform: this.#platform, people: this.#people, demo, forward: this.forward });
    this.#closePage = page.close;
    const app = new Hono();
    app.route('/open-apis', createApi(this.#platform));
    app.route('/sim', page.app);
    const { gateway } = this.#platform;
    gateway.onOpen = () => pusher.release();
    app.post('/callback/ws/endpoint', async (c) => {
      const body: unknown = await c.req.json().catch(() => null);
      return c.json(await gateway.endpoint(body, this.#url));
    });
    app.get('*', servePage(o.pageDir ?? null));
    app.onError((error, c) => {
      o.log.warn('the simulator itself failed', { path: c.req.path, error: String(error.stack ?? error) });
      return c.json({ code: 1000005, msg: 'internal error' }, 500);
    });
    this.#server = createServer(getRequestListener(app.fetch));
    this.#server.on('upgrade', (request, socket, head) => gateway.upgrade(request, socket, head));
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

  /** The platform's end of the long connection. */
  get gateway(): Gateway {
    return this.#platform.gateway;
  }

  /** The time rate limits are counted in, ms: real or virtual, whichever moves further. */
  limitTime(): number {
    return this.#platform.limits.now();
  }

  /** What choosing 「使用长连接接收」 in the console does. */
  useLongConnection(): void {
    this.#platform.gateway.chosen = true;
  }

  /** What setting a request URL in the console does; '' = none. */
  setBotUrl(url: string): void {
    this.#platform.gateway.chosen = false;
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
    await this.forward.stop();
    this.#closePage();
    await this.idle();
    this.#platform.courier.close();
    this.#platform.gateway.close();
    this.#storage?.close();
    if (!this.#server.listening) return;
    await new Promise<void>((done) => {
      this.#server.close(() => done());
      this.#server.closeAllConnections();
    });
  }
}

/** Ready to `listen`. */
export async function startSimulator(o: SimulatorOptions): Promise<Simulator> {
  return new Simulator(o);
}
