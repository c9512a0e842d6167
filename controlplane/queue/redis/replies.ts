import * as v from "valibot";
import { priorities } from "#shared/job/priority.ts";
import type { Place, Placed, RoomSummary } from "../waiting-room.ts";

const number = v.pipe(v.string(), v.transform(Number));
const count = v.pipe(v.union([v.number(), v.string()]), v.transform(Number));

// The fields in the order of `fields` in the scripts, after the id.
const Row = v.tuple([
  v.string(),
  v.string(),
  v.picklist(priorities),
  number,
  v.string(),
  v.string(),
  number,
  v.picklist(["waiting", "offered", "accepted", "ending"]),
  number,
  v.string(),
  number,
  v.picklist(["0", "1"]),
  v.string(),
]);

/** Reads the order that a script answers with; undefined for none. */
export const placedIn = (reply: unknown): Placed | undefined => {
  if (reply === null || reply === undefined) return undefined;
  const [id, tenant, priority, addedAt, sealed, key, claimNumber, state, number, address, since, isCancelled, event] =
    v.parse(Row, reply);
  const place = placeOf(state, { number, address, since, isCancelled: isCancelled === "1", event });
  return { id, tenant, priority, addedAt, sealed, ...(key && { claim: { key, number: claimNumber } }), place };
};

type Parts = { number: number; address: string; since: number; isCancelled: boolean; event: string };

function placeOf(state: Place["state"], { number, address, since, isCancelled, event }: Parts): Place {
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

/** Reads a list of orders. */
export const placedList = (reply: unknown): Placed[] =>
  v.parse(v.array(v.unknown()), reply).flatMap((row) => placedIn(row) ?? []);

export const ids = v.array(v.string());
export const positions = v.array(
  v.union([
    v.number(),
    v.pipe(
      v.null(),
      v.transform(() => undefined),
    ),
  ]),
);
export const added = v.union([
  v.picklist(["known", "full", "tenant_full", "closed"]),
  v.pipe(
    v.number(),
    v.transform((position) => ({ position })),
  ),
]);
export const optionalText = v.pipe(
  v.nullable(v.string()),
  v.transform((text) => text ?? undefined),
);

const ranks = v.pipe(
  v.picklist(["0", "1", "2"]),
  v.transform((rank) => priorities[Number(rank)] ?? "low"),
);
export const summary = v.pipe(
  v.tuple([v.array(v.tuple([v.string(), ranks, count])), v.array(v.string()), v.string(), count]),
  v.transform(
    ([waiting, running, oldest, ending]): RoomSummary => ({
      waiting: waiting.map(([tenant, priority, count]) => ({ tenant, priority, count })),
      running: pairs(running).map(([tenant, count]) => ({ tenant, count: Number(count) })),
      oldest: oldest === "" ? undefined : Number(oldest),
      ending,
    }),
  ),
);

const pairs = (texts: readonly string[]) =>
  Array.from({ length: texts.length / 2 }, (_, at) => [texts[2 * at] ?? "", texts[2 * at + 1] ?? ""] as const);
