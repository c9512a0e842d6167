import { invalidField } from "#shared/fault.ts";
import type { Order } from "#shared/job/order.ts";
import type { Storage, Storages } from "#shared/storage/storage.ts";

/** The storage that an order names. */
export function storageOf({ output }: Pick<Order, "output">, storages: Storages): Storage {
  const storage = storages.get(output.storage);
  if (!storage) {
    const known = [...storages.keys()].join(", ");
    throw invalidField("output.storage", `this worker has no storage "${output.storage}"; it has ${known}`);
  }
  return storage;
}

/** The key of one of an output's files: the path itself for a single file, under it for many. */
export const keyOf = ({ output }: Pick<Order, "output">, name: string) =>
  output.type === "single" ? output.path : `${output.path}${name}`;
