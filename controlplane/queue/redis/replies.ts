import * as v from "valibot";
import { priorities } from "#shared/job/priority.ts";
import { placedOf, StoredOrder } from "../stored-order.ts";
import type { Placed, RoomSummary } from "../waiting-room.ts";

const count = v.pipe(v.union([v.number(), v.string()]), v.transform(Number));

/** The fields of an order, in the order in which scripts answer with them. */
export const orderFields = Object.keys(StoredOrder.entries);

/** Reads the order that a script answers with; undefined for none. */
export const placedIn = (reply: unknown): Placed | undefined => {
  if (reply === null || reply === undefined) return undefined;
  const values = v.parse(v.array(v.unknown()), reply);
  return placedOf(v.parse(StoredOrder, Object.fromEntries(orderFields.map((name, at) => [name, values[at]]))));
};

/** Reads a list of orders. */
export const placedList = (reply: unknown): Placed[] =>
  v.parse(v.array(v.unknown()), reply).flatMap((row) => placedIn(row) ?? []);

const orUndefined = <const S extends v.GenericSchema>(schema: S) =>
  v.pipe(
    v.nullable(schema),
    v.transform((found) => found ?? undefined),
  );

export const ids = v.array(v.string());
export const positions = v.array(orUndefined(v.number()));
export const optionalText = orUndefined(v.string());
export const added = v.union([
  v.picklist(["known", "full", "tenant_full", "closed"]),
  v.pipe(
    v.number(),
    v.transform((position) => ({ position })),
  ),
]);

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
