import { askStatus } from "#controlplane/workers/ask-status.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { Links } from "#controlplane/workers/links.ts";
import type { WorkerStatus } from "#proto/worker/v1/worker_pb.js";
import { pauseAfter } from "#shared/async/backoff.ts";
import type { HelpOutcome } from "./help-outcome.ts";
import type { WakeWorkers } from "./wake-workers.ts";

export type FindHelpers = {
  links: Pick<Links, "all" | "refresh">;
  wakeWorkers: WakeWorkers;
  startupTimeoutMs: number;
  /** The worker that has the job. */
  owner: Link;
  /** How many workers more there is work for. */
  missing(): number;
  /** Ends the search. */
  signal: AbortSignal;
};

// What keeps a worker from helping may be over soon, where it has no room, or last.
const backoff = { firstPauseMs: 1_000, longestPauseMs: 60_000 };
const noRoomMs = 2_000;
const unlikeMs = 60_000;

/** Finds workers that may help with one job: they have room, encode as its owner does and have not failed just now. */
export function makeHelpers({ links, wakeWorkers, startupTimeoutMs, owner, missing, signal }: FindHelpers) {
  const unfit = new Set<Link>();
  /** Those that help, or are being asked whether they can. */
  const helping = new Set<Link>();
  const failures = new Map<Link, number>();
  const restUntil = new Map<Link, number>();
  let build: string | undefined;

  const rest = (link: Link, ms: number) => restUntil.set(link, performance.now() + ms);
  const failed = (link: Link) => {
    const times = (failures.get(link) ?? 0) + 1;
    failures.set(link, times);
    rest(link, pauseAfter(times, backoff));
  };
  const isCandidate = (link: Link) =>
    ![owner, ...unfit, ...helping].includes(link) && (restUntil.get(link) ?? 0) <= performance.now();
  const buildOf = ({ capabilities }: Pick<WorkerStatus, "capabilities">) =>
    capabilities.find((name) => name.startsWith("build:"));

  /** Whether the worker can help now; one that cannot is left alone for a while. */
  const canHelp = async (link: Link): Promise<boolean> => {
    const status = await askStatus(link);
    if (!status) failed(link);
    else if (!status.capabilities.includes("pieces") || buildOf(status) !== build) rest(link, unlikeMs);
    else if (status.draining || status.currentJobs >= status.maxConcurrentJobs) rest(link, noRoomMs);
    else return true;
    return false;
  };
  const chosen = async (link: Link) => {
    if (missing() <= 0 || !isCandidate(link)) return false;
    // Nobody else asks it meanwhile.
    helping.add(link);
    const isChosen = (await canHelp(link)) && missing() > 0;
    if (!isChosen) helping.delete(link);
    return isChosen;
  };

  return {
    /** Yields workers that can help, among those that have just answered. */
    async *awake() {
      const status = await askStatus(owner);
      build = status && buildOf(status);
      if (!build) return;
      await links.refresh();
      for (const link of links.all()) if (link.hasAnsweredRecently() && (await chosen(link))) yield link;
    },
    /** The same among the others, as they wake: as many as are missing are waited for at a time. */
    async *woken() {
      const asleep = links.all().filter((link) => isCandidate(link) && !link.hasAnsweredRecently());
      const likely = build ? asleep.filter((link) => !link.failedRecently()) : [];
      const timing = { timeoutMs: startupTimeoutMs, longestRetryMs: backoff.longestPauseMs };
      const how = { ...timing, wanted: missing, isEnough: () => missing() <= 0, signal };
      for await (const { link } of wakeWorkers(likely, how)) {
        if (await chosen(link)) yield link;
        if (missing() <= 0) return;
      }
    },
    /** Takes note of how the help of a worker with a piece has ended. */
    ended(link: Link, outcome: HelpOutcome) {
      helping.delete(link);
      if (outcome === "unfit") unfit.add(link);
      else if (outcome === "busy") rest(link, noRoomMs);
      else if (outcome === "failed") failed(link);
      else failures.delete(link);
    },
    /** Lets workers be asked again that could not help: the owner has begun anew. */
    forgive: () => unfit.clear(),
  };
}
