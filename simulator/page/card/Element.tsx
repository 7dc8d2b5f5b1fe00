// Owns which component draws which tag. One row per tag of card JSON 2.0; a tag without a row is shown as unknown.
import type { ComponentType } from 'preact';
import { ButtonElement, Checker, Overflow } from './Buttons.tsx';
import { ChartElement } from './Chart.tsx';
import { CollapsiblePanel, ColumnSet, FormElement, InteractiveContainer } from './Containers.tsx';
import {
  DivElement,
  ImageCombination,
  ImageElement,
  MarkdownElement,
  PersonElement,
  PersonList,
  Rule,
  UnknownElement,
} from './Display.tsx';
import { DateElement, InputElement, SelectImage } from './Fields.tsx';
import { asList, asObject, asText } from './json.ts';
import { SelectElement } from './Select.tsx';
import type { ElementProps } from './session.tsx';
import { TableElement } from './Table.tsx';

const byTag: Readonly<Record<string, ComponentType<ElementProps>>> = {
  div: DivElement,
  markdown: MarkdownElement,
  img: ImageElement,
  img_combination: ImageCombination,
  person: PersonElement,
  person_list: PersonList,
  chart: ChartElement,
  table: TableElement,
  hr: Rule,
  column_set: ColumnSet,
  form: FormElement,
  interactive_container: InteractiveContainer,
  collapsible_panel: CollapsiblePanel,
  button: ButtonElement,
  input: InputElement,
  select_static: SelectElement,
  multi_select_static: SelectElement,
  select_person: SelectElement,
  multi_select_person: SelectElement,
  date_picker: DateElement,
  picker_time: DateElement,
  picker_datetime: DateElement,
  overflow: Overflow,
  select_img: SelectImage,
  checker: Checker,
};

/** Draws a list of elements; `path` keeps their places apart. */
export function Elements({ of, path }: { readonly of: unknown; readonly path: string }) {
  return (
    <>
      {asList(of).map((item, at) => {
        const el = asObject(item) ?? {};
        const Component = byTag[asText(el.tag)] ?? UnknownElement;
        return <Component key={`${at}-${asText(el.tag)}`} el={el} path={`${path}.${at}`} />;
      })}
    </>
  );
}
