// Owns the page's hand on virtual time: how far a jump goes, and what the clock's state looks like. Going there is
// forward.ts.
import { applyDrill } from './drill.ts';
import type { Forward, Run } from './forward.ts';
import { NotPossible } from './notPossible.ts';
import type { Flow } from './pageFlow.ts';
import type { DemoHooks, Platform } from './platform.ts';
import type { ClockRequest, ClockState } from './wire.ts';

export interface PageClock {
  state(): ClockState;
  /** Resolves once it is under way. Rejects with NotPossible. */
  move(asked: ClockRequest): Promise<void>;
}

export interface PageClockParts {
  readonly platform: Platform;
  readonly demo: DemoHooks | null;
  readonly forward: Forward;
  readonly flow: Flow;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** China has one zone and no summer time. */
const OFFSET = 8 * HOUR;
const MORNING = 8.5 * HOUR;
const EVENING = 18 * HOUR;

/** 2023-07-12 */
export const dayOf = (ms: number): string => new Date(ms + OFFSET).toISOString().slice(0, 10);

/** The next time the day's clock shows this. */
function next(now: number, sinceMidnight: number): number {
  const at = Math.floor((now + OFFSET) / DAY) * DAY - OFFSET + sinceMidnight;
  return at > now ? at : at + DAY;
}

export function createPageClock(o: PageClockParts): PageClock {
  const { forward, flow } = o;
  const { clock, log } = o.platform;
  let sentBefore = 0;
  const run = async (wanted: Run): Promise<void> => {
    sentBefore = flow.total;
    await forward.start(wanted);
    forward.ended.catch((error: unknown) => log.warn('a run through time broke off', { error: String(error) }));
  };
  return {
    state() {
      const now = clock.now();
      const { from, until = null, speed = null } = forward.underWay ?? {};
      const state = { now, zone: 'Asia/Shanghai', paused: clock.paused, speed: clock.speed };
      const under = from === undefined ? null : { from, until, speed, sent: flow.total - sentBefore };
      return { ...state, label: o.demo?.label(now) ?? '', forward: under };
    },
    async move(asked) {
      switch (asked.do) {
        case 'stop':
          return forward.stop();
        case 'pause':
          await forward.stop();
          return clock.pause();
        case 'play':
          await forward.stop();
          if (asked.speed === 600 || asked.speed === 3600) return run({ until: null, speed: asked.speed });
          return clock.play(asked.speed === 60 ? 60 : 1);
        case 'restart':
          if (o.demo === null) throw new NotPossible('这里不能重新开始');
          await forward.stop();
          applyDrill(o.platform.faults, { reset: true });
          return o.demo.restart();
        default:
          return run(runTo(o, asked));
      }
    },
  };
}

type Goal = Exclude<ClockRequest, { readonly do: 'stop' | 'pause' | 'play' | 'restart' }>;

function runTo({ platform, demo, flow }: PageClockParts, asked: Goal): Run {
  const now = platform.clock.now();
  const to = (until: number): Run => ({ until, speed: null });
  switch (asked.do) {
    case 'message': {
      const { as } = asked;
      const before = flow.total;
      return { ...to(end(demo, now)), enough: () => flow.reached(as, before) };
    }
    case 'hour':
      return to(now + HOUR);
    case 'evening':
      return to(next(now, EVENING));
    case 'morning':
      return to(next(now, MORNING));
    case 'phase': {
      const phase = demo?.nextPhase(now) ?? null;
      if (phase === null) throw new NotPossible('已经是最后一个阶段');
      return to(phase);
    }
    case 'end':
      return to(end(demo, now));
    default:
      throw new NotPossible('没有这个时间操作');
  }
}

function end(demo: DemoHooks | null, now: number): number {
  const at = demo?.end() ?? 0;
  if (at <= now) throw new NotPossible('活动已经结束');
  return at;
}
