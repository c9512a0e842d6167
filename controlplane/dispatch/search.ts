import type { Link } from "#controlplane/workers/link.ts";
import type { Links } from "#controlplane/workers/links.ts";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { type Answers, isLasting } from "./answers.ts";
import { isRefusal, type Refusal } from "./refusals.ts";
import { makeRoundRobin } from "./round-robin.ts";
import type { WakeWorkers } from "./wake-workers.ts";

export type SearchOptions = {
  /** The worker to ask first; absent: round robin. */
  first?: Link | undefined;
  /** Whether workers that are not connected are asked, which starts their machines. */
  mayWake: boolean;
  /** Collects why workers refused. */
  answers: Answers;
  /** Ends the search. */
  signal: AbortSignal;
};

/** Asks one worker, which was waited for so long. */
type Ask<Found> = (link: Link, waitedMs: number) => Promise<Found | Refusal>;

export type Search = ReturnType<typeof makeSearch>;

type Options = { links: Links; startupTimeoutMs: number; wakeWorkers: WakeWorkers; log: Log };

/**
 * Finds a worker for what it is asked: one after another is asked until one does not refuse. All that look for workers of
 * one service share one of these, so that they take turns.
 */
export function makeSearch({ links, ...options }: Options) {
  const roundRobin = makeRoundRobin(links.all);
  const inOrder = () => roundRobin.inOrder().sort((a, b) => Number(a.failedRecently()) - Number(b.failedRecently()));
  const refresh = () => links.refresh({ isMissed: true });

  return {
    /** What the worker answers that does not refuse; undefined when all that may be asked do. */
    async find<Found extends object>(ask: Ask<Found>, { first: keeper, ...how }: SearchOptions) {
      await links.refresh();
      const first = links.all().find((link) => link === keeper);
      for await (const { link, waitedMs } of candidates({ ...options, ...how, first, inOrder, refresh })) {
        if (how.signal.aborted) break;
        const answer = await ask(link, waitedMs);
        if (!isRefusal(answer)) {
          roundRobin.chose(link);
          return answer;
        }
        how.answers.add(link, answer);
      }
      if (how.signal.aborted) throw new Fault("busy", "the search for a worker was given up; try again");
      return undefined;
    },
    /** The fault for the client when no worker was found. */
    whyNot: (answers: Answers) =>
      links.all().length === 0 ? new Fault("unreachable", `${links.whyNone()}; try again later`) : answers.asFault(),
  };
}

type Candidates = Omit<Options, "links"> &
  SearchOptions & {
    /** The workers as they are now, beginning with whose turn it is. */
    inOrder(): readonly Link[];
    /** Asks DNS for others. */
    refresh(): Promise<void>;
  };

/**
 * Yields the workers to ask in order, with how long each was waited for: first those that have just answered, then
 * others as they wake. A connection alone does not tell that a machine runs: fronts keep it open while it sleeps.
 */
async function* candidates({ first, inOrder, refresh, answers, mayWake, ...search }: Candidates) {
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

/** Whether the worker will refuse this for as long as it runs. */
const isFinal = (answer: Refusal | undefined) => answer instanceof Fault || answer === "unable";
