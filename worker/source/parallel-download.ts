import type { Answer } from "#shared/net/guarded-request.ts";
import { RequestFailure } from "#shared/net/request-failure.ts";
import { type ByteRange, completeUntil, extend, nextRange, splitRange } from "./byte-ranges.ts";
import { nothing, type PartialSource, partBefore, type RequestSource, rangeHeaders } from "./range-request.ts";
import { retryRequest, type SourceRetry } from "./retry-policy.ts";
import type { SourceWriter } from "./source-writer.ts";

export type ParallelOptions = {
  /** Sources with at least so many missing bytes are fetched over several connections. Default: 64 MiB. */
  parallelFromBytes?: number;
  /** Default: 4. */
  connections?: number;
  /** No connection of its own is opened for fewer bytes. Default: 4 MiB. */
  minRangeBytes?: number;
};

type Resumable = PartialSource & { total: number; validator: string };

/** Whether the server sends ranges and names the version of the source, and enough of it is missing. */
export const canDownloadInParallel = (
  part: PartialSource,
  { status, headers }: Answer,
  { parallelFromBytes = 64 * 2 ** 20 }: ParallelOptions,
): part is Resumable =>
  (status === 206 || headers["accept-ranges"] === "bytes") &&
  part.validator !== undefined &&
  part.total !== undefined &&
  part.total - part.bytes >= parallelFromBytes;

type ParallelDownload = {
  part: Resumable;
  /** The answer of the first connection, which has begun to send. */
  answer: Answer;
  ask: RequestSource;
  writer: SourceWriter;
  options: ParallelOptions & { retry?: SourceRetry };
  signal: AbortSignal;
};

/**
 * Fetches the rest of a source over several connections. Returns how much of it is complete from its beginning on: all,
 * less when connections fail, nothing when ranges do not work after all. A connection that fails leaves its range to
 * the others, and the first one goes on to the end when no other does.
 */
export async function downloadInParallel(download: ParallelDownload): Promise<PartialSource> {
  const { part, answer, ask, writer, options, signal } = download;
  const { connections = 4, minRangeBytes = 4 * 2 ** 20 } = options;
  const ranges = splitRange(part.bytes, part.total, connections);
  let hasRanges = true;
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  stop.addEventListener("abort", () => answer[Symbol.dispose](), { once: true });

  const receive = async (range: ByteRange, found: Answer) => {
    if (found !== answer) checkRange({ ...part, bytes: range.at }, found);
    for await (const piece of found.body) {
      stop.throwIfAborted();
      if (found === answer && range.at + piece.length >= range.end) extend(ranges, range);
      const wanted = piece.subarray(0, range.end - range.at);
      await writer.write(wanted, range.at);
      range.at += wanted.length;
      if (range.at >= range.end) return;
    }
    throw new RequestFailure("ended too early", { transient: true });
  };

  const fill = async (range: ByteRange, begun?: Answer) => {
    let given = begun;
    const fetchRest = async () => {
      using found = given ?? (await ask(rangeHeaders({ ...part, bytes: range.at }, range.end), stop));
      given = undefined;
      await receive(range, found);
    };
    range.isHeld = true;
    try {
      await retryRequest(fetchRest, () => range.at, options.retry, stop);
    } finally {
      range.isHeld = false;
    }
  };

  const connect = async (first: ByteRange, begun?: Answer) => {
    try {
      await fill(first, begun);
      for (let next = nextRange(ranges, minRangeBytes); next; next = nextRange(ranges, minRangeBytes)) {
        await fill(next);
      }
    } catch (error) {
      if (!(error instanceof RequestFailure)) failed.abort(error);
      else if (!error.transient) hasRanges = false;
    }
  };

  await Promise.all(ranges.map((range, n) => connect(range, n === 0 ? answer : undefined)));
  stop.throwIfAborted();
  const bytes = completeUntil(ranges);
  return hasRanges || bytes === part.total ? { ...part, bytes } : nothing;
}

function checkRange(before: PartialSource, found: Answer): void {
  const isRange = partBefore(before, found) !== undefined && found.status === 206;
  if (!isRange) throw new RequestFailure("sends no ranges of one version");
}
