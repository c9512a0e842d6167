import * as v from "valibot";
import { StoredOrder } from "../stored-order.ts";

/** A row of the table of orders. */
export const OrderRow = v.object({
  ...StoredOrder.entries,
  class: v.number(),
  sequence: v.number(),
  stride: v.number(),
});
export type OrderRow = v.InferOutput<typeof OrderRow>;
