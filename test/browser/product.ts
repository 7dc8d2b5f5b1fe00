// Owns running the real product for a browser: the built entry in a folder of its own, as somebody would start it. Knows
// one line of its stdout and its exit, nothing of what is inside.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../dist/node.js', import.meta.url));

export interface Ports {
  readonly bot: number;
  readonly simulator: number;
}

export interface Product {
  readonly url: string; // of the page, as printed
  readonly ms: number; // from the start of the process to that line
  readonly process: ChildProcess;
  /** All of stdout so far. */
  stdout(): string;
  /** Levels and messages of the log lines that are worse than information. */
  complaints(): string[];
}

/** Two ports that were free a moment ago. */
export async function freePorts(): Promise<Ports> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(async (server) => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    }),
  );
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  const [bot = 0, simulator = 0] = ports;
  return { bot, simulator };
}

/** Resolves once the page's address is printed; rejects with the log when the process ends before. */
export function startProduct(cwd: string, ports: Ports): Promise<Product> {
  const began = performance.now();
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
  const env = { PATH, HOME, TMPDIR, PORT: String(ports.bot), SIMULATOR_PORT: String(ports.simulator) };
  const child = spawn(process.execPath, [entry], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return new Promise((done, fail) => {
    const ended = (code: number | null) => fail(new Error(`the product ended with ${code} before it was up:\n${err}`));
    child.once('exit', ended);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const url = /^(http:\/\/\S+)\n/m.exec(out)?.[1];
      if (url === undefined) return;
      const ms = performance.now() - began;
      done({ url, ms, process: child, stdout: () => out, complaints: () => complaintsIn(err) });
    });
  });
}

function complaintsIn(log: string): string[] {
  return log.split('\n').filter((line) => line.trim() !== '' && !/"level":"(debug|info)"/.test(line));
}

/** Sends SIGTERM `times` in a row; resolves to how the process ended. */
export async function terminate(
  product: Product,
  times: number,
): Promise<{ code: number | null; signal: string | null }> {
  const { process: child } = product;
  if (child.exitCode !== null) return { code: child.exitCode, signal: child.signalCode };
  const exit = once(child, 'exit');
  for (let n = 0; n < times; n++) child.kill('SIGTERM');
  const [code, signal] = (await exit) as [number | null, string | null];
  return { code, signal };
}
