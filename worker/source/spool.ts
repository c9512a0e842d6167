import { open } from "node:fs/promises";
import { join } from "node:path";
import { retry } from "#shared/async/retry.ts";
import { Fault } from "#shared/fault.ts";
import type { Answer } from "#worker/net/guarded-request.ts";
import { RequestFailure } from "#worker/net/request-failure.ts";
import type { OnBytes, Source } from "./open-source.ts";
import { type Division, fetchDivided, isDivisible } from "./parallel-download.ts";
import { nothing, type Part, partBefore, rangeHeaders } from "./part.ts";
import { type SourceRetry, sourceRetry } from "./retry-policy.ts";
import { type IntakeLimits, makeIntake } from "./source-writer.ts";

export type SpoolOptions = IntakeLimits & Division & { retry?: SourceRetry };

/** Asks for a source, or for the range of it that headers name as HTTP does. */
export type AskSource = (headers: Record<string, string>, signal: AbortSignal) => Promise<Answer>;

/** Brings a source to `dir/source`; after a cut it goes on where it broke off, with never a mix of two versions. */
export async function spool(
  ask: AskSource,
  dir: string,
  options: SpoolOptions,
  signal: AbortSignal,
  onBytes?: OnBytes,
): Promise<Source> {
  const path = join(dir, "source");
  await using file = await open(path, "w");
  const intake = makeIntake({ file, dir, onBytes }, options);
  let held: Part = nothing;
  let mayDivide = true;

  const fetchRest = async () => {
    using answer = await ask(rangeHeaders(held), signal);
    const before = partBefore(held, answer);
    held = before ?? nothing;
    if (!before) throw new RequestFailure("cannot be continued where it broke off", { transient: true });
    await intake.begin(held);
    if (mayDivide && isDivisible(held, answer, options)) {
      mayDivide = false;
      held = await fetchDivided({ part: held, answer, ask, intake, options, signal });
    } else {
      for await (const piece of answer.body) {
        await intake.take(piece, held.bytes);
        held = { ...held, bytes: held.bytes + piece.length };
      }
    }
    if (held.bytes < (before.total ?? 0)) throw new RequestFailure("ended too early", { transient: true });
  };

  try {
    await retry(
      fetchRest,
      sourceRetry(options.retry, () => held.bytes, signal),
    );
    if (held.bytes === 0) throw new RequestFailure("is empty");
    return { path, bytes: held.bytes };
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    signal.throwIfAborted();
    throw new Fault("source_failed", `the source ${error.message}`, { cause: error });
  }
}
