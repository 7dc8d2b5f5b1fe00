// Owns who may do what where. Authorisation is by the person in the verified envelope and the campaign's roles. Pure.
import type { Area, Person, RoleHeld } from '../ports.ts';
import type { Campaign, Capability } from './campaign.ts';

/** Roles of the person that carry the capability in this campaign. */
export function rolesWith(campaign: Campaign, person: Person, capability: Capability): RoleHeld[] {
  const names = campaign.roles.filter((r) => r.may.includes(capability)).map((r) => r.name);
  return person.roles.filter((held) => names.includes(held.role));
}

/** The area lies in what the role covers: village = itself, township = its villages, county = all. */
function covers(held: RoleHeld, area: Area): boolean {
  if (held.level === 'county') return true;
  if (held.level === 'township') return area.township === held.areaCode;
  return area.code === held.areaCode;
}

export function may(
  who: { readonly campaign: Campaign; readonly person: Person },
  capability: Capability,
  area: Area,
): boolean {
  return rolesWith(who.campaign, who.person, capability).some((held) => covers(held, area));
}

/** '大阿村 村干部': the person's roles as shown in 帮助. `nameOf` gives an area's shown name. */
export function showRoles(person: Person, nameOf: (code: string) => string): string {
  return person.roles.map((r) => `${nameOf(r.areaCode)} ${r.role}`).join('、') || '未登记';
}
