// Owns one long connection by the stock SDK's WSClient: its attempt, its frames, its end. Only this file knows the SDK,
// which is loaded with the first attempt (0.3 s, 71 MB). When to try again, and what a payload means, is up to the caller.
import type { HttpInstance, WSClient } from '@larksuiteoapi/node-sdk';
import { isJson, type Json, parseObject } from './events.ts';

export interface LineSettings {
  readonly appId: string;
  readonly appSecret: string;
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  /** How long the platform may take to say where to connect, and the handshake there; ms. */
  readonly bootstrapMs: number;
  readonly handshakeMs: number;
}

export interface LineHandlers {
  /** A whole payload. What it resolves to goes back in the ack; rejecting makes the platform send it again. */
  take(payload: Json): Promise<object | undefined>;
  /** A frame came, whatever it was: the other side lives. */
  onFrame(): void;
  /** The connection is gone. Not called after `close`. */
  onEnd(): void;
  /** A frame was lost; how, in the SDK's words, without anything that came over the line. */
  onTrouble(what: string): void;
}

export interface Line {
  /** Asks the other side for a frame. */
  ping(): void;
  /** Ends it: at once, or after what was already said. */
  close(how: 'at once' | 'said'): void;
}

/** Resolves once connected. Rejects with NotConnected. */
export type OpenLine = (handlers: LineHandlers) => Promise<Line>;

/** Why there is no connection: the platform's code, or 0 when it gave none. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected';
  readonly code: number;
  constructor(code: number) {
    super(code === 0 ? 'no connection' : `no connection: ${code}`);
    this.code = code;
  }
}

/**
 * What the stock client keeps to itself. Its own ping comes when the server says (120 s), too seldom to notice silence
 * within two minutes; and it drops clicks in frames of type `card`, so that people see 200340 (oapi-sdk-python#126).
 * The version is pinned, and test/feishu/longConnection.test.ts fails when a new one has another inside.
 */
interface Inside {
  readonly wsConfig: {
    getWSInstance(): { on(event: 'message' | 'close', listener: () => void): void } | null;
    getWS(key: 'serviceId'): string;
  };
  sendMessage(frame: object): void;
  handleEventData(frame: StockFrame): Promise<void>;
}
interface StockFrame {
  readonly headers: readonly { readonly key: string; readonly value: string }[];
}

export function createLines(settings: LineSettings): OpenLine {
  return async (handlers) => {
    const sdk = await import('@larksuiteoapi/node-sdk');
    /** Hands the whole envelope on: the SDK's own dispatch mixes header and event, and answers unknown types. */
    class Dispatcher extends sdk.EventDispatcher {
      override invoke(payload: unknown): Promise<object | undefined> {
        return handlers.take(isJson(payload) ? payload : {});
      }
    }
    const logger = loggerTo(handlers);
    const bootstrap = createBootstrap(settings);
    const { client, inside } = await new Promise<{ client: WSClient; inside: Inside }>((done, fail) => {
      const client: WSClient = new sdk.WSClient({
        appId: settings.appId,
        appSecret: settings.appSecret,
        domain: settings.baseUrl,
        autoReconnect: false, // it gives up for good on most answers of the platform; the caller never does
        handshakeTimeoutMs: settings.handshakeMs,
        httpInstance: bootstrap.http,
        loggerLevel: sdk.LoggerLevel.warn,
        logger,
        onReady: () => done({ client, inside: client as unknown as Inside }),
        onError: () => fail(new NotConnected(bootstrap.code())),
      });
      const eventDispatcher = new Dispatcher({ loggerLevel: sdk.LoggerLevel.warn, logger });
      client.start({ eventDispatcher }).catch(() => fail(new NotConnected(0)));
    });
    listen(inside, handlers);
    return {
      ping: () => inside.sendMessage(pingFrame(inside)),
      close: (how) => client.close({ force: how === 'at once' }),
    };
  };
}

function listen(inside: Inside, handlers: LineHandlers): void {
  const socket = inside.wsConfig.getWSInstance();
  if (socket === null) throw new NotConnected(0);
  socket.on('message', handlers.onFrame);
  socket.on('close', handlers.onEnd);
  const handle = inside.handleEventData;
  inside.handleEventData = (frame) => handle.call(inside, asEvent(frame));
}

const asEvent = (frame: StockFrame): StockFrame => ({
  ...frame,
  headers: frame.headers.map((h) => (h.key === 'type' && h.value === 'card' ? { ...h, value: 'event' } : h)),
});

const pingFrame = ({ wsConfig }: Inside) => ({
  SeqID: 0,
  LogID: 0,
  service: Number(wsConfig.getWS('serviceId')),
  method: 0,
  headers: [{ key: 'type', value: 'ping' }],
});

/** The first call, by our own fetch: the SDK's has other time-outs, and proxies of its own. */
function createBootstrap(settings: LineSettings) {
  const { fetch: request } = settings;
  let code = 0;
  const ask = async ({ url, data, headers }: { url: string; data: object; headers: Record<string, string> }) => {
    const response = await request(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(data),
      redirect: 'manual', // a redirect would carry the secret to a stranger
      signal: AbortSignal.timeout(settings.bootstrapMs),
    });
    const answer = parseObject(await response.text());
    if (answer === null) throw new Error('the endpoint did not answer as a platform does');
    code = typeof answer.code === 'number' ? answer.code : 0;
    return { ...answer, data: isJson(answer.data) ? answer.data : {} };
  };
  // The client asks for nothing else.
  return { http: { request: ask } as unknown as HttpInstance, code: () => code };
}

/** Of what the SDK says only lost frames are news, and only the beginning of the sentence: the rest may quote one. */
function loggerTo({ onTrouble }: LineHandlers) {
  const told = (said: unknown) => {
    const words = Array.isArray(said) ? said : [said];
    const lost = words.find((word) => typeof word === 'string' && word.startsWith('failed to'));
    if (lost) onTrouble(lost.split(/[:;,]/)[0]);
  };
  const nothing = () => undefined;
  return { error: told, warn: nothing, info: nothing, debug: nothing, trace: nothing };
}
