// Owns reading what was said: a chat's messages and the chat of a message. Knows what the platform lists, not why it is
// asked.
import type { Platform, Said } from '../ports.ts';
import type { Caller } from './client.ts';
import { isJson, type Json, parseObject } from './events.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const json = (value: unknown): Json => (isJson(value) ? value : {});
const pageSize = 50;

export function createReader(appId: string, call: Caller): Pick<Platform, 'history' | 'chatOf'> {
  return {
    async history({ chatId, since, page }) {
      const query = new URLSearchParams({
        container_id_type: 'chat',
        container_id: chatId,
        sort_type: since === null ? 'ByCreateTimeDesc' : 'ByCreateTimeAsc',
        page_size: String(pageSize),
        ...(since === null ? {} : { start_time: String(Math.floor(since / 1000)) }),
        ...(page === '' ? {} : { page_token: page }),
      });
      const body = await call({ name: 'history', method: 'GET', path: `/im/v1/messages?${query}` });
      const data = json(body.data);
      const items = Array.isArray(data.items) ? data.items : [];
      return {
        said: items.map((item) => saidOf(appId, json(item))),
        next: data.has_more === true ? text(data.page_token) : '',
      };
    },
    async chatOf(messageId) {
      const body = await call({
        name: 'message',
        method: 'GET',
        path: `/im/v1/messages/${encodeURIComponent(messageId)}`,
      });
      const items = json(body.data).items;
      return text(json(Array.isArray(items) ? items[0] : undefined).chat_id);
    },
  };
}

function saidOf(appId: string, item: Json): Said {
  const sender = json(item.sender);
  const content = item.msg_type === 'text' ? parseObject(text(json(item.body).content)) : null;
  return {
    messageId: text(item.message_id),
    parentId: text(item.parent_id),
    byApp: sender.sender_type === 'app' && sender.id === appId,
    deleted: item.deleted === true,
    text: typeof content?.text === 'string' ? content.text : null,
  };
}
