// Owns the tables of components a person operates: buttons, fields, pickers.
import * as part from './cardParts.ts';
import * as r from './cardRules.ts';

const common = {
  name: r.name,
  required: r.bool,
  confirm: part.confirm,
  disabled: r.bool,
  disabled_tips: part.plainText,
  hover_tips: part.plainText,
  behaviors: part.behaviors,
};
const legacy = ['value'];

const optionShape = r.object({
  need: ['text', 'value'],
  props: { text: part.plainText, value: r.string, icon: part.icon },
});

const options: r.Check = (v, at) => {
  r.list(optionShape)(v, at);
  const seen = new Set<unknown>();
  for (const { value } of v as r.Fields[]) {
    if (seen.has(value)) r.refuse(at, `two options with the value ${JSON.stringify(value)}`);
    seen.add(value);
  }
};

const people = r.list(r.object({ need: ['value'], props: { value: r.personId } }));
const shortTip = part.shortText(100);
const emptyable =
  (check: r.Check): r.Check =>
  (v, at) => {
    if (v !== '' || at.walk.profile === 'strict') check(v, at);
  };

const select = { ...common, placeholder: shortTip, type: r.oneOf('default', 'text'), width: r.width };

/** One column of the docs allows them anywhere; the official one only in forms: ours keep to it. */
const formOnly = (_: r.Fields, at: r.Spot): void => {
  if (at.form === null && at.walk.profile === 'strict') r.refuse(at, 'a multi select is only allowed in a form');
};

function picker(initial: string, format: RegExp): r.ElementSpec {
  return {
    kind: 'input',
    props: { ...common, placeholder: shortTip, width: r.width, [initial]: emptyable(r.matching(format, initial)) },
    legacy,
    also: (v, at) => {
      if (v.placeholder === undefined && v[initial] === undefined) r.refuse(at, 'missing property: placeholder');
    },
  };
}

function checkButton(button: r.Fields, at: r.Spot): void {
  const action = button.form_action_type;
  const old = at.walk.profile === 'compat' && ['value', 'url', 'multi_url', 'action_type'].some((k) => k in button);
  if (action === undefined && button.behaviors === undefined && !old) {
    r.refuse(at, 'a button needs behaviors or form_action_type');
  }
  if (action === undefined && button.action_type !== 'form_submit') return;
  if (at.form === null) r.refuse(at, 'form_action_type is only allowed in a form');
  if (action !== 'reset') at.form.submits += 1;
}

const TYPES = 'default primary danger text primary_text danger_text primary_filled danger_filled laser';

export const inputs: Readonly<Record<string, r.ElementSpec>> = {
  button: {
    kind: 'input',
    props: {
      ...common,
      text: shortTip,
      type: r.oneOf(...TYPES.split(' ')),
      size: r.oneOf('tiny', 'small', 'medium', 'large'),
      width: r.width,
      icon: part.icon,
      form_action_type: r.oneOf('submit', 'reset'),
    },
    legacy: ['value', 'url', 'multi_url', 'action_type', 'complex_interaction'],
    also: checkButton,
  },
  input: {
    kind: 'input',
    props: {
      ...common,
      placeholder: shortTip,
      default_value: r.string,
      i18n_default_value: part.i18n,
      label: part.plainText,
      label_position: r.oneOf('top', 'left'),
      input_type: r.oneOf('text', 'multiline_text', 'password'),
      rows: r.int(1, 99),
      auto_resize: r.bool,
      max_rows: r.int(1, 99),
      max_length: r.int(1, 1000),
      show_icon: r.bool,
      width: r.width,
    },
    legacy,
  },
  select_static: {
    kind: 'input',
    need: ['options'],
    props: { ...select, options, initial_option: emptyable(r.text(1000)), initial_index: r.int(0, 9999) },
    legacy,
  },
  multi_select_static: {
    kind: 'input',
    need: ['name', 'options'],
    props: { ...select, options, selected_values: r.list(r.string) },
    legacy,
    also: formOnly,
  },
  select_person: {
    kind: 'input',
    props: { ...select, options: people, initial_option: emptyable(r.personId) },
    legacy,
  },
  multi_select_person: {
    kind: 'input',
    need: ['name'],
    props: { ...select, options: people, selected_values: r.list(r.personId) },
    legacy,
    also: formOnly,
  },
  date_picker: picker('initial_date', /^\d{4}-\d{2}-\d{2}$/),
  picker_time: picker('initial_time', /^\d{2}:\d{2}$/),
  picker_datetime: picker('initial_datetime', /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/),
  overflow: {
    kind: 'input',
    need: ['options'],
    props: {
      ...common,
      width: r.width,
      options: r.list(
        r.object({ need: ['text'], props: { text: shortTip, value: r.string, multi_url: part.multiUrl } }),
        { min: 1 },
      ),
    },
    legacy,
  },
  select_img: {
    kind: 'input',
    need: ['options'],
    props: {
      ...common,
      options: r.list(
        r.object({
          need: ['img_key'],
          props: {
            img_key: r.string,
            i18n_img_key: part.i18n,
            value: r.string,
            disabled: r.bool,
            disabled_tips: part.plainText,
            hover_tips: part.plainText,
          },
        }),
        { min: 1 },
      ),
      multi_select: r.bool,
      layout: r.oneOf('stretch', 'bisect', 'trisect'),
      aspect_ratio: r.oneOf('1:1', '16:9', '4:3'),
      can_preview: r.bool,
    },
    legacy,
    also: (v, at) => {
      if (v.multi_select === true && at.form === null) r.refuse(at, 'multi_select is only allowed in a form');
    },
  },
  checker: {
    kind: 'input',
    props: {
      ...common,
      checked: r.bool,
      text: part.plainOrLark,
      overall_checkable: r.bool,
      button_area: r.object({
        props: { pc_display_rule: r.oneOf('always', 'on_hover'), buttons: r.list(part.element, { min: 1, max: 3 }) },
      }),
      checked_style: r.object({
        props: {
          show_strikethrough: r.bool,
          opacity: (v, at) => {
            if (typeof v !== 'number' || v < 0 || v > 1) r.refuse(at, 'opacity 0..1 expected');
          },
        },
      }),
      padding: r.padding,
    },
    legacy,
    also: (v, at) => {
      const size = r.isFields(v.text) ? v.text.text_size : undefined;
      if (size !== undefined) r.oneOf('normal', 'heading', 'notation')(size, r.down(at, 'text_size'));
    },
  },
};
