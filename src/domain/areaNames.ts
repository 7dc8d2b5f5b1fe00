// Owns finding an area by what a person typed: full-width or half-width, with or without 村/镇, partial when unambiguous.
import type { Area } from '../ports.ts';

/** NFKC, no spaces or punctuation, lower case: how typed text and names are compared. */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s\p{P}\p{S}\u200b]/gu, '')
    .toLowerCase();
}

/** A name without its level word: 大阿村 → 大阿, 大阿镇 → 大阿. */
const stem = (name: string) => name.replace(/(村委会|居委会|社区|村|镇|乡|县)$/u, '');

/**
 * Areas that the text may mean, best kind of match first, and within `within` only (what the asker may see). A bare stem
 * means the township when the scope contains it; `all` names townships outside of it. One result: unambiguous. Several: let the asker pick. Empty: not found.
 */
export function findAreas(text: string, within: readonly Area[], all: readonly Area[] = within): Area[] {
  const wanted = plain(text);
  if (wanted === '') return [];
  const long = (a: Area) => plain(showWithTownship(a, all));
  const exact = within.filter((a) => [a.code, plain(a.name), plain(a.fullName), long(a)].includes(wanted));
  if (exact.length > 0) return exact;
  const stems = within.filter((a) => plain(stem(a.name)) === wanted);
  const upper = stems.filter((a) => a.level !== 'village');
  if (upper.length > 0) return upper;
  if (stems.length > 0) return stems;
  return within.filter((a) => plain(a.name).includes(wanted) || plain(a.fullName).includes(wanted));
}

/** '大阿镇大阿村' where the bare name would not tell, e.g. in pickers. */
export function showWithTownship(area: Area, areas: readonly Area[]): string {
  const township = area.level === 'village' ? areas.find((a) => a.code === area.township) : undefined;
  return township ? `${township.name}${area.name}` : area.name;
}
