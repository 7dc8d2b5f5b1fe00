// Owns what is typed: input, date and time pickers, pictures to choose from; and the frame every field stands in.
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { useOwnForm } from './Containers.tsx';
import { wired } from './form.ts';
import { Glyph } from './Icon.tsx';
import { asNumber, asObjects, asText, type Json, words } from './json.ts';
import { type Css, outer, widthOf } from './layout.ts';
import { type ElementProps, type FieldState, useField } from './session.tsx';
import { Picture } from './Text.tsx';

interface FrameProps {
  readonly el: Json;
  readonly field: FieldState;
  readonly id?: string;
  readonly children: ComponentChildren;
}

/** Label above or at the left, the mark of a required field, and what to do when it was left empty. */
export function Frame({ el, field, id, children }: FrameProps) {
  const label = words(el.label);
  return (
    <div
      class={`field${el.label_position === 'left' ? ' at-left' : ''}${field.unanswered ? ' unanswered' : ''}`}
      style={{ ...widthOf(el.width ?? 'fill'), ...outer(el) }}
    >
      {label !== '' && (
        <label class="field-label" for={id}>
          {label}
          {field.required && (
            <span class="must" aria-hidden="true">
              {' '}
              *
            </span>
          )}
        </label>
      )}
      <div class="field-box">{children}</div>
      {field.unanswered && <div class="field-note">请填写这一项</div>}
    </div>
  );
}

let counted = 0;
/** An id for tying a label to its input. */
export function useId(): string {
  const ref = useRef('');
  if (ref.current === '') ref.current = `field-${++counted}`;
  return ref.current;
}

export function InputElement({ el, path }: ElementProps) {
  const field = useField({ el, path });
  const form = useOwnForm();
  const id = useId();
  const several = el.input_type === 'multiline_text';
  const send = (): void => {
    if (!form && !field.press.refuse()) field.send({ input_value: String(field.value) });
  };
  const shared = {
    id,
    value: String(field.value),
    placeholder: words(el.placeholder),
    maxLength: Math.max(1, Math.min(1000, asNumber(el.max_length, 1000))),
    readOnly: field.press.off || field.press.busy,
    ...(field.label !== '' && { 'aria-label': field.label }),
    'aria-required': field.required,
    'aria-invalid': field.unanswered,
    ...field.hooks,
    onInput: (event: Event) => field.set((event.currentTarget as HTMLInputElement).value),
    onPointerDown: () => void field.press.refuse(),
  };
  const entered = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.isComposing) send();
  };
  return (
    <Frame el={el} field={field} id={id}>
      {several && <textarea {...shared} class="input" rows={Math.max(1, Math.min(20, asNumber(el.rows, 5)))} />}
      {!several && el.input_type === 'password' && (
        <input {...shared} class="input" type="password" autocomplete="off" onKeyDown={entered} />
      )}
      {!several && el.input_type !== 'password' && (
        <input {...shared} class="input" type="text" autocomplete="off" onKeyDown={entered} />
      )}
      {!form && (
        <button type="button" class="input-send" aria-label="确定输入" onClick={send}>
          {field.press.busy ? <span class="spin" /> : <Glyph name="check" />}
        </button>
      )}
    </Frame>
  );
}

const pickers: Readonly<Record<string, { readonly type: 'date' | 'time' | 'datetime-local'; readonly noun: string }>> =
  {
    date_picker: { type: 'date', noun: '选择日期' },
    picker_time: { type: 'time', noun: '选择时间' },
    picker_datetime: { type: 'datetime-local', noun: '选择日期和时间' },
  };

/** The phone's and the browser's own pickers are the ones people know. */
export function DateElement({ el, path }: ElementProps) {
  const field = useField({ el, path });
  const tag = asText(el.tag);
  const picker = pickers[tag] ?? { type: 'date' as const, noun: '选择日期' };
  const value = String(field.value).replace(' ', 'T');
  const hint = words(el.placeholder) || picker.noun;
  const change = (next: string): void => {
    field.set(next.replace('T', ' '));
    if (next !== '') field.send({ option: String(wired(tag, next)) });
  };
  return (
    <Frame el={el} field={field}>
      <div class="input date">
        <input
          type={picker.type}
          value={value}
          readOnly={field.press.off || field.press.busy}
          aria-label={`${field.label || hint}`}
          aria-required={field.required}
          aria-invalid={field.unanswered}
          {...field.hooks}
          onPointerDown={() => field.press.refuse()}
          onClick={(event) => !field.press.off && openPicker(event.currentTarget)}
          onChange={(event) => change(event.currentTarget.value)}
        />
        <span class={value === '' ? 'date-hint' : 'date-value'} aria-hidden="true">
          {value.replace('T', ' ') || hint}
        </span>
        {field.press.busy ? <span class="spin" /> : <Glyph name={picker.type === 'time' ? 'time' : 'calendar'} />}
      </div>
    </Frame>
  );
}

/** Some browsers refuse outside a press of the finger; typing still works there. */
function openPicker(input: HTMLInputElement): void {
  if ('showPicker' in input && navigator.userActivation?.isActive) input.showPicker();
}

export function SelectImage({ el, path }: ElementProps) {
  const field = useField({ el, path });
  const several = el.multi_select === true;
  const chosen = Array.isArray(field.value) ? (field.value as readonly string[]) : [String(field.value)];
  const across = { stretch: 1, trisect: 3 }[asText(el.layout)] ?? 2;
  const choose = (value: string): void => {
    if (field.press.refuse()) return;
    if (!several) {
      field.set(value);
      return field.send({ options: [value] });
    }
    field.set(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  };
  const ratio: Css = { aspectRatio: asText(el.aspect_ratio).replace(':', ' / ') || '16 / 9' };
  return (
    <Frame el={el} field={field}>
      <div
        class="el-pictures"
        role="group"
        aria-label={field.label}
        aria-invalid={field.unanswered}
        tabIndex={-1}
        {...field.hooks}
        style={{ gridTemplateColumns: `repeat(${across}, 1fr)` }}
      >
        {asObjects(el.options).map((option, at) => {
          const value = asText(option.value) || asText(option.img_key);
          const on = chosen.includes(value);
          return (
            <button
              key={value}
              type="button"
              class={`pick-picture${on ? ' on' : ''}`}
              aria-pressed={on}
              disabled={option.disabled === true}
              data-value={value}
              onClick={() => choose(value)}
            >
              <Picture alt={`图 ${at + 1}`} style={ratio} />
              {on && (
                <span class="pick-mark">
                  <Glyph name="check" />
                </span>
              )}
            </button>
          );
        })}
      </div>
    </Frame>
  );
}
