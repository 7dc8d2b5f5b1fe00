// Owns the tables of an import that is under way.
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Journal of an import: it always finishes, whatever process dies. */
export const importJob = sqliteTable('import_job', {
  id: text('id').primaryKey(),
  kind: text('kind', { enum: ['areas', 'people', 'households'] }).notNull(),
  state: text('state', { enum: ['staging', 'applying', 'done'] }).notNull(),
  total: integer('total').notNull().default(0),
  applied: integer('applied').notNull().default(0),
  startedAt: integer('started_at').notNull(),
  finishedAt: integer('finished_at'),
});

export const importStage = sqliteTable(
  'import_stage',
  {
    jobId: text('job_id').notNull(),
    position: integer('position').notNull(),
    row: text('row', { mode: 'json' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.position] })],
);
