// Owns the processes of a run: starting one on a core of its own and asking it things. Knows nothing of what they do.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Child {
  /** Resolves to what the child's handler of that name returned; rejects with its message, or when the child ends first. */
  ask<T>(name: string, arg?: unknown): Promise<T>;
  /** Ends it like a power cut: no handler runs. */
  kill(): Promise<void>;
  /** Asks it to leave by itself, so that a CPU profile is written. */
  leave(): Promise<void>;
}

export interface ChildOptions {
  readonly core: number | null; // null: wherever the system puts it
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
}

interface Question {
  readonly id: number;
  readonly name: string;
  readonly arg: unknown;
}
type Reply = { readonly id: number } & ({ readonly value: unknown } | { readonly failed: string });

/** Two cores this process may use, or null with the reason why nothing can be pinned. */
export function twoCores(): { readonly cores: readonly [number, number] } | { readonly why: string } {
  if (spawnSync('taskset', ['--version']).error) return { why: 'no taskset here' };
  const [first, second] = allowedCores();
  return first === undefined || second === undefined ? { why: 'only one core' } : { cores: [first, second] };
}

function allowedCores(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

/** Starts this same program in another role. */
export function startChild(role: string, { core, args = [], nodeArgs = [] }: ChildOptions): Child {
  const command = [process.execPath, ...nodeArgs, fileURLToPath(import.meta.url), '--role', role, ...args];
  const [program = '', ...rest] = core === null ? command : ['taskset', '-c', String(core), ...command];
  const env = { ...process.env, NODE_ENV: 'production' };
  return over(spawn(program, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env }), role);
}

interface Waiting {
  done(value: unknown): void;
  fail(error: Error): void;
}

function over(child: ChildProcess, role: string): Child {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  const ended = new Promise<void>((done) => {
    const end = (why: string) => {
      for (const w of waiting.values()) w.fail(new Error(`${role}: ${why}`));
      waiting.clear();
      done();
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(`ended with ${signal ?? code}`));
  });
  child.on('message', (reply: Reply) => {
    const w = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('failed' in reply) w?.fail(new Error(`${role}: ${reply.failed}`));
    else w?.done(reply.value);
  });
  return {
    ask: <T>(name: string, arg?: unknown) =>
      new Promise<T>((done, fail) => {
        const id = ++last;
        waiting.set(id, { done: (value) => done(value as T), fail });
        child.send({ id, name, arg: arg ?? null } satisfies Question);
      }),
    kill() {
      child.kill('SIGKILL');
      return ended;
    },
    leave() {
      if (child.connected) child.disconnect();
      return ended;
    },
  };
}

/** The child's side: answers questions until the parent is gone. */
export function answer(handlers: Readonly<Record<string, (arg: never) => unknown>>): void {
  process.on('message', async ({ id, name, arg }: Question) => {
    const reply = (r: Reply) => process.send?.(r);
    try {
      const handler = handlers[name];
      if (!handler) throw new Error(`cannot ${name}`);
      reply({ id, value: (await handler(arg as never)) ?? null });
    } catch (error) {
      reply({ id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit(0));
}

/** CPU time in µs and memory in bytes of the process that calls it. */
export interface Usage {
  readonly cpuUs: number;
  readonly rss: number;
  readonly peakRss: number;
  readonly handled: number;
}
export function usage(handled: number): Usage {
  const { user, system } = process.cpuUsage();
  return {
    cpuUs: user + system,
    rss: process.memoryUsage.rss(),
    peakRss: process.resourceUsage().maxRSS * 1024,
    handled,
  };
}
