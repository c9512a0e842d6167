import type { FindRepeat, Repeat } from "#controlplane/jobs/repeat.ts";
import type { ControlPlaneMetrics } from "#controlplane/metrics.ts";
import type { Link } from "#controlplane/workers/link.ts";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import type { Trace } from "#shared/tracing/trace.ts";
import { awaken } from "./awaken.ts";
import { type Accepted, offer, type Refusal } from "./offer.ts";
import { makeRing } from "./ring.ts";

/**
 * Finds a worker for an order, or the job that the order's key stands for. The signal ends the search; a job that a
 * worker has taken is not ended by it.
 */
export type Dispatch = (order: JobRequestInit, signal: AbortSignal, how: How) => Promise<Accepted | Repeat>;

export type How = {
  /** The worker to ask before all others. */
  first?: Link | undefined;
  /** Called before a job is made, which a repeat needs not; what it throws keeps it from being made. */
  begin?(): void;
};

type Options = {
  links: readonly Link[];
  startupTimeoutMs: number;
  newId(): string;
  findRepeat: FindRepeat;
  metrics: Pick<ControlPlaneMetrics, "offered" | "accepted">;
  trace: Trace;
  log: Log;
};

export function makeDispatch({ links, ...options }: Options): Dispatch {
  const ring = makeRing(links);

  const search: Dispatch = async (order, signal, { first, begin }) => {
    const answers = new Map<Link, Refusal>();
    const refusals = () => [...answers.values()];
    const inOrder = ring.inOrder().sort((a, b) => Number(a.failedRecently()) - Number(b.failedRecently()));
    const began = performance.now();
    const asleep = inOrder.filter((link) => !link.isConnected());
    let wakingSince = began;
    const offerTo = async (link: Link) => {
      if (answers.get(link) instanceof Fault) return undefined;
      const coldStartMs = coldStart(asleep.includes(link) ? performance.now() - wakingSince : 0);
      const answer = await counted(link, offer(link, { ...order, coldStartMs }, { ...options, begin }));
      if (isRefusal(answer)) return remember(link, answer);
      ring.chose(link);
      if (!("view" in answer)) options.metrics.accepted(link.address, (performance.now() - began) / 1_000);
      return answer;
    };
    const remember = (link: Link, answer: Refusal) => {
      // A worker that was about to stop refuses connections next: it is still the one to wait for.
      if (answers.get(link) !== "later" || answer !== "failed") answers.set(link, answer);
    };

    const connected = inOrder.filter((link) => link.isConnected());
    const isEnough = () => refusals().some(isLasting) && !refusals().includes("later");
    // No machine is started for what is most often a client's mistake.
    const isRefused = () => refusals().some(isMistake);
    const candidates = async function* () {
      if (first) yield* awaken([first], { timeoutMs: options.startupTimeoutMs, isEnough: () => true, signal });
      yield* connected;
      if (isRefused()) return;
      const others = inOrder.filter((link) => !isLasting(answers.get(link))).sort(unaskedFirst);
      options.log.info(
        { workers: others.map(({ address }) => address) },
        "no connected worker takes the job: waking others",
      );
      wakingSince = performance.now();
      yield* awaken(others, { timeoutMs: options.startupTimeoutMs, isEnough, signal });
    };
    const unaskedFirst = (a: Link, b: Link) => Number(answers.has(a)) - Number(answers.has(b));

    for await (const link of candidates()) {
      if (signal.aborted) break;
      const taken = await offerTo(link);
      if (taken) return taken;
      if (asleep.includes(link) && isRefused()) break;
    }
    throw noTaker(refusals(), signal);
  };
  const counted = async (link: Link, offered: ReturnType<typeof offer>) => {
    const answer = await offered.catch((error) => {
      options.metrics.offered(link.address, "refused");
      throw error;
    });
    options.metrics.offered(link.address, nameOf(answer));
    return answer;
  };
  return (...given) => options.trace.span("dispatch", {}, () => search(...given));
}

/** Of a wait in milliseconds: connecting to a machine that runs takes less than a second. */
const coldStart = (waitedMs: number) => BigInt(waitedMs < 1_000 ? 0 : Math.round(waitedMs));

const isRefusal = (answer: Accepted | Repeat | Refusal): answer is Refusal =>
  typeof answer === "string" || answer instanceof Fault;

function nameOf(answer: Accepted | Repeat | Refusal) {
  if (answer instanceof Fault) return "refused";
  if (typeof answer === "string") return answer;
  return "view" in answer ? "repeat" : "accepted";
}

/** A preset that a worker does not know, say: most often nobody does. Of storages each worker tells what it has. */
const isMistake = (answer: Refusal) => answer instanceof Fault && answer.fields[0]?.field !== "output.storage";

/** Asking again soon would not help. */
const isLasting = (answer: Refusal | undefined) => answer === "full" || answer === "broken" || answer instanceof Fault;

function noTaker(refusals: readonly Refusal[], signal: AbortSignal): Fault {
  if (signal.aborted) return new Fault("busy", "the search for a worker was given up; try again");
  const faults = refusals.filter((refusal) => refusal instanceof Fault);
  const mistake = faults.find(isMistake);
  if (mistake) return mistake;
  if (refusals.some((refusal) => refusal === "full" || refusal === "later"))
    return new Fault("busy", "no worker has room; try again later");
  if (faults[0]) return faults[0];
  if (refusals.includes("broken")) return new Fault("internal", "no worker can take jobs now; the logs say why");
  return new Fault("unreachable", "no worker answers; try again later");
}
