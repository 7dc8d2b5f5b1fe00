// Owns remembering what is read with every click and rarely changes. What is kept is believed only as long as the engine
// says that nobody wrote to its tables; an engine that cannot tell (a remote one) keeps nothing.
import type { Engine } from './engine.ts';

/** More keys than a county has areas, groups and cadres; the cap only keeps strangers' keys from growing memory. */
const atMost = 5_000;

/** `read`, asked again only when one of `tables` was written to since. Values are shared: nobody changes them. */
export function kept<T>(
  engine: Pick<Engine, 'version'>,
  tables: readonly string[],
  read: (key: string) => Promise<T>,
): (key: string) => Promise<T> {
  const known = new Map<string, { readonly version: number; readonly value: T }>();
  return async (key) => {
    const version = engine.version(tables);
    const before = known.get(key);
    if (before !== undefined && before.version === version) return before.value;
    const value = await read(key);
    if (known.size >= atMost) known.clear();
    if (engine.version(tables) === version) known.set(key, { version, value });
    return value;
  };
}
