// Owns waiting for a database somebody else is writing to. Knows no engine and no clock: it adds up its own waits.

export interface Patience {
  /** True when the failed attempt certainly changed nothing and may be made again. */
  readonly again: (error: unknown) => boolean;
  /** Milliseconds to wait in total before giving up; 5,000 unless told. */
  readonly budgetMs?: number;
  /** The longest single pause in milliseconds; pauses grow up to it. */
  readonly longestMs: number;
  /** Called once, before the first pause. */
  readonly onWait?: () => void;
  readonly onWaited?: (waitedMs: number, attempts: number) => void;
}

/** Makes the attempt until it succeeds, fails for good, or the budget is spent; then the last error goes to the caller. */
export async function patiently<T>(attempt: () => T | Promise<T>, patience: Patience): Promise<T> {
  const budget = patience.budgetMs ?? 5_000;
  let waited = 0;
  for (let attempts = 1; ; attempts++) {
    try {
      const result = await attempt();
      if (waited > 0) patience.onWaited?.(waited, attempts);
      return result;
    } catch (error) {
      if (waited >= budget || !patience.again(error)) throw error;
    }
    if (attempts === 1) patience.onWait?.();
    const pause = (0.5 + Math.random() / 2) * Math.min(patience.longestMs, 2 * 2 ** Math.min(attempts, 12));
    waited += pause;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
