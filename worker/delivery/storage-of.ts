import { invalidField } from "#shared/fault.ts";
import type { Order } from "#shared/job/order.ts";
import { type Storages, storageKinds } from "#shared/storage/kinds.ts";
import type { Storage } from "#shared/storage/storage.ts";

/** The storage that an order names. */
export function storageOf({ output }: { output: Pick<Order["output"], "storage"> }, storages: Storages): Storage {
  const storage = storages.get(output.storage);
  if (!storage) {
    const known = [...storages.keys()].join(", ");
    const { setting } = storageKinds[output.storage];
    const message = `this worker has no storage "${output.storage}", which ${setting} would give it; it has ${known}`;
    throw invalidField("output.storage", message);
  }
  return storage;
}
