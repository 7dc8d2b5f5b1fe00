// Owns 「消息流」: how many messages the bot sent on each day, as a chart, and the day's messages, each of which opens its
// chat at that place as somebody who sees it.
import { useEffect, useState } from 'preact/hooks';
import type { FlowItem, FlowPage, PageState } from '../wire.ts';
import { Dialog } from './card/Dialog.tsx';
import { clockText } from './card/when.ts';
import { type DayColumn, daysUpTo, kindsIn } from './flowDays.ts';
import { DrawerHead } from './Opener.tsx';
import type { Sim } from './sim.ts';
import type { Opened } from './TimeTools.tsx';

interface FlowProps {
  readonly sim: Sim;
  readonly page: PageState;
  readonly flow: Opened;
  readonly visit: (item: FlowItem) => void;
  /** Room beside the chat; else it lies over the page. */
  readonly beside: boolean;
}

export function FlowPanel(props: FlowProps) {
  const { flow, beside } = props;
  if (!flow.open) return null;
  const close = (): void => flow.turn(false);
  if (!beside)
    return (
      <Dialog label="消息流" kind="drawer" onClose={close}>
        <Content {...props} />
      </Dialog>
    );
  return (
    <aside class="flow-pane" aria-label="消息流" data-testid="flow">
      <Content {...props} />
    </aside>
  );
}

function Content({ sim, page, flow, visit }: FlowProps) {
  const [picked, pick] = useState('');
  const [all, setAll] = useState(false);
  const { days, calls } = page.flow;
  const columns = daysUpTo(days, sim.now());
  const day = columns.find((c) => c.day === picked) ?? columns.at(-1);
  return (
    <>
      <DrawerHead title="消息流" close={() => flow.turn(false)} />
      <Chart columns={columns} kinds={kindsIn(days)} on={day?.day ?? ''} pick={pick} />
      <div class="flow-filter" role="group" aria-label="看谁的消息">
        <button type="button" class="drill-choice" aria-pressed={!all} onClick={() => setAll(false)}>
          可扮演的人
        </button>
        <button type="button" class="drill-choice" aria-pressed={all} onClick={() => setAll(true)}>
          全县
        </button>
      </div>
      {day && <Log sim={sim} day={day} all={all} visit={visit} me={page.me.openId} />}
      {calls.month !== '' && (
        <p class="flow-foot">
          {Number(calls.month.slice(5))}月已调用飞书接口 <strong>{calls.made}</strong> 次
        </p>
      )}
    </>
  );
}

interface ChartProps {
  readonly columns: readonly DayColumn[];
  readonly kinds: readonly string[];
  readonly on: string;
  readonly pick: (day: string) => void;
}
function Chart({ columns, kinds, on, pick }: ChartProps) {
  const most = Math.max(1, ...columns.map((c) => c.total));
  const shown = columns.find((c) => c.day === on);
  return (
    <section class="flow-chart" aria-label="每天发了多少条">
      <div class="flow-bars">
        {columns.map((c) => (
          <button
            key={c.day}
            type="button"
            class={`flow-bar${c.rest ? ' rest' : ''}`}
            aria-pressed={c.day === on}
            aria-label={c.spoken}
            title={c.spoken}
            data-day={c.day}
            onClick={() => pick(c.day)}
          >
            <span class="flow-stack">
              {kinds.map((kind, i) => {
                const n = c.kinds[kind] ?? 0;
                return n > 0 && <i key={kind} class={`kind-${i}`} style={{ height: `${(100 * n) / most}%` }} />;
              })}
            </span>
            <span class="flow-date">{c.date}</span>
          </button>
        ))}
      </div>
      <div class="flow-legend" data-testid="flow-counts">
        <strong>{shown?.name ?? '还没有消息'}</strong>
        {kinds.map((kind, i) => (
          <span key={kind}>
            <i class={`kind-${i}`} />
            {kind} {shown?.kinds[kind] ?? 0}
          </span>
        ))}
      </div>
    </section>
  );
}

interface LogProps {
  readonly sim: Sim;
  readonly me: string;
  readonly day: DayColumn;
  readonly all: boolean;
  readonly visit: (item: FlowItem) => void;
}
function Log({ sim, me, day, all, visit }: LogProps) {
  const [got, setGot] = useState<FlowPage & { readonly of: string }>({ items: [], more: 0, of: '' });
  const of = `${day.day} ${all}`;
  useEffect(() => {
    let late = false;
    void sim.flowOf(day.day, all).then((found) => found && !late && setGot({ ...found, of }));
    return () => {
      late = true;
    };
  }, [of, day.total, me]);
  const items = got.of === of ? got.items : [];
  return (
    <ol class="flow-log" data-testid="flow-log" aria-label={`${day.name}的消息`}>
      {items.map((item) => (
        <li key={item.messageId}>
          <button type="button" class="flow-item" data-kind={item.kind} onClick={() => visit(item)}>
            <span class="flow-head">
              <time>{clockText(item.at)}</time>
              <span class="mark">{item.kind}</span>
              <span class="flow-to">
                {item.group ? '群 ' : ''}
                {item.to}
              </span>
            </span>
            <span class="flow-line">{item.line}</span>
            {item.note !== '' && <span class="flow-note">{item.note}</span>}
          </button>
        </li>
      ))}
      {got.of === of && items.length === 0 && (
        <li class="nothing">{day.total > 0 && !all ? '这天没有发给他们的消息' : '这天没有消息'}</li>
      )}
      {got.more > 0 && got.of === of && <li class="nothing">更早的 {got.more} 条没有列出</li>}
    </ol>
  );
}
