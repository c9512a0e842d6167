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
    const offerTo = async (link: Link) => {
      const answer = await offer(link, order, options);
      if (typeof answer === "object") ring.chose(link);
      // A worker that was about to stop refuses connections next: it is still the one to wait for.
      else if (answers.get(link) !== "later" || answer !== "failed") answers.set(link, answer);
      return answer;
    };

    const inOrder = ring.inOrder();
    const candidates = [
      ...inOrder.filter((link) => !link.failedRecently()),
      ...inOrder.filter((link) => link.failedRecently()),
    ];
    for (const link of candidates.filter((link) => link.isConnected())) {
      signal.throwIfAborted();
      const answer = await offerTo(link);
      if (typeof answer === "object") return answer;
    }

    const others = [
      ...candidates.filter((link) => !answers.has(link)),
      ...candidates.filter((link) => answers.has(link) && answers.get(link) !== "full"),
    ];
    const refusals = () => [...answers.values()];
    const isEnough = () => refusals().includes("full") && !refusals().includes("later");
    options.log.info({ workers: others.map((link) => link.address) }, "no connected worker has room: waking others");
    for await (const link of awaken(others, { timeoutMs: options.startupTimeoutMs, isEnough, signal })) {
      const answer = await offerTo(link);
      if (typeof answer === "object") return answer;
    }
    signal.throwIfAborted();
    if (refusals().some((answer) => answer !== "failed"))
      throw new Fault("busy", "no worker has room; try again later");
    throw new Fault("unreachable", "no worker answers; try again later");
  };
}
