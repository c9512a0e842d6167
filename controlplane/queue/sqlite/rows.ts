import * as v from "valibot";
import { priorities } from "#shared/job/priority.ts";
import type { Place, Placed } from "../waiting-room.ts";

const text = v.fallback(v.string(), "");
const number = v.fallback(v.number(), 0);

/** A row of the table of orders. */
export const OrderRow = v.object({
  id: v.string(),
  tenant: v.string(),
  priority: v.picklist(priorities),
  class: v.number(),
  sequence: v.number(),
  added_at: v.number(),
  sealed: v.string(),
  claim_key: v.nullable(v.string()),
  claim_number: v.nullable(v.number()),
  state: v.picklist(["waiting", "offered", "accepted", "ending"]),
  number: v.number(),
  address: text,
  since: number,
  is_cancelled: v.number(),
  event: text,
  stride: v.number(),
});
export type OrderRow = v.InferOutput<typeof OrderRow>;

export function placedOf(row: OrderRow): Placed {
  const { id, tenant, priority, added_at: addedAt, sealed, claim_key: key, claim_number: claimNumber } = row;
  const claim = key !== null && claimNumber !== null ? { key, number: claimNumber } : undefined;
  return { id, tenant, priority, addedAt, sealed, ...(claim && { claim }), place: placeOf(row) };
}

export function placeOf({ state, number, address, since, is_cancelled, event }: OrderRow): Place {
  switch (state) {
    case "waiting":
      return { state, number };
    case "offered":
      return { state, number, address, offeredAt: since, isCancelled: is_cancelled === 1 };
    case "accepted":
      return { state, address, acceptedAt: since, isCancelled: is_cancelled === 1 };
    case "ending":
      return { state, event };
  }
}
