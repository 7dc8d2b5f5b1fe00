// Owns the bar above everything: that this is invented data, the virtual clock, and who is being played.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ClockRequest, PageChat, PageState } from '../wire.ts';
import { Dialog } from './card/Dialog.tsx';
import { Glyph } from './card/Icon.tsx';
import { clockText, dayIn, dayText } from './card/when.ts';
import { FaultButton, FaultNote } from './FaultPanel.tsx';
import { PersonSwitcher } from './PersonSwitcher.tsx';
import type { Sim } from './sim.ts';

interface TopBarProps {
  readonly sim: Sim;
  readonly page: PageState;
  readonly chat: PageChat | undefined;
  readonly play: (openId: string) => void;
}

export function TopBar({ sim, page, chat, play }: TopBarProps) {
  const [tools, setTools] = useState(false);
  return (
    <header class="top">
      <div class="banner" data-testid="banner">
        <strong>演示数据</strong>
        <span>{page.notice.replace(/^演示数据[：:，。\s]*/, '')}</span>
      </div>
      <div class={`bar${tools ? ' tools-open' : ''}`}>
        <Clock sim={sim} page={page} />
        <button
          type="button"
          class="tools-toggle"
          aria-expanded={tools}
          aria-controls="clock-tools"
          onClick={() => setTools(!tools)}
        >
          调时间 <Glyph name="down" size={14} />
        </button>
        <ClockTools sim={sim} page={page} chat={chat} />
        <PersonSwitcher sim={sim} page={page} play={play} />
      </div>
      <FaultNote sim={sim} page={page} chat={chat} />
    </header>
  );
}

/** Written anew every second; at ×60 the minutes run. */
function Clock({ sim, page }: { readonly sim: Sim; readonly page: PageState }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), page.clock.speed > 1 ? 250 : 1000);
    return () => clearInterval(timer);
  }, [page.clock.speed]);
  const now = sim.now();
  const { paused, speed, label } = page.clock;
  return (
    <div
      class="clock"
      role="timer"
      data-testid="clock"
      data-now={Math.round(now)}
      data-paused={paused}
      aria-label={`虚拟时间 ${dayIn(now, 'YYYY年')}${dayText(now, now)} ${clockText(now)}`}
    >
      <span class="clock-time">{clockText(now)}</span>
      <span class="clock-day">
        <span class="clock-date">
          {dayIn(now, 'YYYY年')}
          {dayText(now, now)}
        </span>
        <span class="clock-label">
          <span class={`clock-state${paused ? ' paused' : ''}`}>
            {paused ? '已暂停' : speed > 1 ? `×${speed}` : '走时'}
          </span>
          {label}
        </span>
      </span>
    </div>
  );
}

function ClockTools({ sim, page, chat }: Omit<TopBarProps, 'play'>) {
  const [asking, ask] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  const { paused, speed } = page.clock;
  const turn = (request: ClockRequest) => (): void => sim.turnClock(request);
  return (
    <div class="tools" id="clock-tools" role="group" aria-label="虚拟时间" data-testid="clock-controls">
      <button
        ref={first}
        type="button"
        class="tool"
        data-do={paused ? 'play' : 'pause'}
        onClick={turn(paused ? { do: 'play', speed: 1 } : { do: 'pause' })}
      >
        <Glyph name={paused ? 'play' : 'pause'} size={15} /> {paused ? '继续' : '暂停'}
      </button>
      <button
        type="button"
        class="tool"
        data-do="fast"
        aria-pressed={!paused && speed === 60}
        onClick={turn({ do: 'play', speed: !paused && speed === 60 ? 1 : 60 })}
      >
        ×60
      </button>
      <button type="button" class="tool" data-do="hour" onClick={turn({ do: 'hour' })}>
        +1 小时
      </button>
      <button type="button" class="tool" data-do="morning" onClick={turn({ do: 'morning' })}>
        次日早上
      </button>
      <button type="button" class="tool" data-do="phase" onClick={turn({ do: 'phase' })}>
        下一阶段
      </button>
      <button type="button" class="tool quiet" data-do="restart" onClick={() => ask(true)}>
        <Glyph name="refresh" size={15} /> 重新开始
      </button>
      <FaultButton sim={sim} page={page} chat={chat} />
      {asking && (
        <Dialog label="重新开始" kind="box" onClose={() => ask(false)}>
          <div class="box-title">重新开始演示？</div>
          <div class="box-text">时间回到开头，所有会话、卡片和填过的内容都会清掉。</div>
          <div class="box-buttons">
            <button type="button" class="btn default" data-first onClick={() => ask(false)}>
              取消
            </button>
            <button
              type="button"
              class="btn danger_filled"
              data-do="restart-yes"
              onClick={() => {
                ask(false);
                sim.turnClock({ do: 'restart' });
              }}
            >
              重新开始
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
