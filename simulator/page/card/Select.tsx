// Owns choosing from a list: one or several, options or people. A sheet with large targets on a phone, a list under the
// field on a computer; arrows, Home, End, Enter and Esc work in both.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useOwnForm } from './Containers.tsx';
import { Dialog } from './Dialog.tsx';
import { Frame } from './Fields.tsx';
import { Glyph } from './Icon.tsx';
import { asObjects, asText, words } from './json.ts';
import { Avatar } from './People.tsx';
import { type ElementProps, type FieldState, useCard, useField } from './session.tsx';

export interface Option {
  readonly text: string;
  readonly value: string;
  readonly note?: string;
  readonly person?: boolean;
}

export function SelectElement({ el, path }: ElementProps) {
  const { host } = useCard();
  const field = useField({ el, path });
  const form = useOwnForm();
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const several = asText(el.tag).startsWith('multi_');
  const people = asText(el.tag).endsWith('_person');
  const options: readonly Option[] = asObjects(el.options).map((option) => {
    const value = asText(option.value);
    return people ? { value, text: host.nameOf(value), person: true } : { value, text: words(option.text) };
  });
  const chosen = chosenOf(field.value);
  const close = (): void => {
    setOpen(false);
    if (several && !form) field.send({ options: chosen });
  };
  const choose = (value: string): void => {
    if (several) return field.set(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
    field.set(value);
    setOpen(false);
    if (value !== '') field.send({ option: value });
  };
  const shown = chosen.map(
    (value) => options.find((option) => option.value === value)?.text ?? (people ? host.nameOf(value) : value),
  );
  const hint = words(el.placeholder) || '请选择';
  return (
    <Frame el={el} field={field}>
      <Trigger
        anchor={anchor}
        field={field}
        text={shown.join('、')}
        hint={hint}
        open={open}
        plain={el.type === 'text'}
        onOpen={() => setOpen(true)}
      />
      {open && (
        <Dialog label={field.label || hint} kind="menu" anchor={anchor} onClose={close}>
          <div class="sheet-title">{field.label || hint}</div>
          <List
            label={field.label || hint}
            options={options}
            chosen={chosen}
            several={several}
            people={people}
            clear={form !== null && !field.required}
            choose={choose}
          />
          {several && (
            <div class="sheet-foot">
              <button type="button" class="btn primary_filled wide" onClick={close}>
                确定{chosen.length > 0 ? `（已选 ${chosen.length} 项）` : ''}
              </button>
            </div>
          )}
        </Dialog>
      )}
    </Frame>
  );
}

function chosenOf(value: FieldState['value']): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return typeof value === 'boolean' ? [] : value;
}

interface TriggerProps {
  readonly anchor: { current: HTMLButtonElement | null };
  readonly field: FieldState;
  readonly text: string;
  readonly hint: string;
  readonly open: boolean;
  readonly plain: boolean;
  readonly onOpen: () => void;
}
function Trigger({ anchor, field, text, hint, open, plain, onOpen }: TriggerProps) {
  const say = `${field.label || hint}${field.required ? '（必填）' : ''}：${text || '未选择'}`;
  return (
    <button
      ref={anchor}
      type="button"
      class={`input pick${text === '' ? ' empty' : ''}${plain ? ' as-text' : ''}`}
      role="combobox"
      aria-haspopup="listbox"
      aria-expanded={open}
      aria-label={say}
      aria-required={field.required}
      aria-invalid={field.unanswered}
      aria-disabled={field.press.off || field.press.busy}
      title={field.press.off ? field.press.tip : ''}
      {...field.hooks}
      onClick={() => !field.press.refuse() && onOpen()}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown' || field.press.refuse()) return;
        event.preventDefault();
        onOpen();
      }}
    >
      <span class="pick-text">{text || hint}</span>
      {field.press.busy ? <span class="spin" /> : <Glyph name="down" />}
    </button>
  );
}

interface ListProps {
  readonly label: string;
  readonly options: readonly Option[];
  readonly chosen: readonly string[];
  readonly several: boolean;
  readonly people: boolean;
  readonly clear: boolean;
  readonly choose: (value: string) => void;
}
function List({ label, options, chosen, several, people, clear, choose }: ListProps) {
  const [typed, type] = useState('');
  const found = useFound(people && options.length === 0, typed);
  const all = found ?? options;
  const shown = found ? all : all.filter((option) => option.text.includes(typed.trim()));
  return (
    <>
      {(people || options.length > 10) && (
        <div class="sheet-search">
          <Glyph name="search" />
          <input
            class="bare"
            type="text"
            inputMode="search"
            aria-label="搜索选项"
            placeholder="搜索"
            value={typed}
            onInput={(event) => type(event.currentTarget.value)}
          />
        </div>
      )}
      <div class="options" role="listbox" aria-label={label} aria-multiselectable={several} onKeyDown={walk}>
        {shown.map((option, at) => (
          <Row
            key={option.value}
            option={option}
            on={chosen.includes(option.value)}
            several={several}
            first={chosen.length > 0 ? chosen[0] === option.value : at === 0}
            choose={choose}
          />
        ))}
        {shown.length === 0 && <div class="nothing">没有找到，换个说法试试</div>}
        {clear && !several && chosen.length > 0 && (
          <button
            type="button"
            class="option muted"
            role="option"
            aria-selected={false}
            data-value=""
            onClick={() => choose('')}
          >
            清除选择
          </button>
        )}
      </div>
    </>
  );
}

interface RowProps {
  readonly option: Option;
  readonly on: boolean;
  readonly several: boolean;
  readonly first: boolean;
  readonly choose: (value: string) => void;
}
function Row({ option, on, several, first, choose }: RowProps) {
  return (
    <button
      type="button"
      role="option"
      class={`option${on ? ' on' : ''}`}
      aria-selected={on}
      data-value={option.value}
      data-first={first || undefined}
      onClick={() => choose(option.value)}
    >
      {several && <span class="box">{on && <Glyph name="check" size={14} />}</span>}
      {option.person && <Avatar name={option.text} size={26} />}
      <span class="option-text">
        {option.text}
        {option.note && <small>{option.note}</small>}
      </span>
      {on && !several && <Glyph name="check" />}
    </button>
  );
}

/** Without options of its own a person select offers everybody; the page knows whom. */
function useFound(wanted: boolean, typed: string): readonly Option[] | null {
  const { host } = useCard();
  const [found, setFound] = useState<readonly Option[]>([]);
  useEffect(() => {
    let late = false;
    if (wanted) {
      void host.search(typed).then((people) => {
        if (!late) setFound(people.map((one) => ({ text: one.name, value: one.openId, note: one.note, person: true })));
      });
    }
    return () => {
      late = true;
    };
  }, [wanted, typed]);
  return wanted ? found : null;
}

function walk(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement;
  const rows = [...list.querySelectorAll<HTMLElement>('[role=option]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
}
