// Owns what the platform looks for inside card text: tables that count, people and everyone mentioned.
import { personId, refuseAs, type Spot } from './cardRules.ts';

const DELIMITER = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** GFM tables outside code fences. */
export function countTables(markdown: string): number {
  const lines = withoutFences(markdown).split('\n');
  return lines.filter((line, i) => i > 0 && line.includes('|') && DELIMITER.test(line) && lines[i - 1]?.includes('|'))
    .length;
}

/** Refuses unknown ids in <at>, and <at id=all> where it is not open to the bot. */
export function checkMentions(markdown: string, spot: Spot): void {
  for (const [, attributes] of withoutFences(markdown).matchAll(/<at\s+([^>]*)>/g)) {
    for (const id of idsIn(attributes ?? '')) {
      if (id !== 'all') personId(id, spot);
      else if (!spot.walk.atAll)
        refuseAs(spot, { sub: 11310, message: 'no permission to at all in this chat', value: 'at all' });
    }
  }
}

function withoutFences(markdown: string): string {
  return markdown.replace(/^ {0,3}```.*?(^ {0,3}```|$(?![\s\S]))/gms, '');
}

function idsIn(attributes: string): string[] {
  const found = /(?:^|\s)ids?\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/.exec(attributes);
  return (found?.[1] ?? found?.[2] ?? found?.[3] ?? '').replace(/\/$/, '').split(',').filter(Boolean);
}
