CREATE TABLE `call_count` (
	`month` text PRIMARY KEY NOT NULL,
	`calls` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `group_digest` (
	`campaign_id` text NOT NULL,
	`area_code` text NOT NULL,
	`wanted` integer NOT NULL,
	`set_by` text NOT NULL,
	`set_at` integer NOT NULL,
	PRIMARY KEY(`campaign_id`, `area_code`)
);
--> statement-breakpoint
CREATE TABLE `live_card` (
	`message_id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`sent_at` integer NOT NULL,
	`state` text DEFAULT 'live' NOT NULL,
	`replaced_at` integer
);
--> statement-breakpoint
CREATE INDEX `live_card_age` ON `live_card` (`state`,`sent_at`);--> statement-breakpoint
CREATE TABLE `reminder_setting` (
	`person_id` text PRIMARY KEY NOT NULL,
	`leave_until_day` text,
	`muted_until_day` text,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `outbox` ADD `priority` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `outbox` ADD `proactive` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `outbox` ADD `person_id` text;--> statement-breakpoint
ALTER TABLE `outbox` ADD `telling` text DEFAULT 'card' NOT NULL;--> statement-breakpoint
ALTER TABLE `outbox` ADD `tried_at` integer;--> statement-breakpoint
CREATE INDEX `outbox_person` ON `outbox` (`person_id`,`sent_at`);--> statement-breakpoint
CREATE INDEX `outbox_sent` ON `outbox` (`sent_at`);