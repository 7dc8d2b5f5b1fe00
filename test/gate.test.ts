// The gate on the way out of every payload for a group: what it stops, what it lets through, and 10,000 cards of
// households whose every field is planted.
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { fieldName } from '../cards/actions.ts';
import { samples } from '../cards/samples.ts';
import { openLocal } from '../db/local.ts';
import { createGate } from '../src/bot/gate.ts';
import { createScanner } from '../src/bot/gateScan.ts';
import { callbackAnswer } from '../src/bot/render.ts';
import { faultSentence, readAnswers } from '../src/domain/answers.ts';
import { checkDigit } from '../src/domain/idNumber.ts';
import { newId } from '../src/newId.ts';
import type { HouseholdFacts, LoadedCampaign, Screening, Sitting, Stage } from '../src/ports.ts';
import { questionsOn, workingView } from '../src/usecases/workingView.ts';
import type { World } from '../src/usecases/world.ts';
import { daa, daaGroup } from './support/people.ts';
import { newWorld, type TestWorld } from './support/world.ts';

const idOf = (n: number) => {
  const first = `360799196001${10 + Math.floor(n / 1000)}${String(n % 1000).padStart(3, '0')}`;
  return first + checkDigit(first);
};
const id = idOf(0);

const words = {
  names: ['赵一例', '阿依古丽·买买提', '安全'],
  facts: ['边缘易致贫户', '有失学辍学'],
  open: ['饮水安全', '是否属于边缘易致贫户', '全省0797-3300000'],
};
const card = (content: string) => ({ schema: '2.0', body: { elements: [{ tag: 'markdown', content }] } });

describe('what a group may not see', () => {
  it.each([
    ['an identity number', `证件${id}`, 'id'],
    ['one with spaces', `${id.slice(0, 6)} ${id.slice(6, 14)} ${id.slice(14)}`, 'id'],
    ['one in full-width figures', id.replace(/\d/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0)), 'id'],
    ['one run together with a phone', `${id}13900799000`, 'id'],
    ['one of 15 figures', '360799600101123', 'id'],
    ['a disability certificate', `${id}43`, 'id'],
    ['a renewed certificate', `${id}43B1`, 'id'],
    ['a phone', '电话13900799000。', 'phone'],
    ['a phone in groups', '139-0079-9000', 'phone'],
    ['a phone with its country', '+8613900799000', 'phone'],
    ['a phone masked at its source', '139****9000', 'phone'],
    ['a masked phone as markdown', '139&#42;&#42;&#42;&#42;9000', 'phone'],
    ['a full name', '大阿-01-001 赵一例', 'name'],
    ['a name with emphasis inside', '赵**一**例', 'name'],
    ['a name with spaces', '赵 一 例', 'name'],
    ['a name as entities', '&#36213;&#19968;&#20363;', 'name'],
    ['a long name', '户主阿依古丽·买买提', 'name'],
    ['a name that is a common word, outside its phrase', '户主：安全', 'name'],
    ['a fact', '监测对象类别：边缘易致贫户', 'fact'],
    ['an answer', '第6题：有失学辍学', 'fact'],
  ])('%s', (_, text, leak) => {
    expect(createScanner(words).scan(card(text))).toBe(leak);
    expect(createScanner(words).scan({ toast: { content: text } })).toBe(leak);
  });

  it.each([
    ['a household of a village whose code reads like a day', '360799101201-048', null],
    ['the same without a hyphen', '360799101201048', null],
    ['the same figures where no village has that code', '360799600101123', 'id'],
    [
      'an identity number that begins like a village',
      '360799200201014321'.slice(0, 17) + checkDigit('36079920020101432'),
      'id',
    ],
    ['such a number in groups', `360799200201-0143-2${checkDigit('36079920020101432')}`, 'id'],
  ])('%s', (_, text, leak) => {
    const codes = ['360799101201', '360799200201'];
    expect(createScanner({ ...words, codes }).scan(card(`${text} 张某`))).toBe(leak);
  });

  it.each([
    'default_value',
    'i18n_default_value',
    'initial_option',
    'initial_index',
    'initial_date',
    'initial_time',
    'initial_datetime',
    'selected_values',
    'checked',
  ])('a field with %s', (key) => {
    expect(
      createScanner(words).scan({ tag: 'form', elements: [{ tag: 'input', [key]: key === 'checked' || '1' }] }),
    ).toBe('filled');
  });

  it('in the value of a button, which nobody sees and every client holds', () => {
    expect(createScanner(words).scan({ behaviors: [{ type: 'callback', value: { p: { name: '赵一例' } } }] })).toBe(
      'name',
    );
  });

  it('is found again after it was looked at beside clean texts', () => {
    const scanner = createScanner(words);
    for (let n = 0; n < 9000; n++) expect(scanner.scan(card(`大阿-01-${n}`))).toBeNull();
    expect(scanner.scan(card('赵一例'))).toBe('name');
  });
});

