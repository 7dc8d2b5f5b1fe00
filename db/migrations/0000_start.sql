CREATE TABLE `area` (
	`code` text PRIMARY KEY NOT NULL,
	`level` text NOT NULL,
	`name` text NOT NULL,
	`full_name` text NOT NULL,
	`kind` text DEFAULT '' NOT NULL,
	`parent` text,
	`township` text,
	`facts` text DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
CREATE INDEX `area_parent` ON `area` (`parent`);--> statement-breakpoint
CREATE TABLE `campaign` (
	`id` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`definition` text NOT NULL,
	`loaded_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `chat` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`area_code` text,
	`campaign_id` text,
	`bound_by` text,
	`bound_at` integer,
	`state` text DEFAULT 'in' NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `chat_area` ON `chat` (`campaign_id`,`area_code`);--> statement-breakpoint
CREATE TABLE `event` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`campaign_id` text,
	`subject` text NOT NULL,
	`actor` text NOT NULL,
	`verb` text NOT NULL,
	`before` text,
	`after` text,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `event_subject` ON `event` (`subject`,`id`);--> statement-breakpoint
CREATE TABLE `guard` (
	`ok` integer NOT NULL,
	CONSTRAINT "guard_ok" CHECK("guard"."ok" = 1)
);
--> statement-breakpoint
CREATE TABLE `household` (
	`no` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`code` text NOT NULL,
	`village_code` text NOT NULL,
	`township_code` text NOT NULL,
	`group_name` text DEFAULT '' NOT NULL,
	`head_name` text NOT NULL,
	`member_count` integer NOT NULL,
	`id_sealed` text,
	`id_hash` text,
	`phone_sealed` text,
	`phone_hash` text,
	`facts` text DEFAULT '{}' NOT NULL,
	`hash` text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `household_code` ON `household` (`code`);--> statement-breakpoint
CREATE INDEX `household_village` ON `household` (`village_code`,`no`);--> statement-breakpoint
CREATE TABLE `import_job` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`total` integer DEFAULT 0 NOT NULL,
	`applied` integer DEFAULT 0 NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE TABLE `import_stage` (
	`job_id` text NOT NULL,
	`position` integer NOT NULL,
	`row` text NOT NULL,
	PRIMARY KEY(`job_id`, `position`)
);
--> statement-breakpoint
CREATE TABLE `inbox` (
	`id` text PRIMARY KEY NOT NULL,
	`body` text NOT NULL,
	`received_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_at` integer NOT NULL,
	`last_error` text
);
--> statement-breakpoint
CREATE INDEX `inbox_next` ON `inbox` (`next_at`);--> statement-breakpoint
CREATE TABLE `member` (
	`household_no` integer NOT NULL,
	`position` integer NOT NULL,
	`name` text NOT NULL,
	`relation` text DEFAULT '' NOT NULL,
	`id_sealed` text,
	`id_hash` text,
	`facts` text DEFAULT '{}' NOT NULL,
	PRIMARY KEY(`household_no`, `position`)
);
--> statement-breakpoint
CREATE INDEX `member_id_hash` ON `member` (`id_hash`);--> statement-breakpoint
CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`key` text PRIMARY KEY NOT NULL,
	`uuid` text NOT NULL,
	`kind` text NOT NULL,
	`target` text NOT NULL,
	`lane` text NOT NULL,
	`payload` text NOT NULL,
	`state` text DEFAULT 'due' NOT NULL,
	`created_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`lease_until` integer DEFAULT 0 NOT NULL,
	`leased_by` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`message_id` text,
	`sent_at` integer,
	`last_error` text
);
--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`state`,`due_at`);--> statement-breakpoint
CREATE TABLE `person` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`open_id` text,
	`user_id` text,
	`phone_sealed` text,
	`phone_hash` text,
	`leave_until_day` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `person_open_id` ON `person` (`open_id`);--> statement-breakpoint
CREATE INDEX `person_user_id` ON `person` (`user_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `person_phone` ON `person` (`phone_hash`);--> statement-breakpoint
CREATE TABLE `person_role` (
	`person_id` text NOT NULL,
	`role` text NOT NULL,
	`area_code` text NOT NULL,
	`active` integer DEFAULT true NOT NULL,
	PRIMARY KEY(`person_id`, `role`, `area_code`)
);
--> statement-breakpoint
CREATE INDEX `person_role_area` ON `person_role` (`area_code`);--> statement-breakpoint
CREATE TABLE `screening` (
	`id` text PRIMARY KEY NOT NULL,
	`campaign_id` text NOT NULL,
	`household_no` integer NOT NULL,
	`village_code` text NOT NULL,
	`township_code` text NOT NULL,
	`lookbacks` text NOT NULL,
	`form` text NOT NULL,
	`state` text DEFAULT 'todo' NOT NULL,
	`rev` integer DEFAULT 0 NOT NULL,
	`answers` text,
	`provenance` text,
	`findings` text,
	`claimed_by` text,
	`claim_until` integer DEFAULT 0 NOT NULL,
	`defer_reason` text,
	`next_day` text,
	`submitted_by` text,
	`submitted_at` integer,
	`late` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX `screening_next` ON `screening` (`campaign_id`,`village_code`,`state`,`household_no`);--> statement-breakpoint
CREATE INDEX `screening_claim` ON `screening` (`campaign_id`,`claimed_by`);--> statement-breakpoint
CREATE INDEX `screening_household` ON `screening` (`household_no`);--> statement-breakpoint
CREATE TABLE `seen` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `seen_at` ON `seen` (`at`);--> statement-breakpoint
CREATE TABLE `sitting` (
	`id` text PRIMARY KEY NOT NULL,
	`campaign_id` text NOT NULL,
	`chat_id` text NOT NULL,
	`village_code` text NOT NULL,
	`person_id` text NOT NULL,
	`message_id` text,
	`anchor_id` text,
	`state` text DEFAULT 'open' NOT NULL,
	`screening_id` text,
	`stage` text NOT NULL,
	`rev` integer DEFAULT 0 NOT NULL,
	`draft` text,
	`trail` text NOT NULL,
	`done` integer DEFAULT 0 NOT NULL,
	`opened_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sitting_person` ON `sitting` (`person_id`,`chat_id`,`state`);--> statement-breakpoint
CREATE INDEX `sitting_message` ON `sitting` (`message_id`);--> statement-breakpoint
CREATE TABLE `tally` (
	`campaign_id` text NOT NULL,
	`village_code` text NOT NULL,
	`township_code` text NOT NULL,
	`section` text NOT NULL,
	`state` text NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`campaign_id`, `village_code`, `section`, `state`)
);
--> statement-breakpoint
CREATE INDEX `tally_township` ON `tally` (`campaign_id`,`township_code`);