ALTER TABLE `screening` DROP COLUMN `answers`;--> statement-breakpoint
ALTER TABLE `screening` DROP COLUMN `provenance`;--> statement-breakpoint
ALTER TABLE `screening` DROP COLUMN `findings`;--> statement-breakpoint
ALTER TABLE `screening` DROP COLUMN `claimed_by`;--> statement-breakpoint
ALTER TABLE `screening` DROP COLUMN `claim_until`;