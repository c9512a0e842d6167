import type { Database } from "bun:sqlite";
import * as v from "valibot";

const Waiter = v.object({ id: v.string(), class: v.number(), tenant: v.string(), sequence: v.number() });
const Count = v.object({ count: v.number() });

/**
 * Tells the places of waiting orders among those of their tenant and class, from 1. What is ahead of several of them is
 * counted once.
 */
export function makePositions(database: Database) {
  const waiters = database.query(
    `SELECT orders.id, class, tenant, sequence FROM json_each($ids) CROSS JOIN orders ON orders.id = value
     WHERE state = 'waiting' ORDER BY class, tenant, sequence`,
  );
  const between = database.query(
    `SELECT count(*) AS count FROM orders
     WHERE state = 'waiting' AND class = $class AND tenant = $tenant AND sequence > $after AND sequence <= $sequence`,
  );
  return (ids: readonly string[]): (number | undefined)[] => {
    const positions = new Map<string, number>();
    let last = { class: -1, tenant: "", sequence: 0, position: 0 };
    for (const found of waiters.iterate({ ids: JSON.stringify(ids) })) {
      const { id, sequence, ...turn } = v.parse(Waiter, found);
      const isSameTurn = turn.class === last.class && turn.tenant === last.tenant;
      const { sequence: after, position } = isSameTurn ? last : { sequence: 0, position: 0 };
      const { count } = v.parse(Count, between.get({ ...turn, after, sequence }));
      last = { ...turn, sequence, position: position + count };
      positions.set(id, last.position);
    }
    return ids.map((id) => positions.get(id));
  };
}
