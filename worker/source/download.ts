import { open } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import { RequestFailure } from "#shared/net/request-failure.ts";
import { decoded } from "./decoded.ts";
import { canDownloadInParallel, downloadInParallel, type ParallelOptions } from "./parallel-download.ts";
import { downloadPart } from "./part-download.ts";
import { nothing, type PartialSource, partBefore, type RequestSource, rangeHeaders } from "./range-request.ts";
import { retryRequest, type SourceRetry } from "./retry-policy.ts";
import type { LocateBytes, OnBytes, Source } from "./source.ts";
import { makeSourceWriter, type SourceLimits } from "./source-writer.ts";

export type DownloadOptions = SourceLimits & ParallelOptions & { retry?: SourceRetry };

/** Downloads a source to `dir/source`, decoded if its server compresses. After a cut it resumes, and never mixes two versions of the source. */
export async function downloadSource(
  askEncoded: RequestSource,
  dir: string,
  options: DownloadOptions,
  signal: AbortSignal,
  onBytes?: OnBytes,
  locate?: LocateBytes,
): Promise<Source> {
  const ask: RequestSource = async (headers, signal) => decoded(await askEncoded(headers, signal), options);
  const part = locate && (await downloadPart(ask, dir, { ...options, locate }, signal, onBytes));
  if (part) return part;
  const path = join(dir, "source");
  await using file = await open(path, "w");
  const writer = makeSourceWriter({ file, dir, onBytes }, options);
  let held: PartialSource = nothing;
  let mayBeParallel = true;

  const fetchRest = async () => {
    using answer = await ask(rangeHeaders(held), signal);
    const before = partBefore(held, answer);
    held = before ?? nothing;
    if (!before) throw new RequestFailure("cannot be continued where it broke off", { transient: true });
    await writer.begin(held);
    if (mayBeParallel && canDownloadInParallel(held, answer, options)) {
      mayBeParallel = false;
      held = await downloadInParallel({ part: held, answer, ask, writer, options, signal });
    } else {
      for await (const piece of answer.body) {
        await writer.write(piece, held.bytes);
        held = { ...held, bytes: held.bytes + piece.length };
      }
    }
    if (held.bytes < (before.total ?? 0)) throw new RequestFailure("ended too early", { transient: true });
  };

  try {
    await retryRequest(fetchRest, () => held.bytes, options.retry, signal);
    if (held.bytes === 0) throw new RequestFailure("is empty");
    return { path, bytes: held.bytes };
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    signal.throwIfAborted();
    throw new Fault("source_failed", `the source ${error.message}`, { cause: error });
  }
}
