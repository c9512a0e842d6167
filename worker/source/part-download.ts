import { open } from "node:fs/promises";
import { join } from "node:path";
import { RequestFailure } from "#shared/net/request-failure.ts";
import { type ByteSpan, joinedSpans, missingSpans, sizeOf } from "./byte-spans.ts";
import { findIndex } from "./mp4-index.ts";
import { type RequestSource, rangeOf } from "./range-request.ts";
import { retryRequest, type SourceRetry } from "./retry-policy.ts";
import type { LocateBytes, OnBytes, Source } from "./source.ts";
import { checkSize, makeSourceWriter, type SourceLimits } from "./source-writer.ts";

type Options = SourceLimits & { retry?: SourceRetry; connections?: number };

/** How much comes with the first answer: the head of most files, and its index where that is small. */
const headBytes = 64 * 1_024;
/** As long as a request takes, about so many bytes come; of a small source less is fetched in vain. */
const gapBytes = 128 * 1_024;
const gapShare = 0.02;
/** A film lies in few spans; of many small ones each would be asked for by itself. */
const mostSpans = 500;
/** From which share of a source on it is fetched whole, in one go. */
const mostShare = 0.5;

/**
 * Downloads what `locate` finds to be needed of an mp4 or mov to `dir/source`, a file with holes as long as the source.
 * All comes under one strong ETag (RFC 9110, section 8.8.1). Undefined where that cannot be, or does not pay: nothing is
 * left of it then.
 */
export async function downloadPart(
  ask: RequestSource,
  dir: string,
  { locate, ...options }: Options & { locate: LocateBytes },
  signal: AbortSignal,
  onBytes?: OnBytes,
): Promise<Source | undefined> {
  const path = join(dir, "source");
  await using file = await open(path, "w+");
  const writer = makeSourceWriter({ file, dir, onBytes }, options);
  const held: ByteSpan[] = [];
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  try {
    const { total, etag } = await first(ask, writer.write, stop);
    checkSize(total, options.maxBytes ?? Number.POSITIVE_INFINITY);
    if (total <= headBytes) return undefined;
    held.push({ from: 0, to: headBytes });
    await file.truncate(total);
    const fetchSpan = (span: ByteSpan) =>
      receive({ ask, write: writer.write, retry: options.retry, signal: stop }, span, etag);
    const need = async (wanted: readonly ByteSpan[]) => {
      const missing = missingSpans(wanted, held);
      if (sizeOf(held) + sizeOf(missing) > total * mostShare) return false;
      await inTurns(missing, options.connections ?? 4, fetchSpan);
      held.push(...missing);
      return true;
    };
    if (!(await findIndex(file, total, need))) return undefined;
    const located = await locate(path);
    const spans = located && joinedSpans(located, total, Math.min(gapBytes, total * gapShare));
    if (!spans || spans.length > mostSpans || !(await need(spans))) return undefined;
    return { path, bytes: total, fetched: sizeOf(held) };
  } catch (error) {
    if (error instanceof RequestFailure) return undefined;
    throw error;
  } finally {
    // Where one span fails, the others are on their way yet.
    ended.abort();
  }
}

type Write = (piece: Uint8Array, at: number) => Promise<void>;

/** The first bytes of a source, and what names its version. */
async function first(ask: RequestSource, write: Write, signal: AbortSignal) {
  using answer = await ask({ range: `bytes=0-${headBytes - 1}` }, signal);
  const range = rangeOf(answer);
  if (range?.from !== 0) throw new RequestFailure("sends no ranges of one version");
  await writeBody(answer.body, { from: 0, to: Math.min(headBytes, range.total) }, write);
  return range;
}

type Receiving = { ask: RequestSource; write: Write; retry: SourceRetry | undefined; signal: AbortSignal };

async function receive({ ask, write, retry, signal }: Receiving, span: ByteSpan, etag: string) {
  let at = span.from;
  const fetchRest = async () => {
    using answer = await ask({ range: `bytes=${at}-${span.to - 1}`, "if-range": etag }, signal);
    const range = rangeOf(answer);
    if (!range || range.from !== at || range.etag !== etag) throw new RequestFailure("sends no ranges of one version");
    await writeBody(answer.body, { from: at, to: span.to }, async (piece, from) => {
      await write(piece, from);
      at = from + piece.length;
    });
  };
  await retryRequest(fetchRest, () => at, retry, signal);
}

async function writeBody(body: AsyncIterable<Uint8Array>, { from, to }: ByteSpan, write: Write) {
  let at = from;
  for await (const piece of body) {
    const wanted = piece.subarray(0, to - at);
    await write(wanted, at);
    at += wanted.length;
    if (at >= to) return;
  }
  throw new RequestFailure("ended too early", { transient: true });
}

/** Does something with each, so many at a time. */
async function inTurns<T>(items: readonly T[], count: number, act: (item: T) => Promise<void>) {
  const left = [...items];
  const turn = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: count }, turn));
}
