// Owns 查户: finding one household inside the asker's scope, and what of it this person may see. Answered in private only.
import type { HouseholdView } from '../../cards/viewsOfHousehold.ts';
import { plain } from '../domain/areaNames.ts';
import { rolesWith } from '../domain/scope.ts';
import { showInstant } from '../domain/time.ts';
import type { Answers, Area, Finding, LoadedCampaign, Outgoing, Person, Screening } from '../ports.ts';
import type { StoredAnswers } from '../store.ts';
import { historyLine } from './householdHistory.ts';
import { sightOf, type Whole } from './householdRights.ts';
import { knownLines, showAnswer } from './privateWorkView.ts';
import { type Answer, type Asker, head, type Shown, say, type World } from './world.ts';

export type HouseholdResult =
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'pick'; readonly shown: Shown }
  | { readonly kind: 'found'; readonly screening: Screening };

const atMost = 10;
const usage = '请写户编码或户主姓名，像这样：查户 户编码';

/** By code, or by the head's name, inside what the asker works for. `named`: the campaign was asked for by name. */
export async function askHousehold(
  world: World,
  who: { readonly campaign: LoadedCampaign; readonly person: Person; readonly named: boolean },
  wanted: string,
): Promise<HouseholdResult> {
  const { campaign, person } = who;
  const held = [...rolesWith(campaign, person, 'answer'), ...rolesWith(campaign, person, 'accept')];
  const scope = [...held, ...rolesWith(campaign, person, 'inspect')].map((r) => r.areaCode);
  if (scope.length === 0) return { kind: 'say', text: '您名下没有可查的户。需要查看，请联系乡镇或县办。' };
  const asked = plain(wanted);
  if (asked === '') return { kind: 'say', text: usage };
  const search = { campaignId: campaign.id, scope, wanted: asked, limit: atMost + 1 };
  const exact = await world.store.findHouseholds({ ...search, partial: false });
  const found = exact.length > 0 ? exact : await world.store.findHouseholds({ ...search, partial: true });
  const [first, ...more] = found;
  if (!first) return { kind: 'say', text: `在您的范围里没有找到「${wanted}」。${usage}` };
  if (more.length === 0) return { kind: 'found', screening: first };
  return { kind: 'pick', shown: await picker(world, { ...who, found }) };
}

async function picker(
  world: World,
  p: { readonly campaign: LoadedCampaign; readonly named: boolean; readonly found: readonly Screening[] },
): Promise<Shown> {
  const villages = new Map((await world.store.areas()).map((a) => [a.code, a.name]));
  const choices = p.found.slice(0, atMost).map((c) => ({
    text: `${c.household.headName}　${villages.get(c.villageCode) ?? ''}`,
    command: `查户 ${c.household.code}${p.named ? ` ${p.campaign.short}` : ''}`,
  }));
  const text =
    p.found.length > atMost ? `不止 ${atMost} 户，只列出前 ${atMost} 户，请改用户编码。` : '请发送要查的那一户：';
  return { card: 'notice', view: { ...head(world, p.campaign), title: '您要查哪一户', text, tone: 'ask', choices } };
}

/** The card of a household as this person may see it now; null when they may not. */
export async function householdView(
  world: World,
  p: { readonly screening: string; readonly person: Person; readonly page: number },
): Promise<HouseholdView | null> {
  const c = await world.store.screening(p.screening);
  if (!c) return null;
  const [campaign, village] = await Promise.all([world.store.campaign(c.campaignId), world.store.area(c.villageCode)]);
  if (!campaign || !village) return null;
  const sight = await sightOf(world, { campaign, village, person: p.person, screening: c });
  if (sight.sees === 'nothing') return null;
  const stored = await world.store.answersOf(c.id);
  const top = {
    ...head(world, campaign),
    code: c.household.code,
    name: c.household.headName,
    village: village.name,
    state: stateOf(c, stored?.findings ?? []),
    open: { c: c.id, p: 0 },
  };
  if (sight.sees === 'state') return { ...top, ...nothingMore, note: '复核前不显示自查填报的内容。' };
  return { ...top, ...(await whole(world, { campaign, village, c, stored, sight, page: p.page })) };
}

