import { abortable } from "#shared/async/abortable.ts";
import { Fault } from "#shared/fault.ts";
import type { Order } from "#shared/job/order.ts";
import type { Storage } from "#shared/storage/storage.ts";

/** The encode begins after this time, in milliseconds, even if the storage has not answered. */
const timeoutMs = 5_000;

// Refusals that are repeated however often one asks, by a file system's code, a store's error or a server's reply. What
// may be over when the job has encoded, such as a full disk, is left to the delivery, which retries for longer.
const lasting = new Set([
  ...["EACCES", "EPERM", "EROFS", "EEXIST", "EISDIR", "ENOTDIR", "ENOENT", "ENAMETOOLONG", "ELOOP"],
  ...["AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "550", "553"],
]);

/** Throws, before a source is fetched for it, when a job's output could not be written where it is to go. */
export async function tryDestination(
  { jobId, output }: Pick<Order, "jobId" | "output">,
  storage: Storage,
  signal: AbortSignal,
): Promise<void> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const key = output.type === "single" ? output.path : `${output.path}.trial`;
  try {
    const tried = storage.tryWrite?.(key, jobId, over);
    // The trial goes on and removes what it began, so that no unfinished upload is left in the storage.
    if (tried) await abortable(tried, over);
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Fault ? lastingReason(error.cause) : undefined;
    if (!(error instanceof Fault) || why === undefined) return;
    throw new Fault(error.kind, `${error.message}: ${output.path} (${why})`, { cause: error.cause });
  }
}

/** Why a storage refuses permanently, in its own words but without its paths. */
function lastingReason(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const code = "code" in cause ? String(cause.code) : cause.name;
  if (!lasting.has(code) && !lasting.has(cause.name)) return undefined;
  // The messages of system errors in Bun and Node: "EACCES: permission denied, open '/path'".
  return /^[A-Z]+: [^,]+/.exec(cause.message)?.[0] ?? code;
}
