// Owns what a Node process measures about itself and its work: wraps the doors it is handed and counts what passes.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Engine } from '../db/engine.ts';
import type { AppDeps } from './http.ts';
import { createMetrics, databaseGauges, type Gauge, outcomeOf } from './metrics.ts';
import type { OperatorStore } from './operatorStore.ts';
import type { Clock } from './ports.ts';

export interface NodeMetrics {
  /** The same engine; its commits are counted. */
  engine(engine: Engine): Engine;
  onClick(handle: AppDeps['onClick']): AppDeps['onClick'];
  onEvent(handle: AppDeps['onEvent']): AppDeps['onEvent'];
  onCall(name: string, code: number, ok: boolean): void;
  /** `more`: gauges of the caller. */
  text(store: OperatorStore, clock: Clock, more: readonly Gauge[]): Promise<string>;
  stop(): void;
}

const resolutionMs = 20;

/** `rssBytes`: memory of the process; only entry points see it. */
export function createNodeMetrics(rssBytes: (() => number) | undefined): NodeMetrics {
  const metrics = createMetrics();
  const began = performance.now();
  const lag = monitorEventLoopDelay({ resolution: resolutionMs });
  lag.enable();
  return {
    engine: (engine) => ({
      read: (sql, args) => engine.read(sql, args),
      async commit(unit) {
        try {
          const outcome = await engine.commit(unit);
          metrics.commit(outcome.ok ? 'ok' : 'refused');
          return outcome;
        } catch (error) {
          metrics.commit('failed');
          throw error;
        }
      },
      version: (tables) => engine.version(tables),
      migrate: (migrations) => engine.migrate(migrations),
      pending: (migrations) => engine.pending(migrations),
      close: () => engine.close(),
    }),
    onClick: (handle) => async (click) => {
      const from = performance.now();
      try {
        const answer = await handle(click);
        metrics.click(outcomeOf(answer), (performance.now() - from) / 1000);
        return answer;
      } catch (error) {
        metrics.click('failed', (performance.now() - from) / 1000);
        throw error;
      }
    },
    onEvent: (handle) => async (event) => {
      await handle(event);
      metrics.event(event.kind);
    },
    onCall: (name, code, ok) => metrics.call(name, code, ok),
    async text(store, clock, more) {
      const own = processGauges({ uptime: (performance.now() - began) / 1000, lag, rssBytes });
      lag.reset();
      return metrics.text([...own, ...more, ...databaseGauges(await store.gauges(clock.now()), clock.now())]);
    },
    stop: () => void lag.disable(),
  };
}

interface Own {
  readonly uptime: number;
  readonly lag: ReturnType<typeof monitorEventLoopDelay>;
  readonly rssBytes: (() => number) | undefined;
}

function processGauges({ uptime, lag, rssBytes }: Own): Gauge[] {
  // measured are the times between two looks, so the wait that was asked for comes off
  const seconds = (nanoseconds: number) =>
    Number.isFinite(nanoseconds) ? Math.max(0, Number((nanoseconds / 1e9 - resolutionMs / 1000).toFixed(6))) : 0;
  const delay = { name: 'lookback_event_loop_delay_seconds', help: 'How late the event loop was since the last look.' };
  return [
    { name: 'lookback_uptime_seconds', help: 'Seconds since the process started.', value: Math.round(uptime) },
    ...(rssBytes
      ? [{ name: 'lookback_resident_memory_bytes', help: 'Memory of the process.', value: rssBytes() }]
      : []),
    { ...delay, labels: { quantile: '0.5' }, value: seconds(lag.percentile(50)) },
    { ...delay, labels: { quantile: '0.99' }, value: seconds(lag.percentile(99)) },
    { ...delay, labels: { quantile: '1' }, value: seconds(lag.max) },
  ];
}
