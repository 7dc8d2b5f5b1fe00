// The command table of both READMEs is the bot's own: a command added in code and not told to people fails here. What the
// manuals show and tell to type is there.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/bot/commands.ts';
import { usage } from '../src/cli/command.ts';

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

const manuals = readdirSync('docs').filter((name) => name.endsWith('.md'));
const documents = ['README.md', 'README.zh-CN.md', ...manuals.map((name) => `docs/${name}`)];

it('every picture a document shows is there and small, and none lies unused', () => {
  const shown = documents.flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/\]\((?:docs\/)?pictures\/([^)]+)\)/g),
  ]);
  const taken = readdirSync('docs/pictures');
  expect([...new Set(shown.map((m) => m[1]))].toSorted()).toEqual(taken.toSorted());
  expect(taken.filter((name) => statSync(`docs/pictures/${name}`).size > 150_000)).toEqual([]);
});

it('every operator’s command in the READMEs and the manual is one there is', () => {
  const typed = documents.flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/(?:^|`|; |npx )lookback ([a-z-]+)/gm),
  ]);
  const known = new Set([...usage.matchAll(/^ {2}([a-z-]+) /gm)].map((m) => m[1]));
  expect(typed.length).toBeGreaterThan(20);
  expect(typed.map((m) => m[1] ?? '').filter((word) => !known.has(word))).toEqual([]);
});