const nothingMore = {
  size: '',
  by: '',
  known: [],
  findings: [],
  answers: [],
  history: [],
  page: { at: 0, of: 1 },
  mend: '',
};

/** 下一页 and 返回: the page comes as a message of its own, to this person alone, wherever the button was pressed. */
export async function turnHousehold(
  world: World,
  p: { readonly asker: Asker; readonly screening: string; readonly page: number },
): Promise<Answer> {
  const { person, eventId } = p.asker;
  const c = await world.store.screening(p.screening);
  const view = await householdView(world, { ...p, person });
  if (!c || view === null || person.openId === null) return say('warning', '这户不在您的范围。');
  const at = world.clock.now();
  const message: Outgoing = {
    key: `hh/${eventId.slice(-46)}`,
    kind: 'send',
    target: { kind: 'user', id: person.openId },
    lane: person.openId,
    payload: { type: 'household', screening: c.id, openId: person.openId, page: p.page },
    dueAt: at,
  };
  const seen = { do: 'view' as const, campaignId: c.campaignId, screening: c.id, by: person.id, at };
  await world.store.clickChange({ eventId, actor: person.id, at }, [seen], [message]);
  return say('info', '已发在下面。');
}

interface Parts {
  readonly campaign: LoadedCampaign;
  readonly village: Area;
  readonly c: Screening;
  readonly stored: StoredAnswers | null;
  readonly sight: Whole;
  readonly page: number;
}

const perPage = 12;

async function whole(
  world: World,
  p: Parts,
): Promise<Omit<HouseholdView, 'code' | 'name' | 'village' | 'state' | 'open' | 'campaign' | 'tags'>> {
  const { campaign, c, stored, sight } = p;
  const [detail, history] = await Promise.all([
    world.store.householdDetail(c.household.no),
    world.store.historyOf(c.id),
  ]);
  const names = await world.store.personNames([
    ...new Set([...history.map((h) => h.actor), stored?.submittedBy ?? '']),
  ]);
  const answers = stored ? answerLines(campaign, stored.answers) : [];
  const of = Math.max(1, Math.ceil(answers.length / perPage));
  const at = Math.min(p.page, of - 1);
  const { zone } = campaign;
  return {
    size: detail ? `${detail.groupName ? `${detail.groupName}，` : ''}${detail.memberCount}人` : '',
    by: stored?.submittedBy ? byLine(stored, { name: names.get(stored.submittedBy) ?? '', zone }) : '',
    known: at === 0 ? knownLines(campaign, c.household.facts) : [],
    findings: at === 0 ? (stored?.findings ?? []).map((f) => findingLine(campaign, f)) : [],
    answers: answers.slice(at * perPage, (at + 1) * perPage),
    history: at === of - 1 ? history.map((h) => historyLine(h, { name: names.get(h.actor) ?? '', zone })) : [],
    page: { at, of },
    mend: sight.mend,
    note: sight.note,
  };
}

function stateOf(c: Screening, found: readonly Finding[]): string {
  if (c.state === 'todo') return '待排查';
  if (c.state === 'deferred') return '暂时联系不上';
  return c.state === 'found' ? `已填，发现线索 ${found.length} 条` : '已填，没有发现线索';
}

function byLine(s: StoredAnswers, by: { name: string; zone: string }): string {
  const marks = `${s.proxy ? '（代录）' : ''}${s.late ? '（逾期）' : ''}`;
  return `填写人：${by.name}${s.submittedAt === null ? '' : `　${showInstant(s.submittedAt, by.zone)}`}${marks}`;
}

/** Items and follow-ups in the campaign's order. */
function answerLines(campaign: LoadedCampaign, answers: Answers): { label: string; value: string }[] {
  return campaign.items
    .flatMap((i) => [i, ...i.followUps])
    .filter((q) => q.id in answers)
    .map((q) => ({ label: q.text, value: showAnswer(answers[q.id]) }));
}

function findingLine(campaign: LoadedCampaign, f: Finding): string {
  const item = campaign.items.find((i) => i.id === f.item)?.text ?? f.item;
  const type = campaign.problemTypes.find((t) => t.code === f.type)?.name;
  return type ? `${item}（${type}）` : item;
}
