// Owns what is pressed: button (alone, submit, reset), overflow, checker.
import { useRef, useState } from 'preact/hooks';
import { useOwnForm } from './Containers.tsx';
import { Dialog } from './Dialog.tsx';
import { useId } from './Fields.tsx';
import { CardIcon, Glyph } from './Icon.tsx';
import { asNumber, asObject, asObjects, asText, callbackOf, type Json, linkOf, words } from './json.ts';
import { type Css, outer, widthOf } from './layout.ts';
import { type CardAction, type ElementProps, useCard, useField, usePress } from './session.tsx';
import { CardText } from './Text.tsx';

const kinds = new Set([
  'primary',
  'danger',
  'text',
  'primary_text',
  'danger_text',
  'primary_filled',
  'danger_filled',
  'laser',
]);
const sizes = new Set(['tiny', 'small', 'large']);

export function ButtonElement({ el }: ElementProps) {
  const { colors } = useCard();
  const press = usePress(el);
  const act = useAct(el, press.run);
  const icon = asObject(el.icon);
  const kind = kinds.has(asText(el.type)) ? asText(el.type) : 'default';
  const size = sizes.has(asText(el.size)) ? asText(el.size) : 'medium';
  const text = words(el.text);
  const tip = press.off ? press.tip : words(el.hover_tips);
  return (
    <button
      type="button"
      class={`btn ${kind} ${size}${press.busy ? ' busy' : ''}`}
      style={{ ...widthOf(el.width), ...outer(el) }}
      title={tip}
      {...(asText(el.name) && { 'data-name': asText(el.name) })}
      aria-disabled={press.off || press.busy}
      aria-busy={press.busy}
      aria-label={text === '' ? tip || '按钮' : undefined}
      onClick={(event) => {
        event.stopPropagation();
        if (!press.refuse()) act(event.currentTarget);
      }}
    >
      {press.busy ? <span class="spin" /> : icon && <CardIcon icon={icon} colors={colors} size={16} />}
      {text !== '' && <span>{text}</span>}
    </button>
  );
}

/** reset is local; submit asks the form first and sends nothing while a required field is empty. */
function useAct(el: Json, run: (action: CardAction) => Promise<void>): (button: Element) => void {
  const { host } = useCard();
  const form = useOwnForm();
  const { called, value } = callbackOf(el);
  const link = linkOf(el);
  const base = {
    tag: 'button',
    ...(asText(el.name) && { name: asText(el.name) }),
    ...(value !== undefined && { value }),
  };
  return (button) => {
    if (form && (el.form_action_type === 'reset' || el.action_type === 'form_reset')) return form.reset();
    if (form && (el.form_action_type === 'submit' || el.action_type === 'form_submit')) {
      if (form.check()) return void run({ ...base, form_value: form.sent() });
      host.toast('error', '有必填项未填写');
      return showFirst(button);
    }
    if (link !== '') window.open(link, '_blank', 'noopener');
    // A top-level value without behaviors did something in old cards only; clients ignore it now.
    if (called) void run(base);
  };
}

function showFirst(button: Element): void {
  const form = button.closest('.form');
  requestAnimationFrame(() => {
    const field = form?.querySelector<HTMLElement>('[aria-invalid=true]');
    field?.scrollIntoView({ block: 'center', behavior: 'smooth' });
    field?.focus({ preventScroll: true });
  });
}

export function Overflow({ el }: ElementProps) {
  const press = usePress(el);
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const { value } = callbackOf(el);
  const choose = (option: Json): void => {
    setOpen(false);
    const link = linkOf(option);
    if (link !== '') window.open(link, '_blank', 'noopener');
    else void press.run({ tag: 'overflow', option: asText(option.value), ...(value !== undefined && { value }) });
  };
  return (
    <div style={outer(el)}>
      <button
        ref={anchor}
        type="button"
        class={`btn default icon-only${press.busy ? ' busy' : ''}`}
        style={widthOf(el.width)}
        aria-label="更多操作"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-disabled={press.off}
        onClick={() => !press.refuse() && setOpen(true)}
      >
        {press.busy ? <span class="spin" /> : <Glyph name="more" />}
      </button>
      {open && (
        <Dialog label="更多操作" kind="menu" anchor={anchor} onClose={() => setOpen(false)}>
          <div role="menu" class="options">
            {asObjects(el.options).map((option, at) => (
              <button
                key={at}
                type="button"
                role="menuitem"
                class="option"
                data-first={at === 0}
                onClick={() => choose(option)}
              >
                <span>{words(option.text)}</span>
              </button>
            ))}
          </div>
        </Dialog>
      )}
    </div>
  );
}

export function Checker({ el, path }: ElementProps) {
  const { Elements } = useCard();
  const form = useOwnForm();
  const field = useField({ el, path });
  const id = useId();
  const checked = field.value === true;
  const { called } = callbackOf(el);
  const buttons = asObject(el.button_area);
  const turn = (box: HTMLInputElement): void => {
    if (field.press.refuse()) {
      box.checked = checked;
      return;
    }
    field.set(!checked);
    if (called && !form) field.send({ checked: !checked });
  };
  const tick = (
    <input
      id={id}
      type="checkbox"
      checked={checked}
      aria-label={field.label}
      aria-disabled={field.press.off}
      aria-invalid={field.unanswered}
      {...field.hooks}
      onChange={(event) => turn(event.currentTarget)}
    />
  );
  const text = (
    <span class={checked && asObject(el.checked_style)?.show_strikethrough === true ? 'struck' : ''}>
      <CardText of={el.text} />
    </span>
  );
  return (
    <div class="checker" style={{ ...checkerStyle(el, checked), ...outer(el) }}>
      {el.overall_checkable === false ? (
        <div class="check-line">
          {tick}
          {text}
        </div>
      ) : (
        <label class="check-line" for={id}>
          {tick}
          {text}
        </label>
      )}
      {buttons && (
        <span class="check-buttons">
          <Elements of={asObjects(buttons.buttons).slice(0, 3)} path={`${path}.b`} />
        </span>
      )}
    </div>
  );
}

function checkerStyle(el: Json, checked: boolean): Css {
  return checked ? { opacity: asNumber(asObject(el.checked_style)?.opacity, 1) } : {};
}
