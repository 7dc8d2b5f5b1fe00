// Owns every table. Ids are text; times `…At` are epoch milliseconds, days `…Day` are local dates of the campaign's
// zone; JSON columns hold what is only ever read and written whole.
import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** Always empty: a write unit inserts 0 when it does not find what it expects; the check refuses it, the unit falls. */
export const guard = sqliteTable('guard', { ok: integer('ok').notNull() }, (t) => [
  check('guard_ok', sql`${t.ok} = 1`),
]);

/** Small process-wide facts: demo mark, data key id, last tick, cached platform token (sealed). */
export const meta = sqliteTable('meta', { key: text('key').primaryKey(), value: text('value').notNull() });

/** Ids of everything that came in (event ids and message ids), kept 8 days: what makes every event run once. */
export const seen = sqliteTable('seen', { id: text('id').primaryKey(), at: integer('at').notNull() });

/** Events accepted and not yet run; a row is deleted by the unit that finishes its work. */
export const inbox = sqliteTable(
  'inbox',
  {
    id: text('id').primaryKey(), // event id
    body: text('body', { mode: 'json' }).notNull(), // the parsed Inbound
    receivedAt: integer('received_at').notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAt: integer('next_at').notNull(),
    lastError: text('last_error'),
  },
  (t) => [index('inbox_next').on(t.nextAt)],
);

/** What the bot still has to tell the platform. `key` is the stable name of the effect: the same effect twice is one row. */
export const outbox = sqliteTable(
  'outbox',
  {
    key: text('key').primaryKey(),
    uuid: text('uuid').notNull(), // the platform's idempotency key, fixed for the life of the row
    kind: text('kind', { enum: ['send', 'reply', 'thread', 'patch'] }).notNull(),
    target: text('target').notNull(), // chat:oc_… | user:ou_… | message:om_…
    lane: text('lane').notNull(), // chat or user whose rate limit it uses
    payload: text('payload', { mode: 'json' }).notNull(), // OutboxPayload
    /** dead: given up, for an operator to read · void: nothing was left to say. */
    state: text('state', { enum: ['due', 'sent', 'dead', 'void'] })
      .notNull()
      .default('due'),
    /** 0 a deadline or an order, 1 an answer somebody waits for, 2 a nicety: who goes first when a limit is near. */
    priority: integer('priority').notNull().default(1),
    /** Nobody asked for it: goes out in working hours only. */
    proactive: integer('proactive', { mode: 'boolean' }).notNull().default(false),
    personId: text('person_id'), // whose private message it is, where it counts as that person's one of the day
    /** How it is told: as drawn, as a simpler card, as text; only ever moves on. */
    telling: text('telling', { enum: ['card', 'simple', 'text'] })
      .notNull()
      .default('card'),
    triedAt: integer('tried_at'), // the first send that may have worked without an answer; the uuid holds for an hour from it
    createdAt: integer('created_at').notNull(),
    dueAt: integer('due_at').notNull(),
    leaseUntil: integer('lease_until').notNull().default(0),
    leasedBy: text('leased_by'),
    attempts: integer('attempts').notNull().default(0),
    messageId: text('message_id'),
    sentAt: integer('sent_at'),
    lastError: text('last_error'),
  },
  (t) => [
    index('outbox_due').on(t.state, t.dueAt),
    index('outbox_person').on(t.personId, t.sentAt),
    index('outbox_sent').on(t.sentAt),
  ],
);

/** A loaded campaign: the definition is copied here, so that editing the file never rewrites history. */
export const campaign = sqliteTable('campaign', {
  id: text('id').primaryKey(),
  hash: text('hash').notNull(),
  definition: text('definition', { mode: 'json' }).notNull(),
  loadedAt: integer('loaded_at').notNull(),
});

