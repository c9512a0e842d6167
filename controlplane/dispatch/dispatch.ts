import type { ControlPlaneMetrics } from "#controlplane/metrics.ts";
import type { FindRepeat, Repeat } from "#controlplane/orders/idempotency.ts";
import type { AcceptedJob } from "#controlplane/watch/hub.ts";
import type { Link } from "#controlplane/workers/link.ts";
import { Fault } from "#shared/fault.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { makeAnswers } from "./answers.ts";
import { offer } from "./offer.ts";
import { isRefusal, type Refusal } from "./refusals.ts";
import type { Search, SearchOptions } from "./search.ts";
import type { SubmitJob } from "./submit-job.ts";

export type Dispatch = ReturnType<typeof makeDispatch>;

export type DispatchOptions = {
  /** The worker to ask first; absent: round robin. */
  first?: Link | undefined;
  /** Called before a new job is made, not for a repeated order. When it throws, no job is made. */
  begin?(): void;
};

type Options = SubmitJob & {
  search: Search;
  newId(): string;
  findRepeat: FindRepeat;
  metrics: Pick<ControlPlaneMetrics, "offered" | "accepted">;
};

export function makeDispatch({ search, ...options }: Options) {
  const counted = async (link: Link, offered: ReturnType<typeof offer>) => {
    const answer = await offered.catch((error) => {
      options.metrics.offered(link.address, "refused");
      throw error;
    });
    options.metrics.offered(link.address, nameOf(answer));
    return answer;
  };
  const traced = (order: JobRequestInit, { first, begin, ...how }: DispatchOptions & Omit<SearchOptions, "first">) => {
    const began = performance.now();
    const ask = async (link: Link, waitedMs: number) => {
      const offered = offer(link, { ...order, coldStartMs: coldStart(waitedMs) }, { ...options, begin });
      const answer = await counted(link, offered);
      if (isAccepted(answer)) options.metrics.accepted(link.address, (performance.now() - began) / 1_000);
      return answer;
    };
    return options.trace.span("dispatch", {}, () => search.find(ask, { ...how, first }));
  };

  return {
    /**
     * Finds a worker for an order, or the job that the order's idempotency key already made. The signal ends the search;
     * it does not end a job that a worker has accepted.
     */
    async any(order: JobRequestInit, signal: AbortSignal, how: DispatchOptions) {
      const answers = makeAnswers();
      const found = await traced(order, { ...how, answers, signal, mayWake: true });
      if (found) return found;
      throw search.whyNot(answers);
    },
    /** The same among connected workers only; undefined when none of them takes the order now. */
    async connected(order: JobRequestInit, signal: AbortSignal, how: DispatchOptions) {
      const answers = makeAnswers();
      const found = await traced(order, { ...how, answers, signal, mayWake: false });
      if (!found && answers.isRefused()) throw answers.asFault();
      return found;
    },
  };
}

/** The cold start in a wait of so many milliseconds; under a second a running machine was only connected to. */
const coldStart = (waitedMs: number) => BigInt(waitedMs < 1_000 ? 0 : Math.round(waitedMs));

const isAccepted = (answer: AcceptedJob | Repeat | Refusal): answer is AcceptedJob =>
  !isRefusal(answer) && !("view" in answer);

function nameOf(answer: AcceptedJob | Repeat | Refusal) {
  if (answer instanceof Fault) return "refused";
  if (typeof answer === "string") return answer;
  return "view" in answer ? "repeat" : "accepted";
}
