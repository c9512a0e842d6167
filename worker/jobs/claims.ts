import { createHmac, randomUUID } from "node:crypto";
import * as v from "valibot";
import type { GetClaimRequest, JobRequest } from "#proto/worker/v1/worker_pb.js";
import { Fault, invalidField } from "#shared/fault.ts";
import { aboutFile } from "#shared/storage/about.ts";
import type { Storage } from "#shared/storage/storage.ts";

/** `secret` keeps a reader of the storage from trying which keys fit: the same for all workers. */
type Options = { storage: Storage; prefix: string; secret: string; now(): number };

type Asked = Pick<GetClaimRequest, "tenant" | "idempotencyKey" | "orderHash">;
type Claiming = Asked & Pick<JobRequest, "jobId" | "claim">;

export type Claims = ReturnType<typeof makeClaims>;

const Claim = v.object({ job_id: v.string(), order: v.string(), admission: v.string(), claimed_at: v.string() });

const field = "Idempotency-Key";

const taken = () =>
  new Fault("conflict", `${field}: is another job's`, { fields: [{ field, message: "is another job's" }] });

/**
 * Which job an idempotency key stands for, beside the jobs' records: `<prefix>/claims/<HMAC of tenant and key>/<n>.json`.
 * The newest holds; each is made once and never changed, so that of all who try to make it only one accepts its job.
 */
export function makeClaims({ storage, prefix, secret, now }: Options) {
  // A full worker may be so because it is about to accept this very key's job: who asks then waits for the outcome.
  const making = new Map<string, Promise<unknown>>();

  const seal = (...parts: string[]) => createHmac("sha256", secret).update(JSON.stringify(parts)).digest("hex");
  const sealOf = ({ orderHash }: Asked) => seal("order", Buffer.from(orderHash).toString("hex"));

  const folderOf = ({ tenant, idempotencyKey }: Asked) => {
    if (!storage.create) throw invalidField(field, "the storage of records cannot keep claims; leave the header out");
    return `${prefix}/claims/${seal("key", tenant, idempotencyKey)}/`;
  };

  return {
    /** The newest claim on a key. */
    async find(asked: Asked, signal: AbortSignal) {
      const folder = folderOf(asked);
      await making.get(folder)?.catch(() => {});
      const keys = await Array.fromAsync(storage.list(folder, signal));
      const number = Math.max(0, ...keys.map((key) => Number.parseInt(key.slice(folder.length), 10) || 0));
      const text = number > 0 ? await storage.read(`${folder}${number}.json`, signal) : undefined;
      if (text === undefined) return undefined;
      const { job_id: jobId, order } = v.parse(Claim, JSON.parse(text));
      return { number, jobId, sameOrder: order === sealOf(asked) };
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
      const make = async () => storage.create?.(key, `${JSON.stringify(claim)}\n`, aboutFile(key), signal);
      const turn = making.get(folder)?.then(make, make) ?? make();
      making.set(folder, turn);
      try {
        if (!(await turn)) throw taken();
      } finally {
        if (making.get(folder) === turn) making.delete(folder);
      }
    },
  };
}
