// Owns a button that opens something of its own, and the head of what slides in from the side. Knows neither's
// content.
import type { ComponentChildren, RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Glyph } from './card/Icon.tsx';

interface OpenerProps {
  readonly popup: 'menu' | 'dialog';
  readonly class?: 'tool' | 'icon-btn';
  readonly label: ComponentChildren;
  /** What it opens. */
  readonly children: (anchor: RefObject<HTMLButtonElement | null>, close: () => void) => ComponentChildren;
  readonly 'aria-label'?: string;
  readonly 'data-do'?: string;
  readonly 'data-testid'?: string;
}

export function Opener({ popup, class: look = 'tool', label, children, ...marks }: OpenerProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={anchor}
        type="button"
        class={look}
        aria-haspopup={popup}
        aria-expanded={open}
        onClick={() => setOpen(true)}
        {...marks}
      >
        {label}
      </button>
      {open && children(anchor, () => setOpen(false))}
    </>
  );
}

interface DrawerHeadProps {
  readonly title: string;
  readonly close: () => void;
}

export function DrawerHead({ title, close }: DrawerHeadProps) {
  return (
    <div class="drawer-head">
      <h2>{title}</h2>
      <button type="button" class="icon-btn" aria-label={`收起${title}`} data-first onClick={close}>
        <Glyph name="close" />
      </button>
    </div>
  );
}
