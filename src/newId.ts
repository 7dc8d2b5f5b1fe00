// Owns random ids: 12 characters of base 36, unguessable, short enough for a button's value.

export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (b) => (b % 36).toString(36)).join('');
}
