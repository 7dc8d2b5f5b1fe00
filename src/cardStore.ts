// Owns the door to cards that can still be used in a chat: how old they are, which were replaced. Domain verbs, no SQL;
// db/storeCards.ts implements it, Store extends it.
import type { Outgoing } from './ports.ts';

/** A card in a chat, with the promise it was sent by. */
export interface LiveCard extends Pick<Outgoing, 'key' | 'kind' | 'target' | 'lane' | 'payload'> {
  readonly messageId: string;
  /** The platform ends it 14 days later, epoch ms. */
  readonly sentAt: number;
}

export interface CardStore {
  /** Live cards sent before then that were not promised anew, oldest first. */
  ageing(before: number, limit: number): Promise<LiveCard[]>;
  /** The card of this message while it lives. */
  liveCard(messageId: string): Promise<LiveCard | null>;
  /** When this card was sent; null: not known. */
  cardSentAt(messageId: string): Promise<number | null>;
  /** Message ids of the newest card of each group itself, by chat. */
  newestFronts(): Promise<ReadonlyMap<string, string>>;
  /** Promises the new ones and forgets the others, in one unit. */
  renew(p: {
    readonly outgoing: readonly Outgoing[];
    readonly gone: readonly string[];
    readonly at: number;
  }): Promise<void>;
}
