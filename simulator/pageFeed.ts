// Owns the page's live feed (server-sent events): what changes in a person's chats, and the clock.
import type { Flow } from './pageFlow.ts';
import { chatsOf, pageMessage } from './pageViews.ts';
import type { Platform } from './platform.ts';
import type { Thing } from './state.ts';
import type { ClockState, FaultState, PageEvent } from './wire.ts';

interface Reader {
  readonly openId: string;
  send(event: PageEvent): void;
  end(): void;
  /** False once the page is gone or no longer reads. */
  alive(): boolean;
  chatsDirty: boolean;
}

export interface FeedParts {
  readonly platform: Platform;
  readonly flow: Flow;
  clock(): ClockState;
}

const TICK_MS = 1000; // real: label changes are noticed within a second
/** Events a page may leave unread before it is let go; it opens the feed again by itself. */
const MAX_WAITING = 1000;
const CLOCK_MS = 120; // real: a clock that hurries is told no more often
const FLOW_MS = 500; // real: the same for what was sent
const CHATS_MS = 150; // real: a burst of messages makes one new chat list

export class PageFeed {
  readonly #o: FeedParts;
  readonly #readers = new Set<Reader>();
  readonly #undo: (() => void)[] = [];
  readonly #ticks: NodeJS.Timeout;
  #chatsSoon: NodeJS.Timeout | null = null;
  #flowSoon: NodeJS.Timeout | null = null;
  #clockSoon: NodeJS.Timeout | null = null;
  #clockAt = 0;
  #shown = '';
  #beats = 0;

  constructor(o: FeedParts) {
    this.#o = o;
    this.#undo.push(o.platform.world.onChange((thing) => this.#onChange(thing)));
    this.#undo.push(o.platform.clock.onAdvance(() => this.clock()));
    this.#ticks = setInterval(() => this.#tick(), TICK_MS);
    this.#ticks.unref();
  }

  open(openId: string): Response {
    const encoder = new TextEncoder();
    let reader: Reader | null = null;
    const readers = this.#readers;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        const send = (event: PageEvent) => write(`data: ${JSON.stringify(event)}\n\n`);
        const alive = () => controller.desiredSize !== null && controller.desiredSize > -MAX_WAITING;
        const end = () => {
          if (controller.desiredSize !== null) controller.close();
        };
        reader = { openId, send, end, alive, chatsDirty: false };
        readers.add(reader);
        write('retry: 1000\n\n');
        send({ type: 'clock', clock: this.#o.clock() });
      },
      cancel: () => {
        if (reader !== null) readers.delete(reader);
      },
    });
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
    return new Response(stream, { headers });
  }

  /** The clock moved, began or ceased to hurry: told at once, but not in quick succession. */
  clock(): void {
    const wait = this.#clockAt + CLOCK_MS - performance.now();
    if (wait <= 0) this.#sendClock();
    else this.#clockSoon ??= setTimeout(() => this.#sendClock(), wait);
  }

  restarted(): void {
    for (const reader of this.#live()) reader.send({ type: 'restarted' });
  }

  faults(faults: FaultState): void {
    for (const reader of this.#live()) reader.send({ type: 'faults', faults });
  }

  close(): void {
    clearInterval(this.#ticks);
    for (const timer of [this.#chatsSoon, this.#flowSoon, this.#clockSoon]) if (timer) clearTimeout(timer);
    for (const undo of this.#undo) undo();
    for (const reader of this.#live()) reader.end();
    this.#readers.clear();
  }

  /** Never throws into whoever changed something: pages that are gone are dropped here. */
  #live(): readonly Reader[] {
    for (const reader of this.#readers) {
      if (reader.alive()) continue;
      this.#readers.delete(reader);
      reader.end();
    }
    return [...this.#readers];
  }

  #onChange(thing: Thing): void {
    if (this.#readers.size === 0 || thing.kind === 'user' || thing.kind === 'file') return;
    const { world } = this.#o.platform;
    const chat = thing.kind === 'chat' ? thing.value : world.chats.get(thing.value.chatId);
    for (const reader of this.#live()) {
      if (!chat?.members.has(reader.openId)) continue;
      if (thing.kind === 'message') reader.send({ type: 'message', message: pageMessage(world, thing.value) });
      reader.chatsDirty = true;
    }
    this.#chatsSoon ??= setTimeout(() => this.#sendChats(), CHATS_MS);
    if (thing.kind === 'message') this.#flowSoon ??= setTimeout(() => this.#sendFlow(), FLOW_MS);
  }

  #sendFlow(): void {
    this.#flowSoon = null;
    const flow = this.#o.flow.state();
    for (const reader of this.#live()) reader.send({ type: 'flow', flow });
  }

  #sendChats(): void {
    this.#chatsSoon = null;
    const { world } = this.#o.platform;
    for (const reader of this.#live()) {
      if (reader.chatsDirty) reader.send({ type: 'chats', chats: chatsOf(world, reader.openId) });
      reader.chatsDirty = false;
    }
  }

  #tick(): void {
    if (this.#readers.size === 0) return;
    this.#beats += 1;
    const clock = this.#o.clock();
    if (clock.label !== this.#shown || this.#beats % 10 === 0) this.#sendClock();
  }

  #sendClock(): void {
    if (this.#clockSoon) clearTimeout(this.#clockSoon);
    this.#clockSoon = null;
    this.#clockAt = performance.now();
    const clock = this.#o.clock();
    this.#shown = clock.label;
    for (const reader of this.#live()) reader.send({ type: 'clock', clock });
  }
}