/** County, townships, villages. `township` is the area's own township code (for a township itself: its code). */
export const area = sqliteTable(
  'area',
  {
    code: text('code').primaryKey(),
    level: text('level', { enum: ['county', 'township', 'village'] }).notNull(),
    name: text('name').notNull(), // 大阿村, 大阿社区, 大阿镇, 信丰县: as shown
    fullName: text('full_name').notNull(), // 大阿村委会: as in the source
    kind: text('kind').notNull().default(''), // 村委会 | 居委会 | 乡镇 | 县
    parent: text('parent'),
    township: text('township'),
    facts: text('facts', { mode: 'json' }).notNull().default('{}'), // 农村户籍人口, key-area flags …
  },
  (t) => [index('area_parent').on(t.parent)],
);

export const person = sqliteTable(
  'person',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    openId: text('open_id'),
    userId: text('user_id'),
    phoneSealed: text('phone_sealed'),
    phoneHash: text('phone_hash'),
    phoneAskedAt: integer('phone_asked_at'), // when the platform was last asked who has this number
    leaveUntilDay: text('leave_until_day'),
  },
  (t) => [
    uniqueIndex('person_open_id').on(t.openId),
    index('person_user_id').on(t.userId),
    uniqueIndex('person_phone').on(t.phoneHash),
  ],
);

/** One row per person, role and area; `role` is the role's Chinese name as imported (村干部 …). */
export const personRole = sqliteTable(
  'person_role',
  {
    personId: text('person_id').notNull(),
    role: text('role').notNull(),
    areaCode: text('area_code').notNull(),
    active: integer('active', { mode: 'boolean' }).notNull().default(true),
  },
  (t) => [primaryKey({ columns: [t.personId, t.role, t.areaCode] }), index('person_role_area').on(t.areaCode)],
);

export const household = sqliteTable(
  'household',
  {
    no: integer('no').primaryKey({ autoIncrement: true }), // its base-36 form is the short id in field names
    code: text('code').notNull(), // 户编码 of the roster
    villageCode: text('village_code').notNull(),
    townshipCode: text('township_code').notNull(),
    groupName: text('group_name').notNull().default(''),
    headName: text('head_name').notNull(),
    memberCount: integer('member_count').notNull(),
    idSealed: text('id_sealed'),
    idHash: text('id_hash'),
    phoneSealed: text('phone_sealed'),
    phoneHash: text('phone_hash'),
    facts: text('facts', { mode: 'json' }).notNull().default('{}'), // HouseholdFacts
    hash: text('hash').notNull().default(''), // of the imported row: tells updated from unchanged
  },
  (t) => [uniqueIndex('household_code').on(t.code), index('household_village').on(t.villageCode, t.no)],
);

/** Members of a household, only where the roster has them. */
export const member = sqliteTable(
  'member',
  {
    householdNo: integer('household_no').notNull(),
    position: integer('position').notNull(),
    name: text('name').notNull(),
    relation: text('relation').notNull().default(''),
    idSealed: text('id_sealed'),
    idHash: text('id_hash'),
    facts: text('facts', { mode: 'json' }).notNull().default('{}'),
  },
  (t) => [primaryKey({ columns: [t.householdNo, t.position] }), index('member_id_hash').on(t.idHash)],
);

/** One household in one campaign: its state and where its answers stand. Village and township are immutable copies. */
export const screening = sqliteTable(
  'screening',
  {
    id: text('id').primaryKey(), // campaignId:shortId
    campaignId: text('campaign_id').notNull(),
    householdNo: integer('household_no').notNull(),
    villageCode: text('village_code').notNull(),
    townshipCode: text('township_code').notNull(),
    lookbacks: text('lookbacks').notNull(), // 'LB2' or 'LB2,LB4'
    form: text('form', { enum: ['short', 'full'] }).notNull(),
    state: text('state', { enum: ['todo', 'deferred', 'clear', 'found'] })
      .notNull()
      .default('todo'),
    rev: integer('rev').notNull().default(0),
    // The event whose `after` holds the answers (by item or follow-up id), their provenance (itemId → 'short' …) and findings.
    answersEvent: integer('answers_event'),
    restUntil: integer('rest_until').notNull().default(0), // not offered again before
    deferReason: text('defer_reason'),
    nextDay: text('next_day'),
    submittedBy: text('submitted_by'),
    submittedAt: integer('submitted_at'),
    late: integer('late', { mode: 'boolean' }).notNull().default(false),
    proxy: integer('proxy', { mode: 'boolean' }).notNull().default(false), // 代录: typed by a township for the village
    returnReason: text('return_reason'), // why the township sent it back; cleared by the next answer
  },
  (t) => [
    // Partial ones for what changes: a click touches as few pages as it can.
    index('screening_village').on(t.campaignId, t.villageCode, t.householdNo),
    index('screening_todo').on(t.campaignId, t.villageCode, t.householdNo).where(sql`state = 'todo'`),
    index('screening_deferred')
      .on(t.campaignId, t.villageCode, t.nextDay, t.householdNo)
      .where(sql`state = 'deferred'`),
    index('screening_household').on(t.householdNo),
  ],
);

