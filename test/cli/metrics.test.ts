// Owns /metrics of a running bot: what is counted, in a form a monitoring system reads, without anybody's data.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMetrics, databaseGauges, outcomeOf } from '../../src/metrics.ts';
import type { Gauges } from '../../src/operatorStore.ts';
import { daaGroup, people } from '../support/people.ts';
import { type Beside, type Desk, filledDesk, secrets, startBeside } from './office.ts';

/** One line of the text format: a comment, or a series with a number. */
const line =
  /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="[\w.:+-]*"(,[a-z_]+="[\w.:+-]*")*\})? -?\d+(\.\d+)?(e[+-]?\d+)?)$/;

describe('a bot at work', () => {
  let desk: Desk;
  let beside: Beside;
  let text = '';
  const value = (series: string) =>
    Number(
      text
        .split('\n')
        .find((l) => l.startsWith(`${series} `))
        ?.split(' ')[1],
    );

  beforeAll(async () => {
    desk = await filledDesk();
    beside = await startBeside(desk);
    const { sim } = beside;
    sim.addBot(daaGroup, people.cadre);
    await beside.settle();
    await sim.say(people.cadre, daaGroup, '绑定 大阿村', { mentionBot: true });
    await beside.settle();
    const bot = () => sim.messages(daaGroup).filter((m) => m.from.bot && m.type === 'interactive');
    await sim.press(people.cadre, bot()[0]?.messageId ?? '', '帮助');
    await beside.settle();
    sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 230002, times: 1 });
    await sim.say(people.cadre, daaGroup, '活动', { mentionBot: true });
    await beside.settle();
    await beside.running.bot.tick();
    await new Promise((done) => setTimeout(done, 50)); // the loop is looked at once
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200); // then it stands still
    await new Promise((done) => setTimeout(done, 50));
    const response = await fetch(`${beside.running.url}/metrics`);
    expect(response.headers.get('content-type')).toContain('version=0.0.4');
    text = await response.text();
  }, 120_000);
  afterAll(async () => {
    await beside.stop();
    desk.close();
  });

  test('every line is one a monitoring system reads, every series is explained', () => {
    const lines = text.trimEnd().split('\n');
    expect(lines.filter((l) => !line.test(l))).toEqual([]);
    const explained = new Set(lines.flatMap((l) => /^# TYPE (\S+)/.exec(l)?.[1] ?? []));
    for (const l of lines.filter((l) => !l.startsWith('#'))) {
      const name = /^[a-z_]+/.exec(l)?.[0] ?? '';
      expect(explained.has(name) || explained.has(name.replace(/_(bucket|sum|count)$/, '')), l).toBe(true);
    }
  });

  test('clicks by outcome, events by kind, calls by code, what waits and what was given up', () => {
    expect(value('lookback_clicks_total{outcome="info"}')).toBe(1);
    expect(value('lookback_clicks_total{outcome="failed"}')).toBe(0);
    expect(value('lookback_click_duration_seconds_count')).toBe(1);
    expect(value('lookback_events_total{kind="botAdded"}')).toBe(1);
    expect(value('lookback_events_total{kind="message"}')).toBe(2);
    expect(value('lookback_platform_calls_total{call="reply",code="230002"}')).toBe(1);
    expect(value('lookback_messages_sent_total')).toBeGreaterThanOrEqual(3);
    expect(value('lookback_kept_back')).toBe(0);
    expect(value('lookback_outbox{state="due"}')).toBe(0);
    expect(value('lookback_outbox{state="dead"}')).toBe(1);
    for (const priority of ['deadline', 'answer', 'nicety', 'ordered'])
      expect(value(`lookback_waiting{priority="${priority}"}`)).toBe(0);
    expect(value('lookback_calls_this_month')).toBeGreaterThanOrEqual(4);
    expect(value('lookback_calls_allowed')).toBe(10_000);
    expect(value('lookback_told_lately{how="simplified"}')).toBe(0);
    expect(value('lookback_told_lately{how="maybe_twice"}')).toBe(0);
    expect(value('lookback_inbox_waiting')).toBe(0);
    expect(value('lookback_last_tick_age_seconds')).toBeLessThan(60);
    expect(value('lookback_commits_total{result="ok"}')).toBeGreaterThan(5);
  });

  test('the process: uptime, memory, how late its loop is', () => {
    expect(value('lookback_uptime_seconds')).toBeGreaterThanOrEqual(0);
    expect(value('lookback_resident_memory_bytes')).toBeGreaterThan(20e6);
    expect(value('lookback_event_loop_delay_seconds{quantile="1"}')).toBeGreaterThan(0.15);
    const usual = value('lookback_event_loop_delay_seconds{quantile="0.5"}');
    expect(usual, 'and not all the time').toBeLessThan(value('lookback_event_loop_delay_seconds{quantile="1"}'));
  });

  test('nobody can be found in it', () => {
    for (const word of [...secrets, ...Object.values(people), daaGroup, '例', '大阿', 'om_', desk.key])
      expect(text).not.toContain(word);
  });

  test('when the platform last sent an event and a click is remembered', async () => {
    const rows = await desk.rows(
      "select key, value from meta where key in ('lastEventAt', 'lastClickAt') order by key",
    );
    expect(rows.map(([key]) => key)).toEqual(['lastClickAt', 'lastEventAt']);
    for (const [, at] of rows) expect(Math.abs(Number(at) - Date.now())).toBeLessThan(120_000);
  });
});

test('however many names and codes come, the series stay few', () => {
  const m = createMetrics();
  for (let code = 0; code < 1000; code++) m.call('send', code, false);
  const series = m
    .text([])
    .split('\n')
    .filter((l) => l.startsWith('lookback_platform_calls_total{'));
  expect(series.length).toBeLessThanOrEqual(61);
  expect(series.at(-1)).toMatch(/call="other",code="other"\} 940$/);
});

test('a duration counts in every bucket above it', () => {
  const m = createMetrics();
  for (const seconds of [0.004, 0.02, 0.02, 2.5, 9]) m.click('success', seconds);
  const text = m.text([]);
  for (const [le, n] of [
    ['0.005', 1],
    ['0.025', 3],
    ['2', 3],
    ['3', 4],
    ['+Inf', 5],
  ])
    expect(text).toContain(`lookback_click_duration_seconds_bucket{le="${le}"} ${n}\n`);
  expect(text).toContain('lookback_click_duration_seconds_sum 11.544\n');
});

test('a click is counted by the colour of its answer', () => {
  expect(outcomeOf({ toast: { type: 'success' }, card: {} })).toBe('success');
  expect(outcomeOf({ card: {} })).toBe('card');
  expect(outcomeOf({ toast: { type: 'something new' } })).toBe('card');
});

const nothing: Gauges = {
  outboxDue: 0,
  outboxDead: 0,
  inboxWaiting: 0,
  lastTickAt: null,
  waiting: { ordered: 0, deadline: 0, answer: 0, nicety: 0 },
  askedDueAt: null,
  calls: 0,
  simplified: 0,
  maybeTwice: 0,
};

test('a bot that never ticked says so', () => {
  const gauges = databaseGauges(nothing, 1);
  expect(gauges.find((g) => g.name.endsWith('tick_age_seconds'))?.value).toBe(-1);
});
