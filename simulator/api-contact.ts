// Owns looking people up, and the bot's own identity.
import { ApiFault } from './apiFault.ts';
import type { Platform } from './platform.ts';
import type { Call, Route } from './route.ts';
import type { User } from './state.ts';

function idOf(user: User, type: string | undefined): string {
  return type === 'user_id' ? user.userId : type === 'union_id' ? user.unionId : user.openId;
}

function strings(value: unknown, max: number): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > max || value.some((v) => typeof v !== 'string'))
    throw new ApiFault(40001);
  return value;
}

function batchGetId(p: Platform, call: Call): Record<string, unknown> {
  const type = call.query.user_id_type;
  const byMobile = new Map([...p.world.users.values()].map((u) => [u.mobile, u]));
  const emails = strings(call.body.emails, 50).map((email) => ({ email, user: p.world.userBy(email) ?? undefined }));
  const mobiles = strings(call.body.mobiles, 50).map((mobile) => ({ mobile, user: byMobile.get(mobile) }));
  const list = [...emails, ...mobiles].map(({ user, ...asked }) => {
    // who is outside the app's range is answered like a stranger
    return user?.reachable ? { ...asked, user_id: idOf(user, type) } : asked;
  });
  return { data: { user_list: list } };
}

function user(p: Platform, call: Call): Record<string, unknown> {
  const found = p.world.userBy(call.params.id ?? '');
  if (found === null) throw new ApiFault(41012);
  if (!found.reachable) throw new ApiFault(41050);
  const status = { is_frozen: false, is_resigned: false, is_activated: true, is_exited: false, is_unjoin: false };
  const { openId, unionId, userId, name } = found;
  return { data: { user: { open_id: openId, union_id: unionId, user_id: userId, name, status } } };
}

function basicBatch(p: Platform, call: Call): Record<string, unknown> {
  const ids = strings(call.body.user_ids, 10);
  if (ids.length === 0) throw new ApiFault(40001);
  const users = ids.flatMap((id) => {
    const found = p.world.userBy(id);
    return found === null ? [] : [{ user_id: id, name: found.name, i18n_name: { zh_cn: found.name } }];
  });
  return { data: { users } };
}

export const contactRoutes: readonly Route[] = [
  { method: 'POST', path: '/contact/v3/users/batch_get_id', run: batchGetId },
  { method: 'POST', path: '/contact/v3/users/basic_batch', perSecond: 5, run: basicBatch },
  { method: 'GET', path: '/contact/v3/users/:id', run: user },
  {
    method: 'GET',
    path: '/bot/v3/info',
    run: (p) => ({
      msg: 'ok',
      bot: {
        activate_status: 2,
        app_name: p.app.name,
        avatar_url: '',
        ip_white_list: [],
        open_id: p.world.bot.openId,
      },
    }),
  },
];
