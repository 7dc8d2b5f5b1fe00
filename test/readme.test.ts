// The command table of both READMEs is the bot's own: a command added in code and not told to people fails here.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/bot/commands.ts';

describe.each(['README.md', 'README.zh-CN.md'])('%s', (file) => {
  const text = readFileSync(file, 'utf8');
  it.each(commands.map((c) => [c.word, c] as const))('lists %s with its usage and English alias', (_, c) => {
    expect(text).toContain(`| ${c.usage} | \`${c.id}\` |`);
  });
  it('lists no command the bot does not know', () => {
    const listed = [...text.matchAll(/^\| [^|]+ \| `([a-z]+)` \|/gm)].map((m) => m[1]);
    expect(listed.toSorted()).toEqual(commands.map((c) => c.id).toSorted());
  });
});
