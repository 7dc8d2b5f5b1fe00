// Owns which villages a person answers for by role, and which of them a typed name means.
import { findAreas } from '../domain/areaNames.ts';
import type { Campaign } from '../domain/campaign.ts';
import { may } from '../domain/scope.ts';
import type { Area, Person } from '../ports.ts';
import type { World } from './world.ts';

/** Villages the person answers for by role, and those of them the name means; a single one needs no name. */
export async function ownVillages(
  world: World,
  p: { readonly person: Person; readonly campaign: Campaign; readonly wanted: string },
): Promise<{ own: Area[]; named: Area[] }> {
  const { person, campaign, wanted } = p;
  const near = { ...person, roles: person.roles.filter((held) => held.level !== 'county') }; // nobody's own village
  const villages = (await world.store.areas()).filter((a) => a.level === 'village');
  const own = villages.filter((a) => may({ campaign, person: near }, 'answer', a));
  return { own, named: own.length > 1 && wanted !== '' ? findAreas(wanted, own) : own };
}

/** Which village? Or why there is none. */
export const whichVillage = (own: readonly Area[], command: string) =>
  own.length > 1
    ? `您名下有 ${own.length} 个村（社区），请写明排查哪一个，例如：${command} ${own[0]?.name ?? ''}`
    : '您名下没有要排查的村（社区）。如有疑问，请联系乡镇。';
