// Owns the short messages at the top: they come, are read aloud, and go by themselves.
import { useMemo, useState } from 'preact/hooks';
import { Glyph, type IconName } from './card/Icon.tsx';
import type { ToastKind } from './card/session.tsx';

export interface Toast {
  readonly id: number;
  readonly kind: ToastKind;
  readonly text: string;
}
export type ShowToast = (kind: ToastKind, text: string) => void;

/** Ms a toast stays unless it is pressed away: what went wrong is read twice, and has to be acted on. */
export const lasting = (kind: ToastKind): number => (kind === 'error' || kind === 'warning' ? 12_000 : 4500);

export function useToasts(): {
  readonly toasts: readonly Toast[];
  readonly show: ShowToast;
  readonly drop: (id: number) => void;
} {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const doors = useMemo(() => {
    let last = 0;
    const drop = (id: number): void => setToasts((now) => now.filter((toast) => toast.id !== id));
    const show: ShowToast = (kind, text) => {
      const id = ++last;
      // As on the platform: the newest takes the place of the one before, or a row of them hides the card.
      setToasts([{ id, kind, text }]);
      setTimeout(() => drop(id), lasting(kind));
    };
    return { show, drop };
  }, []);
  return { toasts, ...doors };
}

const icons: Readonly<Record<ToastKind, IconName>> = {
  info: 'info',
  success: 'check',
  error: 'close',
  warning: 'warning',
};

export function Toasts({ toasts, drop }: { readonly toasts: readonly Toast[]; readonly drop: (id: number) => void }) {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <button
          type="button"
          key={toast.id}
          class={`toast ${toast.kind}`}
          data-testid="toast"
          data-type={toast.kind}
          title="点一下收起"
          onClick={() => drop(toast.id)}
        >
          <span class="toast-icon">
            <Glyph name={icons[toast.kind]} size={14} />
          </span>
          <span>{toast.text}</span>
        </button>
      ))}
    </div>
  );
}
