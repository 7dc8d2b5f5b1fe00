// Owns the platform's end of the long connection: who may connect, and which of the open connections gets a payload. What
// a payload means is up to whoever sends it.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Faults } from '../faults.ts';
import type { AppSettings } from '../platform.ts';
import type { Delivered } from '../post.ts';
import { newId } from '../seal.ts';
import { type ClientConfig, Line, type Parcel } from './line.ts';

const most = 50;
const service = 33554678;
const codes = { ok: 0, busy: 1, auth: 514, tooMany: 1000040350 };

export interface GatewayParts {
  readonly app: AppSettings;
  readonly faults: Faults;
}

export class Gateway {
  readonly #p: GatewayParts;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #lines = new Set<Line>();
  readonly #tickets = new Set<string>();
  readonly #stalled = new Set<Duplex>();
  #frames = 0;
  /** The app is set to long connection in the console; else events go to its address. */
  chosen = false;
  config: ClientConfig = { ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30, PingInterval: 120 };
  /** Called when a client has connected. */
  onOpen: () => void = () => undefined;
  /** What the bot answered to the second copy of the last frame that came twice. */
  repeated: Delivered | null = null;

  constructor(parts: GatewayParts) {
    this.#p = parts;
  }

  /** Connections open now. */
  get online(): number {
    return this.#lines.size;
  }

  /** POST /callback/ws/endpoint: where to connect, or why not. `base`: this platform's own address. */
  async endpoint(body: unknown, base: string): Promise<object> {
    const { refuseConnections: refusal } = this.#p.faults;
    if (refusal === 'hang') await new Promise(() => undefined);
    const { AppID, AppSecret } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    if (typeof refusal === 'number') return refused(refusal, refusal === codes.busy ? 'system busy' : 'refused');
    if (AppID !== this.#p.app.appId || AppSecret !== this.#p.app.appSecret) return refused(codes.auth, 'auth failed');
    if (this.#lines.size >= most) return refused(codes.tooMany, 'the number of connections exceeded the limit');
    const ticket = newId('');
    this.#tickets.add(ticket);
    const ids = { fpid: 493, aid: 552564, device_id: 77, access_key: newId(''), service_id: service, ticket };
    const query = Object.entries(ids).map(([name, value]) => `${name}=${value}`);
    const URL = `${base.replace(/^http/, 'ws')}/ws/v2?${query.join('&')}`;
    return { code: codes.ok, msg: '', data: { URL, ClientConfig: this.config } };
  }

  /** A request to become a WebSocket. A ticket opens one connection. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
    if (this.#p.faults.refuseConnections === 'stall')
      return void this.#stalled.add(socket.on('error', () => undefined));
    if (pathname !== '/ws/v2' || !this.#tickets.delete(searchParams.get('ticket') ?? '')) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nhandshake-status: 401\r\nhandshake-msg: invalid ticket\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => {
      const parts = { socket: opened, service, faults: this.#p.faults, config: () => this.config };
      const line: Line = new Line({ ...parts, closed: () => this.#lines.delete(line) });
      this.#lines.add(line);
      this.onOpen();
    });
  }

  /** To one of the open connections, whichever. */
  async deliver(parcel: Parcel): Promise<Delivered> {
    const { faults } = this.#p;
    if (faults.refuseConnections !== null) this.cut(); // who may not connect is not connected any more
    const lines = [...this.#lines];
    const line = lines[Math.floor(Math.random() * lines.length)];
    if (line === undefined) return { ok: false, why: 'nobody' };
    const typed: Parcel = { ...parcel, type: faults.cardFrames ? parcel.type : 'event', messageId: newId('') };
    const sent = line.send(typed);
    this.#frames = faults.cutLines ? this.#frames + 1 : 0;
    if (this.#frames % 2 === 1) line.cut();
    const answer = await sent;
    if (faults.repeatFrames) this.repeated = await line.send(typed);
    return answer;
  }

  /** Every connection breaks off, without a word. */
  cut(): void {
    for (const line of [...this.#lines]) line.cut();
    this.#lines.clear();
  }

  close(): void {
    this.cut();
    for (const socket of this.#stalled) socket.destroy();
    this.#server.close();
  }
}

const refused = (code: number, msg: string): object => ({ code, msg, data: {} });
