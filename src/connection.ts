// Owns keeping one long connection open for as long as the bot runs, and what comes over it: payload in, answer or ack
// out. Silence is an end, every end is followed by another attempt, for ever. Knows the wire only as src/feishu/ shows it.
import { fromWire } from '../cards/wire.ts';
import { answerClick, clickMs, type Doors, repair, storeEvent } from './doors.ts';
import { type Json, parseObject } from './feishu/events.ts';
import { readEnvelope } from './feishu/inbound.ts';
import { type Line, NotConnected, type OpenLine } from './feishu/longConnection.ts';
import type { Gauge } from './metrics.ts';
import type { Clock } from './ports.ts';

export interface Timing {
  /** How often the other side is asked for a sign of life. */
  readonly pingMs: number;
  /** A connection without any frame for this long is dead. */
  readonly silenceMs: number;
  /** The pause before an attempt doubles from `pauseMs` up to `longestPauseMs`, each half chance. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
  /** How long an attempt may take: to hear where to connect, and to connect there. */
  readonly bootstrapMs: number;
  readonly handshakeMs: number;
}

export const usualTiming: Timing = {
  pingMs: 30_000,
  silenceMs: 85_000,
  pauseMs: 1000,
  longestPauseMs: 60_000,
  bootstrapMs: 8000,
  handshakeMs: 8000,
};

/** From the last frame of a connection that fell silent until the next one is open, at the latest; ms. */
export const deafAtMost = (t: Timing): number => t.silenceMs + t.pauseMs + t.bootstrapMs + t.handshakeMs;

/** ms before the n-th attempt in a row (from 1). `chance`: 0 to 1. */
export function pauseBefore(attempt: number, t: Timing, chance: number): number {
  const longest = Math.min(t.pauseMs * 2 ** Math.min(attempt - 1, 16), t.longestPauseMs);
  return Math.round(longest / 2 + (longest / 2) * chance);
}

export interface ConnectionDeps {
  readonly doors: Doors;
  readonly open: OpenLine;
  readonly appId: string;
  readonly clock: Clock;
  readonly timing: Timing;
}

/** What one connection leaves behind: cards of clicks that were answered over it without any frame since. */
interface Session {
  ended: boolean;
  readonly unsure: Map<string, () => Promise<void>>;
}

export class Connection {
  readonly #d: ConnectionDeps;
  readonly #running = new Set<Promise<unknown>>();
  #ran: Promise<void> = Promise.resolve();
  readonly #halted: Promise<null>;
  #halt: () => void = () => undefined;
  #line: Line | null = null;
  #stopping = false;
  #opens = 0;
  #heardAt = 0;
  #waiters: (() => void)[] = [];

