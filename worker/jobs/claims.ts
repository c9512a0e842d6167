import { createHmac, randomUUID } from "node:crypto";
import * as v from "valibot";
import type { GetClaimRequest, JobRequest } from "#proto/worker/v1/worker_pb.js";
import { makeSerial } from "#shared/async/serial.ts";
import { Fault, invalidField } from "#shared/fault.ts";
import { isJobId } from "#shared/job/id.ts";
import type { Log } from "#shared/log.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { canDecide, type Storage } from "#shared/storage/storage.ts";

/** `secret` keeps a reader of the storage from trying which keys fit: the same for all workers. */
type Options = { storage: Storage; prefix: string; secret: string; now(): number; log?: Log };

type Asked = Pick<GetClaimRequest, "tenant" | "idempotencyKey" | "orderHash">;
type Claiming = Asked & Pick<JobRequest, "jobId" | "claim">;

export type Claims = ReturnType<typeof makeClaims>;

const Claim = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    job_id: v.pipe(v.string(), v.check(isJobId)),
    order: v.string(),
    admission: v.string(),
    claimed_at: v.string(),
  }),
);

const field = "Idempotency-Key";

const taken = () =>
  new Fault("conflict", `${field}: is another job's`, { fields: [{ field, message: "is another job's" }] });

// No job is called so: who looks for it finds that it is not there, and makes the next claim.
const nobody = "damaged-claim";

/**
 * What a claim says. Of one that a storage has damaged, the job if that can be read, which it begins with, else a job
 * that nobody has: rather than for ever the key is out of use until the next order with it.
 */
function claimIn(text: string): { jobId: string; order?: string } {
  const claim = v.safeParse(Claim, text);
  if (claim.success) return { jobId: claim.output.job_id, order: claim.output.order };
  return { jobId: /"job_id":"([A-Za-z0-9_-]{1,64})"/.exec(text)?.[1] ?? nobody };
}

/**
 * Which job an idempotency key stands for, beside the jobs' records: `<prefix>/claims/<HMAC of tenant and key>/<n>.json`.
 * The newest holds; each is made once and never changed, so that of all who try to make it only one accepts its job.
 */
export function makeClaims({ storage, prefix, secret, now, log }: Options) {
  // A full worker may be so because it is about to accept this very key's job: who asks then waits for the outcome.
  const making = makeSerial();

  const seal = (...parts: string[]) => createHmac("sha256", secret).update(JSON.stringify(parts)).digest("hex");
  const sealOf = ({ orderHash }: Asked) => seal("order", Buffer.from(orderHash).toString("hex"));

  const folderOf = ({ tenant, idempotencyKey }: Asked) => `${prefix}/claims/${seal("key", tenant, idempotencyKey)}/`;
  const checkPossible = async (signal: AbortSignal) => {
    if (!(await canDecide(storage, `${prefix}/`, signal)))
      throw invalidField(field, "the storage of records cannot keep claims; leave the header out");
  };

  return {
    /** The newest claim on a key. */
    async find(asked: Asked, signal: AbortSignal) {
      const folder = folderOf(asked);
      await checkPossible(signal);
      await making.idle(folder);
      const keys = await Array.fromAsync(storage.list(folder, signal));
      const number = Math.max(0, ...keys.map((key) => Number.parseInt(key.slice(folder.length), 10) || 0));
      const text = number > 0 ? await storage.read(`${folder}${number}.json`, signal) : undefined;
      if (text === undefined) return undefined;
      const { jobId, order } = claimIn(text);
      if (order === undefined) log?.error({ claim: `${folder}${number}.json`, job_id: jobId }, "a claim is damaged");
      return { number, jobId, sameOrder: order === undefined || order === sealOf(asked) };
    },

    /** Makes the claim of this number; throws `conflict` when it was made before. Then the job must not be accepted. */
    async make(asked: Claiming, signal: AbortSignal) {
      const folder = folderOf(asked);
      const claim = {
        job_id: asked.jobId,
        order: sealOf(asked),
        // Without it a job that is submitted again would find its own claim and take it for a new one.
        admission: randomUUID(),
        claimed_at: new Date(now()).toISOString(),
      };
      const key = `${folder}${asked.claim}.json`;
      const make = async () => {
        await checkPossible(signal);
        return await storage.create?.(key, `${JSON.stringify(claim)}\n`, headersFor(key), signal);
      };
      if (!(await making.run(folder, make))) throw taken();
    },
  };
}
