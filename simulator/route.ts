// Owns the form of one API route and the reading of its request. The rules of each API live in api-*.ts.
import { badField } from './apiFault.ts';
import type { Part } from './multipart.ts';
import type { Platform } from './platform.ts';
import type { StoredFile } from './state.ts';

export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** UTF-8 bytes of the request body as it came. */
  readonly bytes: number;
  readonly now: number; // virtual
  /** Of a multipart body; its texts are in `body` too. */
  readonly parts?: ReadonlyMap<string, Part>;
}

/** What a route answers with: JSON fields, or the bytes of a file. */
export type Answer = Readonly<Record<string, unknown>> | { readonly file: StoredFile };

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /open-apis, ids as ':name'. */
  readonly path: string;
  /** false for the token endpoints. */
  readonly token?: false;
  /** Calls a second and a minute; 50 and 1000 unless said. */
  readonly perSecond?: number;
  /** Returns the fields beside code and msg ({data: …} as a rule); throws ApiFault. */
  run(p: Platform, call: Call): Answer;
}

/** A required string field of the body. */
export function text(call: Call, field: string): string {
  const value = call.body[field];
  if (typeof value !== 'string' || value === '') throw badField(field, `${field} is required`);
  return value;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly has_more: boolean;
  readonly page_token: string;
}

/** One page of a list, by page_size (≤ max) and page_token (an offset, opaque to callers). */
export function paged<T>(all: readonly T[], call: Call, max: number): Page<T> {
  const size = Number(call.query.page_size ?? 20);
  if (!Number.isInteger(size) || size < 1 || size > max) throw badField('page_size', `page_size must be 1 to ${max}`);
  const from = call.query.page_token ? Number.parseInt(call.query.page_token, 36) : 0;
  if (!Number.isInteger(from)) throw badField('page_token', 'page_token is invalid');
  const end = from + size;
  const more = end < all.length;
  return { items: all.slice(from, end), has_more: more, page_token: more ? end.toString(36) : '' };
}
