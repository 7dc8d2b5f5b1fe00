// Owns chance that can be repeated: the same seed throws the same numbers in the same order.

export interface Dice {
  /** From 0 up to, not including, 1. */
  roll(): number;
  /** True in this share of the throws. */
  hits(share: number): boolean;
  /** Throws RangeError on an empty list. */
  one<T>(of: readonly T[]): T;
  between(from: number, to: number): number;
}

export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const roll = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    roll,
    hits: (share) => roll() < share,
    one(of) {
      const found = of[Math.floor(roll() * of.length)];
      if (found === undefined) throw new RangeError('nothing to choose from');
      return found;
    },
    between: (from, to) => from + roll() * (to - from),
  };
}
