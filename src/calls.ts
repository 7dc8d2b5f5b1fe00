// Owns counting calls to the platform until they are booked: every one that left costs of the month's allowance.

export interface CallCounter {
  note(): void;
  /** What was noted since the last look, which forgets it. */
  take(): number;
}

export function createCallCounter(): CallCounter {
  let n = 0;
  return {
    note() {
      n += 1;
    },
    take() {
      const taken = n;
      n = 0;
      return taken;
    },
  };
}
