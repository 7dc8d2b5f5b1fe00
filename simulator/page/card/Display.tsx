// Owns the components that only show: div, markdown, pictures, people, rules, and the box for a tag nobody knows.

import { inkOf } from './color.ts';
import { CardIcon } from './Icon.tsx';
import { asList, asObject, asObjects, asText, asTexts, words } from './json.ts';
import { outer, textCss, widthOf } from './layout.ts';
import { Markdown } from './Markdown.tsx';
import { Avatar } from './People.tsx';
import { type ElementProps, useCard } from './session.tsx';
import { CardText, Picture } from './Text.tsx';

export function DivElement({ el }: ElementProps) {
  const { colors } = useCard();
  const icon = asObject(el.icon);
  const fields = asObjects(el.fields);
  return (
    <div class="el-div" style={{ ...widthOf(el.width), ...outer(el) }}>
      {icon && <CardIcon icon={icon} colors={colors} />}
      <div class="el-div-text">
        <CardText of={el.text} />
        {fields.length > 0 && (
          <div class="el-fields">
            {fields.map((field, at) => (
              <div key={at} class={field.is_short === true ? 'short' : 'long'}>
                <CardText of={field.text} />
              </div>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}

export function MarkdownElement({ el }: ElementProps) {
  const { colors, sizes } = useCard();
  const icon = asObject(el.icon);
  const color = inkOf(asText(el.text_color), colors);
  return (
    <div class="el-md" style={{ ...textCss(el, sizes), ...(color && { color }), ...outer(el) }}>
      {icon && <CardIcon icon={icon} colors={colors} />}
      <div class="md">
        <Markdown source={words(el)} />
      </div>
    </div>
  );
}

const pictureWidths: Readonly<Record<string, string>> = {
  large: '160px',
  medium: '80px',
  small: '40px',
  tiny: '16px',
};

export function ImageElement({ el }: ElementProps) {
  const size = asText(el.size);
  const exact = /^(\d{1,3})px (\d{1,3})px$/.exec(size);
  const width = exact ? `${exact[1]}px` : (pictureWidths[size] ?? '100%');
  const aspectRatio = exact ? `${exact[1]} / ${exact[2]}` : width === '100%' ? '16 / 9' : '1';
  return (
    <figure class="el-img" style={outer(el)}>
      <Picture alt={words(el.alt)} style={{ width, aspectRatio }} />
      {words(el.title) !== '' && <figcaption>{words(el.title)}</figcaption>}
    </figure>
  );
}

const combinations: Readonly<Record<string, { readonly across: number; readonly most: number }>> = {
  double: { across: 2, most: 2 },
  triple: { across: 2, most: 3 },
  bisect: { across: 2, most: 6 },
  trisect: { across: 3, most: 9 },
};

export function ImageCombination({ el }: ElementProps) {
  const mode = combinations[asText(el.combination_mode)] ?? { across: 3, most: 9 };
  const images = asList(el.img_list).slice(0, mode.most);
  return (
    <div class="el-pictures" style={{ gridTemplateColumns: `repeat(${mode.across}, 1fr)`, ...outer(el) }}>
      {images.map((_, at) => (
        <Picture key={at} alt="" style={{ aspectRatio: '1' }} />
      ))}
    </div>
  );
}

const personSizes: Readonly<Record<string, number>> = { extra_small: 18, small: 22, medium: 26, large: 34 };

export function PersonElement({ el }: ElementProps) {
  return (
    <div style={outer(el)}>
      <People
        ids={[asText(el.user_id)]}
        size={personSizes[asText(el.size)] ?? 26}
        names={el.show_name === true}
        faces={el.show_avatar !== false}
      />
    </div>
  );
}

export function PersonList({ el }: ElementProps) {
  const ids = asObjects(el.persons).map((person) => asText(person.id));
  return (
    <div style={outer(el)}>
      <People
        ids={ids}
        size={personSizes[asText(el.size)] ?? 26}
        names={el.show_name !== false}
        faces={el.show_avatar !== false}
      />
    </div>
  );
}

interface PeopleProps {
  readonly ids: readonly string[];
  readonly size: number;
  readonly names: boolean;
  readonly faces: boolean;
}
function People({ ids, size, names, faces }: PeopleProps) {
  const { host } = useCard();
  return (
    <div class="el-people">
      {ids.map((id) => (
        <span class="person-chip" key={id} title={host.nameOf(id)}>
          {faces && <Avatar name={host.nameOf(id)} size={size} />}
          {names && <span>{host.nameOf(id)}</span>}
        </span>
      ))}
    </div>
  );
}

export function Rule({ el }: ElementProps) {
  return <hr class="el-hr" style={outer(el)} />;
}

/** A tag the client does not know is shown as one, never left out. */
export function UnknownElement({ el }: ElementProps) {
  const tag = asText(el.tag) || '（无 tag）';
  const properties = asTexts(Object.keys(el)).filter((key) => key !== 'tag');
  return (
    <div class="el-unknown" data-testid="unknown-element">
      不认识的组件：<code>{tag}</code>
      {properties.length > 0 && <span>（{properties.join('、')}）</span>}
    </div>
  );
}
