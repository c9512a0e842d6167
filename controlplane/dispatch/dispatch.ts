import { idempotencyHeader } from "#controlplane/http/idempotency-key.ts";
import type { FindRepeat, Repeat } from "#controlplane/jobs/repeat.ts";
import type { Link } from "#controlplane/workers/link.ts";
import { Fault, invalidField } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { awaken } from "./awaken.ts";
import { type Accepted, offer, type Refusal } from "./offer.ts";
import { makeRing } from "./ring.ts";

/**
 * Finds a worker for an order, or the job that the order's key stands for. The signal ends the search; a job that a
 * worker has taken is not ended by it.
 */
export type Dispatch = (order: JobRequestInit, signal: AbortSignal, first?: Link) => Promise<Accepted | Repeat>;

type Options = {
  links: readonly Link[];
  startupTimeoutMs: number;
  newId(): string;
  findRepeat: FindRepeat;
  log: Log;
};

export function makeDispatch({ links, ...options }: Options): Dispatch {
  const ring = makeRing(links);

  return async (order, signal, first) => {
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
    const isEnough = () => refusals().some(isLasting) && !refusals().includes("later");
    const candidates = async function* () {
      if (first) yield* awaken([first], { timeoutMs: options.startupTimeoutMs, isEnough: () => true, signal });
      yield* connected;
      const others = inOrder.filter((link) => !isLasting(answers.get(link))).sort(unaskedFirst);
      options.log.info(
        { workers: others.map(({ address }) => address) },
        "no connected worker has room: waking others",
      );
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

/** Asking again soon would not help. */
const isLasting = (answer: Refusal | undefined) => answer === "full" || answer === "unable";

function noTaker(refusals: readonly Refusal[], signal: AbortSignal): Fault {
  if (signal.aborted) return new Fault("busy", "the search for a worker was given up; try again");
  if (refusals.some((refusal) => refusal === "full" || refusal === "later"))
    return new Fault("busy", "no worker has room; try again later");
  if (refusals.includes("unable"))
    return invalidField(idempotencyHeader, "no worker that answers knows of such keys; leave the header out");
  return new Fault("unreachable", "no worker answers; try again later");
}
