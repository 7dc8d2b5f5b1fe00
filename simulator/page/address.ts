// Owns the page's address: who is played and which chat is open, so that a link shows the same.

export interface Address {
  readonly as: string; // '' = let the server choose
  readonly chat: string; // '' = the list of chats
}

export function readAddress(search: string): Address {
  const params = new URLSearchParams(search);
  return { as: params.get('as') ?? '', chat: params.get('chat') ?? '' };
}

/** The rest of the query stays as it is. */
export function writeAddress(search: string, to: Address): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of [['as', to.as] as const, ['chat', to.chat] as const]) {
    if (value === '') params.delete(name);
    else params.set(name, value);
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
