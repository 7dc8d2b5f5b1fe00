// Owns everything that lies above the page: a native dialog, so that focus, Esc and the top layer come from the browser.
// On a phone a menu is a sheet from below, on a computer it opens under the button it belongs to.
import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface DialogProps {
  readonly label: string;
  readonly kind: 'menu' | 'box' | 'drawer';
  readonly anchor?: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Open while mounted. Focus returns to where it was, or to its button when that place is gone. */
export function Dialog({ label, kind, anchor, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (!dialog) return undefined;
    dialog.showModal();
    place(dialog, anchor?.current ?? null);
    (dialog.querySelector<HTMLElement>('[data-first]') ?? dialog).focus({ preventScroll: true });
    return () => {
      dialog.close();
      if (document.activeElement === document.body) anchor?.current?.focus({ preventScroll: true });
    };
  }, []);
  const cancel = (event: Event): void => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog
      ref={ref}
      class={`over ${kind}`}
      aria-label={label}
      tabIndex={-1}
      onCancel={cancel}
      onClick={(event) => {
        event.stopPropagation();
        if (event.target === ref.current) onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="over-body">{children}</div>
    </dialog>
  );
}

/** Below its button, or above it where there is more room. CSS ignores this on a phone. */
function place(dialog: HTMLDialogElement, anchor: HTMLElement | null): void {
  if (!anchor) return;
  const box = anchor.getBoundingClientRect();
  const below = window.innerHeight - box.bottom;
  const up = below < 300 && box.top > below;
  const width = Math.max(box.width, 220);
  const style = dialog.style;
  style.setProperty('--x', `${Math.max(8, Math.min(box.left, window.innerWidth - width - 8))}px`);
  style.setProperty('--w', `${width}px`);
  style.setProperty('--top', up ? 'auto' : `${box.bottom + 4}px`);
  style.setProperty('--bottom', up ? `${window.innerHeight - box.top + 4}px` : 'auto');
  style.setProperty('--tall', `${Math.max(180, (up ? box.top : below) - 16)}px`);
}
