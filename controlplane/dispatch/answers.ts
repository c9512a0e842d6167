import type { Link } from "#controlplane/workers/link.ts";
import { Fault } from "#shared/fault.ts";
import { capabilityFields } from "./lacked-capability.ts";
import type { Refusal } from "./refusals.ts";

export type Answers = ReturnType<typeof makeAnswers>;

/** Collects the refusals of workers to one order, and decides what they mean for it. */
export function makeAnswers() {
  const answers = new Map<Link, Refusal>();
  const all = () => [...answers.values()];

  return {
    /** The latest refusal of a worker; undefined when it has not answered. */
    of: (link: Link) => answers.get(link),
    add(link: Link, answer: Refusal) {
      // A draining worker refuses connections next; it is still worth waiting for.
      if (answers.get(link) !== "later" || answer !== "failed") answers.set(link, answer);
    },
    /** Whether the order itself is wrong, so that no machine is to be started for it. */
    isRefused: () => all().some(isMistake),
    /** Whether the workers that answered settle it, so that the others need not be waited for. */
    isEnough: () => all().some(isLasting) && !all().includes("later"),
    /** The fault for the client when no worker took the order. */
    asFault(): Fault {
      const faults = all().filter((answer) => answer instanceof Fault);
      const mistake = faults.find(isMistake);
      if (mistake) return mistake;
      if (all().some((answer) => answer === "full" || answer === "later"))
        return new Fault(
          "busy",
          "no worker has room; try again later (more run at a time with MAX_CONCURRENT_JOBS or more workers, and orders wait where QUEUE_URL is set)",
        );
      if (faults[0]) return faults[0];
      if (all().includes("unable"))
        return new Fault(
          "unreachable",
          "no worker that answers knows this call: they are of a former version, and at least one must be upgraded",
        );
      if (all().includes("broken")) return new Fault("internal", "no worker can take jobs now; the logs say why");
      return new Fault("unreachable", "no worker answers; try again later");
    },
  };
}

/**
 * Whether the order is wrong for every worker, like a preset that does not exist. Storages differ from worker to
 * worker.
 */
const isMistake = (answer: Refusal) =>
  answer instanceof Fault &&
  (answer.fields.length === 0 || answer.fields.some(({ field }) => !differing.includes(field)));

/** The fields of what some workers have and others lack. */
const differing = ["output.storage", ...capabilityFields];

/** Whether the worker would answer the same if it were asked again soon. */
export const isLasting = (answer: Refusal | undefined) =>
  answer === "full" || answer === "broken" || answer === "unable" || answer instanceof Fault;
