CREATE TABLE `day_count` (
	`campaign_id` text NOT NULL,
	`day` text NOT NULL,
	`township_code` text NOT NULL,
	`taken_at` integer NOT NULL,
	`total` integer NOT NULL,
	`done` integer NOT NULL,
	`found` integer NOT NULL,
	`waiting` integer NOT NULL,
	`accepted` integer NOT NULL,
	PRIMARY KEY(`campaign_id`, `day`, `township_code`)
);
