// Owns the tables of components that only show something: text, pictures, people, charts, tables.
import { checkMentions, countTables } from './cardMarkdown.ts';
import * as part from './cardParts.ts';
import * as r from './cardRules.ts';

const MAX_TABLES = 5;

function addTables(at: r.Spot, n: number): void {
  at.walk.tables += n;
  if (at.walk.tables > MAX_TABLES) {
    r.refuseAs(at, { sub: 11310, message: 'card table number over limit', value: 'table' });
  }
}

const CHARTS = 'line area bar pie common funnel scatter radar linearProgress circularProgress wordCloud';
const chartTypes = CHARTS.split(' ');

function badSpec(at: r.Spot, value: string): never {
  r.refuseAs(at, { sub: 200550, message: 'chart spec is invalid', value });
}

function checkChart(chart: r.Fields, at: r.Spot): void {
  const v = chart.chart_spec;
  if (at.form !== null) r.refuse(at, 'chart is not allowed in form');
  if (!r.isFields(v) || !chartTypes.includes(String(v.type))) badSpec(at, '- type: Must be one of the chart types');
  const { data } = v;
  const sets = Array.isArray(data) ? data : [data];
  if (sets.length === 0 || !sets.every((d: unknown) => r.isFields(d) && Array.isArray(d.values))) {
    badSpec(at, '- data: Invalid type. Expected: object with values');
  }
  if (v.axes !== undefined && !Array.isArray(v.axes)) badSpec(at, '- axes: Invalid type. Expected: array');
  if (v.type === 'common' && !Array.isArray(v.series)) badSpec(at, '- series: Invalid type. Expected: array');
}

const CELLS: Readonly<Record<string, (v: unknown) => boolean>> = {
  text: (v) => ['string', 'number', 'boolean'].includes(typeof v),
  lark_md: (v) => typeof v === 'string',
  markdown: (v) => typeof v === 'string',
  number: (v) => typeof v === 'number',
  options: (v) =>
    typeof v === 'string' || (Array.isArray(v) && v.every((o) => r.isFields(o) && typeof o.text === 'string')),
  persons: (v) => typeof v === 'string' || (Array.isArray(v) && v.every((id) => typeof id === 'string')),
  date: (v) => typeof v === 'number',
};

const column = r.object({
  need: ['name', 'data_type'],
  props: {
    name: r.string,
    display_name: r.string,
    data_type: r.oneOf(...Object.keys(CELLS)),
    width: r.either(r.oneOf('auto'), r.px(80, 600), r.matching(/^([1-9]\d?|100)%$/, '1%..100%')),
    horizontal_align: r.hAlign,
    vertical_align: r.vAlign,
    format: r.object({ props: { precision: r.int(0, 10), symbol: r.text(1), separator: r.bool } }),
    date_format: r.string,
  },
});

function checkRows(table: r.Fields, at: r.Spot): void {
  addTables(at, 1);
  const types = new Map<string, string>();
  for (const c of table.columns as r.Fields[]) {
    if (types.has(String(c.name))) r.refuse(at, `duplicate column: ${String(c.name)}`);
    types.set(String(c.name), String(c.data_type));
  }
  for (const [i, row] of (table.rows as r.Fields[]).entries()) {
    for (const [key, cell] of Object.entries(row)) {
      const type = types.get(key);
      const spot = r.down(at, `rows[${i}]`);
      if (type === undefined) r.refuseAs(spot, { sub: 200915, message: 'row key is not a column name', value: key });
      if (cell !== null && CELLS[type]?.(cell) !== true) {
        r.refuseAs(spot, { sub: 200914, message: 'table rows invalid', value: `${key} is not ${type}` });
      }
    }
  }
}

const image = { img_key: r.string, i18n_img_key: part.i18n, corner_radius: r.cornerRadius };
const avatar = r.oneOf('extra_small', 'small', 'medium', 'large');

function checkPersons(list: r.Fields, at: r.Spot): void {
  if (list.drop_invalid_user_id === true) return;
  for (const person of list.persons as r.Fields[]) r.personId(person.id, at);
}

