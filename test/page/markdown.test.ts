// The page's reading of card markdown: what the platform draws, and that hostile text stays text.
import { describe, expect, it } from 'vitest';
import { type Block, type Inline, plainOf, readLarkMd, readMarkdown } from '../../simulator/page/card/markdown.ts';

const flat = (nodes: readonly (Block | Inline)[]): string => JSON.stringify(nodes);

describe('markdown', () => {
  it('bold, strike, code and links become nodes', () => {
    expect(readLarkMd('已排查 **3** / ~~4~~ `户` [看](https://a.cn)')).toEqual([
      { is: 'text', text: '已排查 ' },
      { is: 'strong', of: [{ is: 'text', text: '3' }] },
      { is: 'text', text: ' / ' },
      { is: 'del', of: [{ is: 'text', text: '4' }] },
      { is: 'text', text: ' ' },
      { is: 'code', text: '户' },
      { is: 'text', text: ' ' },
      { is: 'link', url: 'https://a.cn', of: [{ is: 'text', text: '看' }] },
    ]);
  });

  it('the platform’s tags nest and hold markdown', () => {
    expect(readLarkMd('<font color=\'red\'>还有 **<font color="grey">2</font>** 户</font>')).toEqual([
      {
        is: 'tag',
        name: 'font',
        attrs: { color: 'red' },
        of: [
          { is: 'text', text: '还有 ' },
          {
            is: 'strong',
            of: [{ is: 'tag', name: 'font', attrs: { color: 'grey' }, of: [{ is: 'text', text: '2' }] }],
          },
          { is: 'text', text: ' 户' },
        ],
      },
    ]);
  });

  it('a tag at the beginning of a line is no HTML block', () => {
    const [block] = readMarkdown('<text_tag color="blue">演练</text_tag>\n**标题**');
    expect(block).toMatchObject({
      is: 'paragraph',
      of: [{ is: 'tag', name: 'text_tag' }, { is: 'br' }, { is: 'strong' }],
    });
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<div onclick="x()">户</div>',
    '<iframe src="https://a.cn"></iframe>',
    '<!-- 注 -->',
    '<style>*{display:none}</style>',
  ])('raw HTML stays visible text: %s', (source) => {
    const nodes = readMarkdown(`前 ${source} 后`);
    expect(flat(nodes)).not.toContain('"tag"');
    expect(plainOf(source)).toBe(source.replace(/\s+/g, ' '));
  });

  it('an escaped mark is never markup', () => {
    expect(readLarkMd('&#60;at id=all&#62;&#60;/at&#62; &#42;&#42;粗&#42;&#42; &sim;')).toEqual([
      { is: 'text', text: '<at id=all></at> **粗** ~' },
    ]);
  });

  it('raw shows its content verbatim', () => {
    expect(readLarkMd('<raw>**不粗** <at id=all></at></raw>')).toEqual([
      { is: 'text', text: '**不粗** <at id=all></at>' },
    ]);
  });

  it('an opening tag without its end hides only itself', () => {
    expect(plainOf('<font color=red>户主 </font></font>在家')).toBe('户主 在家');
    expect(plainOf("<font color='red'>未闭合")).toBe('未闭合');
  });

  it('a GFM table keeps its cells and alignment', () => {
    expect(readMarkdown('| 村 | 户 |\n|:--|--:|\n| 大阿村 | 40 |')).toEqual([
      {
        is: 'table',
        head: [
          { align: 'left', of: [{ is: 'text', text: '村' }] },
          { align: 'right', of: [{ is: 'text', text: '户' }] },
        ],
        rows: [
          [
            { align: 'left', of: [{ is: 'text', text: '大阿村' }] },
            { align: 'right', of: [{ is: 'text', text: '40' }] },
          ],
        ],
      },
    ]);
  });

  it('headings, lists, quotes, code and rules are blocks', () => {
    const kinds = readMarkdown('# 一\n\n- 甲\n    - 乙\n\n1. 丙\n\n> 引\n\n```js\n<b>\n```\n\n---\n').map(
      (block) => block.is,
    );
    expect(kinds).toEqual(['heading', 'list', 'list', 'quote', 'codeblock', 'hr']);
  });

  it('lark_md knows no headings, lists or tables', () => {
    expect(readLarkMd('# 一').every((node) => node.is === 'text')).toBe(true);
  });

  it('plain words drop marks', () => {
    expect(plainOf("**8. 住房** <font color='grey'>（必填）</font>\n- 安全")).toBe('8. 住房 （必填） 安全');
  });
});
