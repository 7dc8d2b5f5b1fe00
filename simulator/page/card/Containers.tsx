// Owns the components that hold others: column_set, column, interactive_container, collapsible_panel, form.
import { useContext, useState } from 'preact/hooks';
import { fillOf } from './color.ts';
import { fieldsIn, formValue, missing } from './form.ts';
import { CardIcon, Glyph } from './Icon.tsx';
import { asList, asObject, asObjects, asText, callbackOf, type Json, linkOf, words } from './json.ts';
import { boxOf, type Css, columnOf, inner, lengthOf, outer, widthOf } from './layout.ts';
import { Markdown } from './Markdown.tsx';
import { type ElementProps, FormContext, type FormSession, useCard, usePress } from './session.tsx';
import { CardText } from './Text.tsx';

export function ColumnSet({ el, path }: ElementProps) {
  const { colors } = useCard();
  const mode = asText(el.flex_mode) || 'none';
  const background = fillOf(asText(el.background_style), colors);
  const css: Css = {
    columnGap: lengthOf(el.horizontal_spacing) ?? '8px',
    ...(background && { background }),
    ...outer(el),
  };
  if (el.horizontal_align === 'center' || el.horizontal_align === 'right') {
    css.justifyContent = el.horizontal_align === 'right' ? 'flex-end' : 'center';
  }
  const columns = asObjects(el.columns);
  return (
    <div class={`columns ${mode}`} data-count={Math.min(4, columns.length)} style={css}>
      {columns.map((column, at) => (
        <Column key={at} el={column} path={`${path}.${at}`} free={mode === 'none' || mode === 'stretch'} />
      ))}
    </div>
  );
}

function Column({ el, path, free }: ElementProps & { readonly free: boolean }) {
  const { Elements, colors } = useCard();
  const background = fillOf(asText(el.background_style), colors);
  const css: Css = {
    ...inner(el, '8px'),
    ...(free && columnOf(el)),
    ...(background && { background, borderRadius: '8px' }),
    ...outer(el),
  };
  if (el.vertical_align === 'center' || el.vertical_align === 'bottom') {
    css.alignSelf = 'stretch';
    css.justifyContent = el.vertical_align === 'center' ? 'center' : 'flex-end';
  }
  if (!background && el.padding === undefined) css.padding = 0;
  return (
    <div class="column" style={css}>
      <Elements of={el.elements} path={path} />
    </div>
  );
}

/** What lies inside wins over the container's own press. */
function innerHit(event: Event): boolean {
  const hit = (event.target as Element).closest('button, a, input, textarea, select, label, dialog, [role=button]');
  return hit !== null && hit !== event.currentTarget;
}

export function InteractiveContainer({ el, path }: ElementProps) {
  const { Elements, colors } = useCard();
  const press = usePress(el);
  const { called, value } = callbackOf(el);
  const link = linkOf(el);
  const live = called || link !== '';
  const background = fillOf(asText(el.background_style), colors);
  const css: Css = {
    padding: '4px 12px',
    ...inner(el, '4px'),
    ...widthOf(el.width ?? 'fill'),
    ...(background && { background }),
    ...outer(el),
  };
  if (el.has_border === true) css.border = `1px solid ${fillOf(asText(el.border_color), colors) ?? 'var(--line)'}`;
  if (/^\d{1,3}(px|%)$/.test(asText(el.corner_radius))) css.borderRadius = asText(el.corner_radius);
  if (/^\d{1,3}px$/.test(asText(el.height))) css.minHeight = asText(el.height);
  const activate = (event: Event): void => {
    if (!live || innerHit(event) || press.refuse()) return;
    event.stopPropagation();
    if (link !== '') window.open(link, '_blank', 'noopener');
    if (called) void press.run({ tag: 'interactive_container', value });
  };
  const keyed = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    activate(event);
  };
  const inside = <Elements of={el.elements} path={path} />;
  if (!live) {
    return (
      <div class="container" style={css}>
        {inside}
      </div>
    );
  }
  return (
    <div
      class={`container live${press.busy ? ' busy' : ''}`}
      style={css}
      title={words(el.hover_tips)}
      role="button"
      tabIndex={0}
      aria-disabled={press.off}
      aria-busy={press.busy}
      onClick={activate}
      onKeyDown={keyed}
    >
      {inside}
    </div>
  );
}

export function CollapsiblePanel({ el, path }: ElementProps) {
  const { Elements, colors } = useCard();
  const [open, setOpen] = useState(el.expanded === true);
  const header = asObject(el.header) ?? {};
  const title = asObject(header.title) ?? {};
  const icon = asObject(header.icon);
  const border = asObject(el.border);
  const background = fillOf(asText(el.background_color), colors);
  const band = fillOf(asText(header.background_color), colors);
  const framed = border !== undefined || background !== undefined;
  const css: Css = { ...(background && { background }), ...outer(el) };
  if (border) {
    css.border = `1px solid ${fillOf(asText(border.color), colors) ?? 'var(--line)'}`;
    css.borderRadius = lengthOf(border.corner_radius) ?? '5px';
  }
  return (
    <div class="panel" style={css}>
      <button
        type="button"
        class="panel-head"
        aria-expanded={open}
        style={{ padding: boxOf(header.padding) ?? (framed ? '8px 12px' : '4px 0'), ...(band && { background: band }) }}
        onClick={() => setOpen(!open)}
      >
        <span class="panel-title">
          {title.tag === 'markdown' ? <Markdown source={words(title)} /> : <CardText of={title} />}
        </span>
        <span class="panel-turn">
          {icon && open === false ? <CardIcon icon={icon} colors={colors} /> : <Glyph name="down" />}
        </span>
      </button>
      {open && (
        <div
          class="panel-body"
          style={{ ...inner(el, '8px'), padding: boxOf(el.padding) ?? (framed ? '8px 12px 12px' : '8px 0 0 0') }}
        >
          <Elements of={el.elements} path={path} />
        </div>
      )}
    </div>
  );
}

export function FormElement({ el, path }: ElementProps) {
  const { Elements } = useCard();
  const form = useForm(el);
  return (
    <div class="form" role="group" data-form={asText(el.name)} style={{ ...inner(el, '12px'), ...outer(el) }}>
      <FormContext.Provider value={form}>
        <Elements of={asList(el.elements)} path={path} />
      </FormContext.Provider>
    </div>
  );
}

function useForm(el: Json): FormSession {
  const card = useCard();
  const [marked, mark] = useState<ReadonlySet<string>>(new Set());
  const fields = fieldsIn(el.elements);
  const empty = missing(fields, card.values);
  return {
    fields,
    // A field that was filled in since it was marked is no longer marked.
    marked: new Set([...marked].filter((name) => empty.includes(name))),
    check: () => {
      mark(new Set(empty));
      return empty.length === 0;
    },
    sent: () => formValue(fields, card.values),
    reset: () => {
      mark(new Set());
      card.forget(fields.map((field) => field.name));
    },
  };
}

export function useOwnForm(): FormSession | null {
  return useContext(FormContext);
}
