// Owns the tenant access token: cached with a margin, fetched once however many ask, dropped when the platform says so.
// Knows not how it is fetched nor where it is kept between processes.
import type { Clock, Log } from '../ports.ts';

export interface Token {
  readonly value: string;
  /** Epoch ms of the process clock. */
  readonly expiresAt: number;
}

/** Keeps the token beyond this process (Workers isolates live for minutes). Failures only cost another fetch. */
export interface TokenCache {
  get(): Promise<Token | null>;
  set(token: Token): Promise<void>;
}

export interface Tokens {
  /** Rejects with what `fetchToken` rejects with. */
  current(): Promise<string>;
  /** The platform refused this token. A newer one, fetched meanwhile, stays. */
  drop(value: string): void;
}

/** The platform hands out the same token while it has 30 minutes left, so an earlier renewal would change nothing. */
const MARGIN_MS = 10 * 60 * 1000;

export interface TokenDoors {
  readonly clock: Clock;
  readonly log: Log;
  readonly cache: TokenCache | undefined;
  /** Asks the platform: token and seconds to live. */
  readonly fetchToken: () => Promise<{ value: string; seconds: number }>;
}

export function createTokens({ clock, log, cache, fetchToken }: TokenDoors): Tokens {
  let held: Token | null = null;
  let pending: Promise<string> | null = null;
  let refused = ''; // so that the kept copy of a refused token is not taken again

  const usable = (token: Token | null): token is Token =>
    token !== null && token.value !== refused && token.expiresAt > clock.now();

  const kept = async (): Promise<Token | null> => {
    try {
      return (await cache?.get()) ?? null;
    } catch {
      log.warn('token cache did not answer');
      return null;
    }
  };

  const renew = async (): Promise<string> => {
    const found = cache === undefined ? null : await kept();
    if (usable(found)) {
      held = found;
      return found.value;
    }
    const { value, seconds } = await fetchToken();
    const lifeMs = seconds * 1000;
    // A deployment with short-lived tokens must not fetch one for every call.
    held = { value, expiresAt: clock.now() + lifeMs - Math.min(MARGIN_MS, lifeMs / 2) };
    refused = refused === value ? '' : refused;
    await cache?.set(held).catch(() => log.warn('token cache did not take the token'));
    return value;
  };

  return {
    current() {
      if (usable(held)) return Promise.resolve(held.value);
      pending ??= renew().finally(() => {
        pending = null;
      });
      return pending;
    },
    drop(value) {
      if (held?.value !== value) return;
      held = null;
      refused = value;
    },
  };
}
