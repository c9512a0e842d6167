import { callTo } from "#controlplane/workers/call-span.ts";
import type { Link } from "#controlplane/workers/link.ts";
import { toFault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { isUnimplemented } from "#shared/rpc/fault-status.ts";
import type { Trace } from "#shared/tracing/trace.ts";
import type { HelpOutcome } from "./help-outcome.ts";
import type { OpenPiece } from "./open-pieces.ts";
import { logRefusal } from "./refusals.ts";

type Options = { signal: AbortSignal; trace: Trace; log: Log };

const method = "worker.v1.WorkerService/HelpJob";

/** Has a worker encode one piece of a job that another has. The signal ends that. Never rejects. */
export async function helpWithPiece(
  link: Link,
  request: { jobId: string } & OpenPiece,
  { signal, trace, log }: Options,
): Promise<HelpOutcome> {
  const about = { job_id: request.jobId, piece: request.piece, worker: link.address };
  try {
    const isDone = await trace.span(method, { kind: "client", attributes: callTo(link, method) }, async () => {
      let done = false;
      const messages = link.follow((calls, stop) => calls.helpJob(request, { signal: stop }), signal);
      for await (const message of messages) done = message.done;
      return done;
    });
    if (isDone) log.info(about, "a worker has encoded a piece of another's job");
    return isDone ? "done" : "unneeded";
  } catch (error) {
    if (signal.aborted) return "closed";
    logRefusal(log, error, about, "a worker did not encode a piece of another's job");
    return outcomeOf(error);
  }
}

function outcomeOf(error: unknown): HelpOutcome {
  const { kind } = toFault(error);
  if (kind === "busy") return "busy";
  return kind === "conflict" || kind === "invalid" || isUnimplemented(error) ? "unfit" : "failed";
}
