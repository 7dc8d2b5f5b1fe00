// Owns writing down what became of messages: while one unit is on its way to the database the next one gathers.
import type { CallCounter } from '../calls.ts';
import type { Mark } from '../outboxStore.ts';
import type { Store } from '../store.ts';

export interface Ledger {
  /** Resolves once it stands; rejects with what the database said. */
  add(...marks: readonly Mark[]): Promise<void>;
  /** Books calls that belong to no message. */
  book(): Promise<void>;
}

export function createLedger(deps: {
  readonly store: Store;
  readonly calls: CallCounter;
  readonly month: () => Promise<string>;
}): Ledger {
  let open: { readonly marks: Mark[]; readonly written: Promise<void> } | null = null;
  let tail: Promise<void> = Promise.resolve();
  const write = async (marks: readonly Mark[]) => {
    const n = deps.calls.take();
    try {
      await deps.store.mark(marks, { month: await deps.month(), n });
    } catch (error) {
      for (let i = 0; i < n; i++) deps.calls.note();
      throw error;
    }
  };
  return {
    add(...marks) {
      if (open) {
        open.marks.push(...marks);
        return open.written;
      }
      const own = [...marks];
      const written = tail.then(() => {
        open = null;
        return write(own);
      });
      open = { marks: own, written };
      tail = written.catch(() => undefined);
      return written;
    },
    book: () => write([]),
  };
}
