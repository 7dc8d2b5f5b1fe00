// Owns 「故障演练」: the drawer with its switches, and the line that stays in sight while something is rehearsed.
import type { RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { PageChat, PageState } from '../wire.ts';
import { Dialog } from './card/Dialog.tsx';
import { Glyph } from './card/Icon.tsx';
import { type Drill, drillsOf, rehearsed } from './drills.ts';
import { DrawerHead, Opener } from './Opener.tsx';
import type { Sim } from './sim.ts';

interface FaultsProps {
  readonly sim: Sim;
  readonly page: PageState;
  readonly chat: PageChat | undefined; // on screen
}

export function FaultButton({ sim, page, chat }: FaultsProps) {
  const label = (
    <>
      <Glyph name="warning" size={15} /> 故障演练
    </>
  );
  return (
    <Opener popup="dialog" label={label} data-do="faults" data-testid="faults">
      {(anchor, close) => <Drawer sim={sim} page={page} chat={chat} anchor={anchor} close={close} />}
    </Opener>
  );
}

/** While anything is on, nobody should wonder why things go wrong. */
export function FaultNote({ sim, page, chat }: FaultsProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const on = rehearsed(page.faults);
  const close = (): void => {
    setOpen(false);
    keepFocus();
  };
  const drawer = open && <Drawer sim={sim} page={page} chat={chat} anchor={anchor} close={close} />;
  // Turning the last one off in the drawer must not take the drawer away.
  if (on.length === 0) return drawer || null;
  return (
    <div class="drill-note" data-testid="faults-on">
      <button ref={anchor} type="button" class="drill-open" onClick={() => setOpen(true)}>
        <strong>故障演练中 {on.length} 项</strong>
        <span>{on.join('、')}</span>
      </button>
      <button
        type="button"
        class="drill-reset"
        data-testid="faults-reset"
        onClick={(event) => {
          toPerson(event.currentTarget.closest('.top'));
          sim.rehearse({ reset: true });
        }}
      >
        全部恢复
      </button>
      {drawer}
    </div>
  );
}

/** The note goes away with its buttons: a keyboard goes on from who is being played. */
function toPerson(top: Element | null): void {
  top?.querySelector<HTMLElement>('.me')?.focus();
}

function keepFocus(): void {
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) toPerson(document.querySelector('.top'));
  });
}

interface DrawerProps extends FaultsProps {
  readonly anchor: RefObject<HTMLButtonElement | null>;
  readonly close: () => void;
}
function Drawer({ sim, page, chat, anchor, close }: DrawerProps) {
  const group = chat?.type === 'group' && chat.hasBot ? chat.chatId : '';
  const groups = drillsOf(page.faults, { me: page.me.openId, group, longConnection: page.longConnection });
  return (
    <Dialog label="故障演练" kind="drawer" anchor={anchor} onClose={close}>
      <DrawerHead title="故障演练" close={close} />
      <div class="drawer-body" tabIndex={0} role="region" aria-label="演练项目">
        <p class="drawer-intro">故意让平台、网络或手机出点毛病，看机器人怎样应对。只影响演示，随时可以恢复。</p>
        {groups.map((one) => (
          <section key={one.title}>
            <h3>{one.title}</h3>
            {one.drills.map((drill) => (
              <Switch key={drill.id} drill={drill} sim={sim} />
            ))}
          </section>
        ))}
      </div>
      <div class="sheet-foot">
        <button type="button" class="btn default wide" onClick={() => sim.rehearse({ reset: true })}>
          全部恢复
        </button>
      </div>
    </Dialog>
  );
}

function Switch({ drill, sim }: { readonly drill: Drill; readonly sim: Sim }) {
  const title = `drill-${drill.id}`;
  const about = `drill-${drill.id}-about`;
  return (
    <div class="drill" role="group" aria-labelledby={title} aria-describedby={about} data-drill={drill.id}>
      <div class="drill-title" id={title}>
        {drill.title}
      </div>
      <div class="drill-about" id={about}>
        <p>{drill.what}</p>
        <p class="drill-expect">应看到：{drill.expect}</p>
        {drill.blocked !== '' && <p class="drill-blocked">{drill.blocked}</p>}
      </div>
      <div class="drill-choices">
        {drill.choices.map((choice) => (
          <button
            key={choice.text}
            type="button"
            class="drill-choice"
            aria-pressed={choice.on}
            aria-disabled={drill.blocked !== ''}
            onClick={() => drill.blocked === '' && sim.rehearse(choice.turn)}
          >
            {choice.text}
          </button>
        ))}
      </div>
    </div>
  );
}
