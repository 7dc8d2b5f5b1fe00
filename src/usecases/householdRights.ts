// Owns who sees a household whole, who may mend its answers, and on what terms.
import { standing } from '../domain/phase.ts';
import { may } from '../domain/scope.ts';
import { showDay } from '../domain/time.ts';
import type { Area, LoadedCampaign, Person, Screening } from '../ports.ts';
import type { World } from './world.ts';

interface Place {
  readonly campaign: LoadedCampaign;
  readonly village: Area;
  readonly person: Person;
  readonly screening: Screening;
}

/** Sees everything; `mend`: 更正, 代录 or '' with the reason in `note`. */
export interface Whole {
  readonly sees: 'whole';
  readonly mend: '' | '更正' | '代录';
  readonly note: string;
}
export type Sight = Whole | { readonly sees: 'state' } | { readonly sees: 'nothing' };

/** Cadres of the village, its township and the county's office: all. Inspectors: the state, since they re-visit. */
export async function sightOf(world: World, p: Place): Promise<Sight> {
  const has = (what: 'answer' | 'accept' | 'inspect') => may(p, what, p.village);
  if (!has('answer') && !has('accept')) return { sees: has('inspect') ? 'state' : 'nothing' };
  const note = await whyNot(world, p);
  if (note !== '') return { sees: 'whole', mend: '', note };
  return { sees: 'whole', mend: isProxy(p) ? '代录' : '更正', note: '' };
}

/** Somebody who does not answer for this village types what the village found. */
export const isProxy = (p: Pick<Place, 'campaign' | 'person' | 'village'>): boolean => !may(p, 'answer', p.village);

/** Somebody else's answer is mended with a reason only. */
export const needsReason = (c: Screening, personId: string): boolean =>
  (c.state === 'clear' || c.state === 'found') && c.submittedBy !== personId;

/** Why the answers of this household stand as they are for this person; '' when they may be mended. */
export async function whyNot(world: World, p: Place): Promise<string> {
  const { campaign, village, screening: c } = p;
  if (!may(p, 'answer', village) && !may(p, 'accept', village)) return '这户不在您的范围。';
  const from = campaign.phases.find((phase) => phase.screening)?.from;
  if (!standing(campaign, world.clock.now()).open && from) return `排查从${showDay(from)}开始。`;
  const task = await world.store.areaTask(campaign.id, village.code);
  if (task?.state === 'submitted' || task?.state === 'accepted') return `${village.name}已提交。要改，请乡镇先退回。`;
  const answered = c.state === 'clear' || c.state === 'found';
  return answered || isProxy(p) ? '' : '这户还没有填，请发送「排查」去填。';
}
