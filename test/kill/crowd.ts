// Owns the cadres who submit all at once over HTTP, as the platform would for them: sealed, signed clicks made from the card
// the bot last answered with. An answer counts when it has arrived here. Knows no store.
import { ClientRefusal, pressed } from '../../simulator/press.ts';
import { encryptBody, newId, signature } from '../../simulator/seal.ts';
import { allNormal } from '../support/allNormal.ts';
import { clickBody, envelope } from '../support/envelope.ts';
import { app, type Cadre, now } from './county.ts';

/** A click as it went out. */
export interface Sent {
  readonly eventId: string;
  readonly request: { readonly headers: Record<string, string>; readonly body: string };
}
export interface Acknowledged extends Sent {
  /** Household code the bot said it had saved. */
  readonly code: string;
}
export interface Answer {
  readonly toast?: { readonly type: string; readonly content: string };
  readonly card?: { readonly data: unknown };
}

export interface Crowd {
  readonly acknowledged: readonly Acknowledged[];
  /** Clicks without an answer. */
  readonly unanswered: ReadonlySet<Sent>;
  /** Toasts of submissions that were no acknowledgement, as `type text`. */
  readonly others: readonly string[];
  /** Longest time the answer to a submission took, ms. */
  readonly slowest: number;
  readonly stop: () => void;
  /** Everybody has stopped: nothing left to answer, told to stop, or the bot is gone. */
  readonly done: Promise<void>;
}

function sent(cadre: Cadre, action: object): Sent {
  const eventId = newId('');
  const body = clickBody(cadre.openId, { messageId: 'om_1', chatId: cadre.chatId }, action);
  const keys = { appId: app.id, ...app };
  const plain = JSON.stringify(envelope(keys, { type: 'card.action.trigger', event: body, at: now, eventId }));
  const sealed = encryptBody(app.encryptKey, plain);
  const stamp = { timestamp: String(now / 1000), nonce: eventId.slice(0, 8) };
  const headers = {
    'content-type': 'application/json',
    'x-lark-request-timestamp': stamp.timestamp,
    'x-lark-request-nonce': stamp.nonce,
    'x-lark-signature': signature(stamp, app.encryptKey, sealed),
  };
  return { eventId, request: { headers, body: sealed } };
}

export async function post(url: string, { request }: Sent): Promise<Answer> {
  const response = await fetch(`${url}/webhook/event`, { method: 'POST', ...request });
  if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as Answer;
}

/** A click of a card that is long out of date: the answer is the card as it stands. */
const look = (cadre: Cadre): Sent =>
  sent(cadre, { tag: 'button', value: { a: 'screening.skip', v: 1, p: { s: cadre.sitting, h: '', r: 0 } } });

/** `onAck`: called after every acknowledgement with how many there are. */
export function startCrowd(url: string, cadres: readonly Cadre[], onAck: (n: number) => void = () => {}): Crowd {
  const acknowledged: Acknowledged[] = [];
  const unanswered = new Set<Sent>();
  const others: string[] = [];
  let [stopped, slowest] = [false, 0];
  const ask = async (click: Sent): Promise<Answer> => {
    unanswered.add(click);
    const answer = await post(url, click);
    unanswered.delete(click);
    return answer;
  };
  const works = async (cadre: Cadre): Promise<void> => {
    let card = (await ask(look(cadre))).card?.data;
    while (!stopped) {
      const click = sent(cadre, pressed(card, '提交', allNormal));
      const from = performance.now();
      const { toast, card: next } = await ask(click);
      slowest = Math.max(slowest, performance.now() - from);
      const code = /^已保存 ([^。]+)。/.exec(toast?.type === 'success' ? toast.content : '')?.[1];
      if (code === undefined) others.push(`${toast?.type} ${toast?.content}`);
      else onAck(acknowledged.push({ ...click, code }));
      card = next?.data ?? card;
    }
  };
  const ended = (error: unknown): void => {
    const nothingLeft = error instanceof ClientRefusal && error.reason === 'no-button';
    const botGone = error instanceof TypeError; // fetch: the connection was refused or broke
    if (!nothingLeft && !botGone) throw error;
  };
  return {
    acknowledged,
    unanswered,
    others,
    get slowest() {
      return slowest;
    },
    stop: () => {
      stopped = true;
    },
    done: Promise.all(cadres.map((cadre) => works(cadre).catch(ended))).then(() => undefined),
  };
}
