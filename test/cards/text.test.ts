// Somebody's words in markdown show exactly as they were typed and do nothing else.
import { marked } from 'marked';
import { describe, expect, test } from 'vitest';
import { bold, clean, clip, esc, lines, m } from '../../cards/text.ts';

const shown = (md: string) =>
  md.replace(/<br>/g, '\n').replace(/&#(\d+);/g, (_, n: string) => String.fromCharCode(Number(n)));

describe('escaped text', () => {
  const attempts = [
    '<at id=all></at>',
    '<at id=ou_1></at>',
    '**x**',
    '__x__',
    '~~x~~',
    '[a](https://b.c)',
    '![i](img_v2)',
    '`code`',
    '# head',
    '- list',
    '+ list',
    '1. list',
    '12. list',
    '> quote',
    '| a | b |',
    ':OK:',
    '$x$',
    '\\*',
    '&lt;at&gt;',
    '<font color=red>x</font>',
    '---',
    '<raw>',
    '<!-- x -->',
    'https://evil.example/x',
    '    four spaces',
    '"quoted" \'single\'',
  ]; // one line each: a new line is a space by then
  test.each(attempts)('%s shows itself and nothing more', (attempt) => {
    const html = marked.parse(esc(attempt).md, { async: false, gfm: true });
    expect(html).toMatch(/^<p>[^<]*<\/p>\n$/);
    expect(shown(esc(attempt).md)).toBe(attempt.trim());
  });
  test('uses decimal entities of the platform’s table', () => {
    expect(esc('<a|b&c>').md).toBe('&#60;a&#124;b&#38;c&#62;');
  });
  test('leaves Chinese, digits and letters alone', () => {
    expect(esc('大阿村（第3组）“回头看”12户ab').md).toBe('大阿村（第3组）“回头看”12户ab');
  });
});

test('invisible characters that turn text around are taken out, line ends become spaces', () => {
  expect(clean('a\u202eb\u0000c\r\nd\u2028e\ufeff\ud800f')).toBe('abc d e f');
});
test('strings put into the template are escaped, numbers and markdown stay', () => {
  expect(m`已排查${bold(12)}户 ${'*'} ${3.5} ${m`<br>`}`.md).toBe('已排查 **12** 户 &#42; 3.5 <br>');
});
test('bold has spaces around it, none inside, and none when there is nothing', () => {
  expect(bold(' 村 ').md).toBe(' **村** ');
  expect(bold('').md).toBe('');
});
test('lines are broken by <br>, empty ones left out', () => {
  expect(lines(m`a`, m``, m` b `).md).toBe('a<br>b');
});
test('a caption is cut by letters, never through one', () => {
  expect(clip('😀'.repeat(5), 3)).toBe('😀😀…');
  expect(clip('村村村', 3)).toBe('村村村');
});
