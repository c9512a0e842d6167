import type { Database } from "bun:sqlite";
import * as v from "valibot";
import { priorities } from "#shared/job/priority.ts";
import type { Share, TakeOptions } from "../waiting-room.ts";
import { OrderRow } from "./rows.ts";

const Turn = v.object({ tenant: v.string(), pass: v.number() });
const Count = v.object({ count: v.number() });

/**
 * Decides whose turn it is. The tenants of a class take turns by weight: each has a pass, which grows by 1 / weight
 * when one of its orders is taken, and the lowest pass is next (stride scheduling). A tenant that did not wait
 * begins at the lowest pass of those that do, so that it gains and loses nothing by its absence. Who is passed over,
 * because enough of its orders run, is lifted to the pass of who is next: it gathers no arrears.
 */
export function makeTurns(database: Database) {
  const older = database.query(
    `SELECT * FROM orders WHERE state = 'waiting' AND class = $class AND priority = $priority AND added_at <= $before
     ORDER BY added_at LIMIT 100`,
  );
  const move = database.query("UPDATE orders SET class = $class WHERE id = $id");
  const enter = database.query(
    `INSERT INTO turns VALUES ($class, $tenant, 1,
       coalesce((SELECT min(pass) FROM turns WHERE class = $class AND waiting > 0), 0))
     ON CONFLICT DO UPDATE SET waiting = waiting + 1,
       pass = iif(waiting = 0, max(pass, excluded.pass), pass)`,
  );
  const leave = database.query("UPDATE turns SET waiting = waiting - 1 WHERE class = $class AND tenant = $tenant");
  const advance = database.query("UPDATE turns SET pass = pass + $stride WHERE class = $class AND tenant = $tenant");
  const lift = database.query("UPDATE turns SET pass = $pass WHERE class = $class AND waiting > 0 AND pass < $pass");
  const cost = database.query("UPDATE orders SET stride = $stride WHERE id = $id");
  const prune = database.query(
    `DELETE FROM turns WHERE waiting = 0 AND class = $class
       AND pass <= coalesce((SELECT min(pass) FROM turns WHERE class = $class AND waiting > 0), pass)`,
  );
  const waiting = database.query(
    "SELECT tenant, pass FROM turns WHERE class = $class AND waiting > 0 ORDER BY pass, tenant",
  );
  const running = database.query(
    "SELECT count(*) AS count FROM orders WHERE state IN ('offered', 'accepted') AND tenant = $tenant",
  );
  const first = database.query(
    `SELECT * FROM orders WHERE state = 'waiting' AND class = $class AND tenant = $tenant
       AND id NOT IN (SELECT value FROM json_each($except)) ORDER BY sequence LIMIT 1`,
  );

  /** Moves orders that have waited long to the next class. */
  const age = (now: number, agingMs: number) => {
    for (const [index, priority] of priorities.entries())
      for (let from = index; from > 0; from -= 1) {
        const before = now - (index - from + 1) * agingMs;
        for (const found of older.all({ class: from, priority, before })) {
          const { id, tenant } = v.parse(OrderRow, found);
          leave.run({ class: from, tenant });
          move.run({ class: from - 1, id });
          enter.run({ class: from - 1, tenant });
        }
      }
  };
  const mayRun = (tenant: string, { maxRunning }: Pick<Share, "maxRunning">) =>
    maxRunning === undefined || v.parse(Count, running.get({ tenant })).count < maxRunning;
  const charge = (row: OrderRow, pass: number, weight: number) => {
    const at = { class: row.class };
    const stride = 1 / weight;
    lift.run({ ...at, pass });
    advance.run({ ...at, tenant: row.tenant, stride });
    cost.run({ id: row.id, stride });
    return row;
  };

  const firstIn = (rank: number, shares: TakeOptions["shares"], except: string) => {
    for (const found of waiting.iterate({ class: rank })) {
      const { tenant, pass } = v.parse(Turn, found);
      const share = shares[tenant] ?? { weight: 1 };
      const row = mayRun(tenant, share) ? first.get({ class: rank, tenant, except }) : null;
      if (row === null) continue;
      return charge(v.parse(OrderRow, row), pass, share.weight);
    }
    return undefined;
  };

  return {
    /** Counts an order that begins to wait. */
    enter: ({ class: rank, tenant }: Pick<OrderRow, "class" | "tenant">) => void enter.run({ class: rank, tenant }),
    /** Counts an order that no longer waits. */
    leave({ class: rank, tenant }: Pick<OrderRow, "class" | "tenant">) {
      leave.run({ class: rank, tenant });
      prune.run({ class: rank });
    },
    /** Takes back what the turn has cost of an order that was taken in vain, and waits again. */
    giveBack: ({ class: rank, tenant, stride }: Pick<OrderRow, "class" | "tenant" | "stride">) =>
      void advance.run({ class: rank, tenant, stride: -stride }),
    /** The order whose turn it is, which counts as taken; undefined when none may be taken. */
    next({ shares, agingMs, except, now }: Pick<TakeOptions, "shares" | "agingMs" | "except" | "now">) {
      age(now, agingMs);
      const excepted = JSON.stringify(except);
      for (const rank of priorities.keys()) {
        const row = firstIn(rank, shares, excepted);
        if (row) return row;
      }
      return undefined;
    },
  };
}