  constructor(deps: ConnectionDeps) {
    this.#d = deps;
    this.#halted = new Promise((done) => {
      this.#halt = () => done(null);
    });
  }

  /** Opens the first one, and the next whenever one has ended, until `stop`. */
  start(): void {
    this.#ran = this.#run();
  }

  get isOpen(): boolean {
    return this.#line !== null;
  }

  /** Resolves when a connection is open, at once when one is. */
  opened(): Promise<void> {
    return this.isOpen ? Promise.resolve() : new Promise((done) => void this.#waiters.push(done));
  }

  gauges(): Gauge[] {
    const silence = this.isOpen ? Math.round((performance.now() - this.#heardAt) / 1000) : -1;
    return [
      { name: 'lookback_connection_open', help: '1 while the long connection is open.', value: this.isOpen ? 1 : 0 },
      { name: 'lookback_connection_opens', help: 'Long connections opened since the start.', value: this.#opens },
      {
        name: 'lookback_connection_silence_seconds',
        help: 'Seconds since the last frame of the long connection, -1 without one.',
        value: silence,
      },
    ];
  }

  /** Takes nothing more, answers what was taken, then closes. */
  async stop(): Promise<void> {
    this.#stopping = true;
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    await new Promise((done) => setTimeout(done, 0)); // the SDK writes the ack a moment after the answer is there
    this.#halt();
    await this.#ran;
  }

  async #run(): Promise<void> {
    for (let attempt = 1; !this.#stopping; attempt++) {
      const began = performance.now();
      const why = await this.#once();
      if (this.#stopping) return;
      if (performance.now() - began >= this.#d.timing.longestPauseMs) attempt = 1; // it had been well
      const pause = pauseBefore(attempt, this.#d.timing, Math.random());
      this.#d.doors.log.warn('no long connection', { why, nextInMs: pause });
      await this.#rest(pause);
    }
  }

  /** One connection, from its attempt to its end; resolves to why it ended. */
  async #once(): Promise<string> {
    const { open, doors, timing } = this.#d;
    const session: Session = { ended: false, unsure: new Map() };
    let finish: (why: string) => void = () => undefined;
    const end = new Promise<string>((done) => {
      finish = done;
    });
    const silence = setTimeout(() => finish('silent'), timing.silenceMs);
    const opening = open({
      take: (payload) => this.#take(payload, session),
      onFrame: () => {
        this.#heardAt = performance.now();
        silence.refresh();
        session.unsure.clear();
      },
      onEnd: () => finish('closed'),
      onTrouble: (what) => doors.log.warn('a frame could not be used', { what }),
    });
    try {
      const line = await Promise.race([opening, end, this.#halted]);
      if (line === null || typeof line === 'string') return 'unreachable';
      silence.refresh();
      return await this.#live(line, end);
    } catch (error) {
      return error instanceof NotConnected && error.code !== 0 ? `refused ${error.code}` : 'unreachable';
    } finally {
      session.ended = true;
      clearTimeout(silence);
      // what was said while stopping may still go out; everything else breaks off, an attempt given up included
      const how = this.#line !== null && this.#stopping ? 'said' : 'at once';
      this.#line = null;
      if (!this.#stopping) for (const mend of session.unsure.values()) doors.defer(mend());
      opening.then(
        (line) => line.close(how),
        () => undefined,
      );
    }
  }

  /** While it is open. Resolves to why it ended. */
  async #live(line: Line, end: Promise<string>): Promise<string> {
    this.#line = line;
    this.#opens += 1;
    this.#heardAt = performance.now();
    this.#d.doors.log.info('long connection open', { opens: this.#opens });
    for (const done of this.#waiters.splice(0)) done();
    const pings = setInterval(() => line.ping(), this.#d.timing.pingMs);
    try {
      return (await Promise.race([end, this.#halted])) ?? 'stopped';
    } finally {
      clearInterval(pings);
    }
  }

  async #rest(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise((done) => {
      timer = setTimeout(done, ms);
    });
    await Promise.race([over, this.#halted]);
    clearTimeout(timer);
  }

  async #take(payload: Json, session: Session): Promise<object | undefined> {
    if (this.#stopping) throw new Error('stopping'); // an event comes again, to whoever runs then
    const work = this.#answer(payload, session);
    this.#running.add(work);
    return work.finally(() => this.#running.delete(work));
  }

  async #answer(payload: Json, session: Session): Promise<object | undefined> {
    const { doors, appId, clock } = this.#d;
    const read = readEnvelope(payload, appId, clock.now());
    switch (read.kind) {
      case 'bad':
        doors.log.info('frame refused', { reason: read.reason });
        throw new Error('refused');
      case 'challenge':
      case 'ignored':
        return undefined;
      case 'click': {
        const answer = parseObject(fromWire(await answerClick(doors, read, clickMs))) ?? {};
        const mend = () => repair(doors, read, answer); // the answer may get lost; the card can be put right
        if (session.ended) doors.defer(mend());
        else session.unsure.set(read.messageId, mend);
        return answer;
      }
      default:
        if (!(await storeEvent(doors, read))) throw new Error('not stored');
        return undefined;
    }
  }
}
