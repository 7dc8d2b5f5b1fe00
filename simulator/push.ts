// Owns what the platform tells the bot: envelope, seal, deadline, and the retries of events on virtual time. What an
// event means is up to whoever sends it.
import type { VirtualClock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { AppSettings, SimulatorLog } from './platform.ts';
import type { Courier, Delivered } from './post.ts';
import { encryptBody, newId, type Stamp, signature } from './seal.ts';

const RETRY_AFTER = [15_000, 300_000, 3_600_000, 21_600_000];

/** An event that has not been delivered yet; survives a restart. */
export interface PendingPush {
  readonly key: string; // unique per delivery (copies of one event differ)
  readonly eventId: string;
  readonly eventType: string;
  readonly plain: string; // the envelope
  readonly stamp: Stamp;
  readonly attempt: number; // attempts made
  readonly due: number; // virtual ms of the next one
}

export interface PusherParts {
  readonly app: AppSettings;
  readonly tenantKey: string;
  readonly clock: VirtualClock;
  readonly faults: Faults;
  readonly courier: Courier;
  readonly gateway: Gateway;
  readonly log: SimulatorLog;
  botUrl(): string;
  /** Called with a push when it is made or rescheduled, with null when it is done with. */
  keep(key: string, push: PendingPush | null): void;
}

export class Pusher {
  readonly #p: PusherParts;
  readonly #running = new Set<Promise<void>>();
  readonly #held: PendingPush[] = [];
  #idleWaiters: (() => void)[] = [];
  /** Events that failed all five times. */
  readonly lost: PendingPush[] = [];

  constructor(parts: PusherParts) {
    this.#p = parts;
  }

  /** Sends an event in the background; returns its event_id. `happenedAt`: virtual ms, for one that comes late. */
  event(eventType: string, event: unknown, happenedAt = this.#p.clock.now()): string {
    const eventId = newId('');
    const copies = this.#p.faults.noPushes ? 0 : this.#p.faults.eventCopies;
    for (let n = 0; n < copies; n++) {
      const id = n > 0 && this.#p.faults.copyIds === 'new' ? newId('') : eventId;
      const now = this.#p.clock.now();
      const header = this.header({ eventId: id, eventType, createTime: String(happenedAt) });
      const plain = JSON.stringify({ schema: '2.0', header, event });
      const due = now + this.#p.faults.eventDelayMs;
      this.#schedule({ key: newId(''), eventId: id, eventType, plain, stamp: this.#stamp(due), attempt: 0, due });
    }
    return eventId;
  }

  header(h: { eventId: string; eventType: string; createTime: string }): Record<string, string> {
    return {
      event_id: h.eventId,
      event_type: h.eventType,
      create_time: h.createTime,
      token: this.#p.faults.wrongToken ? 'not-the-token' : this.#p.app.verificationToken,
      app_id: this.#p.faults.wrongAppId ? 'cli_0000000000000000' : this.#p.app.appId,
      tenant_key: this.#p.tenantKey,
    };
  }

  /** What was not delivered before a restart waits for `release`, because the bot is not there yet. */
  hold(pushes: readonly PendingPush[]): void {
    this.#held.push(...pushes);
  }

  release(): void {
    for (const push of this.#held.splice(0)) this.#schedule(push);
  }

  #schedule(push: PendingPush): void {
    this.#p.keep(push.key, push);
    if (push.due <= this.#p.clock.now()) void this.#attempt(push);
    else this.#p.clock.at(push.due, () => this.#attempt(push));
  }

  /** Hands a body to the bot, once: over its long connection, or sealed and posted to its address. */
  deliver(plain: string, o: { stamp?: Stamp; signed?: boolean; type?: 'card' } = {}): Promise<Delivered> {
    const { app, faults, courier, gateway } = this.#p;
    if (gateway.chosen) return gateway.deliver({ plain, type: o.type ?? 'event' });
    const url = this.#p.botUrl();
    if (url === '') return Promise.resolve({ ok: false, why: 'nobody' });
    const body = faults.plaintext ? plain : encryptBody(app.encryptKey, plain);
    const stamp = o.stamp ?? this.#stamp();
    const signed = signature(stamp, faults.wrongSignature ? 'not-the-key' : app.encryptKey, body);
    const lark = {
      'x-lark-request-timestamp': stamp.timestamp,
      'x-lark-request-nonce': stamp.nonce,
      'x-lark-signature': signed,
    };
    const headers = { 'content-type': 'application/json; charset=utf-8', ...(o.signed === false ? {} : lark) };
    return courier.post({ url, headers, body, deadlineMs: faults.deadlineMs });
  }

  /** Resolves when no attempt is under way. A retry that waits for virtual time does not count. */
  idle(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve();
    return new Promise((done) => this.#idleWaiters.push(done));
  }

  /** Counts `work` as a push under way. */
  track(work: Promise<void>): Promise<void> {
    this.#running.add(work);
    return work.finally(() => {
      this.#running.delete(work);
      if (this.#running.size > 0) return;
      const waiters = this.#idleWaiters;
      this.#idleWaiters = [];
      for (const done of waiters) done();
    });
  }

  #stamp(at = this.#p.clock.now()): Stamp {
    const seconds = Math.floor((at + this.#p.faults.clockSkew) / 1000);
    return { timestamp: String(seconds), nonce: newId('').slice(0, 16) };
  }

  #attempt(push: PendingPush): Promise<void> {
    return this.track(this.#try(push));
  }

  async #try(push: PendingPush): Promise<void> {
    const first = push.attempt === 0 || this.#p.faults.retryStamp === 'first';
    const answer = await this.deliver(push.plain, first ? { stamp: push.stamp } : {});
    if (answer.ok && answer.status === 200) return this.#p.keep(push.key, null);
    const why = answer.ok ? `HTTP ${answer.status}` : answer.why;
    const wait = RETRY_AFTER[push.attempt];
    this.#p.log.warn('event not delivered', {
      eventId: push.eventId,
      type: push.eventType,
      attempt: push.attempt + 1,
      why,
    });
    if (wait === undefined) {
      this.lost.push(push);
      return this.#p.keep(push.key, null);
    }
    // Counted from when this attempt was due, so that one long jump walks through the whole schedule.
    this.#schedule({ ...push, attempt: push.attempt + 1, due: push.due + wait });
  }
}
