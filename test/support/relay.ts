// Owns a line between the platform and the bot on which every request arrives twice, byte for byte.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Relay {
  readonly url: string;
  /** The bot's answer to the last second copy. */
  second(): unknown;
  close(): Promise<void>;
}

/** The first answer goes back to the sender; the copy follows before that. */
export async function startRelay(target: string): Promise<Relay> {
  let second: unknown = null;
  const server = createServer(async (request, response) => {
    const copy = await copyOf(request);
    const first = await fetch(target, copy);
    const text = await first.text();
    second = await (await fetch(target, copy)).json();
    response.writeHead(first.status, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    second: () => second,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function copyOf(request: IncomingMessage): Promise<RequestInit> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const kept = Object.entries(request.headers).filter(
    ([name]) => name === 'content-type' || name.startsWith('x-lark-'),
  );
  return {
    method: 'POST',
    headers: kept.map(([name, value]) => [name, String(value)] as [string, string]),
    body: Buffer.concat(parts),
  };
}
