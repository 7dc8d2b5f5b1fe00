// Owns the tables of the card's root, header and containers.
import * as part from './cardParts.ts';
import * as r from './cardRules.ts';

const layout = {
  direction: r.direction,
  padding: r.padding,
  horizontal_spacing: r.spacing,
  horizontal_align: r.hAlign,
  vertical_spacing: r.spacing,
  vertical_align: r.vAlign,
};
const jump = r.object({ props: { multi_url: part.multiUrl } });

const frequency = r.object({
  props: { default: r.int(1, 99999), android: r.int(1, 99999), ios: r.int(1, 99999), pc: r.int(1, 99999) },
});

const styles: r.Check = (v, at) => {
  r.object({
    props: {
      text_size: (sizes, spot) => {
        const size = r.object({ props: { default: r.string, pc: r.string, mobile: r.string } });
        if (!r.isFields(sizes)) r.refuse(spot, 'object expected');
        for (const [key, one] of Object.entries(sizes)) size(one, r.down(spot, key));
      },
      color: (colors, spot) => {
        const rgba = r.matching(r.RGBA, 'rgba(…)');
        const pair = r.object({ need: ['light_mode', 'dark_mode'], props: { light_mode: rgba, dark_mode: rgba } });
        if (!r.isFields(colors)) r.refuse(spot, 'object expected');
        for (const [key, one] of Object.entries(colors)) pair(one, r.down(spot, key));
      },
    },
  })(v, at);
};

const updateMulti: r.Check = (v, at) => {
  if (v !== true) r.refuseAs(at, { sub: 300302, message: 'update_multi property is false' });
};

const config = r.object({
  props: {
    streaming_mode: r.bool,
    streaming_config: r.object({
      props: { print_frequency_ms: frequency, print_step: frequency, print_strategy: r.oneOf('fast', 'delay') },
    }),
    summary: r.object({ props: { content: r.string, i18n_content: part.i18n } }),
    locales: r.list(r.string),
    enable_forward: r.bool,
    update_multi: updateMulti,
    width_mode: r.oneOf('default', 'compact', 'fill'),
    use_custom_translation: r.bool,
    enable_forward_interaction: r.bool,
    style: styles,
  },
  legacy: ['wide_screen_mode'],
});

const TAG_COLORS = 'neutral blue turquoise lime orange violet indigo wathet green yellow red purple carmine';
const TEMPLATES = 'blue wathet turquoise green yellow orange red carmine violet purple indigo grey default';
const textTag = r.object({
  need: ['tag', 'text'],
  props: {
    tag: r.oneOf('text_tag'),
    element_id: r.elementId,
    text: part.plainText,
    color: r.oneOf(...TAG_COLORS.split(' ')),
  },
});

const header = r.object({
  need: ['title'],
  props: {
    title: part.plainOrLark,
    subtitle: part.plainOrLark,
    text_tag_list: r.list(textTag, { max: 3 }),
    i18n_text_tag_list: r.anything,
    template: r.oneOf(...TEMPLATES.split(' ')),
    icon: part.icon,
    padding: r.padding,
  },
});

/** The whole card. Its schema is looked at before. */
export const root = r.object({
  need: ['schema'],
  props: {
    schema: r.oneOf('2.0'),
    config,
    card_link: part.multiUrl,
    header,
    body: r.object({ props: { ...layout, elements: part.elements } }),
  },
  legacy: ['fallback'],
});

const panelHeader = r.object({
  props: {
    title: (v, at) => {
      const markdown = r.isFields(v) && v.tag === 'markdown';
      (markdown ? part.element : part.plainText)(v, at);
    },
    background_color: r.color,
    width: r.oneOf('fill', 'auto', 'auto_when_fold'),
    vertical_align: r.vAlign,
    padding: r.padding,
    icon: part.sizedIcon,
    icon_position: r.oneOf('left', 'right', 'follow_text'),
    icon_expanded_angle: r.oneOf(-180, -90, 90, 180),
  },
});

const submitRule = (_: r.Fields, at: r.Spot): void => {
  if (at.form !== null && at.form.submits === 0) {
    const message = 'there is no submit button in the form container, at least one';
    r.refuseAs(at, { sub: 11310, message });
  }
};

export const containers: Readonly<Record<string, r.ElementSpec>> = {
  column_set: {
    kind: 'container',
    where: ['root', 'column', 'form', 'interactive_container', 'collapsible_panel'],
    need: ['columns'],
    props: {
      columns: part.elements,
      flex_mode: r.oneOf('none', 'stretch', 'flow', 'bisect', 'trisect'),
      horizontal_spacing: r.spacing,
      horizontal_align: r.hAlign,
      background_style: r.color,
      action: jump,
    },
  },
  column: {
    kind: 'container',
    where: ['column_set'],
    props: {
      ...layout,
      elements: part.elements,
      width: r.either(r.oneOf('auto', 'weighted'), r.px(16, 600)),
      weight: r.int(1, 5),
      background_style: r.color,
      action: jump,
    },
    legacy: ['corner_radius'],
  },
  form: {
    kind: 'container',
    where: ['root'],
    need: ['name', 'elements'],
    props: { ...layout, name: r.name, elements: part.elements },
    also: submitRule,
  },
  interactive_container: {
    kind: 'container',
    where: ['root', 'column', 'form', 'collapsible_panel', 'interactive_container'],
    need: ['elements', 'behaviors'],
    props: {
      ...layout,
      elements: part.elements,
      behaviors: part.behaviors,
      width: r.either(r.oneOf('fill', 'auto'), r.px(16, 999)),
      height: r.either(r.oneOf('auto'), r.px(10, 999)),
      background_style: r.either(r.oneOf('default', 'laser'), r.color),
      has_border: r.bool,
      border_color: r.color,
      corner_radius: r.cornerRadius,
      disabled: r.bool,
      disabled_tips: part.plainText,
      hover_tips: part.plainText,
      confirm: part.confirm,
    },
  },
  collapsible_panel: {
    kind: 'container',
    where: ['root', 'column', 'form', 'interactive_container'],
    need: ['header'],
    props: {
      ...layout,
      header: panelHeader,
      elements: part.elements,
      expanded: r.bool,
      background_color: r.color,
      border: r.object({ props: { color: r.color, corner_radius: r.cornerRadius } }),
    },
  },
};
