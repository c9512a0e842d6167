import type { JobUpdate } from "#shared/job/event.ts";
import { factsFromJson } from "#shared/job/facts.ts";
import type { Storages } from "#shared/storage/kinds.ts";
import { type DeliveryDeps, openOutput } from "#worker/delivery/output.ts";
import type { RetainedOutput, RetainedOutputs } from "#worker/delivery/retained-outputs.ts";
import { storageOf } from "#worker/delivery/storage-of.ts";
import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";

type Deps = { storages: Storages; delivery: DeliveryDeps };

/** The output of the ended job that this one repeats, if it is retained here. */
export async function retainedFor({ order, journal }: Job, retained: RetainedOutputs) {
  if (!order.retryOf) return undefined;
  const found = await retained.take(order.retryOf, journal);
  for (const key of found?.uploads ?? []) await journal.uploading(key);
  await journal.uploaded(found?.objects ?? []);
  return found;
}

/** Delivers it without encoding anything. */
export async function deliverRetained(
  job: Job,
  reporter: Reporter,
  retained: RetainedOutput,
  { storages, delivery }: Deps,
): Promise<JobUpdate> {
  reporter.report({ status: "processing", progress: 100, message: "Delivering what was encoded before" });
  const shape = { entries: retained.entries, isMedia: () => false, samples: [] };
  const facts = factsFromJson(retained.facts ?? {});
  job.setSources(facts);
  const output = await openOutput(
    job,
    reporter,
    job.meter.storage(storageOf(job.order, storages)),
    shape,
    { ours: new Set(), retained },
    delivery,
  );
  try {
    return await output.publish({ facts, made: retained.made });
  } finally {
    await output.end();
  }
}
