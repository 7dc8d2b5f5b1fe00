DROP INDEX `screening_next`;--> statement-breakpoint
DROP INDEX `screening_claim`;--> statement-breakpoint
CREATE INDEX `screening_village` ON `screening` (`campaign_id`,`village_code`,`household_no`);--> statement-breakpoint
CREATE INDEX `screening_todo` ON `screening` (`campaign_id`,`village_code`,`household_no`) WHERE state = 'todo';--> statement-breakpoint
CREATE INDEX `screening_deferred` ON `screening` (`campaign_id`,`village_code`,`next_day`,`household_no`) WHERE state = 'deferred';--> statement-breakpoint
CREATE INDEX `screening_claim` ON `screening` (`campaign_id`,`claimed_by`) WHERE claimed_by is not null;--> statement-breakpoint
DROP INDEX `seen_at`;