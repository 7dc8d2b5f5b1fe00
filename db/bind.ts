// Owns how our values reach libSQL. Both engines bind through here, so that a number lands the same way on each.
import type { Value } from './engine.ts';

type Bound = string | number | bigint | null | Uint8Array;

/**
 * libSQL binds every JS number as REAL: 5 would read '5.0' in JSON, text and typeless columns. Integers therefore go as
 * bigint. Throws RangeError for NaN and infinities, which one engine would store as NULL and the other refuse.
 */
export function bound(args: readonly Value[]): Bound[] {
  const out: Bound[] = new Array(args.length);
  for (let i = 0; i < args.length; i++) {
    const value = args[i] as Value;
    if (typeof value !== 'number') out[i] = value;
    else if (Number.isSafeInteger(value)) out[i] = BigInt(value);
    else if (Number.isFinite(value)) out[i] = value;
    else throw new RangeError(`argument ${i} is not a finite number`);
  }
  return out;
}
