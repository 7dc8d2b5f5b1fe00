// Owns the table component: typed cells, paging, sideways scrolling on a phone.
import { useState } from 'preact/hooks';
import { asNumber, asObject, asObjects, asText, type Json } from './json.ts';
import { outer } from './layout.ts';
import { Markdown, Pager } from './Markdown.tsx';
import { readLarkMd } from './markdown.ts';
import { PersonChip } from './People.tsx';
import type { ElementProps } from './session.tsx';
import { Run, TagChip } from './Text.tsx';
import { type Column, columnsOf, dateText, numberText, pageOf, peopleOf, tagsOf } from './table.ts';

const heights: Readonly<Record<string, string>> = { low: '36px', middle: '48px', high: '64px' };

export function TableElement({ el }: ElementProps) {
  const [at, turn] = useState(0);
  const columns = columnsOf(el);
  const page = pageOf(asObjects(el.rows), asNumber(el.page_size, 5), at);
  const header = asObject(el.header_style) ?? {};
  const said = asText(el.row_height);
  const height = heights[said] ?? (/^\d{2,3}px$/.test(said) ? said : '36px');
  return (
    <div class="table-box" style={outer(el)}>
      <div class="table-scroll" tabIndex={0} role="region" aria-label="表格，可左右滑动">
        <table class={el.freeze_first_column === true ? 'frozen' : ''}>
          <thead class={header.background_style === 'grey' ? 'grey' : ''}>
            <tr>
              {columns.map((column) => (
                <th
                  key={column.name}
                  style={{
                    textAlign: column.align,
                    ...(column.width && { minWidth: column.width }),
                    ...(header.bold === false && { fontWeight: 400 }),
                  }}
                >
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {page.rows.map((row, key) => (
              <tr key={key} style={{ height }}>
                {columns.map((column) => (
                  <td key={column.name} class={`is-${column.type}`} style={{ textAlign: column.align }}>
                    <CellOf column={column} row={row} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {page.of > 1 && <Pager at={page.at} of={page.of} turn={turn} />}
    </div>
  );
}

function CellOf({ column, row }: { readonly column: Column; readonly row: Json }) {
  const value = row[column.name];
  switch (column.type) {
    case 'number':
      return <>{numberText(value, column.json.format)}</>;
    case 'date':
      return <>{dateText(value, column.json.date_format)}</>;
    case 'lark_md':
      return <Run of={readLarkMd(asText(value))} />;
    case 'markdown':
      return <Markdown source={asText(value)} />;
    case 'options':
      return (
        <>
          {tagsOf(value).map((tag) => (
            <TagChip key={tag.text} color={tag.color}>
              {tag.text}
            </TagChip>
          ))}
        </>
      );
    case 'persons':
      return (
        <>
          {peopleOf(value).map((id) => (
            <PersonChip key={id} id={id} />
          ))}
        </>
      );
    default:
      return (
        <>
          {typeof value === 'string' || typeof value === 'number'
            ? value
            : value === undefined || value === null
              ? ''
              : JSON.stringify(value)}
        </>
      );
  }
}
