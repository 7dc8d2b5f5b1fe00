// Owns pictures and files on the page: a person sends one, and whoever is in a chat that holds it may have it back.
import type { Context } from 'hono';
import { imageShape } from './fileRules.ts';
import { NotPossible } from './notPossible.ts';
import type { Upload } from './people.ts';
import { fileKeyOf, type StoredFile, type World } from './state.ts';
import type { UploadRequest } from './wire.ts';

/** The bytes behind an upload of the page. Throws NotPossible when there are none. */
export function uploadIn(asked: UploadRequest): Upload {
  const { name, data } = asked;
  if (typeof name !== 'string' || name.trim() === '' || typeof data !== 'string')
    throw new NotPossible('没有收到文件，请再选一次');
  return { name: name.trim().slice(0, 200), bytes: Buffer.from(data, 'base64') };
}

/** Pictures are shown, everything else is only ever saved: a file may be a page of its own. */
export function serveFile(c: Context, file: StoredFile): Response {
  const bytes = Buffer.from(file.data, 'base64');
  const image = file.kind === 'image' ? imageShape(bytes) : null;
  const kind = image === null ? 'attachment' : 'inline';
  return c.body(bytes, 200, {
    'content-type': image?.mime ?? 'application/octet-stream',
    'content-disposition': `${kind}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=3600',
  });
}

/** The file, when a chat of this person holds it. */
export function fileFor(world: World, openId: string, key: string): StoredFile {
  const file = world.files.get(key);
  const mine = [...world.chatsOf(openId)];
  const seen = mine.some((chat) => world.messagesOf(chat.chatId).some((m) => fileKeyOf(m) === key));
  if (file === undefined || !seen) throw new NotPossible('这个文件不在您的会话里');
  return file;
}
