import { Fault } from "#shared/fault.ts";
import type { Job } from "#worker/job/job.ts";

/** Writes the order of a job to its journal: it is accepted when this resolves. Leaves nothing when it throws. */
export async function journalOrder({ journal, order }: Job) {
  try {
    await journal.order(order);
  } catch (cause) {
    await journal.remove().catch(() => {});
    throw new Fault("internal", "the order cannot be written to the work directory", { cause });
  }
}
