// Owns what a run says: medians over the rounds, ratios, and the table people read. Pure.
import type { LegResult } from './load.ts';
import type { ServerName } from './servers.ts';

export interface Leg extends LegResult {
  readonly server: ServerName;
  readonly connections: number;
  readonly round: number;
  readonly serverCpuUs: number;
}

export interface Row {
  readonly server: ServerName;
  readonly connections: number;
  readonly perSecond: number;
  readonly p50: number; // ms
  readonly p99: number;
  readonly cpuUs: number; // of the server, per request
  readonly loadShare: number; // share of its core the generator used
  readonly requests: number;
}

const median = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2;
};

/** One row per server and concurrency: medians of its legs. A leg that had no household left says nothing. */
export function rowsOf(legs: readonly Leg[]): Row[] {
  const groups = new Map<string, Leg[]>();
  for (const leg of legs.filter((l) => l.requests > 0)) {
    const key = `${String(leg.connections).padStart(6, '0')}/${leg.server}`;
    groups.set(key, [...(groups.get(key) ?? []), leg]);
  }
  return [...groups.values()].map((own) => {
    const mid = (of: (leg: Leg) => number) => median(own.map(of));
    return {
      server: own[0]!.server,
      connections: own[0]!.connections,
      perSecond: mid((l) => (l.requests * 1000) / l.ms),
      p50: mid((l) => l.p50),
      p99: mid((l) => l.p99),
      cpuUs: mid((l) => l.serverCpuUs / l.requests),
      loadShare: mid((l) => l.cpuUs / 1000 / l.ms),
      requests: own.reduce((n, l) => n + l.requests, 0),
    };
  });
}

export interface Ratio {
  readonly connections: number;
  readonly beside: ServerName;
  /** Ours divided by theirs. */
  readonly perSecond: number;
  readonly p99: number;
  readonly cpuUs: number;
}

export function ratiosOf(rows: readonly Row[]): Ratio[] {
  return rows.flatMap((row) => {
    const ours = rows.find((r) => r.server === 'ours' && r.connections === row.connections);
    if (!ours || (row.server !== 'sdkDefault' && row.server !== 'sdkExpress')) return [];
    const of = (field: 'perSecond' | 'p99' | 'cpuUs') => ours[field] / row[field];
    const { connections, server: beside } = row;
    return [{ connections, beside, perSecond: of('perSecond'), p99: of('p99'), cpuUs: of('cpuUs') }];
  });
}

const titles: Readonly<Record<ServerName, string>> = {
  ours: 'Lookback: whole submit',
  sdkDefault: 'SDK adaptDefault, no-op',
  sdkExpress: 'SDK + Express, no-op',
  bare: 'bare node:http, no-op',
};

export function tableOf(rows: readonly Row[]): string {
  const head = ['server', 'conns', 'req/s', 'p50 ms', 'p99 ms', 'CPU µs/req', 'generator'];
  const body = rows.map((r) => [
    titles[r.server],
    String(r.connections),
    r.perSecond.toFixed(0),
    r.p50.toFixed(1),
    r.p99.toFixed(1),
    r.cpuUs.toFixed(0),
    `${(r.loadShare * 100).toFixed(0)} %`,
  ]);
  return aligned([head, ...body]);
}

export function ratioTableOf(ratios: readonly Ratio[]): string {
  const head = ['Lookback ÷', 'conns', 'req/s', 'p99', 'CPU/req'];
  const factor = (n: number) => `${n.toFixed(2)} ×`;
  const body = ratios.map((r) => [
    titles[r.beside],
    String(r.connections),
    factor(r.perSecond),
    factor(r.p99),
    factor(r.cpuUs),
  ]);
  return aligned([head, ...body]);
}

function aligned(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((l) => l[i]?.length ?? 0)));
  const cell = (text: string, i: number) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0));
  return lines.map((l) => l.map(cell).join('  ').trimEnd()).join('\n');
}
