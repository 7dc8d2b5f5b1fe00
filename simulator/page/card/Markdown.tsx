// Owns drawing the blocks of full markdown: headings, lists, quotes, code, tables in pages of five rows.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Glyph } from './Icon.tsx';
import { type Block, type Cell, readMarkdown } from './markdown.ts';
import { Run } from './Text.tsx';
import { pageOf } from './table.ts';

export function Markdown({ source }: { readonly source: string }) {
  return <Blocks of={readMarkdown(source)} />;
}

function Blocks({ of }: { readonly of: readonly Block[] }) {
  return (
    <>
      {of.map((block, at) => (
        <OneBlock key={at} block={block} />
      ))}
    </>
  );
}

function OneBlock({ block }: { readonly block: Block }) {
  switch (block.is) {
    case 'paragraph':
      return <p>{<Run of={block.of} />}</p>;
    case 'heading':
      return (
        <div class={`md-h md-h${block.level}`} role="heading" aria-level={Math.min(6, block.level + 2)}>
          <Run of={block.of} />
        </div>
      );
    case 'list': {
      const items = block.items.map((item, at) => (
        <li key={at}>
          <Blocks of={item} />
        </li>
      ));
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
    case 'quote':
      return (
        <blockquote>
          <Blocks of={block.of} />
        </blockquote>
      );
    case 'codeblock':
      return (
        <pre>
          <code>{block.text}</code>
        </pre>
      );
    case 'table':
      return <MarkdownTable head={block.head} rows={block.rows} />;
    case 'hr':
      return <hr />;
  }
}

/** Five rows a page, as clients show it. */
function MarkdownTable({
  head,
  rows,
}: {
  readonly head: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
}) {
  const [at, turn] = useState(0);
  const page = pageOf(rows, 5, at);
  const cell = (one: Cell, tag: 'th' | 'td', key: number): ComponentChildren => {
    const Tag = tag;
    return (
      <Tag key={key} style={{ textAlign: one.align }}>
        <Run of={one.of} />
      </Tag>
    );
  };
  return (
    <div class="table-box">
      <div class="table-scroll">
        <table>
          <thead>
            <tr>{head.map((one, key) => cell(one, 'th', key))}</tr>
          </thead>
          <tbody>
            {page.rows.map((row, key) => (
              <tr key={key}>{row.map((one, k) => cell(one, 'td', k))}</tr>
            ))}
          </tbody>
        </table>
      </div>
      {page.of > 1 && <Pager at={page.at} of={page.of} turn={turn} />}
    </div>
  );
}

export function Pager({
  at,
  of,
  turn,
}: {
  readonly at: number;
  readonly of: number;
  readonly turn: (to: number) => void;
}) {
  return (
    <div class="pager">
      <button type="button" aria-label="表格上一页" disabled={at === 0} onClick={() => turn(at - 1)}>
        <Glyph name="left" />
      </button>
      <span>
        {at + 1} / {of}
      </span>
      <button type="button" aria-label="表格下一页" disabled={at === of - 1} onClick={() => turn(at + 1)}>
        <Glyph name="right" />
      </button>
    </div>
  );
}
