import { createHash } from "node:crypto";
import type { Order } from "#shared/job/order.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { canDecide, type Storage } from "#shared/storage/storage.ts";

/** Whether a job is the first of all that were ever delivered to its path. */
export type ClaimPath = (order: Pick<Order, "jobId" | "output">, signal: AbortSignal) => Promise<boolean>;

const timeoutMs = 10_000;

/**
 * Path claims lie beside the records, `<prefix>/paths/<SHA-256 of storage and path>.json`, and are never removed: caches may
 * keep a file for ever, so its name must not be used for other bytes. Where the storage cannot decide, no job is the first.
 */
export const makeClaimPath =
  ({ storage, prefix }: { storage: Storage; prefix: string }): ClaimPath =>
  async ({ jobId, output }, signal) => {
    const name = createHash("sha256").update(`${output.storage}:${output.path}`).digest("hex");
    const key = `${prefix}/paths/${name}.json`;
    const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const claimed = async () =>
      (await canDecide(storage, `${prefix}/`, over)) &&
      (await storage.create?.(key, `${JSON.stringify({ job_id: jobId })}\n`, headersFor(key), over));
    return (await claimed().catch(() => false)) ?? false;
  };
