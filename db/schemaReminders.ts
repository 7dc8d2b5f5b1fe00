// Owns the tables of what the bot says unasked: what people and townships chose, cards still alive, calls of the month.
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What somebody chose in 提醒; the people file's leave stands beside it. */
export const reminderSetting = sqliteTable('reminder_setting', {
  personId: text('person_id').primaryKey(),
  leaveUntilDay: text('leave_until_day'),
  mutedUntilDay: text('muted_until_day'),
  updatedAt: integer('updated_at').notNull(),
});

/** A township that wants a daily digest in its group. */
export const groupDigest = sqliteTable(
  'group_digest',
  {
    campaignId: text('campaign_id').notNull(),
    areaCode: text('area_code').notNull(),
    wanted: integer('wanted', { mode: 'boolean' }).notNull(),
    setBy: text('set_by').notNull(),
    setAt: integer('set_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.campaignId, t.areaCode] })],
);

/** A card in a chat that can still be used: the platform ends it 14 days after it was sent. */
export const liveCard = sqliteTable(
  'live_card',
  {
    messageId: text('message_id').primaryKey(),
    key: text('key').notNull(), // its outbox row
    sentAt: integer('sent_at').notNull(), // the platform's reckoning begins here
    state: text('state', { enum: ['live', 'replaced', 'gone'] })
      .notNull()
      .default('live'),
    replacedAt: integer('replaced_at'),
  },
  (t) => [index('live_card_age').on(t.state, t.sentAt)],
);

/** Calls to the platform, by month of the county's zone ('2023-07'). */
export const callCount = sqliteTable('call_count', {
  month: text('month').primaryKey(),
  calls: integer('calls').notNull(),
});

/** What every township had done when a day began: what a leader's digest compares with. Written once a day. */
export const dayCount = sqliteTable(
  'day_count',
  {
    campaignId: text('campaign_id').notNull(),
    day: text('day').notNull(),
    townshipCode: text('township_code').notNull(),
    takenAt: integer('taken_at').notNull(), // midnight, or when the bot came back
    total: integer('total').notNull(),
    done: integer('done').notNull(),
    found: integer('found').notNull(),
    waiting: integer('waiting').notNull(), // villages handed in and not decided
    accepted: integer('accepted').notNull(),
  },
  (t) => [primaryKey({ columns: [t.campaignId, t.day, t.townshipCode] })],
);
