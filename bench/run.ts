// Owns a run of the bench: `npm run bench -- [--quick] [--json] [--alike] [--households N] [--profile DIR]`. One process per server on
// one core, the load generator on another, rounds interleaved. stdout carries the tables (or JSON), stderr what is going on. Measures
// and compares; asserts no time, only that everything acknowledged is on disk.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Child, startChild, twoCores, type Usage } from './child.ts';
import { type Cadre, disagreements, seedCounty } from './county.ts';
import { type LegOrder, type LegResult, runLoad } from './load.ts';
import { runServer, type ServerName } from './servers.ts';
import { type Leg, ratiosOf, ratioTableOf, rowsOf, tableOf } from './table.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    alike: { type: 'boolean', default: false }, // all servers get the options for Node that `npm start` gives ours
    profile: { type: 'string' }, // our server alone at 64 connections; its .cpuprofile goes into this folder
    households: { type: 'string' }, // so many in the county; default: as many as the legs may need
    role: { type: 'string' }, // internal: what a child process is
    server: { type: 'string', default: '' },
    file: { type: 'string', default: '' },
  },
});

/** What `npm start` says to Node. */
const startOptions = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { scripts: { start: string } }
).scripts.start
  .split(' ')
  .filter((word) => word.startsWith('--'));

interface Plan {
  readonly servers: readonly ServerName[];
  readonly connections: readonly number[];
  readonly rounds: number;
  readonly heat: { readonly requests: number; readonly ms: number }; // each server once, at most so much: compiles its code
  readonly warmMs: number; // before each leg
  readonly ms: number;
}

const everyone: readonly ServerName[] = ['ours', 'sdkDefault', 'sdkExpress'];
const levels = [1, 64, 256];
const plans: Readonly<Record<'full' | 'quick' | 'profile', Plan>> = {
  full: {
    servers: everyone,
    connections: levels,
    rounds: 3,
    heat: { requests: 15_000, ms: 15_000 },
    warmMs: 500,
    ms: 3000,
  },
  quick: {
    servers: everyone,
    connections: levels,
    rounds: 1,
    heat: { requests: 8000, ms: 4000 },
    warmMs: 300,
    ms: 1500,
  },
  profile: {
    servers: ['ours'],
    connections: [64],
    rounds: 1,
    heat: { requests: 20_000, ms: 20_000 },
    warmMs: 500,
    ms: 8000,
  },
};

// A county of a size of its own is to last for the legs; all sizes get the same.
const heatOfSize = 2_500;

const say = (text: string) => void process.stderr.write(`${text}\n`);

/** More households than a leg of this length can use up; a leg that runs out ends early and says so. */
function householdsFor(plan: Plan): number {
  const ms = (plan.warmMs + plan.ms) * plan.rounds * plan.connections.length;
  return options.households === undefined
    ? plan.heat.requests + Math.ceil((ms / 1000) * 4500)
    : Number(options.households);
}

