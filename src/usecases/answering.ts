// Owns what a cadre does on a working card: submit, further steps, skip, back, put off. Each decides purely and commits one
// unit; the next household is on the card in the same answer. No outbound call happens here.
import { type FieldFault, faultSentence, readAnswers } from '../domain/answers.ts';
import { standing } from '../domain/phase.ts';
import { showDay } from '../domain/time.ts';
import type { AnswerValue, Screening } from '../ports.ts';
import { type Conclusion, conclude } from './conclusion.ts';
import { typedOnly, withTyped } from './privateWorkView.ts';
import {
  answeredByOther,
  answeredElsewhere,
  isAnswered,
  isLoaded,
  type Loaded,
  load,
  nextLine,
  show,
  takenByOther,
  type WorkingClick,
  written,
} from './workingClick.ts';
import { questionsOn } from './workingView.ts';
import { type Answer, say, type World } from './world.ts';

/** 提交, first step and further steps. */
export async function submitAnswers(world: World, click: WorkingClick): Promise<Answer> {
  const l = await load(world, click);
  if (!isLoaded(l)) return l;
  const c = l.sitting.screening;
  if (!c || l.sitting.stage === 'defer') return show(world, l);
  if (answeredElsewhere(c, l)) return takenByOther(world, l);
  const questions = questionsOn(l.campaign, l.sitting);
  const raw = click.names.read(click.form, click.value.h, click.value.r);
  const { answers, faults } = readAnswers(questions, raw, l.next.today);
  if (faults.length > 0) return notYet(world, l, { faults, raw });
  const earlier = l.sitting.stage === 'more' ? l.sitting.draft : typedOnly(l.sitting.draft);
  const draft: Record<string, AnswerValue> = { ...earlier, ...answers };
  for (const q of questions) if (!(q.id in answers)) draft[q.id] = ''; // left out
  const said = conclude(l.campaign, c, { draft, at: l.act.at });
  if (said.further.length > 0) {
    const w = await world.store.saveStep({ act: l.act, sitting: l.sitting, stage: 'more', draft });
    return written(world, l, { w, toast: { tone: 'info', text: '先记下了，还要补充几项，填好再点提交。' } });
  }
  return keep(world, l, { screening: c, said });
}

/** Not accepted. In a group a toast alone, so that what was typed stays with its author; in private the card keeps it. */
async function notYet(
  world: World,
  l: Loaded,
  p: { readonly faults: readonly FieldFault[]; readonly raw: Readonly<Record<string, unknown>> },
): Promise<Answer> {
  const text = faultSentence(p.faults);
  if (l.sitting.audience !== 'private') return say('error', text);
  const { stage, draft } = l.sitting;
  const w = await world.store.saveStep({ act: l.act, sitting: l.sitting, stage, draft: withTyped(draft, p.raw) });
  const notice = `还没有保存，请补充：${p.faults.map((f) => `${f.number}「${f.label}」${f.reason}`).join('；')}`;
  return written(world, { ...l, notice }, { w, toast: { tone: 'error', text } });
}

/** All steps are answered: store, go on. */
async function keep(world: World, l: Loaded, p: { screening: Screening; said: Conclusion }): Promise<Answer> {
  const { screening: c, said } = p;
  const late = standing(l.campaign, l.act.at).late;
  const w = await world.store.submit({
    act: l.act,
    sitting: l.sitting,
    screening: c,
    state: said.findings.length > 0 ? 'found' : 'clear',
    answers: said.answers,
    provenance: said.provenance,
    findings: said.findings,
    late,
    defer: null,
    next: l.next,
  });
  return written(world, l, {
    w,
    toast: {
      tone: 'success',
      text: `已保存 ${c.household.code}${late ? '（逾期补报）' : ''}。${nextLine(w)}`,
    },
  });
}

/** 跳过 */
export async function skipHousehold(world: World, click: WorkingClick): Promise<Answer> {
  const l = await load(world, click);
  if (!isLoaded(l)) return l;
  const w = await world.store.skip({ act: l.act, sitting: l.sitting, next: l.next });
  const was = l.sitting.screening;
  const same = w.ok && was !== null && w.value.screening?.id === was.id;
  const skipped = same ? '本村眼下只剩这一户。' : '已跳过，这户还在待排查里。';
  const text = was !== null && isAnswered(was) ? '没有改动。' : skipped;
  return written(world, l, { w, toast: { tone: 'info', text } });
}

/** 上一户 */
export async function goBack(world: World, click: WorkingClick): Promise<Answer> {
  const l = await load(world, click);
  if (!isLoaded(l)) return l;
  const id = l.sitting.trail.filter((t) => t !== l.sitting.screening?.id).at(-1);
  const to = id === undefined ? null : await world.store.screening(id);
  if (!to) return say('info', '前面没有别的户了。');
  if (answeredByOther(to, l.act.actor)) return say('info', '上一户已由别的同事填好。');
  const w = await world.store.back({ act: l.act, sitting: l.sitting, to, next: l.next });
  const taken = !w.ok && w.why === 'stale' && (await world.store.sitting(l.sitting.id))?.rev === l.sitting.rev;
  if (taken) return say('info', '上一户正由别的同事在填，请先填这一户。');
  return written(world, l, { w, toast: { tone: 'info', text: `已回到 ${to.household.code}` } });
}

/** 联系不上 and 返回: shows the reason form, or the household's form again. Typed steps are kept. */
export async function showStage(world: World, click: WorkingClick, stage: 'defer' | 'form'): Promise<Answer> {
  const l = await load(world, click);
  if (!isLoaded(l)) return l;
  const c = l.sitting.screening;
  if (!c) return show(world, l);
  if (stage === 'defer' && isAnswered(c)) return say('info', '这户已经填好，不用再登记联系不上。');
  const alone = l.sitting.audience === 'private';
  const again = stage === 'form' && l.sitting.stage === 'more' && !alone; // a group's card never shows what was chosen before
  const draft = again ? {} : alone && stage === 'form' ? typedOnly(l.sitting.draft) : l.sitting.draft;
  const toast: Answer['toast'] = { tone: 'info', text: '已回到第一步，请重新选一遍再提交。' };
  const w = await world.store.saveStep({ act: l.act, sitting: l.sitting, stage, draft });
  return written(world, l, again ? { w, toast } : { w });
}

/** 联系不上, submitted. */
export async function putOff(world: World, click: WorkingClick): Promise<Answer> {
  const l = await load(world, click);
  if (!isLoaded(l)) return l;
  const c = l.sitting.screening;
  if (!c || l.sitting.stage !== 'defer') return show(world, l);
  if (isAnswered(c)) return takenByOther(world, l);
  const { answers, faults } = readAnswers(
    questionsOn(l.campaign, l.sitting),
    click.names.read(click.form, click.value.h, click.value.r),
    l.next.today,
  );
  if (faults.length > 0) return say('error', faultSentence(faults));
  const { reason, day } = answers as { reason: string; day: string };
  if (day < l.next.today) return say('error', '还没有保存：下次联系的日期已经过去了，请选今天或以后的日期。');
  const w = await world.store.submit({
    act: l.act,
    sitting: l.sitting,
    screening: c,
    state: 'deferred',
    answers: null,
    provenance: {},
    findings: [],
    late: false,
    defer: { reason, nextDay: day },
    next: l.next,
  });
  return written(world, l, {
    w,
    toast: {
      tone: 'success',
      text: `已登记 ${c.household.code}，${showDay(day)}再联系。${nextLine(w)}`,
    },
  });
}
