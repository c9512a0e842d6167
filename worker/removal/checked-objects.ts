import { certificateKey } from "#shared/certificate/subjects.ts";
import { Fault } from "#shared/fault.ts";
import type { Order } from "#shared/job/order.ts";
import { lastOfEachKey, type PublishedObject } from "#shared/job/published-object.ts";
import { pathProblem } from "#shared/storage/key.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { stemOf } from "#worker/delivery/destination.ts";

type Recorded = {
  order: Order;
  /** The list beside the record. */
  listed: readonly PublishedObject[] | "damaged" | undefined;
  /** Whether the record says that there is, or was, a list. */
  isCounted: boolean;
  /** The folder of the records, in which no output lies. */
  recordPrefix: string;
};

/**
 * The objects that may be removed with a completed job, by key. Throws `conflict` when it is not known what the job has
 * published and something lies where its output was to go: what that is, only people can tell.
 */
export async function checkedObjects(
  { order, listed, isCounted, recordPrefix }: Recorded,
  storage: Storage,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, PublishedObject>> {
  if (Array.isArray(listed) && listed.every(({ key }) => isOwn(order, key, recordPrefix))) return lastOfEachKey(listed);
  // The list is removed when all that it names is, and only then the record.
  const isRemoved = listed === undefined && isCounted;
  if (isRemoved || !(await isAnythingAt(order, storage, signal))) return new Map();
  const { path } = order.output;
  const why = listed === undefined ? "a former version has recorded this job without" : "somebody has damaged";
  throw new Fault(
    "conflict",
    `${why} the list of what it has published: remove ${path} in ${storageName(order)} by hand, then repeat this for the record`,
  );
}

const storageName = ({ output }: Order) => `the storage ${output.storage}`;

/** What a storage holds is not trusted: the key must be one that a job with this order could have published. */
function isOwn({ jobId, output }: Order, key: string, recordPrefix: string): boolean {
  const { path, type } = output;
  if (output.certificate && key === certificateKey({ jobId, output })) return true;
  const begin = type === "single" ? stemOf(path) : path;
  return key.startsWith(begin) && pathProblem(key, recordPrefix) === undefined;
}

async function isAnythingAt({ output: { path, type } }: Order, storage: Storage, signal: AbortSignal) {
  if (type === "single") return (await storage.stat(path, signal)) !== undefined;
  for await (const _ of storage.list(path, signal, { after: path, limit: 1 })) return true;
  return false;
}
