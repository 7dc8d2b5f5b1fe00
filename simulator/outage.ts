// Owns which call meets which lasting trouble: every second change below /im, the kinds that are on taking turns.
import type { ApiFailure, Faults, Outage } from './faults.ts';

const failures: Readonly<Record<Exclude<Outage, 'token'>, Pick<ApiFailure, 'code' | 'when'>>> = {
  lost: { code: 0, when: 'cut' },
  error: { code: 503 },
  limit: { code: 99991400 },
  reset: { code: 0, when: 'reset' },
};

export class Outages {
  readonly #faults: Faults;
  #calls = 0;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** What this call meets: a failure, a token that has just been revoked, or nothing. */
  next(method: string, path: string): ApiFailure | 'token' | null {
    const kinds = [...this.#faults.outages];
    if (kinds.length === 0) this.#calls = 0;
    if (kinds.length === 0 || method === 'GET' || !path.startsWith('/im/')) return null;
    const turn = this.#calls++;
    const kind = turn % 2 === 0 ? kinds[(turn / 2) % kinds.length] : undefined;
    if (kind === undefined) return null;
    return kind === 'token' ? kind : { on: path, times: 1, ...failures[kind] };
  }
}
