// Owns what an accepted click or event gets back, whichever way it came: a click its answer within the deadline, an event
// its place in the store. Knows neither HTTP nor the long connection, and nothing of what a click or an event means.
import { toWire, type Wire } from '../cards/wire.ts';
import type { ChatEvent, Click, MessageEvent } from './feishu/inbound.ts';
import type { Defer, Log } from './ports.ts';

export interface Doors {
  readonly log: Log;
  readonly defer: Defer;
  /** Resolves to the callback answer; may take longer than the platform waits. */
  readonly onClick: (click: Click) => Promise<object>;
  /** Such an answer as JSON. Default: JSON.stringify. */
  readonly answerText?: (answer: object) => Wire;
  /** A click whose person did not get its answer in time: the answer, or null when it failed. Runs deferred. */
  readonly onLate?: (click: Click, answer: object | null) => Promise<void>;
  /** Resolves after the event is safely stored. Repeats come: it must store an event once. */
  readonly onEvent: (event: MessageEvent | ChatEvent) => Promise<void>;
}

/** How long a click's person waits for its answer, ms from its arrival; the platform gives up after 3 s. */
export const clickMs = 2000;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const written = (answer: object): Wire => toWire(JSON.stringify(answer));
const toast = (type: 'info' | 'error', content: string) => written({ toast: { type, content } });
const NOT_SAVED = toast('error', '没有保存，请再点一次');
const WORKING = toast('info', '正在处理，请稍候…');

/** Where a failure came from, without its message: a database puts values into it. */
export function trace(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { error: error.name, at: frames.slice(0, 4).map((line) => line.trim()) };
}

/** The answer as JSON. Runs the handler; after `waitMs` answers for it and lets it finish in the background. */
export async function answerClick(doors: Doors, click: Click, waitMs: number): Promise<Wire> {
  const work = (async () => doors.onClick(click))();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, Math.max(waitMs, 0), null);
  });
  try {
    const answer = await Promise.race([work, late]);
    if (answer !== null) return (doors.answerText ?? written)(isObject(answer) ? answer : {});
  } catch (error) {
    doors.log.error('click failed', { eventId: click.eventId, ...trace(error) });
    return NOT_SAVED;
  } finally {
    clearTimeout(timer);
  }
  doors.log.warn('click is slow', { eventId: click.eventId });
  doors.defer(finishLate(doors, click, work));
  return WORKING;
}

async function finishLate(doors: Doors, click: Click, work: Promise<object>): Promise<void> {
  let answer: object | null = null;
  try {
    answer = await work;
  } catch (error) {
    doors.log.error('slow click failed', { eventId: click.eventId, ...trace(error) });
  }
  await repair(doors, click, answer);
}

/** Brings a card up to date whose click was answered without it. Never rejects. */
export async function repair(doors: Doors, click: Click, answer: object | null): Promise<void> {
  try {
    await doors.onLate?.(click, answer);
  } catch (error) {
    doors.log.error('card of a click was not repaired', { eventId: click.eventId, ...trace(error) });
  }
}

/** True once the event is safely stored; false: it is not, and the platform must come again. */
export async function storeEvent(doors: Doors, event: MessageEvent | ChatEvent): Promise<boolean> {
  try {
    await doors.onEvent(event);
    return true;
  } catch (error) {
    doors.log.error('event was not stored', { eventId: event.eventId, ...trace(error) });
    return false;
  }
}
