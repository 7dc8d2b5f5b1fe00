// Owns reading a card's JSON, which is foreign: every reader answers with a safe value for what is missing or of another
// type. Knows no tag but the text objects.

export type Json = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asObjects(value: unknown): readonly Json[] {
  return asList(value)
    .map(asObject)
    .filter((item) => item !== undefined);
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function asTexts(value: unknown): readonly string[] {
  return asList(value).map(asText).filter(Boolean);
}

export function asNumber(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** The words of a plain_text, lark_md or markdown object, Chinese first. */
export function words(value: unknown): string {
  const object = asObject(value);
  if (!object) return asText(value);
  const local = asObject(object.i18n_content);
  return asText(local?.zh_cn) || asText(object.content) || asText(local?.en_us);
}

/** A component's callback value: behaviors win; a top-level value alone is what old cards carried. */
export function callbackOf(el: Json): { readonly called: boolean; readonly value: unknown } {
  const behavior = asObjects(el.behaviors).find((one) => one.type === 'callback');
  return behavior ? { called: true, value: behavior.value } : { called: false, value: el.value };
}

/** The page a component opens, or '' when it opens none that a client may follow. */
export function linkOf(el: Json): string {
  const behavior = asObjects(el.behaviors).find((one) => one.type === 'open_url');
  const target = behavior ?? asObject(el.multi_url) ?? el;
  return safeUrl(asText(target.pc_url) || asText(target.default_url) || asText(target.url));
}

/** Clients follow http(s), lark:// and tel: only; anything else (javascript:, data:) is ''. */
export function safeUrl(url: string): string {
  if (url === 'lark://msgcard/unsupported_action') return '';
  return /^(https?:\/\/|lark:\/\/|tel:)/i.test(url.trim()) ? url.trim() : '';
}
