// Owns the tables of areas' own work: look-backs asked of a village or township, hand-in, snapshots.
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A village's (or township's) own answers to one look-back of the campaign: what is asked of the area, not of a household. */
export const areaForm = sqliteTable(
  'area_form',
  {
    campaignId: text('campaign_id').notNull(),
    areaCode: text('area_code').notNull(),
    lookback: text('lookback').notNull(),
    answers: text('answers', { mode: 'json' }).notNull(), // by item id, or 'row|item id' where a look-back asks per row
    findings: text('findings', { mode: 'json' }).notNull(),
    rev: integer('rev').notNull(),
    late: integer('late', { mode: 'boolean' }).notNull().default(false),
    submittedBy: text('submitted_by').notNull(),
    submittedAt: integer('submitted_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.campaignId, t.areaCode, t.lookback] })],
);

/** Where an area stands with its hand-in: answering, handed in, sent back, accepted. */
export const areaTask = sqliteTable(
  'area_task',
  {
    campaignId: text('campaign_id').notNull(),
    areaCode: text('area_code').notNull(),
    townshipCode: text('township_code').notNull(),
    state: text('state', { enum: ['open', 'submitted', 'returned', 'accepted'] }).notNull(),
    rev: integer('rev').notNull(),
    meetingDay: text('meeting_day'), // 村级研判会
    note: text('note'),
    returns: text('returns', { mode: 'json' }).notNull().default('[]'), // {household code | item id, reason}[] of the last 退回
    late: integer('late', { mode: 'boolean' }).notNull().default(false),
    submittedBy: text('submitted_by'),
    submittedAt: integer('submitted_at'),
    decidedBy: text('decided_by'),
    decidedAt: integer('decided_at'),
  },
  (t) => [
    primaryKey({ columns: [t.campaignId, t.areaCode] }),
    index('area_task_township').on(t.campaignId, t.townshipCode),
  ],
);

/** Counts of every area as they stood when a phase was locked; written once. */
export const phaseSnapshot = sqliteTable(
  'phase_snapshot',
  {
    campaignId: text('campaign_id').notNull(),
    phaseId: text('phase_id').notNull(),
    takenAt: integer('taken_at').notNull(),
    counts: text('counts', { mode: 'json' }).notNull(), // tally rows
    tasks: text('tasks', { mode: 'json' }).notNull(), // area_task states
  },
  (t) => [primaryKey({ columns: [t.campaignId, t.phaseId] })],
);
