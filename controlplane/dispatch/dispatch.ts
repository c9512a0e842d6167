import type { Link } from "#controlplane/workers/link.ts";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { awaken } from "./awaken.ts";
import { type Accepted, type JobRequestInit, offer, type Refusal } from "./offer.ts";
import { makeRing } from "./ring.ts";

/** Finds a worker for an order. The signal ends the search; a job that a worker has taken is not ended by it. */
export type Dispatch = (order: JobRequestInit, signal: AbortSignal) => Promise<Accepted>;

type Options = { links: readonly Link[]; startupTimeoutMs: number; newId(): string; log: Log };

export function makeDispatch({ links, ...options }: Options): Dispatch {
  const ring = makeRing(links);

  return async (order, signal) => {
    const answers = new Map<Link, Refusal>();
    const refusals = () => [...answers.values()];
    const inOrder = ring.inOrder().sort((a, b) => Number(a.failedRecently()) - Number(b.failedRecently()));
    const offerTo = async (link: Link) => {
      const answer = await offer(link, order, options);
      if (typeof answer === "object") ring.chose(link);
      // A worker that was about to stop refuses connections next: it is still the one to wait for.
      else if (answers.get(link) !== "later" || answer !== "failed") answers.set(link, answer);
      return answer;
    };

    const connected = inOrder.filter((link) => link.isConnected());
    const isEnough = () => refusals().includes("full") && !refusals().includes("later");
    const candidates = async function* () {
      yield* connected;
      const others = inOrder.filter((link) => answers.get(link) !== "full").sort(unaskedFirst);
      yield* awaken(others, { timeoutMs: options.startupTimeoutMs, isEnough, signal });
    };
    const unaskedFirst = (a: Link, b: Link) => Number(answers.has(a)) - Number(answers.has(b));

    for await (const link of candidates()) {
      if (signal.aborted) break;
      const answer = await offerTo(link);
      if (typeof answer === "object") return answer;
    }
    throw noTaker(refusals(), signal);
  };
}

function noTaker(refusals: readonly Refusal[], signal: AbortSignal): Fault {
  if (signal.aborted) return new Fault("busy", "the search for a worker was given up; try again");
  return refusals.some((refusal) => refusal !== "failed")
    ? new Fault("busy", "no worker has room; try again later")
    : new Fault("unreachable", "no worker answers; try again later");
}
