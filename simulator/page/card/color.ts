// Owns what a card's colour names look like here: calm tints with ink that stays readable (contrast ≥ 4.5).
// Knows no component.

interface Hue {
  readonly solid: string; // base name as a fill
  readonly ink: string; // base name as text, on white and on its own tint
  readonly tint: string; // bands and tags
}

export const hues: Readonly<Record<string, Hue>> = {
  blue: { solid: '#3b6fe0', ink: '#1f4db8', tint: '#e4edfd' },
  wathet: { solid: '#3aa0dc', ink: '#0d5f94', tint: '#e0f2fc' },
  turquoise: { solid: '#22b3ab', ink: '#0a635e', tint: '#dcf5f2' },
  green: { solid: '#3aa657', ink: '#1d6a35', tint: '#e2f5e6' },
  lime: { solid: '#8bb320', ink: '#4d6708', tint: '#f0f6d9' },
  yellow: { solid: '#e6b422', ink: '#765500', tint: '#fdf4d3' },
  sunflower: { solid: '#efc02f', ink: '#755700', tint: '#fef6d8' },
  orange: { solid: '#e98a2b', ink: '#92490a', tint: '#fdeedd' },
  red: { solid: '#dd4a45', ink: '#b3251f', tint: '#fde7e5' },
  carmine: { solid: '#cf3f75', ink: '#a01d52', tint: '#fbe5ee' },
  violet: { solid: '#b54fc9', ink: '#85249a', tint: '#f7e6fa' },
  purple: { solid: '#7c5ad6', ink: '#5733b5', tint: '#ece6fb' },
  indigo: { solid: '#5360d6', ink: '#3540ad', tint: '#e6e8fc' },
  grey: { solid: '#8a919e', ink: '#555c68', tint: '#eef0f3' },
  neutral: { solid: '#8a919e', ink: '#434a56', tint: '#eceef1' },
};

/** Names a card declares itself in config.style.color, with the value of the light mode. */
export type OwnColors = Readonly<Record<string, string>>;

/** Text in that colour; undefined = the surrounding colour. */
export function inkOf(name: string, own: OwnColors = {}): string | undefined {
  return hues[name]?.ink ?? shaded(name, own);
}

/** A fill of that colour: a base name alone fills with its tint, so that text on it stays readable. */
export function fillOf(name: string, own: OwnColors = {}): string | undefined {
  return hues[name]?.tint ?? shaded(name, own);
}

/** A header's or tag's pair; an unknown name is drawn blue, as clients do. */
export function bandOf(name: string): { readonly ink: string; readonly tint: string } | undefined {
  if (name === 'default' || name === '') return undefined;
  return hues[name] ?? hues.blue;
}

function shaded(name: string, own: OwnColors): string | undefined {
  const declared = own[name];
  if (declared !== undefined) return rgba(declared);
  if (name === 'white' || name === 'bg-white') return '#ffffff';
  const parts = /^([a-z]+)-(\d{2,3})$/.exec(name);
  const hue = parts?.[1] === undefined ? undefined : hues[parts[1]];
  return hue ? shade(hue.solid, Number(parts?.[2])) : rgba(name);
}

function rgba(text: string): string | undefined {
  return /^rgba?\(\s*[\d.]+(\s*,\s*[\d.]+%?){2,3}\s*\)$/.test(text) ? text : undefined;
}

/** 500 is the hue itself; below it mixes with white, above with black. */
function shade(hex: string, step: number): string {
  const share = Math.min(Math.abs(step - 500) / 500, 0.92);
  const towards = step < 500 ? 255 : 0;
  const mixed = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16);
    return Math.round(part + (towards - part) * share)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${mixed.join('')}`;
}

/** The chart's palette. One meaning per colour is the author's business; these are merely told apart. */
export const palette: readonly string[] = [
  '#3b6fe0',
  '#22b3ab',
  '#e98a2b',
  '#7c5ad6',
  '#3aa657',
  '#dd4a45',
  '#3aa0dc',
  '#e6b422',
];
