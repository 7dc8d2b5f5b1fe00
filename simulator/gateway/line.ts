// Owns one live connection of the bot: pings are answered, a payload goes out in one frame or several, its ack is waited
// for. Knows nothing of which connection gets what.
import type { WebSocket } from 'ws';
import type { Faults } from '../faults.ts';
import type { Delivered } from '../post.ts';
import { newId } from '../seal.ts';
import { decodeFrame, encodeFrame, type Frame } from './frame.ts';

/** What the platform tells its client, seconds; −1: for ever. */
export interface ClientConfig {
  readonly ReconnectCount: number;
  readonly ReconnectInterval: number;
  readonly ReconnectNonce: number;
  readonly PingInterval: number;
}

export interface LineParts {
  readonly socket: WebSocket;
  readonly service: number;
  readonly faults: Faults;
  config(): ClientConfig;
  closed(): void;
}

export interface Parcel {
  readonly plain: string;
  readonly type: 'event' | 'card';
  /** The same one again when the platform repeats itself. */
  readonly messageId?: string;
}

const unacked: Delivered = { ok: false, why: 'unacked' };
const control = 0;
const data = 1;

export class Line {
  readonly #p: LineParts;
  readonly #waiting = new Map<string, (answer: Delivered) => void>();
  #seq = 0;

  constructor(parts: LineParts) {
    this.#p = parts;
    const { socket } = parts;
    socket.on('message', (bytes: Buffer) => this.#heard(bytes));
    socket.on('error', () => undefined); // the close says it all
    socket.on('close', () => {
      parts.closed();
      for (const done of [...this.#waiting.values()]) done(unacked);
    });
  }

  /** Resolves to what the client acked, or to nothing after the deadline or the end of the line. */
  send(parcel: Parcel): Promise<Delivered> {
    const messageId = parcel.messageId ?? newId('');
    return new Promise((done) => {
      const finish = (answer: Delivered) => {
        clearTimeout(deadline);
        this.#waiting.delete(messageId);
        done(answer);
      };
      const deadline = setTimeout(() => finish(unacked), this.#p.faults.deadlineMs);
      this.#waiting.set(messageId, finish);
      if (!this.#p.faults.silentGateway) for (const frame of this.#frames(parcel, messageId)) this.#put(frame);
    });
  }

  cut(): void {
    this.#p.socket.terminate();
  }

  *#frames({ plain, type }: Parcel, messageId: string): Generator<Frame> {
    const bytes = Buffer.from(plain, 'utf8');
    const sum = this.#p.faults.fragments;
    const size = Math.ceil(bytes.length / sum);
    const traceId = newId('');
    for (let seq = 0; seq < sum; seq++) {
      const about = { type, message_id: messageId, sum: String(sum), seq: String(seq), trace_id: traceId };
      const payload = bytes.subarray(seq * size, (seq + 1) * size);
      yield this.#frame(data, Object.entries(about), payload);
    }
  }

  #frame(method: number, headers: Frame['headers'], payload: Uint8Array): Frame {
    this.#seq += 1;
    return { seqId: this.#seq, logId: this.#seq, service: this.#p.service, method, headers, payload };
  }

  #put(frame: Frame): void {
    this.#p.socket.send(encodeFrame(frame));
  }

  #heard(bytes: Buffer): void {
    if (this.#p.faults.silentGateway) return;
    const frame = decodeFrame(bytes);
    const headers = new Map(frame.headers);
    if (frame.method === control && headers.get('type') === 'ping') {
      const config = Buffer.from(JSON.stringify(this.#p.config()));
      return this.#put(this.#frame(control, [['type', 'pong']], config));
    }
    if (frame.method === data) this.#waiting.get(headers.get('message_id') ?? '')?.(acked(frame.payload));
  }
}

/** The answer stands in the ack as base64; without one the handler had nothing to say. */
function acked(payload: Uint8Array): Delivered {
  try {
    const { code, data: answer } = JSON.parse(Buffer.from(payload).toString('utf8')) as { code: number; data?: string };
    const text = answer === undefined ? '{}' : Buffer.from(answer, 'base64').toString('utf8');
    return { ok: true, status: code, text };
  } catch {
    return unacked;
  }
}