export const displays: Readonly<Record<string, r.ElementSpec>> = {
  div: {
    kind: 'display',
    props: {
      text: part.plainOrLark,
      icon: part.icon,
      width: r.either(r.oneOf('fill', 'auto'), r.px(16, 999)),
      fields: r.list(r.object({ need: ['text'], props: { is_short: r.bool, text: part.plainOrLark } }), { min: 1 }),
    },
    also: (div, at) => {
      if (div.text === undefined && div.fields === undefined) r.refuse(at, 'missing property: text');
    },
  },
  markdown: {
    kind: 'display',
    props: {
      content: r.string,
      i18n_content: part.i18n,
      text_align: r.hAlign,
      text_size: r.string,
      icon: part.icon,
    },
    also: (md, at) => {
      if (md.content === undefined && md.i18n_content === undefined) r.refuse(at, 'missing property: content');
      addTables(at, countTables(String(md.content ?? '')));
      checkMentions(String(md.content ?? ''), at);
    },
  },
  img: {
    kind: 'display',
    need: ['img_key', 'alt'],
    props: {
      ...image,
      alt: part.plainText,
      title: part.plainText,
      scale_type: r.oneOf('crop_center', 'crop_top', 'fit_horizontal'),
      size: r.either(r.oneOf('stretch', 'large', 'medium', 'small', 'tiny'), r.matching(/^\d+px \d+px$/, '"Wpx Hpx"')),
      transparent: r.bool,
      preview: r.bool,
    },
  },
  img_combination: {
    kind: 'display',
    need: ['combination_mode', 'img_list'],
    props: {
      combination_mode: r.oneOf('double', 'triple', 'bisect', 'trisect'),
      img_list: r.list(r.object({ need: ['img_key'], props: image }), { min: 1 }),
      combination_transparent: r.bool,
      corner_radius: r.cornerRadius,
    },
  },
  person: {
    kind: 'display',
    need: ['user_id'],
    props: {
      user_id: r.personId,
      size: avatar,
      show_avatar: r.bool,
      show_name: r.bool,
      style: r.oneOf('normal', 'capsule'),
    },
  },
  person_list: {
    kind: 'display',
    need: ['persons'],
    props: {
      persons: r.list(r.object({ need: ['id'], props: { id: r.string } })),
      show_name: r.bool,
      show_avatar: r.bool,
      size: avatar,
      lines: r.int(1, 999),
      drop_invalid_user_id: r.bool,
      icon: part.icon,
      ud_icon: part.icon,
    },
    also: checkPersons,
  },
  chart: {
    kind: 'display',
    // A form may hold no chart: one page of the docs says so, another allows it; our own cards keep out of it.
    where: ['root', 'column', 'interactive_container', 'collapsible_panel'],
    need: ['chart_spec'],
    props: {
      chart_spec: r.anything,
      aspect_ratio: r.oneOf('1:1', '2:1', '4:3', '16:9'),
      color_theme: r.oneOf('brand', 'rainbow', 'complementary', 'converse', 'primary'),
      preview: r.bool,
      height: r.either(r.oneOf('auto'), r.px(1, 999)),
    },
    also: checkChart,
  },
  table: {
    kind: 'display',
    where: ['root'],
    need: ['columns', 'rows'],
    props: {
      columns: r.list(column, { min: 1, max: 50 }),
      rows: r.list((v, at) => {
        if (!r.isFields(v)) r.refuse(at, 'a row must be an object');
      }),
      page_size: r.int(1, 10),
      row_height: r.either(r.oneOf('low', 'middle', 'high', 'auto'), r.px(32, 124)),
      row_max_height: r.px(32, 999),
      freeze_first_column: r.bool,
      header_style: r.object({
        props: {
          text_align: r.hAlign,
          text_size: r.oneOf('normal', 'heading'),
          background_style: r.oneOf('grey', 'none'),
          text_color: r.oneOf('default', 'grey'),
          bold: r.bool,
          lines: r.int(1, 999),
        },
      }),
    },
    also: checkRows,
  },
  hr: { kind: 'display', props: {} },
  audio: { kind: 'display', props: { file_key: r.string } },
};
