// Owns the hand on time: stop, go on, the menu of where to hurry to, the line that tells how far it is. Also where the
// flow of messages, the rehearsal and a new beginning are opened.
import { useState } from 'preact/hooks';
import type { ClockRequest, PageChat, PageState } from '../wire.ts';
import { Dialog } from './card/Dialog.tsx';
import { Glyph } from './card/Icon.tsx';
import { clockText, dayText } from './card/when.ts';
import { FaultButton } from './FaultPanel.tsx';
import { Opener } from './Opener.tsx';
import type { Sim } from './sim.ts';

/** Whether the flow of messages is on the screen. */
export interface Opened {
  readonly open: boolean;
  readonly turn: (open: boolean) => void;
}

interface TimeProps {
  readonly sim: Sim;
  readonly page: PageState;
}

interface ToolsProps extends TimeProps {
  readonly chat: PageChat | undefined;
  readonly flow: Opened;
}

export function TimeTools({ sim, page, chat, flow }: ToolsProps) {
  const { paused, forward } = page.clock;
  const stands = paused && !forward;
  return (
    <div class="tools" id="clock-tools" role="group" aria-label="虚拟时间" data-testid="clock-controls">
      <button
        type="button"
        class="tool"
        data-do={stands ? 'play' : 'pause'}
        onClick={() => sim.turnClock(stands ? { do: 'play', speed: 1 } : { do: 'pause' })}
      >
        <Glyph name={stands ? 'play' : 'pause'} size={15} /> {stands ? '继续' : '暂停'}
      </button>
      <ForwardMenu sim={sim} page={page} />
      <button type="button" class="tool" data-do="flow" aria-pressed={flow.open} onClick={() => flow.turn(!flow.open)}>
        <Glyph name="chart" size={15} /> 消息流
      </button>
      <Restart sim={sim} />
      <FaultButton sim={sim} page={page} chat={chat} />
    </div>
  );
}

interface Way {
  readonly id: string;
  readonly text: string;
  readonly about: string;
  readonly request: ClockRequest;
}

const waysTo = (me: string): readonly Way[] => [
  {
    id: 'message',
    text: '下一条消息',
    about: '机器人发给现在这个人，或他所在的群',
    request: { do: 'message', as: me },
  },
  { id: 'hour', text: '一小时后', about: '', request: { do: 'hour' } },
  { id: 'evening', text: '下班', about: '18:00', request: { do: 'evening' } },
  { id: 'morning', text: '次日早上', about: '8:30', request: { do: 'morning' } },
  { id: 'phase', text: '下一阶段', about: '', request: { do: 'phase' } },
  { id: 'end', text: '活动结束', about: '全县每个人的消息都真的发出，要几分钟', request: { do: 'end' } },
];
const paces: readonly Way[] = [
  { id: 'fast', text: '×60', about: '每秒一分钟', request: { do: 'play', speed: 60 } },
  { id: 'faster', text: '×600', about: '每秒十分钟', request: { do: 'play', speed: 600 } },
  { id: 'fastest', text: '×3600', about: '每秒一小时', request: { do: 'play', speed: 3600 } },
];

function ForwardMenu({ sim, page }: TimeProps) {
  const label = (
    <>
      <Glyph name="forward" size={15} /> 快进到… <Glyph name="down" size={13} />
    </>
  );
  return (
    <Opener popup="menu" label={label} data-do="forward">
      {(anchor, close) => {
        const way = (to: Way) => <WayTo key={to.id} way={to} sim={sim} close={close} />;
        return (
          <Dialog label="快进" kind="menu" anchor={anchor} onClose={close}>
            <div class="options forward-menu" role="menu" aria-label="快进">
              {waysTo(page.me.openId).map(way)}
              <hr />
              <div class="forward-paces">{paces.map(way)}</div>
            </div>
          </Dialog>
        );
      }}
    </Opener>
  );
}

interface WayProps {
  readonly way: Way;
  readonly sim: Sim;
  readonly close: () => void;
}
function WayTo({ way: { id, text, about, request }, sim, close }: WayProps) {
  const go = (): void => {
    close();
    sim.turnClock(request);
  };
  return (
    <button type="button" role="menuitem" class="option" data-do={id} data-first={id === 'message'} onClick={go}>
      <span class="option-text">
        {text}
        {about !== '' && <small>{about}</small>}
      </span>
    </button>
  );
}

/** While time hurries: where to, how far, how much was sent, and the way to stop it. */
export function ForwardNote({ sim, page }: TimeProps) {
  const { forward, now } = page.clock;
  if (!forward) return null;
  const { from, until, speed, sent } = forward;
  const goal = until === null ? ` ×${speed}` : `到 ${dayText(until, until)} ${clockText(until)}`;
  return (
    <div class="forward-note" data-testid="forward" role="group" aria-label="正在快进">
      <span class="forward-goal">
        <strong>快进{goal}</strong>
        <span>每一分钟都走到 · 已发 {sent} 条</span>
      </span>
      {until !== null && <progress aria-label="走到哪里" value={now - from} max={until - from} />}
      <button type="button" class="drill-reset" data-do="stop" onClick={() => sim.turnClock({ do: 'stop' })}>
        停下
      </button>
    </div>
  );
}

function Restart({ sim }: { readonly sim: Sim }) {
  const [asking, ask] = useState(false);
  return (
    <>
      <button type="button" class="tool quiet" data-do="restart" onClick={() => ask(true)}>
        <Glyph name="refresh" size={15} /> 重新开始
      </button>
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
    </>
  );
}
