// Owns which households enter which campaign while a roster or a campaign is applied. Facts repeat from household to
// household, so the decision is kept by the facts' text.
import { type Enrolment, enrol } from '../domain/enrol.ts';
import type { EnrolRow, ImportJob, ImportStore, StepResult } from '../importStore.ts';
import type { HouseholdFacts, LoadedCampaign } from '../ports.ts';

interface Told {
  readonly code: string;
  readonly facts: string; // JSON
}
export interface Enrolling {
  householdStep(job: ImportJob, count: number, at: number): Promise<StepResult>;
  /** False when no household is left. */
  campaignStep(job: ImportJob, count: number, at: number): Promise<boolean>;
}

const remembered = 5000;

export function enrolling(store: ImportStore): Enrolling {
  let campaigns: LoadedCampaign[] | null = null;
  let decided = new Map<string, Enrolment>();
  const loaded = async () => (campaigns ??= await store.campaigns());

  const decide = (campaign: LoadedCampaign, facts: string): Enrolment => {
    const key = `${campaign.id}\n${facts}`;
    const known = decided.get(key);
    if (known) return known;
    if (decided.size >= remembered) decided = new Map();
    const fresh = enrol(campaign, JSON.parse(facts) as HouseholdFacts);
    decided.set(key, fresh);
    return fresh;
  };
  const rowOf = (campaign: LoadedCampaign, told: Told): EnrolRow => {
    const { lookbacks, form } = decide(campaign, told.facts);
    return [told.code, campaign.id, lookbacks.join(','), form];
  };

  return {
    async householdStep(job, count, at) {
      const all = await loaded();
      const told = await store.stagedFacts(job.id, job.applied, count);
      const rows = all.flatMap((campaign) => told.map((t) => rowOf(campaign, t)));
      const result = await store.applyHouseholds(job, { count, enrol: rows, campaigns: all.length, at });
      if (result === 'moved') campaigns = null; // perhaps because a campaign was loaded
      return result;
    },
    async campaignStep(job, count, at) {
      const id = await store.stagedCampaign(job.id);
      const campaign = (await loaded()).find((c) => c.id === id);
      const told = campaign ? await store.factsAfter(job.applied, count) : [];
      const last = told.at(-1)?.no;
      if (!campaign || last === undefined) return false;
      await store.applyEnrol(job, { enrol: told.map((t) => rowOf(campaign, t)), last, at });
      return true;
    },
  };
}
