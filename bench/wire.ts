// Owns one keep-alive HTTP/1.1 connection, as thin as it can be, so that the generator is not what is measured. Expects
// Content-Length in every answer, as all servers under test send it.
import { createConnection, type Socket } from 'node:net';

export interface Line {
  /** Sends a whole request; resolves to the body of a 200, rejects on anything else. One at a time. */
  exchange(request: string): Promise<string>;
  close(): void;
}

const headEnd = Buffer.from('\r\n\r\n');

export function connect(port: number): Promise<Line> {
  return new Promise((done, fail) => {
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      done(lineOver(socket));
    });
  });
}

function lineOver(socket: Socket): Line {
  let parts: Buffer[] = [];
  let waiting: { done(body: string): void; fail(error: Error): void } | null = null;
  const settle = (end: (w: NonNullable<typeof waiting>) => void) => {
    const w = waiting;
    waiting = null;
    parts = [];
    if (w) end(w);
  };
  const broken = (why: string) => settle((w) => w.fail(new Error(why)));
  socket.on('error', (error) => broken(error.message));
  socket.on('close', () => broken('the server closed the connection'));
  socket.on('data', (chunk) => {
    parts.push(chunk);
    try {
      const body = bodyOf(parts.length === 1 ? chunk : Buffer.concat(parts));
      if (body !== null) settle((w) => w.done(body));
    } catch (error) {
      broken(String(error));
    }
  });
  return {
    exchange: (request) =>
      new Promise((done, fail) => {
        waiting = { done, fail };
        socket.write(request, 'latin1');
      }),
    close: () => void socket.destroy(),
  };
}

/** null while bytes are missing. */
function bodyOf(bytes: Buffer): string | null {
  const at = bytes.indexOf(headEnd);
  if (at < 0) return null;
  const head = bytes.toString('latin1', 0, at);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without Content-Length: ${head}`);
  const from = at + headEnd.length;
  if (bytes.length < from + Number(length)) return null;
  const body = bytes.toString('utf8', from, from + Number(length));
  if (!head.startsWith('HTTP/1.1 200')) throw new Error(`${head.slice(0, 20)} ${body.slice(0, 200)}`);
  return body;
}