class Bench {
  readonly #plan: Plan;
  readonly #dir = mkdtempSync(join(tmpdir(), 'lookback-bench-'));
  readonly #file = join(this.#dir, 'bench.db');
  readonly #servers = new Map<ServerName, { child: Child; port: number }>();
  readonly #cores = twoCores();
  #load: Child | null = null;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  async run(): Promise<{ legs: Leg[]; ceiling: Leg | null; memory: Usage; cadres: Cadre[] }> {
    const [serverCore, loadCore] = 'cores' in this.#cores ? this.#cores.cores : [null, null];
    say(
      'why' in this.#cores
        ? `not pinned: ${this.#cores.why}`
        : `servers on core ${serverCore}, load on core ${loadCore}`,
    );
    const seeded = await seedCounty(this.#file, householdsFor(this.#plan));
    const load = startChild('load', { core: loadCore });
    this.#load = load;
    await load.ask('county', seeded);
    const ceilingOf = this.#plan.servers.length > 1;
    for (const name of [...this.#plan.servers, ...(ceilingOf ? (['bare'] as const) : [])])
      await this.#start(name, serverCore);
    const heat = options.households === undefined ? this.#plan.heat : { requests: heatOfSize, ms: this.#plan.heat.ms };
    for (const name of this.#servers.keys()) await this.#drive(name, 64, heat);
    const legs: Leg[] = [];
    for (let round = 1; round <= this.#plan.rounds; round++) {
      for (const connections of this.#plan.connections) {
        for (const server of this.#plan.servers) legs.push(await this.#leg(server, connections, round));
      }
    }
    const ceiling = ceilingOf ? await this.#leg('bare', 64, 0) : null;
    const memory = await this.#server('ours').child.ask<Usage>('usage');
    return { legs, ceiling, memory, cadres: await load.ask<Cadre[]>('cadres') };
  }

  /** Our server is killed, not stopped: what it acknowledged must be on disk without its help. */
  async verify(cadres: readonly Cadre[]): Promise<string[]> {
    const { child } = this.#server('ours');
    await (options.profile === undefined ? child.kill() : child.leave());
    return disagreements(this.#file, cadres);
  }

  async end(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((s) => s.child.kill()));
    await this.#load?.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #start(name: ServerName, core: number | null): Promise<void> {
    const profiled = options.profile !== undefined && name === 'ours';
    const nodeArgs = [
      ...(name === 'ours' || options.alike ? startOptions : []),
      ...(profiled ? ['--cpu-prof', '--cpu-prof-interval=1000', `--cpu-prof-dir=${options.profile}`] : []),
    ];
    const child = startChild('server', { core, nodeArgs, args: ['--server', name, '--file', this.#file] });
    this.#servers.set(name, { child, port: 0 });
    this.#servers.set(name, { child, port: await child.ask<number>('listen') });
  }

  #server(name: ServerName): { child: Child; port: number } {
    const known = this.#servers.get(name);
    if (!known) throw new Error(`${name} was not started`);
    return known;
  }

  #drive(server: ServerName, connections: number, much: { ms: number; requests?: number }): Promise<LegResult> {
    const order: LegOrder = { port: this.#server(server).port, connections, follow: server === 'ours', ...much };
    return (this.#load as Child).ask('leg', order);
  }

  async #leg(server: ServerName, connections: number, round: number): Promise<Leg> {
    const { child } = this.#server(server);
    await this.#drive(server, connections, { ms: this.#plan.warmMs });
    const before = await child.ask<Usage>('usage');
    const result = await this.#drive(server, connections, { ms: this.#plan.ms });
    const after = await child.ask<Usage>('usage');
    const handled = after.handled - before.handled;
    if (server !== 'ours' && handled !== result.requests)
      throw new Error(`${server} handled ${handled} of ${result.requests}`);
    if (result.ranOut) say(`${server}: no household left, the leg ended after ${Math.round(result.ms)} ms`);
    const leg = { ...result, server, connections, round, serverCpuUs: after.cpuUs - before.cpuUs };
    say(`round ${round}  ${connections} connections  ${server}  ${Math.round((leg.requests * 1000) / leg.ms)}/s`);
    return leg;
  }
}

async function main(): Promise<number> {
  const plan = plans[options.profile !== undefined ? 'profile' : options.quick ? 'quick' : 'full'];
  const bench = new Bench(plan);
  try {
    const { legs, ceiling, memory, cadres } = await bench.run();
    const wrong = await bench.verify(cadres);
    const rows = rowsOf(ceiling ? [...legs, ceiling] : legs);
    const ratios = ratiosOf(rows);
    const acknowledged = cadres.reduce((n, c) => n + c.done, 0);
    const machine = { node: process.version, cpu: cpus()[0]?.model.trim() ?? '', cores: cpus().length };
    const bodyBytes = legs.find((l) => l.server === 'ours')?.bodyBytes ?? 0;
    const mb = { now: memory.rss / 2 ** 20, peak: memory.peakRss / 2 ** 20 };
    if (options.json) {
      process.stdout.write(
        `${JSON.stringify({ machine, rows, ratios, bodyBytes, rssMb: mb, acknowledged, wrong, legs })}\n`,
      );
    } else {
      process.stdout.write(`${tableOf(rows)}\n\n`);
      if (ratios.length > 0) process.stdout.write(`${ratioTableOf(ratios)}\n\n`);
      process.stdout.write(
        `request ${bodyBytes} bytes; our memory ${mb.now.toFixed(0)} MB, at most ${mb.peak.toFixed(0)} MB; ` +
          `Node ${machine.node}, ${machine.cores} × ${machine.cpu}\n` +
          `acknowledged ${acknowledged}, on disk after a kill: ${wrong.length === 0 ? 'all, each once, tallies right' : 'NO'}\n`,
      );
    }
    for (const line of wrong) say(line);
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await bench.end();
  }
}

if (options.role === 'server') runServer(options.server, options.file);
else if (options.role === 'load') runLoad();
else process.exitCode = await main();
