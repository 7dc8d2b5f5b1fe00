// Owns talking to the simulator's server: its routes and nothing else. Errors are thrown as NotAnswered, with a sentence
// for the person at the page: the server's own where it gave one.
import type {
  ClickAnswer,
  ClickRequest,
  ClockRequest,
  FaultRequest,
  FlowPage,
  PageEvent,
  PageMessage,
  PageState,
  PageUser,
  SayRequest,
  UploadRequest,
} from '../wire.ts';

export class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
  readonly refused: boolean; // the server said no; else it was not reached
  constructor(sentence: string, refused: boolean) {
    super(sentence);
    this.refused = refused;
  }
}

async function call(route: string, body?: unknown): Promise<unknown> {
  const init: RequestInit =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(route, init).catch(() => {
    throw new NotAnswered('连不上演示服务，请核对它是否还在运行', false);
  });
  const text = await answer.text();
  if (!answer.ok) throw new NotAnswered(reasonIn(text) || `演示服务没有办成（${answer.status}），请再试一次`, true);
  return text === '' ? {} : (JSON.parse(text) as unknown);
}

function reasonIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? error : '';
  } catch {
    return '';
  }
}

const who = (as: string): string => `as=${encodeURIComponent(as)}`;

/** Without `as` the server chooses whom to play. */
export async function getState(as: string): Promise<PageState> {
  return (await call(`/sim/state${as === '' ? '' : `?${who(as)}`}`)) as PageState;
}

export async function getMessages(as: string, chatId: string): Promise<readonly PageMessage[]> {
  return (await call(`/sim/chats/${encodeURIComponent(chatId)}/messages?${who(as)}`)) as readonly PageMessage[];
}

export async function getPeople(as: string, text: string): Promise<readonly PageUser[]> {
  return (await call(`/sim/people?q=${encodeURIComponent(text)}&${who(as)}`)) as readonly PageUser[];
}

export async function getFlow(as: string, day: string, all: boolean): Promise<FlowPage> {
  return (await call(`/sim/flow?day=${encodeURIComponent(day)}${all ? '&all=1' : ''}&${who(as)}`)) as FlowPage;
}

export async function say(request: SayRequest): Promise<void> {
  await call('/sim/messages', request);
}

export async function click(request: ClickRequest): Promise<ClickAnswer> {
  return (await call('/sim/click', request)) as ClickAnswer;
}

export async function moveBot(as: string, chatId: string, add: boolean): Promise<void> {
  await call('/sim/bot', { as, chatId, add });
}

export async function openP2p(as: string): Promise<string> {
  const { chatId } = (await call('/sim/p2p', { as })) as { chatId: string };
  return chatId;
}

export async function turnClock(request: ClockRequest): Promise<void> {
  await call('/sim/clock', request);
}

export async function rehearse(request: FaultRequest): Promise<void> {
  await call('/sim/faults', request);
}

export async function sendFile(request: UploadRequest): Promise<void> {
  await call('/sim/files', request);
}

/** Where the browser finds the bytes of a picture or a file. */
export const fileUrl = (as: string, key: string): string => `/sim/files/${encodeURIComponent(key)}?${who(as)}`;

export interface Listener {
  readonly heard: (event: PageEvent) => void;
  readonly reconnected: () => void; // something may have been missed
  readonly lost: (isLost: boolean) => void;
}

/** Server-sent events for one person; the answer stops listening. */
export function listen(as: string, listener: Listener): () => void {
  const source = new EventSource(`/sim/events?${who(as)}`);
  let broken = false;
  source.onmessage = (message) => listener.heard(JSON.parse(String(message.data)) as PageEvent);
  source.onopen = () => {
    listener.lost(false);
    if (broken) listener.reconnected();
    broken = false;
  };
  source.onerror = () => {
    broken = true;
    listener.lost(true);
  };
  return () => source.close();
}
