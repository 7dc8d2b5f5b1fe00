// Owns how messages stand under each other: days, who goes on talking, and threads gathered under their first message.
import type { PageMessage } from '../wire.ts';
import { dayText, sameDay } from './card/when.ts';

export interface DayLine {
  readonly is: 'day';
  readonly key: string;
  readonly text: string;
}
export interface MessageLine {
  readonly is: 'message';
  readonly key: string;
  readonly message: PageMessage;
  readonly goesOn: boolean; // same person as just above: no name again
  readonly replies: readonly PageMessage[]; // of its thread
}
export type Line = DayLine | MessageLine;

const pause = 5 * 60_000;

/** Oldest first; `now` decides whether a day needs its year. */
export function linesOf(messages: readonly PageMessage[], now: number): readonly Line[] {
  const { roots, replies } = threads(messages);
  const lines: Line[] = [];
  let before: PageMessage | undefined;
  for (const message of roots) {
    if (!before || !sameDay(before.at, message.at)) {
      lines.push({ is: 'day', key: `day-${message.messageId}`, text: dayText(message.at, now) });
      before = undefined;
    }
    const own = replies.get(message.messageId) ?? [];
    lines.push({ is: 'message', key: message.messageId, message, goesOn: follows(before, message), replies: own });
    before = own.length > 0 ? undefined : message;
    before ??= { ...message, type: 'system' };
  }
  return lines;
}

function follows(before: PageMessage | undefined, message: PageMessage): boolean {
  if (!before || before.type === 'system' || message.type === 'system') return false;
  return before.from.openId === message.from.openId && message.at - before.at < pause && message.replyTo === null;
}

/** A thread belongs under the message it answers, else under the first message that carries its id. */
function threads(messages: readonly PageMessage[]): { roots: PageMessage[]; replies: Map<string, PageMessage[]> } {
  const known = new Map(messages.map((message) => [message.messageId, message]));
  const rootOf = new Map<string, string>(); // thread → root message
  const roots: PageMessage[] = [];
  const replies = new Map<string, PageMessage[]>();
  for (const message of messages) {
    const thread = message.threadId;
    const root = thread === null ? undefined : rootOf.get(thread);
    if (root !== undefined) {
      replies.set(root, [...(replies.get(root) ?? []), message]);
      continue;
    }
    const answered = thread !== null && message.replyTo ? known.get(message.replyTo.messageId) : undefined;
    const first = answered && roots.includes(answered) ? answered : message;
    if (thread !== null) rootOf.set(thread, first.messageId);
    if (first === message) roots.push(message);
    else replies.set(first.messageId, [...(replies.get(first.messageId) ?? []), message]);
  }
  return { roots, replies };
}

/** 「3 KB」, 「1.5 MB」: of a file. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} 字节`;
  const kilo = bytes / 1024;
  return kilo < 1024 ? `${Math.round(kilo)} KB` : `${(kilo / 1024).toFixed(1)} MB`;
}
