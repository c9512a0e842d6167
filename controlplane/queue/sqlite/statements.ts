import type { Database } from "bun:sqlite";
import { priorities } from "#shared/job/priority.ts";

// Each class with each priority, by which the times of orders are sorted.
const eachAge = priorities.flatMap((priority, own) =>
  priorities.slice(0, own + 1).map((_, rank) => ({ priority, rank })),
);
const oldestOf = ({ priority, rank }: (typeof eachAge)[number]) =>
  `SELECT min(added_at) AS oldest FROM orders WHERE state = 'waiting' AND class = ${rank} AND priority = '${priority}'`;

/** The statements of a waiting room besides those that decide whose turn it is. */
export const makeStatements = (database: Database) => ({
  find: database.query("SELECT * FROM orders WHERE id = $id"),
  insert: database.query(
    `INSERT INTO orders (id, tenant, priority, class, sequence, added_at, sealed, claim_key, claim_number, state, number)
     VALUES ($id, $tenant, $priority, $class, $sequence, $addedAt, $sealed, $key, $number, 'waiting', 1)`,
  ),
  place: database.query(
    `UPDATE orders SET state = $state, number = $number, address = $address, since = $since, event = $event,
       is_cancelled = iif($state = 'accepted', is_cancelled, 0) WHERE id = $id`,
  ),
  cancel: database.query("UPDATE orders SET is_cancelled = 1 WHERE id = $id"),
  remove: database.query("DELETE FROM orders WHERE id = $id"),
  rank: database.query(
    "UPDATE orders SET priority = $priority, class = $class, sequence = $sequence, sealed = $sealed WHERE id = $id",
  ),
  waiting: database.query("SELECT coalesce(sum(waiting), 0) AS count FROM turns WHERE class <= $class"),
  ofTenant: database.query("SELECT coalesce(sum(waiting), 0) AS count FROM turns WHERE tenant = $tenant"),
  ofTurn: database.query("SELECT waiting AS count FROM turns WHERE tenant = $tenant AND class = $class"),
  next: database.query("UPDATE sequence SET last = last + 1 RETURNING last AS count"),
  summary: database.query("SELECT tenant, class, waiting AS count FROM turns WHERE waiting > 0 ORDER BY class, tenant"),
  running: database.query(
    "SELECT tenant, count(*) AS count FROM orders WHERE state IN ('offered', 'accepted') GROUP BY tenant",
  ),
  oldest: database.query(`SELECT min(oldest) AS oldest FROM (${eachAge.map(oldestOf).join(" UNION ALL ")})`),
  ending: database.query("SELECT count(*) AS count FROM orders WHERE state = 'ending'"),
  list: database.query(
    `SELECT * FROM orders WHERE state <> 'accepted' AND id < coalesce($before, '~') ORDER BY id DESC LIMIT $limit`,
  ),
  listOf: database.query(
    `SELECT * FROM orders WHERE tenant = $tenant AND state <> 'accepted' AND id < coalesce($before, '~')
     ORDER BY id DESC LIMIT $limit`,
  ),
  unsettled: database.query("SELECT * FROM orders WHERE state IN ('offered', 'accepted', 'ending')"),
  addedBefore: database.query(
    `SELECT id FROM orders WHERE state = 'waiting' AND class IN (0, 1, 2) AND priority IN ('high', 'normal', 'low')
       AND added_at <= $time ORDER BY added_at LIMIT 100`,
  ),
  missing: database.query(
    `SELECT id FROM orders WHERE state = 'accepted' AND address = $address AND since < $asOf
       AND id NOT IN (SELECT value FROM json_each($active))`,
  ),
  claimed: database.query("SELECT id FROM orders WHERE claim_key = $key AND claim_number = $number"),
  isClosed: database.query("SELECT count(*) AS count FROM closed_claims WHERE key = $key AND number = $number"),
  close: database.query("INSERT OR REPLACE INTO closed_claims VALUES ($key, $number, $at)"),
  forgetClosed: database.query("DELETE FROM closed_claims WHERE at < $before"),
  isEnded: database.query("SELECT count(*) AS count FROM ended WHERE id = $id"),
  end: database.query("INSERT OR REPLACE INTO ended VALUES ($id, $at)"),
  forgetEnded: database.query("DELETE FROM ended WHERE at < $before"),
});
