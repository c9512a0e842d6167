import type { PublishedObject } from "#shared/job/published-object.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { entriesFirst } from "#worker/delivery/leftovers.ts";
import type { Step } from "#worker/job/steps.ts";

/** How many objects of a job were removed, and the keys of those that are not as the job has published them. */
export type RemovedObjects = { removed: number; different: string[] };

/** Removes the objects that are as a job has published them, its entries first. Those that others have replaced stay. */
export async function removeObjects(
  storage: Storage,
  objects: ReadonlyMap<string, PublishedObject>,
  step: Step,
  signal: AbortSignal,
): Promise<RemovedObjects> {
  let removed = 0;
  const different: string[] = [];
  const remove = async (key: string) => {
    const object = objects.get(key);
    const found = object ? await storage.compare(key, object, signal) : "missing";
    if (found === "different") different.push(key);
    if (found !== "same") return;
    await storage.remove(key, signal);
    removed += 1;
  };
  await entriesFirst(objects.keys(), (key) => step("remove-object", () => remove(key)));
  return { removed, different: different.sort() };
}
