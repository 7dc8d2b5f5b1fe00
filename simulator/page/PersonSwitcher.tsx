// Owns choosing whom to play: the people worth playing first, everybody else by search.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PageState, PageUser } from '../wire.ts';
import { Unread } from './ChatList.tsx';
import { Dialog } from './card/Dialog.tsx';
import { Glyph } from './card/Icon.tsx';
import { Avatar } from './card/People.tsx';
import type { Sim } from './sim.ts';

interface PersonSwitcherProps {
  readonly sim: Sim;
  readonly page: PageState;
  readonly play: (openId: string) => void;
}

export function PersonSwitcher({ sim, page, play }: PersonSwitcherProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const { me } = page;
  const choose = (openId: string): void => {
    setOpen(false);
    if (openId !== me.openId) play(openId);
  };
  return (
    <div class="switcher">
      <button
        ref={anchor}
        type="button"
        class="me"
        data-testid="person-switcher"
        data-open-id={me.openId}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={`当前身份 ${me.name}，${me.note}。换一个人`}
        onClick={() => setOpen(true)}
      >
        <Avatar name={me.name} size={34} />
        <span class="me-text">
          <span class="me-name">{me.name}</span>
          <span class="me-note">{me.note}</span>
        </span>
        <Glyph name="down" size={16} />
      </button>
      {open && (
        <Dialog label="换一个人" kind="menu" anchor={anchor} onClose={() => setOpen(false)}>
          <div class="sheet-title">换一个人来用</div>
          <People sim={sim} page={page} choose={choose} />
        </Dialog>
      )}
    </div>
  );
}

function People({
  sim,
  page,
  choose,
}: {
  readonly sim: Sim;
  readonly page: PageState;
  readonly choose: (openId: string) => void;
}) {
  const [typed, type] = useState('');
  const [found, setFound] = useState<readonly PageUser[]>([]);
  const asked = typed.trim();
  useEffect(() => {
    if (asked === '') return undefined;
    let late = false;
    const wait = setTimeout(() => void sim.people(asked).then((people) => !late && setFound(people)), 150);
    return () => {
      late = true;
      clearTimeout(wait);
    };
  }, [asked]);
  const shown = asked === '' ? page.featured : found;
  return (
    <>
      <div class="sheet-search">
        <Glyph name="search" />
        <input
          class="bare"
          type="text"
          inputMode="search"
          aria-label="按姓名、村、角色找人"
          placeholder="按姓名、村、角色找人"
          value={typed}
          onInput={(event) => type(event.currentTarget.value)}
        />
      </div>
      <div class="options">
        {shown.map((person) => (
          <button
            type="button"
            key={person.openId}
            class={`option${person.openId === page.me.openId ? ' on' : ''}`}
            data-open-id={person.openId}
            aria-current={person.openId === page.me.openId}
            onClick={() => choose(person.openId)}
          >
            <Avatar name={person.name} size={32} />
            <span class="option-text">
              {person.name}
              <small>{person.note}</small>
            </span>
            {person.openId !== page.me.openId && <Unread count={page.flow.unread[person.openId] ?? 0} />}
            {person.openId === page.me.openId && <Glyph name="check" />}
          </button>
        ))}
        {asked !== '' && shown.length === 0 && <div class="nothing">没有找到，换个说法试试</div>}
      </div>
    </>
  );
}
