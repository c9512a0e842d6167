import { retry } from "#shared/async/retry.ts";
import type { Answer } from "#worker/net/guarded-request.ts";
import { RequestFailure } from "#worker/net/request-failure.ts";
import { extend, type Stretch, stretchesOf, takeNext, wholeUntil } from "./byte-ranges.ts";
import { nothing, type Part, partBefore, rangeHeaders } from "./part.ts";
import { type SourceRetry, sourceRetry } from "./retry-policy.ts";
import type { Intake } from "./source-writer.ts";
import type { AskSource } from "./spool.ts";

export type Division = {
  /** Sources of so many bytes and more are fetched over several connections. */
  divideFrom?: number;
  connections?: number;
  /** Fewer bytes are not worth a connection of their own. */
  leastStretch?: number;
};

type Known = Part & { total: number; validator: string };

/** Whether the answer's server knows ranges, tells which version they are of, and has enough of it left. */
export const isDivisible = (
  part: Part,
  { status, headers }: Answer,
  { divideFrom = 64 * 2 ** 20 }: Division,
): part is Known =>
  (status === 206 || headers["accept-ranges"] === "bytes") &&
  part.validator !== undefined &&
  part.total !== undefined &&
  part.total - part.bytes >= divideFrom;

type Task = {
  part: Known;
  /** What the first connection has begun to send. */
  answer: Answer;
  ask: AskSource;
  intake: Intake;
  options: Division & { retry?: SourceRetry };
  signal: AbortSignal;
};

/**
 * Fetches the rest of a source over several connections. Returns what is whole from its beginning on: all of it, less
 * when connections fail, nothing when ranges do not work after all. A connection that fails leaves its stretch to the
 * others, and the first one goes on to the end when nobody else does.
 */
export async function fetchDivided({ part, answer, ask, intake, options, signal }: Task): Promise<Part> {
  const { connections = 4, leastStretch = 4 * 2 ** 20 } = options;
  const stretches = stretchesOf(part.bytes, part.total, connections);
  let hasRanges = true;
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  stop.addEventListener("abort", () => answer[Symbol.dispose](), { once: true });

  const receive = async (stretch: Stretch, found: Answer) => {
    if (found !== answer) checkRange({ ...part, bytes: stretch.at }, found);
    for await (const piece of found.body) {
      stop.throwIfAborted();
      if (found === answer && stretch.at + piece.length >= stretch.end) extend(stretches, stretch);
      const wanted = piece.subarray(0, stretch.end - stretch.at);
      await intake.take(wanted, stretch.at);
      stretch.at += wanted.length;
      if (stretch.at >= stretch.end) return;
    }
    throw new RequestFailure("ended too early", { transient: true });
  };

  const fill = async (stretch: Stretch, begun?: Answer) => {
    let given = begun;
    const fetchRest = async () => {
      using found = given ?? (await ask(rangeHeaders({ ...part, bytes: stretch.at }, stretch.end), stop));
      given = undefined;
      await receive(stretch, found);
    };
    stretch.isHeld = true;
    try {
      await retry(
        fetchRest,
        sourceRetry(options.retry, () => stretch.at, stop),
      );
    } finally {
      stretch.isHeld = false;
    }
  };

  const connect = async (first: Stretch, begun?: Answer) => {
    try {
      await fill(first, begun);
      for (let next = takeNext(stretches, leastStretch); next; next = takeNext(stretches, leastStretch)) {
        await fill(next);
      }
    } catch (error) {
      if (!(error instanceof RequestFailure)) failed.abort(error);
      else if (!error.transient) hasRanges = false;
    }
  };

  await Promise.all(stretches.map((stretch, n) => connect(stretch, n === 0 ? answer : undefined)));
  stop.throwIfAborted();
  const bytes = wholeUntil(stretches);
  return hasRanges || bytes === part.total ? { ...part, bytes } : nothing;
}

function checkRange(before: Part, found: Answer): void {
  const isRange = partBefore(before, found) !== undefined && found.status === 206;
  if (!isRange) throw new RequestFailure("sends no ranges of one version");
}
