// Owns the switches a test or a rehearsal may throw. All off = the platform on a good day. Holds no behaviour.

/** Makes the next matching calls fail. */
export interface ApiFailure {
  /** Part of 'METHOD /path', e.g. 'POST /im/v1/messages'. */
  readonly on: string;
  /** A platform code, or the number of an HTTP status without a JSON body (500, 502). */
  readonly code: number;
  times: number;
  /**
   * 'before' (default) refuses; 'after' applies the call and then answers the code; 'cut' applies it and drops the line;
   * 'reset' drops the line and applies nothing.
   */
  readonly when?: 'before' | 'after' | 'cut' | 'reset';
  /** Extra fields of the answer's `error`, e.g. permission_violations. */
  readonly error?: Readonly<Record<string, unknown>>;
}

/** Why nobody gets a long connection: a platform code; the endpoint never answers; the handshake never does. */
export type Refusal = number | 'hang' | 'stall';

/** What may go on going wrong between the bot and the API: 'lost' = applied, and the answer never comes. */
export type Outage = 'lost' | 'error' | 'limit' | 'reset' | 'token';

export interface Faults {
  /** No rate limits at all (benches). */
  unlimited: boolean;
  /** action.value is missing when a form is submitted. */
  submitWithoutValue: boolean;
  /** How an empty form field travels. */
  emptyFields: 'absent' | 'blank';
  /** Which ids of the operator a click carries. */
  operatorIds: 'all' | 'openId' | 'userId';
  /** Where a click's host and context stand. */
  contextAt: 'event' | 'beside' | 'root';
  /** Every event is delivered this many times … */
  eventCopies: number;
  /** … with the same event_id or a new one each. */
  copyIds: 'same' | 'new';
  /** A retry carries a fresh time and signature, or the first one. */
  retryStamp: 'fresh' | 'first';
  wrongSignature: boolean;
  wrongToken: boolean;
  wrongAppId: boolean;
  plaintext: boolean;
  /** The challenge carries X-Lark-* headers. */
  signChallenge: boolean;
  /** Added to the time in pushes, ms. */
  clockSkew: number;
  /** How long the platform waits for the bot, real ms. */
  deadlineMs: number;
  /** Real ms every API call takes before it is handled. */
  apiDelayMs: number;
  apiFailures: ApiFailure[];
  /** Every second change the bot asks for below /im meets the next of these, so that trying again helps. */
  outages: Set<Outage>;
  /** Events never leave the platform (they count as delivered). */
  noPushes: boolean;
  /** Virtual ms every event waits before it is sent the first time. */
  eventDelayMs: number;
  /** Real ms the client waits for the answer to a click after the bot gave it. */
  clickDelayMs: number;
  /** Every second click reaches the bot, but its answer does not reach the client. */
  lostClicks: boolean;
  /** Nobody gets a long connection, and open ones break off with the next payload. */
  refuseConnections: Refusal | null;
  /** Long connections stay open and nothing comes over them any more, no pong either. */
  silentGateway: boolean;
  /** Every second payload goes out over a long connection that breaks off before the answer. */
  cutLines: boolean;
  /** Clicks come in frames of type `card`, as to clients of old. */
  cardFrames: boolean;
  /** A payload comes over the long connection in this many frames. */
  fragments: number;
  /** Every payload comes over the long connection twice. */
  repeatFrames: boolean;
  /** The client keeps what was typed, by field name, when a card is replaced. */
  keepInputs: boolean;
  /** People (open_id) whose client is older than 7.20. */
  oldClients: Set<string>;
  /** Groups the bot was removed from without being told. */
  withoutBot: Set<string>;
}

export function noFaults(): Faults {
  return {
    unlimited: false,
    submitWithoutValue: false,
    emptyFields: 'absent',
    operatorIds: 'all',
    contextAt: 'event',
    eventCopies: 1,
    copyIds: 'same',
    retryStamp: 'fresh',
    wrongSignature: false,
    wrongToken: false,
    wrongAppId: false,
    plaintext: false,
    signChallenge: false,
    clockSkew: 0,
    deadlineMs: 3000,
    apiDelayMs: 0,
    apiFailures: [],
    outages: new Set(),
    noPushes: false,
    eventDelayMs: 0,
    clickDelayMs: 0,
    lostClicks: false,
    refuseConnections: null,
    silentGateway: false,
    cutLines: false,
    cardFrames: false,
    fragments: 1,
    repeatFrames: false,
    keepInputs: false,
    oldClients: new Set(),
    withoutBot: new Set(),
  };
}
