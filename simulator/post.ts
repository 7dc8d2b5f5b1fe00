// Owns what came of telling the bot something, and one HTTP request from the platform to the bot: deadline, no redirects, and how it failed.
import { Agent, request } from 'node:http';
import { request as secureRequest } from 'node:https';

export type Delivered =
  | { readonly ok: true; readonly status: number; readonly text: string }
  | { readonly ok: false; readonly why: 'timeout' | 'refused' | 'dns' | 'broken' | 'nobody' | 'unacked' };

export interface Outgoing {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly deadlineMs: number; // real time
}

function reason(code: unknown): 'refused' | 'dns' | 'broken' {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns';
  return code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH' ? 'refused' : 'broken';
}

/** Keeps connections open between pushes; `close` lets the bot's server stop at once. */
export class Courier {
  readonly #agent = new Agent({ keepAlive: true, timeout: 4000 });

  post(o: Outgoing): Promise<Delivered> {
    return this.#once(o, this.#agent);
  }

  close(): void {
    this.#agent.destroy();
  }

  #once(o: Outgoing, agent: Agent): Promise<Delivered> {
    const url = new URL(o.url);
    const secure = url.protocol === 'https:';
    return new Promise((done) => {
      const options = {
        method: 'POST',
        headers: { ...o.headers, 'content-length': String(Buffer.byteLength(o.body)) },
        ...(secure ? {} : { agent }),
      };
      const req = (secure ? secureRequest : request)(url, options, (res) => {
        const parts: Buffer[] = [];
        res.on('data', (part: Buffer) => parts.push(part));
        res.on('error', () => finish({ ok: false, why: 'broken' }));
        res.on('end', () =>
          finish({ ok: true, status: res.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
        );
      });
      const deadline = setTimeout(() => finish({ ok: false, why: 'timeout' }), o.deadlineMs);
      const finish = (result: Delivered) => {
        clearTimeout(deadline);
        done(result);
        if (!result.ok) req.destroy();
      };
      req.on('error', (e) => {
        const code = 'code' in e ? e.code : '';
        // A kept connection the bot has just closed says nothing about the bot: once more on a new one.
        if (req.reusedSocket && code === 'ECONNRESET' && agent === this.#agent) {
          clearTimeout(deadline);
          this.#once(o, new Agent()).then(done);
        } else finish({ ok: false, why: reason(code) });
      });
      req.end(o.body);
    });
  }
}
