import { createHmac, randomUUID } from "node:crypto";
import * as v from "valibot";
import type { GetClaimRequest, JobRequest } from "#proto/worker/v1/worker_pb.js";
import { makeSerial } from "#shared/async/serial.ts";
import { fieldFault, invalidField } from "#shared/fault.ts";
import { isJobId } from "#shared/job/id.ts";
import { fromJsonText } from "#shared/json-text.ts";
import type { Log } from "#shared/log.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { canDecide, type Storage } from "#shared/storage/storage.ts";

type Options = {
  storage: Storage;
  /** The folder of the records. */
  prefix: string;
  /** The same for all workers. Without it, a reader of the storage cannot find out which keys were used. */
  secret: string;
  now(): number;
  log?: Log;
};

type Asked = Pick<GetClaimRequest, "tenant" | "idempotencyKey" | "orderHash">;
type Claiming = Asked & Pick<JobRequest, "jobId" | "claim">;

export type Claims = ReturnType<typeof makeClaims>;

const Claim = v.object({
  job_id: v.pipe(v.string(), v.check(isJobId)),
  order: v.string(),
  admission: v.string(),
  claimed_at: v.string(),
});

/** The setting IDEMPOTENCY_SECRET. */
export const idempotencySecret = v.union([
  v.literal(""),
  v.pipe(v.string(), v.minLength(16, "use at least 16 characters")),
]);

const field = "Idempotency-Key";

// No job has this id: a lookup finds that it does not exist, and the next claim is made.
const nobody = "damaged-claim";

/**
 * What a claim says. A damaged one still names its job if its beginning can be read; otherwise it names a job that does not
 * exist, so that the next order with the key makes a new claim, and the key is not unusable for ever.
 */
function claimIn(text: string): { jobId: string; order?: string } {
  const claim = fromJsonText(Claim, text);
  if (claim) return { jobId: claim.job_id, order: claim.order };
  return { jobId: /"job_id":"([A-Za-z0-9_-]{1,64})"/.exec(text)?.[1] ?? nobody };
}

const sealBy =
  (secret: string) =>
  (...parts: string[]) =>
    createHmac("sha256", secret).update(JSON.stringify(parts)).digest("hex");

/** Names the folder of a key's claims: the HMAC of tenant and key in 64 hex digits. */
export const claimKeyOf =
  (secret: string) =>
  ({ tenant, idempotencyKey }: Pick<Asked, "tenant" | "idempotencyKey">): string =>
    sealBy(secret)("key", tenant, idempotencyKey);

/**
 * Removes the claims of an ended job from a folder of claims. The newest number of a key must not be used a second time soon:
 * `isLongOver` says that the job ended so long ago that nobody remembers that number.
 */
export async function removeClaims(
  storage: Pick<Storage, "list" | "read" | "remove">,
  folder: string,
  { jobId, isLongOver }: { jobId: string; isLongOver: boolean },
  signal: AbortSignal,
) {
  const keys = await Array.fromAsync(storage.list(folder, signal));
  const isOnlyFirst = keys.length === 1 && keys[0] === `${folder}1.json`;
  if (!isLongOver && !isOnlyFirst) return;
  for (const key of keys) {
    const text = await storage.read(key, signal);
    if (text !== undefined && claimIn(text).jobId === jobId) await storage.remove(key, signal);
  }
}

/**
 * Claims say which job an idempotency key stands for. They lie beside the records:
 * `<prefix>/claims/<HMAC of tenant and key>/<n>.json`. The newest one counts. A claim is created once and never changed, so
 * that of all workers that try to create it only one accepts its job.
 */
export function makeClaims({ storage, prefix, secret, now, log }: Options) {
  // A worker may be full because it is just accepting the job of this key: a lookup then waits for the outcome.
  const making = makeSerial();

  const seal = sealBy(secret);
  const sealOf = ({ orderHash }: Asked) => seal("order", Buffer.from(orderHash).toString("hex"));

  const keyOf = claimKeyOf(secret);
  const folderOf = (asked: Asked) => `${prefix}/claims/${keyOf(asked)}/`;
  const checkPossible = async (signal: AbortSignal) => {
    if (!(await canDecide(storage, `${prefix}/`, signal)))
      throw invalidField(field, "the storage of records cannot keep claims; leave the header out");
  };

  return {
    /** The name of the folder of a key's claims: the HMAC of tenant and key in 64 hex digits. */
    keyOf,

    /** The newest claim of a key, if there is one. */
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

    /** Creates the claim of this number. Throws `conflict` when it exists already: the job must not be accepted then. */
    async make(asked: Claiming, signal: AbortSignal) {
      const folder = folderOf(asked);
      const claim = {
        job_id: asked.jobId,
        order: sealOf(asked),
        // Distinguishes two submissions of one job: the second must not take the claim of the first for its own.
        admission: randomUUID(),
        claimed_at: new Date(now()).toISOString(),
      };
      const key = `${folder}${asked.claim}.json`;
      const make = async () => {
        await checkPossible(signal);
        return await storage.create?.(key, `${JSON.stringify(claim)}\n`, headersFor(key), signal);
      };
      if (!(await making.run(folder, make))) throw fieldFault("conflict", field, "is another job's");
    },
  };
}
