// Owns the words stories are told in: answers cadres give, and how a village comes to have an open card.
import type { FormInput } from '../../simulator/press.ts';
import type { StoredMessage } from '../../simulator/state.ts';
import type { ScreeningState } from '../../src/ports.ts';
import { daaGroup, names, people, type Who } from '../support/people.ts';
import type { TestWorld } from '../support/world.ts';

/** The short card of an ordinary household where all is well. */
export const allNormal = {
  本户核实方式: '入户面谈',
  家庭人口与户籍信息是否核准: '一致',
  '近12个月家庭人均纯收入（对照监测范围）': '1.5倍以上',
  '义务教育、基本医疗、住房安全、饮水安全': '全部正常',
  '是否已给予帮扶但未识别纳入系统（体外循环）': '否',
  综合研判结论: '无返贫致贫风险',
} as const;

/** The same household, but something is wrong with school, health, house or water. */
export const somethingWrong = { ...allNormal, '义务教育、基本医疗、住房安全、饮水安全': '有问题' };

export const schoolHealthHouseWater = {
  义务教育保障: '全部在校',
  基本医疗保障: '全部参保',
  住房安全: 'A或B级',
  饮水安全: '安全',
};

/** The bot joins the group and is bound to 大阿村 by its cadre. Resolves to the village's card. */
export async function boundGroup(w: TestWorld): Promise<StoredMessage> {
  w.sim.addBot(daaGroup, people.cadre);
  await w.settle();
  await w.says('cadre', daaGroup, '绑定 大阿村');
  return village(w);
}

/** The village's newest card. */
export function village(w: TestWorld, chatId = daaGroup): StoredMessage {
  return newest(w, chatId, '刷新');
}

/** The newest message of the chat that says `text`. */
export function newest(w: TestWorld, chatId: string, text: string): StoredMessage {
  const found = w.heard(chatId).findLast((m) => w.reads(m).includes(text));
  if (!found) throw new Error(`nothing in the chat says ${text}`);
  return found;
}

/** 继续排查, and the card that came of it. */
export async function continues(w: TestWorld, who: Who, chatId = daaGroup): Promise<StoredMessage> {
  await w.taps(who, village(w, chatId), '继续排查');
  return newest(w, chatId, `填写人： **${names[who]}**`);
}

/** A bound group with the cadre's own card open on the first household. */
export async function openCard(w: TestWorld): Promise<StoredMessage> {
  await boundGroup(w);
  return continues(w, 'cadre');
}

/** Every question on the card, answered as for a household without a finding. */
export function normalAnswers(w: TestWorld, card: StoredMessage): FormInput {
  const asked = w.campaign.items.filter(
    (i) => i.type !== 'calc' && card.content.includes(`q_z${i.id.replaceAll('-', '_m')}_z`),
  );
  return Object.fromEntries(
    asked.map((i) => {
      const all = (i.options ?? []).map((o) => o.value);
      const value = i.options?.find((o) => o.normal)?.value ?? all[0] ?? '2023-07-01';
      if (i.type !== 'multi') return [i.text, value];
      return [i.text, i.required === false ? all : [value]]; // papers to tick: all are there
    }),
  );
}

/** The household with this code as the store has it. */
export async function household(w: TestWorld, code: string) {
  const [row] = await w.rows(
    'select c.id, c.state, c.late, c.submitted_by, ' +
      "(select s.person_id from sitting s where s.screening_id = c.id and s.state = 'open' and s.claim_until > 0), " +
      'c.defer_reason, c.next_day from screening c join household h on h.no = c.household_no where h.code = ?',
    code,
  );
  if (!row) throw new Error(`no household ${code}`);
  const stored = await w.running.store.answersOf(String(row[0]));
  const names = await w.running.store.personNames([String(row[3] ?? ''), String(row[4] ?? '')]);
  return {
    state: row[1] as ScreeningState,
    late: row[2] === 1,
    by: names.get(String(row[3])) ?? null,
    heldBy: names.get(String(row[4])) ?? null,
    defer: row[5] === null ? null : { reason: row[5], day: row[6] },
    answers: stored?.answers ?? null,
    provenance: stored?.provenance ?? null,
    findings: stored?.findings ?? null,
  };
}

/** How often this was done, by the audit trail. */
export async function eventsOf(w: TestWorld, verb: string): Promise<number> {
  const [row] = await w.rows('select count(*) from event where verb = ?', verb);
  return Number(row?.[0] ?? 0);
}

interface ShownButton {
  readonly label: string;
  readonly look: unknown;
}

function shownButtons(w: TestWorld, message: StoredMessage): ShownButton[] {
  const found: ShownButton[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== 'object' || node === null) return;
    const { tag, text, type } = node as { tag?: unknown; text?: { content?: unknown }; type?: unknown };
    if (tag === 'button') found.push({ label: String(text?.content), look: type });
    Object.values(node).forEach(visit);
  };
  visit(w.sim.card(message.messageId));
  return found;
}

/** Labels of the buttons a message shows, in order. */
export const buttons = (w: TestWorld, message: StoredMessage): string[] => shownButtons(w, message).map((b) => b.label);

/** Of these the ones that stand out as the thing to do next. */
export const filledButtons = (w: TestWorld, message: StoredMessage): string[] =>
  shownButtons(w, message)
    .filter((b) => b.look === 'primary_filled')
    .map((b) => b.label);
