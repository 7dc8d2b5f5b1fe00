// Owns the numbers a monitoring system reads: counters and histograms of this process, as Prometheus text. No library, no
// personal data; label values come from fixed lists, so that no series grows without bound.
import type { Gauges } from './operatorStore.ts';

/** What a click's answer was: the colour of its toast, a card alone, or a failure. */
export const clickOutcomes = ['success', 'info', 'warning', 'error', 'card', 'failed'] as const;
export type ClickOutcome = (typeof clickOutcomes)[number];

export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Metrics {
  click(outcome: ClickOutcome, seconds: number): void;
  event(kind: string): void;
  commit(units: 'ok' | 'refused' | 'failed'): void;
  /** A call to the platform by name and its code; 0: it worked, or no code came (`ok` tells). */
  call(name: string, code: number, ok: boolean): void;
  /** Everything counted so far, then the gauges. */
  text(gauges: readonly Gauge[]): string;
}

/** Seconds; the platform gives a click up after 3. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];
const seriesAtMost = 60;
const sends = ['send', 'reply', 'patch'];

export function createMetrics(): Metrics {
  const clicks = counter('lookback_clicks_total', 'Card clicks by what was answered.');
  for (const outcome of clickOutcomes) clicks.add({ outcome }, 0);
  const duration = histogram('lookback_click_duration_seconds', 'Time until a click was answered.');
  const events = counter('lookback_events_total', 'Events accepted, by kind.');
  const commits = counter('lookback_commits_total', 'Write units by result.');
  const calls = counter('lookback_platform_calls_total', 'Calls to the open platform by name and code.');
  const sent = counter('lookback_messages_sent_total', 'Messages and card updates the platform took.');
  sent.add({}, 0);
  return {
    click(outcome, seconds) {
      clicks.add({ outcome });
      duration.observe(seconds);
    },
    event: (kind) => events.add({ kind }),
    commit: (result) => commits.add({ result }),
    call(name, code, ok) {
      calls.add({ call: name, code: ok ? 'ok' : String(code) });
      if (ok && sends.includes(name)) sent.add({});
    },
    text: (gauges) =>
      [...[clicks, duration, events, commits, calls, sent].flatMap((m) => m.lines()), ...gaugeLines(gauges), ''].join(
        '\n',
      ),
  };
}

type Labels = Readonly<Record<string, string>>;

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[^\w.:-]/g, '_').slice(0, 40)}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const head = (name: string, help: string, type: string) => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];

function counter(name: string, help: string) {
  const series = new Map<string, number>();
  return {
    add(labels: Labels, n = 1): void {
      const own = labelText(labels);
      const other = labelText(Object.fromEntries(Object.keys(labels).map((label) => [label, 'other'])));
      const key = series.has(own) || series.size < seriesAtMost ? own : other;
      series.set(key, (series.get(key) ?? 0) + n);
    },
    lines: () => [...head(name, help, 'counter'), ...[...series].map(([labels, n]) => `${name}${labels} ${n}`)],
  };
}

function histogram(name: string, help: string) {
  const counts = buckets.map(() => 0);
  let [sum, total] = [0, 0];
  return {
    observe(seconds: number): void {
      sum += seconds;
      total += 1;
      const at = buckets.findIndex((bound) => seconds <= bound);
      if (at >= 0) counts[at] = (counts[at] ?? 0) + 1;
    },
    lines(): string[] {
      let below = 0;
      const rows = buckets.map((bound, i) => {
        below += counts[i] ?? 0;
        return `${name}_bucket{le="${bound}"} ${below}`;
      });
      return [
        ...head(name, help, 'histogram'),
        ...rows,
        `${name}_bucket{le="+Inf"} ${total}`,
        `${name}_sum ${Number(sum.toFixed(6))}`,
        `${name}_count ${total}`,
      ];
    },
  };
}

function gaugeLines(gauges: readonly Gauge[]): string[] {
  const said = new Set<string>();
  return gauges.flatMap(({ name, help, value, labels = {} }) => {
    const own = said.has(name) ? [] : head(name, help, 'gauge');
    said.add(name);
    return [...own, `${name}${labelText(labels)} ${value}`];
  });
}

/** What the month's calls may come to. */
export const allowanceGauge = (value: number): Gauge => ({
  name: 'lookback_calls_allowed',
  help: 'Calls the month’s allowance permits (LARK_MONTHLY_CALLS).',
  value,
});

/** What an answer to a click is, for the counter. */
export function outcomeOf(answer: object): ClickOutcome {
  const { toast } = answer as { toast?: { type?: string } };
  return clickOutcomes.find((outcome) => outcome === toast?.type) ?? 'card';
}

/** The database's own numbers as gauges. */
export function databaseGauges(g: Gauges, now: number): Gauge[] {
  const outbox = { name: 'lookback_outbox', help: 'Messages waiting to be sent, and messages given up.' };
  const waiting = { name: 'lookback_waiting', help: 'Messages waiting to be sent by priority.' };
  const lately = { name: 'lookback_told_lately', help: 'Sent within 24 hours, but not plainly once as drawn.' };
  return [
    { ...outbox, labels: { state: 'due' }, value: g.outboxDue },
    { ...outbox, labels: { state: 'dead' }, value: g.outboxDead },
    ...Object.entries(g.waiting).map(([priority, value]) => ({ ...waiting, labels: { priority }, value })),
    { name: 'lookback_calls_this_month', help: 'Calls to the platform booked this month.', value: g.calls },
    { ...lately, labels: { how: 'simplified' }, value: g.simplified },
    { ...lately, labels: { how: 'maybe_twice' }, value: g.maybeTwice },
    { name: 'lookback_inbox_waiting', help: 'Events accepted and not yet run.', value: g.inboxWaiting },
    {
      name: 'lookback_last_tick_age_seconds',
      help: 'Seconds since the last tick, -1 before the first.',
      value: g.lastTickAt === null ? -1 : Math.max(0, Math.round((now - g.lastTickAt) / 1000)),
    },
  ];
}
