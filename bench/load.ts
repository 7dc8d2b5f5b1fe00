// Owns the load generator: cadres who press 提交, read the next card in the answer and press again, over a fixed number of
// keep-alive connections (closed loop). Seals and signs every request itself, as the platform does.
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { wireName, wireValue } from '../cards/actions.ts';
import { answer, usage } from './child.ts';
import { app, type Cadre, formOf, type Given, type Seeded, webhookPath } from './county.ts';
import { connect } from './wire.ts';

export interface LegOrder {
  readonly port: number;
  readonly connections: number;
  readonly ms: number;
  /** Ends sooner after so many. */
  readonly requests?: number;
  /** Follow the cards in the answers; false: the server answers nothing, press the same household's button again. */
  readonly follow: boolean;
}

export interface LegResult {
  readonly requests: number;
  readonly ms: number;
  readonly p50: number; // ms
  readonly p99: number;
  readonly cpuUs: number; // of the generator
  readonly bodyBytes: number; // mean, as sent
  /** The cadres ran out of households before the time was over. */
  readonly ranOut: boolean;
}

export function runLoad(): void {
  let cadres: Cadre[] = [];
  let given: Given = [];
  let queue: Cadre[] = [];
  let others: Cadre[] = []; // press on servers that keep no books
  answer({
    county: (seeded: Seeded) => {
      cadres = seeded.cadres.map((c) => ({ ...c }));
      given = seeded.given;
      queue = [...cadres];
      others = cadres.map((c) => ({ ...c }));
    },
    leg: (order: LegOrder) => new Leg(order, given, order.follow ? queue : others).run(),
    cadres: () => cadres,
  });
}

const key = createHash('sha256').update(app.encryptKey).digest();

class Leg {
  readonly #order: LegOrder;
  readonly #given: Given;
  /** Whoever waits longest is next, so that all villages get on equally however few connections there are. */
  readonly #queue: Cadre[];
  readonly #latencies: number[] = [];
  #bytes = 0;
  #ranOut = false;

  constructor(order: LegOrder, given: Given, queue: Cadre[]) {
    this.#order = order;
    this.#given = given;
    this.#queue = queue;
  }

  async run(): Promise<LegResult> {
    const { connections, ms } = this.#order;
    const before = usage(0).cpuUs;
    const began = performance.now();
    await Promise.all(Array.from({ length: connections }, () => this.#person(began + ms)));
    const took = performance.now() - began;
    const sorted = Float64Array.from(this.#latencies).sort();
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
    return {
      requests: sorted.length,
      ms: took,
      p50: at(0.5),
      p99: at(0.99),
      cpuUs: usage(0).cpuUs - before,
      bodyBytes: Math.round(this.#bytes / Math.max(1, sorted.length)),
      ranOut: this.#ranOut,
    };
  }

  async #person(until: number): Promise<void> {
    const { port, requests = Number.POSITIVE_INFINITY } = this.#order;
    const line = await connect(port);
    try {
      while (performance.now() < until && this.#latencies.length < requests) {
        const cadre = this.#queue.shift();
        if (cadre === undefined) {
          this.#ranOut = true;
          return;
        }
        const request = sealed(clickOf(cadre, this.#given));
        this.#bytes += request.length;
        const pressed = performance.now();
        const reply = await line.exchange(request);
        this.#latencies.push(performance.now() - pressed);
        if (this.#order.follow) follow(cadre, reply);
        else cadre.r++; // field names never seen before, as in the real thing
        if (cadre.h !== '') this.#queue.push(cadre);
      }
    } finally {
      line.close();
    }
  }
}

/** The callback of feishu-protocol: a submitted form on a shared card. */
function clickOf(c: Cadre, given: Given): string {
  const call = { action: 'screening.submit' as const, value: { s: c.sitting, h: c.h, r: c.r } };
  return JSON.stringify({
    schema: '2.0',
    header: {
      event_id: randomBytes(16).toString('hex'),
      event_type: 'card.action.trigger',
      create_time: `${Date.now()}000`,
      token: app.verificationToken,
      app_id: app.id,
      tenant_key: '2ca1d211f64f6438',
    },
    event: {
      operator: { tenant_key: '2ca1d211f64f6438', open_id: c.openId, union_id: c.openId.replace('ou_', 'on_') },
      token: `c-${randomBytes(16).toString('hex')}`,
      action: {
        tag: 'button',
        value: wireValue(call),
        name: wireName(call),
        form_value: formOf(given, c.h, c.r),
        timezone: 'Asia/Shanghai',
      },
      host: 'im_message',
      context: { open_message_id: `om_${c.sitting}`, open_chat_id: c.chatId },
    },
  });
}

function sealed(plain: string): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const box = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final()]).toString('base64');
  const body = `{"encrypt":"${box}"}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = randomBytes(8).toString('hex');
  const sign = createHash('sha256').update(timestamp + nonce + app.encryptKey + body);
  return (
    `POST ${webhookPath} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json; charset=utf-8\r\n` +
    `X-Lark-Request-Timestamp: ${timestamp}\r\nX-Lark-Request-Nonce: ${nonce}\r\n` +
    `X-Lark-Signature: ${sign.digest('hex')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}

const mark = '"a":"screening.submit","v":1,"p":';

/** Goes on to the household the answer shows. Throws when the answer does not say 已保存. */
function follow(c: Cadre, reply: string): void {
  if (!reply.includes('"type":"success"') || !reply.includes('已保存')) {
    throw new Error(`the submit of ${c.sitting} at ${c.h}/${c.r} was not acknowledged: ${reply.slice(0, 300)}`);
  }
  c.done++;
  c.r++;
  const at = reply.indexOf(mark) + mark.length;
  if (at < mark.length) {
    c.h = ''; // the village is done
    return;
  }
  const next = JSON.parse(reply.slice(at, reply.indexOf('}', at) + 1)) as { s: string; h: string; r: number };
  if (next.s !== c.sitting || next.r !== c.r || next.h === c.h)
    throw new Error(`not the next card: ${JSON.stringify(next)}`);
  c.h = next.h;
}
