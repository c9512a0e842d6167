import type { Link } from "#controlplane/workers/link.ts";
import { Fault } from "#shared/fault.ts";
import type { Refusal } from "./offer.ts";

export type Answers = ReturnType<typeof makeAnswers>;

/** What workers have answered to one order so far. */
export function makeAnswers() {
  const answers = new Map<Link, Refusal>();
  const all = () => [...answers.values()];

  return {
    of: (link: Link) => answers.get(link),
    add(link: Link, answer: Refusal) {
      // A worker that was about to stop refuses connections next: it is still the one to wait for.
      if (answers.get(link) !== "later" || answer !== "failed") answers.set(link, answer);
    },
    /** Whether it makes no sense to start a machine for the order. */
    isRefused: () => all().some(isMistake),
    /** Whether it makes no sense to wait for those that do not answer. */
    isEnough: () => all().some(isLasting) && !all().includes("later"),
    /** Why nobody took the order. */
    asFault(): Fault {
      const faults = all().filter((answer) => answer instanceof Fault);
      const mistake = faults.find(isMistake);
      if (mistake) return mistake;
      if (all().some((answer) => answer === "full" || answer === "later"))
        return new Fault("busy", "no worker has room; try again later");
      if (faults[0]) return faults[0];
      if (all().includes("broken")) return new Fault("internal", "no worker can take jobs now; the logs say why");
      return new Fault("unreachable", "no worker answers; try again later");
    },
  };
}

/** A preset that a worker does not know, say: most often nobody does. Of storages each worker tells what it has. */
const isMistake = (answer: Refusal) =>
  answer instanceof Fault &&
  (answer.fields.length === 0 || answer.fields.some(({ field }) => field !== "output.storage"));

/** Asking again soon would not help. */
export const isLasting = (answer: Refusal | undefined) =>
  answer === "full" || answer === "broken" || answer instanceof Fault;
