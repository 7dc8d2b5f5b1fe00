// Owns the bar above everything: that this is invented data, the virtual clock, and who is being played.
import { useEffect, useState } from 'preact/hooks';
import type { PageChat, PageState } from '../wire.ts';
import { Glyph } from './card/Icon.tsx';
import { clockText, dayIn, dayText } from './card/when.ts';
import { FaultNote } from './FaultPanel.tsx';
import { PersonSwitcher } from './PersonSwitcher.tsx';
import type { Sim } from './sim.ts';
import { ForwardNote, type Opened, TimeTools } from './TimeTools.tsx';

interface TopBarProps {
  readonly sim: Sim;
  readonly page: PageState;
  readonly chat: PageChat | undefined;
  readonly play: (openId: string) => void;
  readonly flow: Opened;
}

export function TopBar({ sim, page, chat, play, flow }: TopBarProps) {
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
        <TimeTools sim={sim} page={page} chat={chat} flow={flow} />
        <PersonSwitcher sim={sim} page={page} play={play} />
      </div>
      <ForwardNote sim={sim} page={page} />
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
  const { paused, speed, label, forward } = page.clock;
  const pace = forward
    ? forward.speed
      ? `×${forward.speed}`
      : '快进'
    : paused
      ? '已暂停'
      : speed > 1
        ? `×${speed}`
        : '走时';
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
          <span class={`clock-state${paused && !forward ? ' paused' : ''}`}>{pace}</span>
          {label}
        </span>
      </span>
    </div>
  );
}
