import type { Refusal } from "#controlplane/dispatch/refusals.ts";
import { type SubmitJob, submitJob } from "#controlplane/dispatch/submit-job.ts";
import { JobFault } from "#controlplane/orders/job-fault.ts";
import type { AcceptedJob } from "#controlplane/watch/hub.ts";
import type { Link } from "#controlplane/workers/link.ts";
import { Fault, toFault } from "#shared/fault.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";

/**
 * What a worker made of a waiting order. `refused`: it cannot run it now, or lacks what the order needs. `wrong`: no
 * worker would take it. `claimed`: this try is claimed, and not by a job that this worker has. `ended`: the job has
 * ended already. `unknown`: the worker may have it.
 */
export type HandedOver =
  | { outcome: "accepted"; accepted: AcceptedJob }
  | { outcome: "refused"; refusal: Refusal }
  | { outcome: "wrong"; fault: Fault }
  | { outcome: "claimed" | "ended" | "unknown" };

/** Offers a waiting order to a worker as the try of this number. The same again joins the job if the worker has it. */
export async function handOver(
  link: Link,
  order: JobRequestInit,
  { jobId, number }: { jobId: string; number: number },
  options: SubmitJob,
): Promise<HandedOver> {
  try {
    const request = { ...order, jobId, queueTry: number, queueAddress: link.address };
    const answer = await submitJob(link, request, options);
    if (typeof answer === "string") return { outcome: "refused", refusal: answer };
    if (!(answer instanceof Fault)) return { outcome: "accepted", accepted: answer };
    const blamed = answer.fields[0]?.field;
    if (blamed === "queue_try") return { outcome: "claimed" };
    return blamed === "queue_end" ? { outcome: "ended" } : { outcome: "refused", refusal: answer };
  } catch (error) {
    return error instanceof JobFault ? { outcome: "unknown" } : { outcome: "wrong", fault: toFault(error) };
  }
}
