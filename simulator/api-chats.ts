// Owns reading chats: get, list, members, is_in_chat.
import { ApiFault } from './apiFault.ts';
import type { Platform } from './platform.ts';
import { type Call, paged, type Route } from './route.ts';
import type { Chat } from './state.ts';

function known(p: Platform, call: Call): Chat {
  const chat = p.world.chats.get(call.params.id ?? '');
  if (chat === undefined) throw new ApiFault(232006);
  return chat;
}

function joined(p: Platform, call: Call): Chat {
  const chat = known(p, call);
  if (chat.dissolved) throw new ApiFault(232009);
  if (!chat.hasBot) throw new ApiFault(232011);
  return chat;
}

function wireChat(p: Platform, chat: Chat): Record<string, unknown> {
  const brief = { avatar: '', name: chat.type === 'p2p' ? '' : chat.name, description: '', tenant_key: p.tenantKey };
  const status = chat.dissolved ? 'dissolved' : 'normal';
  if (!chat.hasBot) return { ...brief, external: false, chat_status: status };
  return {
    ...brief,
    i18n_names: {},
    add_member_permission: 'all_members',
    share_card_permission: 'allowed',
    at_all_permission: chat.atAll ? 'all_members' : 'only_owner',
    edit_permission: 'all_members',
    owner_id_type: 'open_id',
    owner_id: chat.ownerId,
    user_manager_id_list: [],
    bot_manager_id_list: [],
    group_message_type: 'chat',
    chat_mode: chat.type,
    chat_type: 'private',
    join_message_visibility: 'all_members',
    leave_message_visibility: 'all_members',
    membership_approval: 'no_approval_required',
    moderation_permission: 'all_members',
    external: false,
    user_count: String(chat.members.size),
    bot_count: '1',
    chat_status: status,
  };
}

function list(p: Platform, call: Call): Record<string, unknown> {
  const mine = [...p.world.chats.values()].filter((c) => c.type === 'group' && c.hasBot && !c.dissolved);
  const page = paged(mine, call, 100);
  const items = page.items.map((chat) => ({
    chat_id: chat.chatId,
    avatar: '',
    name: chat.name,
    description: '',
    owner_id: chat.ownerId,
    owner_id_type: 'open_id',
    external: false,
    tenant_key: p.tenantKey,
    chat_status: 'normal',
  }));
  return { data: { ...page, items } };
}

function members(p: Platform, call: Call): Record<string, unknown> {
  const chat = joined(p, call);
  const type = call.query.member_id_type ?? 'open_id';
  const users = [...chat.members].flatMap((openId) => p.world.users.get(openId) ?? []);
  const page = paged(users, call, 100);
  const items = page.items.map((u) => ({
    member_id_type: type,
    member_id: type === 'user_id' ? u.userId : type === 'union_id' ? u.unionId : u.openId,
    name: u.name,
    tenant_key: p.tenantKey,
  }));
  return { data: { ...page, items, member_total: users.length } };
}

export const chatRoutes: readonly Route[] = [
  { method: 'GET', path: '/im/v1/chats', run: list },
  { method: 'GET', path: '/im/v1/chats/:id', run: (p, call) => ({ data: wireChat(p, known(p, call)) }) },
  { method: 'GET', path: '/im/v1/chats/:id/members', run: members },
  {
    method: 'GET',
    path: '/im/v1/chats/:id/members/is_in_chat',
    run: (p, call) => {
      const chat = known(p, call);
      return { data: { is_in_chat: chat.hasBot && !chat.dissolved } };
    },
  },
];