describe('what a group may see', () => {
  it.each([
    '大阿-01-001 赵某',
    '饮水安全',
    '是否属于边缘易致贫户',
    '联系：全省0797-3300000',
    '数据时间：7月12日 09:02',
    '360722108200',
    '7月12日 08:31，已填 12/40 户',
    '20230712083105123',
  ])('%s', (text) => {
    expect(createScanner(words).scan(card(text))).toBeNull();
  });

  it('an answer as an option of a select', () => {
    const options = [{ text: { tag: 'plain_text', content: '有失学辍学' }, value: '有失学辍学' }];
    const scanner = createScanner(words);
    expect(scanner.scan({ tag: 'select_static', options })).toBeNull();
    expect(scanner.scan({ tag: 'div', text: { content: '有失学辍学' } })).toBe('fact');
  });

  it.each(samples.filter((s) => s.audience === 'group'))('the card $name', ({ card: drawn }) => {
    expect(createScanner({ names: ['赵一例'], facts: [], open: [] }).scan(drawn())).toBeNull();
  });
});

describe('on the way out', () => {
  let w: TestWorld;
  let world: World;
  const logged: string[] = [];
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (m: string, f?: unknown) => void logged.push(m + JSON.stringify(f)),
  };
  beforeAll(async () => {
    w = await newWorld();
    world = { store: w.running.store, clock: w.clock, newId, rehearsal: false, allowance: null };
    const by = { chatId: daaGroup, chatName: '群', campaignId: w.campaign.id, areaCode: daa, by: 'p', at: 1 };
    await world.store.clickChange({ eventId: 'bind', actor: 'p', at: 1 }, [{ do: 'bind', ...by }], []);
  });
  afterAll(() => w.end());

  test('a card that says too much is replaced by a sentence, counted, and logged without what it said', async () => {
    const gate = createGate({ world, log });
    const body = { toast: { content: '好' }, card: { type: 'raw', data: card('大阿-01-001 赵一例') } };
    const out = await gate.answer(body, { chatId: daaGroup, audience: 'group' });
    expect(out).toEqual({ toast: { type: 'warning', content: expect.stringContaining('不便在群里显示') } });
    expect(gate.blocked()).toBe(1);
    expect(logged.join()).toContain('"leak":"name"');
    expect(logged.join()).not.toContain('赵一例');
    expect(await gate.answer(body, { chatId: daaGroup, audience: 'private' })).toBe(body);
  });

  test('a promised message for a group never leaves with a phone; one for a person does', async () => {
    const gate = createGate({ world, log });
    const due = {
      key: 'k',
      uuid: 'k',
      kind: 'send' as const,
      target: { kind: 'chat' as const, id: daaGroup },
      lane: daaGroup,
      payload: { type: 'text' as const, text: '' },
      attempts: 1,
      createdAt: 1,
      priority: 'answer' as const,
      proactive: false,
      personId: null,
      telling: 'card' as const,
      leaseUntil: 1,
      triedAt: null,
    };
    const message = { kind: 'text' as const, text: '电话13900799000' };
    expect(await gate.message(message, due)).toEqual({ kind: 'text', text: expect.not.stringContaining('1390') });
    const patch = await gate.message({ kind: 'card', card: card('赵一例') as never }, { ...due, kind: 'patch' });
    expect(JSON.stringify(patch)).not.toContain('赵一例');
    const toPerson = { ...due, target: { kind: 'user' as const, id: 'ou_1' }, lane: 'ou_1' };
    expect(await gate.message(message, toPerson)).toBe(message);
  });

  test('names of a new roster are known within a minute', async () => {
    const gate = createGate({ world, log });
    const of = { chatId: daaGroup, audience: 'group' as const };
    expect(await gate.answer(card('新人甲乙'), of)).toEqual(card('新人甲乙'));
    const engine = await openLocal(w.path);
    await engine.commit([
      { sql: "update household set head_name = '新人甲乙' where code = '大阿-01-003'", args: [] },
      {
        sql: "insert into import_job (id, kind, state, started_at, finished_at) values ('x', 'households', 'done', 1, 2)",
        args: [],
      },
    ]);
    await engine.close();
    await w.clock.advanceBy(61_000);
    expect(await gate.answer(card('新人甲乙'), of)).toHaveProperty('toast');
  });

  test('10,000 cards of households with everything planted say nothing of it', async () => {
    const campaign = (await world.store.campaign(w.campaign.id)) as LoadedCampaign;
    const gate = createGate({ world, log });
    await plantRows(w);
    let rendered = 0;
    let leaks = 0;
    let named = 0;
    for (let n = 0; n < 2500; n++) {
      const planted = plant(n);
      for (const stage of ['form', 'more', 'defer', 'finished'] as const) {
        const sitting = sittingOf(planted, stage);
        const view = await workingView(world, { ...card0(campaign), sitting });
        const { faults } = readAnswers(questionsOn(campaign, sitting), planted.typed, '2023-07-12');
        const toast = faults.length > 0 ? { tone: 'error' as const, text: faultSentence(faults) } : undefined;
        const body = callbackAnswer({ shown: { card: 'working', view }, ...(toast ? { toast } : {}) });
        const out = JSON.stringify(await gate.answer(body, { chatId: daaGroup, audience: 'group' }));
        rendered++;
        if (!out.includes('"card"') || [...planted.secrets, ...rowSecrets].some((s) => out.includes(s))) leaks++;
      }
      const alone = await workingView(world, {
        ...card0(campaign),
        sitting: { ...sittingOf(planted, 'form'), audience: 'private' },
      });
      const whole = JSON.stringify(alone);
      if (whole.includes(planted.name) && whole.includes('脱贫户')) named++;
    }
    expect({ rendered, leaks, named }).toEqual({ rendered: 10_000, leaks: 0, named: 2500 });
    expect(gate.blocked()).toBe(0);
  }, 60_000);
});

