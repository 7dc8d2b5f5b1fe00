ALTER TABLE `screening` ADD `answers_event` integer;--> statement-breakpoint
ALTER TABLE `screening` ADD `rest_until` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `event` ADD `previous` integer;--> statement-breakpoint
ALTER TABLE `sitting` ADD `claim_until` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `sitting` ADD `acts` text DEFAULT '' NOT NULL;--> statement-breakpoint
UPDATE `sitting` SET `claim_until` = coalesce((SELECT c.claim_until FROM screening c WHERE c.id = sitting.screening_id AND c.claimed_by = sitting.person_id), 0) WHERE state = 'open';--> statement-breakpoint
UPDATE `sitting` SET `trail` = replace(trail, '"' || campaign_id || ':', '"');--> statement-breakpoint
UPDATE `screening` SET `rest_until` = claim_until WHERE claimed_by IS NULL AND claim_until > 0;--> statement-breakpoint
INSERT INTO `event` (campaign_id, subject, actor, verb, after, at) SELECT campaign_id, 'screening:' || id, coalesce(submitted_by, 'operator'), 'submit', json_object('state', state, 'rev', rev, 'answers', json(answers), 'provenance', json(coalesce(provenance, '{}')), 'findings', json(coalesce(findings, '[]')), 'late', json(iif(late, 'true', 'false')), 'defer', NULL), coalesce(submitted_at, 0) FROM screening WHERE answers IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event e WHERE e.subject = 'screening:' || screening.id AND e.verb IN ('submit', 'correct'));--> statement-breakpoint
UPDATE `event` SET `previous` = (SELECT max(p.id) FROM event p WHERE p.subject = event.subject AND p.id < event.id AND p.verb IN ('submit', 'correct')) WHERE verb IN ('submit', 'correct', 'defer');--> statement-breakpoint
UPDATE `screening` SET `answers_event` = (SELECT max(e.id) FROM event e WHERE e.subject = 'screening:' || screening.id AND e.verb IN ('submit', 'correct')) WHERE answers IS NOT NULL;--> statement-breakpoint
DROP INDEX `screening_claim`;--> statement-breakpoint
DROP INDEX `event_subject`;--> statement-breakpoint
CREATE INDEX `event_subject` ON `event` (`subject`,`id`) WHERE verb <> 'submit';--> statement-breakpoint
CREATE INDEX `sitting_village` ON `sitting` (`campaign_id`,`village_code`) WHERE state = 'open';