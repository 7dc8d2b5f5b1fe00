// Owns the pictures: a few line drawings, and which of them stands for a platform icon token. Knows no component.

import { inkOf, type OwnColors } from './color.ts';
import { asText, type Json } from './json.ts';

const drawings = {
  down: 'M5 8l5 5 5-5',
  right: 'M8 5l5 5-5 5',
  left: 'M12 5l-5 5 5 5',
  close: 'M5 5l10 10M15 5L5 15',
  check: 'M4 10.5l4 4 8-9',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  search: 'M9 14.5a5.5 5.5 0 100-11 5.5 5.5 0 000 11zM13 13l4 4',
  pause: 'M7 5v10M13 5v10',
  play: 'M6.5 4.5l9 5.5-9 5.5z',
  forward: 'M4 5l6 5-6 5zM10.5 5l6 5-6 5z',
  send: 'M3 10l14-6-5 13-3-5.5zM9 11.5l4-3.5',
  reply: 'M8 5L3.5 9.5 8 14M4 9.5h7a5 5 0 015 5V16',
  person: 'M10 10a3.2 3.2 0 100-6.4 3.2 3.2 0 000 6.4zM3.8 16.5c.6-3 3-4.6 6.2-4.6s5.6 1.6 6.2 4.6',
  group:
    'M7.5 9.5a2.8 2.8 0 100-5.6 2.8 2.8 0 000 5.6zM2.5 15.8c.4-2.7 2.4-4 5-4s4.6 1.3 5 4M13 4.3a2.6 2.6 0 010 5M14.5 12c1.7.4 2.8 1.7 3 3.8',
  bell: 'M5 13.5h10c-1.2-1.3-1.5-2.5-1.5-5a3.5 3.5 0 00-7 0c0 2.5-.3 3.7-1.5 5zM8.7 16h2.6',
  calendar: 'M4 5.5h12v10.5H4zM4 8.7h12M7 3.8v3M13 3.8v3',
  time: 'M10 17a7 7 0 100-14 7 7 0 000 14zM10 6.2V10l2.6 1.6',
  info: 'M10 17a7 7 0 100-14 7 7 0 000 14zM10 9.2v4.3M10 6.5h.01',
  warning: 'M10 3.5l7.2 12.7H2.8zM10 8.5v3.7M10 14.2h.01',
  home: 'M3.5 9.5L10 4l6.5 5.5M5.3 8.5V16h9.4V8.5',
  chart: 'M4 16.5V10M8 16.5V5M12 16.5V8M16 16.5V12',
  file: 'M5.5 3.5h6l3 3v10h-9zM11.5 3.5v3h3M8 10.5h4M8 13.5h4',
  edit: 'M4.5 15.5l.6-3L13 4.6l2.4 2.4-7.9 7.9zM11.5 6l2.4 2.4',
  pin: 'M10 17s5-4.7 5-8.5a5 5 0 10-10 0C5 12.3 10 17 10 17zM10 10.2a1.7 1.7 0 100-3.4 1.7 1.7 0 000 3.4z',
  link: 'M8.5 11.5a3 3 0 004.2 0l2.3-2.3a3 3 0 00-4.2-4.2l-.8.8M11.5 8.5a3 3 0 00-4.2 0L5 10.8A3 3 0 009.2 15l.8-.8',
  refresh: 'M16 10a6 6 0 11-1.8-4.3M16 3.5v3.2h-3.2',
  plus: 'M10 4.5v11M4.5 10h11',
  picture: 'M3.5 4.5h13v11h-13zM3.5 13l3.7-3.7 3 3 2.3-2.3 4 4M12.8 8h.01',
  dot: 'M10 12a2 2 0 100-4 2 2 0 000 4z',
} as const;
export type IconName = keyof typeof drawings;

export function Glyph({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg class={`glyph g-${name}`} width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d={drawings[name]} />
    </svg>
  );
}

const meanings: readonly (readonly [RegExp, IconName])[] = [
  [/yes|check|done|success|todo/, 'check'],
  [/warn|danger|error|urgent/, 'warning'],
  [/info|tip|help|maybe/, 'info'],
  [/bell|alarm|notif|announce|speaker/, 'bell'],
  [/calendar|date/, 'calendar'],
  [/time|clock|history/, 'time'],
  [/chart|data|stat|dashboard|bar/, 'chart'],
  [/group|team|members|community/, 'group'],
  [/person|member|user|contact|avatar/, 'person'],
  [/home|house|building/, 'home'],
  [/doc|file|sheet|table|list|bitable|form/, 'file'],
  [/edit|pen|write/, 'edit'],
  [/map|local|location|pin/, 'pin'],
  [/link|url/, 'link'],
  [/refresh|reset|sync|update/, 'refresh'],
  [/add|plus/, 'plus'],
  [/search|find/, 'search'],
  [/down/, 'down'],
  [/right|next/, 'right'],
  [/left|back|return/, 'left'],
  [/close|delete|no_/, 'close'],
  [/more/, 'more'],
  [/image|pic|photo/, 'picture'],
];

/** A card's icon: standard tokens by meaning, custom pictures as a placeholder. */
export function CardIcon({ icon, colors, size = 18 }: { icon: Json; colors: OwnColors; size?: number }) {
  const token = asText(icon.token).toLowerCase();
  const name = token === '' ? 'picture' : (meanings.find(([word]) => word.test(token))?.[1] ?? 'dot');
  const color = inkOf(asText(icon.color), colors);
  return (
    <span class="card-icon" style={color ? { color } : {}}>
      <Glyph name={name} size={size} />
    </span>
  );
}