const card0 = (campaign: LoadedCampaign) => ({
  campaign,
  person: { id: 'p', name: '王例', openId: null, roles: [] },
  village: '大阿村',
  fieldName,
});

const rowSecrets = ['库里答案密', '库里线索密', '库里原因密', '库里退回密', '库里成员密', '库里草稿密', '13811112222'];

/** What the database keeps of every household is planted as well: answers, findings, reasons, members, drafts. */
async function plantRows(w: TestWorld): Promise<void> {
  const [answer, finding, defer, back, member, draft, phone] = rowSecrets as [string, ...string[]];
  const engine = await openLocal(w.path);
  const answers = { 'L1-01': '入户面谈', 'L1-02.detail': `${answer}${phone}`, 'L1-15': answer };
  const outcome = await engine.commit([
    {
      sql: "insert into event (subject, actor, verb, after, at) values ('screening', 'someone', 'submit', ?, 0)",
      args: [JSON.stringify({ answers, findings: [{ item: finding }], provenance: {} })],
    },
    {
      sql: 'update screening set answers_event = last_insert_rowid(), defer_reason = ?, return_reason = ?',
      args: [defer ?? '', back ?? ''],
    },
    {
      sql: 'insert into member (household_no, position, name) select no, 1, ? from household',
      args: [member ?? ''],
    },
    { sql: 'update sitting set draft = ?', args: [JSON.stringify({ 'L1-02.detail': draft })] },
  ]);
  await engine.close();
  if (!outcome.ok) throw new Error('nothing was planted');
}

/** A household whose every field is a word of its own. */
function plant(n: number) {
  const at = (i: number) => String.fromCodePoint(0x9000 + ((n * 7 + i * 131) % 1500));
  const word = (i: number) => `${at(i)}${at(i + 1)}${at(i + 2)}密`;
  const name = `赵${at(1)}${at(2)}`;
  const phone = `139${String(10_000_000 + n)}`;
  const facts: HouseholdFacts = {
    kind: '脱贫户',
    register: n % 2 === 0 ? 'active' : 'eliminated',
    monitorType: word(3),
    identifiedDay: '2021-05-11',
    risks: [word(4)],
    eliminatedDay: '2022-11-23',
    eliminationMode: word(5),
    safetyNet: word(6),
    labour: 'none',
    keyGroups: ['KG1'],
    alert: `${word(7)}${phone}`,
    contactOpenId: word(8),
    netPerCapita: 1_234_567 + n,
  };
  const draft = {
    'L1-01': '入户面谈',
    'L1-02': '不清楚',
    'L1-02.detail': `${word(9)}${idOf(n)}`,
    '~L1-13.aid': word(10),
  };
  const typed = { reason: word(11), day: word(12), 'L1-13.aid': `${word(13)}${phone}` };
  const household = {
    no: n + 1,
    code: `大阿-01-${n}`,
    headName: name,
    villageCode: daa,
    townshipCode: '360722108',
    facts,
  };
  const secrets = [
    name,
    phone,
    idOf(n),
    String(facts.netPerCapita),
    ...[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13].map(word),
    '2021-05-11',
    '2022-11-23',
  ];
  return { n, name, household, draft, typed, secrets, text: word(14) };
}

function sittingOf(p: ReturnType<typeof plant>, stage: Stage): Sitting {
  const screening: Screening = {
    id: `xinfeng-2023-13:${(1 + (p.n % 10)).toString(36)}`,
    campaignId: 'xinfeng-2023-13',
    villageCode: daa,
    townshipCode: '360722108',
    lookbacks: [['LB1'], ['LB2'], ['LB3'], ['LB2', 'LB4']][p.n % 4] ?? ['LB1'],
    form: p.n % 4 === 0 ? 'short' : 'full',
    state: (['todo', 'deferred', 'clear', 'found'] as const)[p.n % 4] ?? 'todo',
    rev: 1,
    submittedBy: null,
    submittedAt: 1,
    answersEvent: null,
    household: p.household,
  };
  return {
    id: 'k3v9x0q2m8a1',
    campaignId: screening.campaignId,
    chatId: daaGroup,
    villageCode: daa,
    personId: 'p',
    audience: 'group',
    messageId: null,
    anchorId: null,
    state: 'open',
    stage,
    rev: p.n,
    draft: p.draft,
    trail: [],
    done: 0,
    claimUntil: 0,
    updatedAt: 0,
    screening: stage === 'finished' ? null : screening,
  };
}
