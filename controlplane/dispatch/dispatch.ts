import type { ControlPlaneMetrics } from "#controlplane/metrics.ts";
import type { FindRepeat, Repeat } from "#controlplane/orders/idempotency.ts";
import type { AcceptedJob } from "#controlplane/watch/hub.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { Links } from "#controlplane/workers/links.ts";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import type { Trace } from "#shared/tracing/trace.ts";
import { type Answers, isLasting, makeAnswers } from "./answers.ts";
import { offer } from "./offer.ts";
import type { Refusal } from "./refusals.ts";
import { makeRoundRobin } from "./round-robin.ts";
import type { WakeWorkers } from "./wake-workers.ts";

export type Dispatch = {
  /**
   * Finds a worker for an order, or the job that the order's idempotency key already made. The signal ends the search;
   * it does not end a job that a worker has accepted.
   */
  any(order: JobRequestInit, signal: AbortSignal, options: DispatchOptions): Promise<AcceptedJob | Repeat>;
  /** The same among connected workers only; undefined when none of them takes the order now. */
  connected(
    order: JobRequestInit,
    signal: AbortSignal,
    options: DispatchOptions,
  ): Promise<AcceptedJob | Repeat | undefined>;
};

export type DispatchOptions = {
  /** The worker to ask first; absent: round robin. */
  first?: Link | undefined;
  /** Called before a new job is made, not for a repeated order. When it throws, no job is made. */
  begin?(): void;
};

type Options = {
  links: Links;
  startupTimeoutMs: number;
  wakeWorkers: WakeWorkers;
  newId(): string;
  findRepeat: FindRepeat;
  metrics: Pick<ControlPlaneMetrics, "offered" | "accepted">;
  trace: Trace;
  log: Log;
};

export function makeDispatch({ links, ...options }: Options): Dispatch {
  const roundRobin = makeRoundRobin(links.all);
  const inOrder = () => roundRobin.inOrder().sort((a, b) => Number(a.failedRecently()) - Number(b.failedRecently()));

  const search = async (
    answers: Answers,
    order: JobRequestInit,
    signal: AbortSignal,
    { first: keeper, begin, mayWake }: DispatchOptions & { mayWake: boolean },
  ) => {
    const began = performance.now();
    await links.refresh();
    const first = links.all().find((link) => link === keeper);
    const refresh = () => links.refresh({ isMissed: true });
    const how = { ...options, first, inOrder, refresh, answers, signal, mayWake };
    for await (const { link, waitedMs } of candidates(how)) {
      if (signal.aborted) break;
      const offered = offer(link, { ...order, coldStartMs: coldStart(waitedMs) }, { ...options, begin });
      const answer = await counted(link, offered);
      if (!isRefusal(answer)) return chosen(link, answer, performance.now() - began);
      answers.add(link, answer);
    }
    if (signal.aborted) throw new Fault("busy", "the search for a worker was given up; try again");
    return undefined;
  };
  const whyNot = (answers: Answers) =>
    links.all().length === 0 ? new Fault("unreachable", `${links.whyNone()}; try again later`) : answers.asFault();
  const chosen = (link: Link, answer: AcceptedJob | Repeat, tookMs: number) => {
    roundRobin.chose(link);
    if (!("view" in answer)) options.metrics.accepted(link.address, tookMs / 1_000);
    return answer;
  };
  const counted = async (link: Link, offered: ReturnType<typeof offer>) => {
    const answer = await offered.catch((error) => {
      options.metrics.offered(link.address, "refused");
      throw error;
    });
    options.metrics.offered(link.address, nameOf(answer));
    return answer;
  };
  const traced = (...given: Parameters<typeof search>) => options.trace.span("dispatch", {}, () => search(...given));

  return {
    async any(order, signal, how) {
      const answers = makeAnswers();
      const found = await traced(answers, order, signal, { ...how, mayWake: true });
      if (found) return found;
      throw whyNot(answers);
    },
    async connected(order, signal, how) {
      const answers = makeAnswers();
      const found = await traced(answers, order, signal, { ...how, mayWake: false });
      if (!found && answers.isRefused()) throw answers.asFault();
      return found;
    },
  };
}

type Search = Pick<Options, "startupTimeoutMs" | "wakeWorkers" | "log"> &
  Pick<DispatchOptions, "first"> & {
    /** The workers as they are now, beginning with whose turn it is. */
    inOrder(): readonly Link[];
    /** Asks DNS for others. */
    refresh(): Promise<void>;
    answers: Answers;
    signal: AbortSignal;
    /** Whether workers that are not connected are asked, which starts their machines. */
    mayWake: boolean;
  };

/**
 * Yields the workers to ask in order, with how long each was waited for: first those that have just answered, then
 * others as they wake. A connection alone does not tell that a machine runs: fronts keep it open while it sleeps.
 */
async function* candidates({ first, inOrder, refresh, answers, mayWake, ...search }: Search) {
  const { wakeWorkers, startupTimeoutMs: timeoutMs, signal, log } = search;
  const running = inOrder().filter((link) => link.hasAnsweredRecently());
  const woken = async function* (links: readonly Link[], isEnough: () => boolean) {
    for await (const { link, waitedMs } of wakeWorkers(links, { timeoutMs, isEnough, signal })) {
      if (!isFinal(answers.of(link))) yield { link, waitedMs: running.includes(link) ? 0 : waitedMs };
    }
  };

  if (first && (mayWake || first.isConnected())) yield* woken([first], () => true);
  for (const link of running) if (!isFinal(answers.of(link))) yield { link, waitedMs: 0 };
  if (!mayWake || answers.isRefused()) return;
  await refresh();
  const unlikeliness = (link: Link) =>
    (answers.of(link) === undefined ? 0 : 4) + (link.failedRecently() ? 2 : 0) + (link.isConnected() ? 0 : 1);
  const others = inOrder()
    .filter((link) => !isLasting(answers.of(link)))
    .sort((a, b) => unlikeliness(a) - unlikeliness(b));
  log.info(
    { workers: others.map(({ address }) => address) },
    "no worker that has just answered takes the job: waking others",
  );
  for await (const candidate of woken(others, answers.isEnough)) {
    yield candidate;
    if (answers.isRefused()) return;
  }
}

/** Whether the worker will refuse this order for as long as it runs. */
const isFinal = (answer: Refusal | undefined) => answer instanceof Fault;

/** The cold start in a wait of so many milliseconds; under a second a running machine was only connected to. */
const coldStart = (waitedMs: number) => BigInt(waitedMs < 1_000 ? 0 : Math.round(waitedMs));

const isRefusal = (answer: AcceptedJob | Repeat | Refusal): answer is Refusal =>
  typeof answer === "string" || answer instanceof Fault;

function nameOf(answer: AcceptedJob | Repeat | Refusal) {
  if (answer instanceof Fault) return "refused";
  if (typeof answer === "string") return answer;
  return "view" in answer ? "repeat" : "accepted";
}
