// Owns the one statement that compares the tallies with a count of every row. One statement sees one moment, so it may run
// beside a bot that is writing.

const counted =
  'select c.campaign_id, c.village_code, x.value as section, c.state, -sum(c.n) as n from ' +
  '(select campaign_id, village_code, lookbacks, state, count(*) as n from screening group by 1, 2, 3, 4) c ' +
  `cross join json_each('["ALL","' || replace(c.lookbacks, ',', '","') || '"]') x group by 1, 2, 3, 4`;

/** Rows: campaign id, village code, village name, section, state, tally minus count. None: everything agrees. */
export const tallyDifferenceSql =
  'select d.campaign_id, d.village_code, coalesce(a.name, d.village_code), d.section, d.state, sum(d.n) from ' +
  `(select campaign_id, village_code, section, state, n from tally union all select * from (${counted})) d ` +
  'left join area a on a.code = d.village_code group by 1, 2, 4, 5 having sum(d.n) <> 0 order by 1, 2, 4, 5 limit 1';
