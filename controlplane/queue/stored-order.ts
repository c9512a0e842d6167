import * as v from "valibot";
import { priorities } from "#shared/job/priority.ts";
import type { Place, Placed } from "./waiting-room.ts";

// SQLite has null where there is nothing, and Redis an empty text; what Redis keeps is all text.
const text = v.pipe(
  v.nullable(v.string()),
  v.transform((found) => found ?? ""),
);
const number = v.pipe(v.nullable(v.union([v.number(), v.string()])), v.transform(Number));

/** An order as the engines of a waiting room store it. */
export const StoredOrder = v.object({
  id: v.string(),
  tenant: v.string(),
  priority: v.picklist(priorities),
  added_at: number,
  sealed: v.string(),
  claim_key: text,
  claim_number: number,
  state: v.picklist(["waiting", "offered", "accepted", "ending"]),
  number,
  address: text,
  since: number,
  is_cancelled: number,
  event: text,
});
type StoredOrder = v.InferOutput<typeof StoredOrder>;

export function placedOf(stored: StoredOrder): Placed {
  const { id, tenant, priority, added_at: addedAt, sealed, claim_key: key, claim_number: claimNumber } = stored;
  const claim = key !== "" && { claim: { key, number: claimNumber } };
  return { id, tenant, priority, addedAt, sealed, ...claim, place: placeOf(stored) };
}

export function placeOf({ state, number, address, since, is_cancelled, event }: StoredOrder): Place {
  const isCancelled = is_cancelled === 1;
  switch (state) {
    case "waiting":
      return { state, number };
    case "offered":
      return { state, number, address, offeredAt: since, isCancelled };
    case "accepted":
      return { state, address, acceptedAt: since, isCancelled };
    case "ending":
      return { state, event };
  }
}
