// Owns the parts every face of the simulator shares. Each part is a module of its own; this only names them together.

import type { Clicks } from './clicks.ts';
import type { VirtualClock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { Limits } from './limits.ts';
import type { Courier } from './post.ts';
import type { Pusher } from './push.ts';
import type { StoredMessage, World } from './state.ts';
import type { Tokens } from './tokens.ts';
import type { FlowState, PageUser, Suggestions } from './wire.ts';

export interface SimulatorLog {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

export interface AppSettings {
  readonly appId: string;
  readonly appSecret: string;
  readonly encryptKey: string;
  readonly verificationToken: string;
  readonly name: string;
}

/** What a demo adds to the page. */
export interface DemoHooks {
  readonly featured: readonly PageUser[];
  readonly notice: string;
  label(now: number): string;
  /** Start of the next phase (epoch ms), or null after the last. */
  nextPhase(now: number): number | null;
  /** When all phases are over (epoch ms). */
  end(): number;
  /** What a minute brings: called for every one of them while time goes quickly. */
  minute(): Promise<unknown>;
  /** What a message is, told by the uuid it was sent with: 每日提醒. */
  kindOf(uuid: string): string;
  /** What the month has cost, as the bot counts it. */
  calls(): FlowState['calls'];
  readonly suggestions: Suggestions;
  restart(): Promise<void>;
}

/** One recorded API call. */
export interface ApiCall {
  readonly at: number; // virtual
  readonly method: string;
  readonly path: string; // below /open-apis, ids filled in
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number;
  readonly code: number; // -1: no JSON answer
}

export interface Platform {
  readonly app: AppSettings;
  readonly tenantKey: string;
  readonly clock: VirtualClock;
  readonly log: SimulatorLog;
  readonly strict: boolean;
  readonly world: World;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly tokens: Tokens;
  readonly courier: Courier;
  readonly gateway: Gateway;
  readonly pusher: Pusher;
  readonly clicks: Clicks;
  /** The newest 5,000. */
  readonly calls: ApiCall[];
  /** What was sent with which uuid. */
  readonly uuids: Map<string, StoredMessage>;
  botUrl: string;
}
