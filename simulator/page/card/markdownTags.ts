// Owns finding the platform's own markdown tags (font, text_tag, at, person, link, …) in a text. Nothing else is a tag.

export interface FoundTag {
  readonly raw: string;
  readonly name: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly inside: string;
  readonly verbatim: boolean; // inside is not read as markdown
}

const paired = new Set(['font', 'text_tag', 'at', 'person', 'link', 'a', 'number_tag', 'local_datetime', 'raw']);
const opening =
  /^<(font|text_tag|at|person|link|a|number_tag|local_datetime|raw|br|hr)((?:\s+[\w-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*)\s*(\/?)>/i;
const closing = /^<\/(font|text_tag|at|person|link|a|number_tag|local_datetime|raw)\s*>/i;

/** Where the next candidate begins, for the markdown lexer. */
export function tagStart(source: string): number | undefined {
  const at = source.search(/<\/?(?:font|text_tag|at|person|link|a|number_tag|local_datetime|raw|br|hr)\b/i);
  return at < 0 ? undefined : at;
}

/**
 * The tag that `source` begins with. An opening tag without its end, and an end without its opening, count as a tag
 * around nothing: the words between stay, the marks are not shown.
 */
export function readTag(source: string): FoundTag | undefined {
  const stray = closing.exec(source);
  if (stray) return { raw: stray[0], name: 'stray', attrs: {}, inside: '', verbatim: true };
  const open = opening.exec(source);
  if (!open) return undefined;
  const name = (open[1] ?? '').toLowerCase();
  const found = { name, attrs: attributes(open[2] ?? ''), verbatim: name === 'raw' };
  if (!paired.has(name) || open[3] === '/') return { ...found, raw: open[0], inside: '' };
  const end = matchingEnd(source, open[0].length, name);
  if (!end) return { ...found, raw: open[0], inside: '' };
  return { ...found, raw: source.slice(0, end.to), inside: source.slice(open[0].length, end.from) };
}

/** The end that belongs to this opening; the same tag may nest. */
function matchingEnd(source: string, from: number, name: string): { from: number; to: number } | undefined {
  const marks = new RegExp(`<(/?)${name}\\b[^<>]*?(/?)>`, 'gi');
  marks.lastIndex = from;
  let depth = 1;
  for (let mark = marks.exec(source); mark; mark = marks.exec(source)) {
    if (mark[2] === '/') continue;
    depth += mark[1] === '/' ? -1 : 1;
    if (depth === 0) return { from: mark.index, to: marks.lastIndex };
  }
  return undefined;
}

function attributes(source: string): Record<string, string> {
  const pairs = source.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))/g);
  return Object.fromEntries(
    [...pairs].map((pair) => [(pair[1] ?? '').toLowerCase(), pair[2] ?? pair[3] ?? pair[4] ?? '']),
  );
}
