CREATE TABLE `area_form` (
	`campaign_id` text NOT NULL,
	`area_code` text NOT NULL,
	`lookback` text NOT NULL,
	`answers` text NOT NULL,
	`findings` text NOT NULL,
	`rev` integer NOT NULL,
	`late` integer DEFAULT false NOT NULL,
	`submitted_by` text NOT NULL,
	`submitted_at` integer NOT NULL,
	PRIMARY KEY(`campaign_id`, `area_code`, `lookback`)
);
--> statement-breakpoint
CREATE TABLE `area_task` (
	`campaign_id` text NOT NULL,
	`area_code` text NOT NULL,
	`township_code` text NOT NULL,
	`state` text NOT NULL,
	`rev` integer NOT NULL,
	`meeting_day` text,
	`note` text,
	`returns` text DEFAULT '[]' NOT NULL,
	`late` integer DEFAULT false NOT NULL,
	`submitted_by` text,
	`submitted_at` integer,
	`decided_by` text,
	`decided_at` integer,
	PRIMARY KEY(`campaign_id`, `area_code`)
);
--> statement-breakpoint
CREATE INDEX `area_task_township` ON `area_task` (`campaign_id`,`township_code`);--> statement-breakpoint
CREATE TABLE `phase_snapshot` (
	`campaign_id` text NOT NULL,
	`phase_id` text NOT NULL,
	`taken_at` integer NOT NULL,
	`counts` text NOT NULL,
	`tasks` text NOT NULL,
	PRIMARY KEY(`campaign_id`, `phase_id`)
);
--> statement-breakpoint
ALTER TABLE `screening` ADD `proxy` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `screening` ADD `return_reason` text;--> statement-breakpoint
ALTER TABLE `sitting` ADD `audience` text DEFAULT 'group' NOT NULL;