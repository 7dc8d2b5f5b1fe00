// Owns how the simulator's parts are put together, and how a stored world comes back. What each part does is its own.
import { createHash } from 'node:crypto';
import { checkCard } from './cardCheck.ts';
import { Clicks } from './clicks.ts';
import type { VirtualClock } from './clock.ts';
import { noFaults } from './faults.ts';
import { Gateway } from './gateway/gateway.ts';
import { Limits } from './limits.ts';
import type { Platform, SimulatorLog } from './platform.ts';
import { Courier } from './post.ts';
import { Pusher } from './push.ts';
import type { SimulatorOptions } from './simulator.ts';
import { type Chat, type StoredMessage, World } from './state.ts';
import { Storage } from './storage.ts';
import { Tokens } from './tokens.ts';

/** `storage`: null when the world is kept in memory only. */
export function assemble(o: SimulatorOptions): { platform: Platform; storage: Storage | null } {
  const { app, clock, log } = o;
  const seed = (text: string) => createHash('sha256').update(text).digest('hex');
  const tenantKey = seed(`tenant ${app.appId}`).slice(0, 16);
  const world = new World({ openId: `ou_${seed(`bot ${app.appId}`).slice(0, 32)}`, name: app.name });
  const faults = noFaults();
  const courier = new Courier();
  const gateway = new Gateway({ app, faults });
  const storage = o.storage === undefined ? null : openStorage({ path: o.storage, clock, log });
  const keep = (key: string, push: unknown) => storage?.put('push', key, push);
  const botUrl = () => platform.botUrl;
  const pusher = new Pusher({ app, tenantKey, clock, faults, courier, gateway, log, botUrl, keep });
  const strict = o.strict ?? true;
  const check = (card: unknown, chat: Chat) => checkCard({ strict, world }, card, chat);
  const clicks = new Clicks({ app, tenantKey, clock, faults, world, pusher, log, check });
  const parts = { app, tenantKey, clock, log, strict, world, faults, courier, gateway, pusher, clicks };
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
