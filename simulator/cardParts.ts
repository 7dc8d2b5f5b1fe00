// Owns the parts components share: text objects, icons, links, confirm, behaviors. Tables of checks, no component.
import { checkMentions } from './cardMarkdown.ts';
import * as r from './cardRules.ts';

const LANGUAGES = 'zh_cn en_us ja_jp zh_hk zh_tw id_id vi_vn th_th pt_br es_es ko_kr de_de fr_fr it_it ru_ru ms_my';
const languages = LANGUAGES.split(' ');
export const i18n = r.object({ props: Object.fromEntries(languages.map((l) => [l, r.string])) });

const textProps = {
  content: r.string,
  i18n_content: i18n,
  text_size: r.string,
  text_align: r.hAlign,
  lines: r.int(1, 999),
  element_id: r.elementId,
};

function hasContent(fields: r.Fields, spot: r.Spot): void {
  if (fields.content === undefined && fields.i18n_content === undefined) r.refuse(spot, 'missing property: content');
}

const plainShape = r.object({
  need: ['tag'],
  props: { tag: r.oneOf('plain_text'), ...textProps, text_color: r.color },
});
const larkShape = r.object({ need: ['tag'], props: { tag: r.oneOf('lark_md'), ...textProps } });

export const plainText: r.Check = (v, at) => {
  plainShape(v, at);
  if (r.isFields(v)) hasContent(v, at);
};

const larkMd: r.Check = (v, at) => {
  larkShape(v, at);
  if (!r.isFields(v)) return;
  hasContent(v, at);
  checkMentions(String(v.content ?? ''), at);
};

export const plainOrLark: r.Check = (v, at) => {
  const lark = r.isFields(v) && v.tag === 'lark_md';
  (lark ? larkMd : plainText)(v, at);
};

/** A plain text of at most `max` characters. */
export const shortText =
  (max: number): r.Check =>
  (v, at) => {
    plainText(v, at);
    if (r.isFields(v) && v.content !== undefined) r.text(max)(v.content, r.down(at, 'content'));
  };

const iconProps = { tag: r.oneOf('standard_icon', 'custom_icon'), token: r.string, color: r.color, img_key: r.string };
const iconWith =
  (more: Record<string, r.Check>): r.Check =>
  (v, at) => {
    r.object({ need: ['tag'], props: { ...iconProps, i18n_img_key: i18n, ...more } })(v, at);
    if (!r.isFields(v)) return;
    const wanted = v.tag === 'standard_icon' ? 'token' : 'img_key';
    if (v[wanted] === undefined) r.refuse(at, `missing property: ${wanted}`);
  };
export const icon = iconWith({});
export const sizedIcon = iconWith({ size: r.matching(/^\d+px \d+px$/, '"Wpx Hpx"') });

const url: r.Check = (v, at) => {
  r.string(v, at);
  if (v === '' && at.walk.profile === 'compat') return;
  if (!/^(https?|lark|tel|mailto):\/\/\S+/.test(String(v)))
    r.refuse(at, `${JSON.stringify(v)} is not a link clients follow`);
};
const platformUrls = { pc_url: url, ios_url: url, android_url: url };

export const multiUrl: r.Check = (v, at) => {
  r.object({ props: { url, ...platformUrls } })(v, at);
  if (!r.isFields(v) || v.url !== undefined) return;
  const missing = Object.keys(platformUrls).find((key) => v[key] === undefined);
  if (missing !== undefined) r.refuse(at, 'missing property: url');
};

export const confirm = r.object({ need: ['title', 'text'], props: { title: plainText, text: plainText } });

const callbackValue: r.Check = (v, at) => {
  if (typeof v === 'string' && at.walk.profile === 'compat') return;
  if (!r.isFields(v)) r.refuse(at, 'the value of a callback must be an object');
};
const callback = r.object({ need: ['type', 'value'], props: { type: r.oneOf('callback'), value: callbackValue } });
const openUrl = r.object({
  need: ['type', 'default_url'],
  props: { type: r.oneOf('open_url'), default_url: url, ...platformUrls },
});

export const behaviors: r.Check = (v, at) => {
  const one: r.Check = (b, spot) => (r.isFields(b) && b.type === 'open_url' ? openUrl : callback)(b, spot);
  r.list(one, { min: 1, max: 2 })(v, at);
  if (Array.isArray(v) && v.length === 2 && v[0].type === v[1].type) r.refuse(at, `two behaviors of type ${v[0].type}`);
};

/** element(s) of a container, each by its own table. */
export const elements: r.Check = (v, at) => r.list(element)(v, at);

/** Tags of JSON 1.0 that 2.0 refuses by name. */
const OLD_TAGS = ['action', 'note'];
const MAX_DEPTH = 5;

export const element: r.Check = (v, at) => {
  if (!r.isFields(v)) r.refuse(at, 'an element must be an object');
  const tag = v.tag;
  const here = { ...at, path: [...at.path.slice(0, -1), `${at.path.at(-1)}(tag: ${String(tag)})`] };
  if (typeof tag !== 'string') r.refuse(at, 'missing property: tag');
  if (OLD_TAGS.includes(tag)) {
    const message = 'cards of schema V2 no longer support this capability';
    r.refuseAs(here, { sub: 200861, message, value: `unsupported tag ${tag}` });
  }
  const spec = Object.hasOwn(at.walk.specs, tag) ? at.walk.specs[tag] : undefined;
  if (spec === undefined) r.refuse(at, `not support tag: ${tag}`);
  checkPlace(tag, spec, here);
  if (spec.kind === 'input' && at.form !== null && v.name === undefined) {
    r.refuseAs(here, { sub: 200530, message: 'the name of a component in a form is empty', value: tag });
  }
  const inner = spec.kind === 'container' ? { ...at, inside: [...at.inside, tag] } : at;
  const form = tag === 'form' ? { submits: 0 } : at.form;
  const spot = { ...inner, form };
  if (inner.inside.filter((t) => t !== 'column').length > MAX_DEPTH)
    r.refuse(here, `containers nest at most ${MAX_DEPTH} levels`);
  r.object({ ...spec, props: { tag: r.string, element_id: r.elementId, margin: r.margin, ...spec.props } })(v, spot);
  spec.also?.(v, { ...spot, path: here.path });
};

function checkPlace(tag: string, spec: r.ElementSpec, at: r.Spot): void {
  const place = at.inside.at(-1) ?? 'root';
  if (spec.where !== undefined && !spec.where.includes(place)) r.refuse(at, `${tag} is not allowed in ${place}`);
  if (place === 'column_set' && tag !== 'column') r.refuse(at, 'column_set holds columns only');
}
