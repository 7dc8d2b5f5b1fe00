// Owns the little XML a spreadsheet needs: elements of one name, attributes, entities. Not a parser: it relies on the
// office formats never nesting an element in one of its own name.

export interface Element {
  readonly attributes: string;
  readonly body: string;
}

const patterns = new Map<string, RegExp>();

/** Elements called `name`, with or without a namespace prefix, in order. */
export function* elements(xml: string, name: string): Generator<Element, undefined> {
  const kept = patterns.get(name);
  const pattern =
    kept ?? new RegExp(`<(?:\\w+:)?${name}(?=[\\s/>])([^>]*?)(?:/>|>([\\s\\S]*?)</(?:\\w+:)?${name}>)`, 'g');
  if (!kept) patterns.set(name, pattern);
  let at = 0;
  for (;;) {
    pattern.lastIndex = at; // the pattern is shared with whoever runs between two yields
    const m = pattern.exec(xml);
    if (!m) return;
    at = pattern.lastIndex;
    yield { attributes: m[1] ?? '', body: m[2] ?? '' };
  }
}

/** '' when the attribute is not there. */
export function attribute(attributes: string, name: string): string {
  const at = attributes.search(new RegExp(`(^|\\s)${name}\\s*=`));
  if (at < 0) return '';
  const m = /=\s*(?:"([^"]*)"|'([^']*)')/.exec(attributes.slice(at));
  return m?.[1] ?? m?.[2] ?? '';
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Entities, and the _x000D_ escapes that offices write for control characters. */
export function unescapeXml(text: string): string {
  if (!text.includes('&') && !text.includes('_x')) return text;
  return text
    .replace(/&(#?\w{1,8});/g, (all, entity: string) => {
      if (!entity.startsWith('#')) return named[entity] ?? all;
      const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    })
    .replace(/_x([0-9A-F]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