/** Counts kept in the same unit as the change: village × section ('ALL' or a look-back id) × state. */
export const tally = sqliteTable(
  'tally',
  {
    campaignId: text('campaign_id').notNull(),
    villageCode: text('village_code').notNull(),
    townshipCode: text('township_code').notNull(),
    section: text('section').notNull(),
    state: text('state').notNull(),
    n: integer('n').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.campaignId, t.villageCode, t.section, t.state] }),
    index('tally_township').on(t.campaignId, t.townshipCode),
  ],
);

/** Every change: who, what, before and after. Audit trail and report source in one. */
export const event = sqliteTable(
  'event',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    campaignId: text('campaign_id'),
    subject: text('subject').notNull(), // screening:… | chat:… | person:… | import:…
    actor: text('actor').notNull(), // person id, or cron | import | operator
    verb: text('verb').notNull(),
    before: text('before', { mode: 'json' }),
    after: text('after', { mode: 'json' }),
    at: integer('at').notNull(),
    previous: integer('previous'), // what held a household's answers before this event
  },
  // A submit is found from its household instead (screening.answers_event, then previous): nothing is written twice for it.
  (t) => [index('event_subject').on(t.subject, t.id).where(sql`verb <> 'submit'`)],
);

/** A group or private chat the bot knows. A group works for one area of one campaign. */
export const chat = sqliteTable(
  'chat',
  {
    id: text('id').primaryKey(), // oc_…
    name: text('name').notNull().default(''),
    areaCode: text('area_code'),
    campaignId: text('campaign_id'),
    boundBy: text('bound_by'),
    boundAt: integer('bound_at'),
    state: text('state', { enum: ['in', 'out'] })
      .notNull()
      .default('in'),
  },
  (t) => [uniqueIndex('chat_area').on(t.campaignId, t.areaCode)],
);

/** One cadre's working card: what it shows now, what was typed so far. Drafts survive restarts and re-issues. */
export const sitting = sqliteTable(
  'sitting',
  {
    id: text('id').primaryKey(),
    campaignId: text('campaign_id').notNull(),
    chatId: text('chat_id').notNull(),
    villageCode: text('village_code').notNull(),
    personId: text('person_id').notNull(),
    audience: text('audience', { enum: ['group', 'private'] })
      .notNull()
      .default('group'),
    messageId: text('message_id'), // known once the card was sent
    anchorId: text('anchor_id'), // the message it replies to
    state: text('state', { enum: ['open', 'closed'] })
      .notNull()
      .default('open'),
    screeningId: text('screening_id'),
    claimUntil: integer('claim_until').notNull().default(0), // until then nobody else gets the household it shows
    acts: text('acts').notNull().default(''), // event ids of the last clicks that moved it, newest first
    stage: text('stage', { enum: ['form', 'more', 'defer', 'finished'] }).notNull(),
    rev: integer('rev').notNull().default(0),
    draft: text('draft', { mode: 'json' }), // Answers typed in earlier steps of the current household
    trail: text('trail', { mode: 'json' }).notNull(), // short ids of the households handled in this sitting, newest last
    done: integer('done').notNull().default(0),
    openedAt: integer('opened_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    index('sitting_person').on(t.personId, t.chatId, t.state),
    index('sitting_message').on(t.messageId),
    index('sitting_village').on(t.campaignId, t.villageCode).where(sql`state = 'open'`),
  ],
);
