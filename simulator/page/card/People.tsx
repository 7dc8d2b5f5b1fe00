// Owns showing a person: a round face and a name.
import { useCard } from './session.tsx';

export function PersonChip({ id }: { readonly id: string }) {
  const { host } = useCard();
  const name = host.nameOf(id);
  return (
    <span class="person-chip">
      <Avatar name={name} /> {name}
    </span>
  );
}

const tones = ['#3d63c9', '#18756f', '#8a4a12', '#5f44b0', '#2c7340', '#a03a62', '#2a6690', '#6d5a10'];

/** The last character of a Chinese name says most; the colour only tells people apart. */
export function Avatar({
  name,
  size = 20,
  bot = false,
}: {
  readonly name: string;
  readonly size?: number;
  readonly bot?: boolean;
}) {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const background = bot ? '#1f4db8' : tones[sum % tones.length];
  const label = bot ? '回' : [...name].slice(size > 28 ? -2 : -1).join('');
  const css = {
    width: `${size}px`,
    height: `${size}px`,
    fontSize: `${Math.round(size * (label.length > 1 ? 0.36 : 0.5))}px`,
  };
  return (
    <span class={bot ? 'avatar bot' : 'avatar'} style={{ ...css, background: background ?? '' }} aria-hidden="true">
      {label}
    </span>
  );
}
