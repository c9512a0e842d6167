import type { Link } from "#controlplane/workers/link.ts";
import type { PlanResponse } from "#proto/worker/v1/worker_pb.js";
import { Fault, toFault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { isUnimplemented } from "#shared/rpc/fault-status.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import type { Trace } from "#shared/tracing/trace.ts";
import { makeAnswers } from "./answers.ts";
import { hindranceOf, statusOf } from "./offer.ts";
import { isRefusal, logRefusal, type Refusal, refusalIn } from "./refusals.ts";
import type { Search } from "./search.ts";

/** A dry run at a worker with room, which is woken if need be. The signal ends it, at the worker too. */
export type Plan = (request: JobRequestInit, signal: AbortSignal) => Promise<PlanResponse>;

type Options = {
  search: Search;
  /** Called when a worker has a slot again that a dry run had. */
  freed(address: string): void;
  trace: Trace;
  log: Log;
};

// A worker ends a plan by itself after 10 minutes.
const planTimeoutMs = 660_000;

export function makePlan({ search, freed, trace, log }: Options): Plan {
  return async (request, signal) => {
    const answers = makeAnswers();
    const ask = (link: Link) => planAt(link, request, { signal, freed, log });
    const found = await trace.span("plan", {}, () => search.find(ask, { answers, signal, mayWake: true }));
    if (found) return found;
    throw search.whyNot(answers);
  };
}

type Asking = Pick<Options, "freed" | "log"> & { signal: AbortSignal };

async function planAt(link: Link, request: JobRequestInit, asking: Asking): Promise<PlanResponse | Refusal> {
  const { signal, log } = asking;
  const status = await statusOf(link, log);
  if (isRefusal(status)) return status;
  if (!status.capabilities.includes("plan")) return "unable";
  const hindrance = hindranceOf(request, status);
  if (hindrance) return hindrance;
  try {
    return await link.ask((calls) => calls.plan(request, { signal, timeoutMs: planTimeoutMs }));
  } catch (error) {
    if (signal.aborted) return "failed";
    logRefusal(log, error, { worker: link.address }, "a worker made no plan");
    if (isUnimplemented(error)) return "unable";
    const refusal = refusalIn(toFault(error), false);
    if (refusal) return refusal;
    // The source may be what ended that worker: no other is asked to open it.
    throw new Fault("unreachable", "the worker stopped answering while it examined the source; try again later");
  } finally {
    asking.freed(link.address);
  }
}
