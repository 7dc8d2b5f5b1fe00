// Owns pictures and files over the API: up, down by key, and down by the message that carries one.
import { ApiFault } from './apiFault.ts';
import { checkImage, FILE_BYTES, FILE_TYPES } from './fileRules.ts';
import type { Platform } from './platform.ts';
import type { Answer, Call, Route } from './route.ts';
import { newId } from './seal.ts';
import { fileKeyOf, type StoredFile } from './state.ts';

const DOWNLOAD_BYTES = 100 * 1024 * 1024;

function keep(p: Platform, bytes: Buffer, file: Pick<StoredFile, 'kind' | 'type' | 'name'>): string {
  const key = newId(file.kind === 'image' ? 'img_v3_' : 'file_v3_');
  const from = { openId: p.world.bot.openId, bot: true };
  p.world.addFile({ key, from, size: bytes.length, data: bytes.toString('base64'), ...file });
  return key;
}

function uploadImage(p: Platform, call: Call): Record<string, unknown> {
  const type = call.body.image_type;
  const part = call.parts?.get('image');
  if ((type !== 'message' && type !== 'avatar') || part === undefined) throw new ApiFault(234001);
  checkImage(part.bytes, type);
  return { data: { image_key: keep(p, part.bytes, { kind: 'image', type, name: part.fileName ?? 'image' }) } };
}

function uploadFile(p: Platform, call: Call): Record<string, unknown> {
  const { file_type: type, file_name: name } = call.body;
  const part = call.parts?.get('file');
  const known = typeof type === 'string' && FILE_TYPES.includes(type);
  if (!known || typeof name !== 'string' || name === '' || part === undefined) throw new ApiFault(234001);
  if (part.bytes.length === 0) throw new ApiFault(234010);
  if (part.bytes.length > FILE_BYTES) throw new ApiFault(234006);
  return { data: { file_key: keep(p, part.bytes, { kind: 'file', type, name }) } };
}

/** Only what this app uploaded itself. */
const own =
  (kind: StoredFile['kind']) =>
  (p: Platform, call: Call): Answer => {
    const file = p.world.files.get(call.params.key ?? '');
    if (file === undefined || file.kind !== kind) throw new ApiFault(234001);
    if (!file.from.bot) throw new ApiFault(234008);
    return { file };
  };

function resource(p: Platform, call: Call): Answer {
  const message = p.world.message(call.params.id ?? '');
  const type = call.query.type;
  if (message === null || (type !== 'image' && type !== 'file')) throw new ApiFault(234001);
  const chat = p.world.chats.get(message.chatId);
  if (!chat?.hasBot || p.faults.withoutBot.has(message.chatId)) throw new ApiFault(234004);
  if (['interactive', 'sticker'].includes(message.type)) throw new ApiFault(234043);
  const key = fileKeyOf(message);
  const file = key === call.params.key ? p.world.files.get(key ?? '') : undefined;
  if (file === undefined || file.kind !== type) throw new ApiFault(234003);
  if (file.size > DOWNLOAD_BYTES) throw new ApiFault(234037);
  return { file };
}

export const fileRoutes: readonly Route[] = [
  { method: 'POST', path: '/im/v1/images', run: uploadImage },
  { method: 'GET', path: '/im/v1/images/:key', run: own('image') },
  { method: 'POST', path: '/im/v1/files', run: uploadFile },
  { method: 'GET', path: '/im/v1/files/:key', run: own('file') },
  { method: 'GET', path: '/im/v1/messages/:id/resources/:key', run: resource },
];
