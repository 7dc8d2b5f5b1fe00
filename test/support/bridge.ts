// Owns a libSQL server for tests: the Hrana-2-over-HTTP protocol on 127.0.0.1, with faults to order. One server holds any
// number of databases, one per first path segment, each made when first asked for.

import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { newFolder } from './folder.ts';
import { HranaStream, ServedFile, type WireRequest, type WireResult } from './hrana.ts';

/**
 * What happens to the next pipeline request. `drop` closes the connection without an answer, before or after the work;
 * `status` answers with that HTTP status, before the work or (with `applied`) instead of the result; `expire` answers
 * as for a stream that timed out.
 */
export type Fault = { drop: 'before' | 'after' } | { status: number; applied?: boolean } | { expire: true };

export interface Bridge {
  /** Address of one database; names are [a-z0-9-]+. */
  url(database: string): string;
  /** The file behind it. */
  file(database: string): string;
  /** Orders faults for the next pipeline requests, one each, in order. */
  fault(...faults: Fault[]): void;
  /** Milliseconds every request waits before anything happens. */
  latency(ms: number): void;
  /** Pipeline requests seen so far. */
  requests(): number;
  close(): Promise<void>;
}

interface Idle {
  readonly stream: HranaStream;
  readonly timer: NodeJS.Timeout;
}

/** `token`: bearer token wanted from every request, none when ''. `idleMs`: a stream left alone this long is rolled back. */
export async function startBridge(options: { token?: string; idleMs?: number } = {}): Promise<Bridge> {
  const served = new Served(options.token ?? '', options.idleMs ?? 10_000);
  const server = createServer((request, response) => {
    served.answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (database) => `http://127.0.0.1:${port}/${database}/`,
    file: (database) => served.file(database).path,
    fault: (...faults) => void served.faults.push(...faults),
    latency: (ms) => {
      served.latencyMs = ms;
    },
    requests: () => served.requests,
    close: () => closed(server, served),
  };
}

class Served {
  readonly faults: Fault[] = [];
  latencyMs = 0;
  requests = 0;
  readonly #token: string;
  readonly #idleMs: number;
  readonly #folder = newFolder('bridge');
  readonly #files = new Map<string, ServedFile>();
  readonly #idle = new Map<string, Idle>();

  constructor(token: string, idleMs: number) {
    this.#token = token;
    this.#idleMs = idleMs;
  }

  file(database: string): ServedFile {
    const known = this.#files.get(database);
    if (known !== undefined) return known;
    const file = new ServedFile(join(this.#folder, `${database}.db`));
    this.#files.set(database, file);
    return file;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = /^\/([a-z0-9-]+)\/v2(\/pipeline)?$/.exec(request.url ?? '');
    if (route === null) return void response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    if (this.#token !== '' && request.headers.authorization !== `Bearer ${this.#token}`) {
      return json(response, 401, { message: 'the token is missing or wrong', code: 'AUTH_JWT_INVALID' });
    }
    if (route[2] === undefined) return void response.writeHead(200).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.requests++;
    if (this.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    const fault = this.faults.shift();
    if (fault !== undefined && !happensAfter(fault)) return fail(request, response, fault);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
      baton?: string | null;
      requests: WireRequest[];
    };
    const stream = this.#stream(route[1] ?? '', body.baton ?? null);
    if (stream === null) return expired(response);
    const results: WireResult[] = [];
    for (const item of body.requests) results.push(await stream.handle(item));
    const baton = stream.closed ? null : this.#park(stream);
    if (fault !== undefined) return fail(request, response, fault);
    json(response, 200, { baton, base_url: null, results });
  }

  close(): void {
    for (const { stream, timer } of this.#idle.values()) {
      clearTimeout(timer);
      stream.close();
    }
    for (const file of this.#files.values()) file.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #stream(database: string, baton: string | null): HranaStream | null {
    if (baton === null) return new HranaStream(this.file(database));
    const idle = this.#idle.get(baton);
    this.#idle.delete(baton);
    clearTimeout(idle?.timer);
    return idle?.stream ?? null;
  }

  #park(stream: HranaStream): string {
    const baton = crypto.randomUUID();
    const timer = setTimeout(() => {
      this.#idle.delete(baton);
      stream.close();
    }, this.#idleMs);
    timer.unref();
    this.#idle.set(baton, { stream, timer });
    return baton;
  }
}

const happensAfter = (fault: Fault): boolean =>
  ('drop' in fault && fault.drop === 'after') || ('status' in fault && fault.applied === true);

function fail(request: IncomingMessage, response: ServerResponse, fault: Fault): void {
  if ('drop' in fault) request.socket.destroy();
  else if ('expire' in fault) expired(response);
  else response.writeHead(fault.status, { 'content-type': 'text/plain' }).end('ordered by the test');
}

const expired = (response: ServerResponse): void =>
  json(response, 400, { message: 'The stream has expired due to inactivity', code: 'STREAM_EXPIRED' });

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function closed(server: Server, served: Served): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await ended;
  served.close();
}
