import type { Database } from "bun:sqlite";
import { codeOf } from "#shared/errors.ts";
import { RoomFault } from "../waiting-room.ts";
import type { Reserve } from "./reserve.ts";

type Step = {
  /** Does the work; what it returns is called after the commit. */
  run(): () => void;
  failed(error: unknown): void;
  isGrowth: boolean;
};

export type StepOptions = {
  /** Whether the room grows by this step: then it is not done while the disk is full. Default: false. */
  isGrowth?: boolean;
};

/** Runs steps in the order of asking; those that are asked for in one turn of the event loop share one commit. */
export function makeGroupCommit(
  database: Database,
  reserve: Reserve,
  onProblem: (problem: string | undefined) => void,
) {
  let steps: Step[] = [];
  let isFull = false;

  const runOne = ({ run, failed }: Step) => {
    try {
      return run();
    } catch (error) {
      // A step refuses before it writes; what the database refuses ends the whole transaction.
      if (isOfDatabase(error)) throw error;
      return () => failed(error);
    }
  };
  const runAll = database.transaction((group: readonly Step[]) => group.map(runOne));
  const refuse = (group: readonly Step[], cause?: unknown) => {
    const reason = isFull ? "its disk is full" : cause instanceof Error ? cause.message : String(cause);
    onProblem(reason);
    for (const { failed } of group) failed(new RoomFault(reason, { cause }));
  };
  const attempt = (group: readonly Step[]) => {
    const settled = runAll(group);
    if (!isFull) onProblem(undefined);
    for (const settle of settled) settle();
  };
  /** Does without the steps by which the room grows, with the space of the reserve. */
  const attemptFull = (group: readonly Step[], cause?: unknown) => {
    const { growing = [], others = [] } = Object.groupBy(group, ({ isGrowth }) => (isGrowth ? "growing" : "others"));
    refuse(growing, cause);
    try {
      if (others.length > 0) attempt(others);
    } catch (error) {
      refuse(others, error);
    }
  };
  const commit = () => {
    const group = steps;
    steps = [];
    if (isFull && group.some(({ isGrowth }) => isGrowth)) isFull = !reserve.isThere();
    if (isFull) return attemptFull(group);
    try {
      attempt(group);
    } catch (error) {
      if (codeOf(error) !== "SQLITE_FULL") return refuse(group, error);
      isFull = true;
      reserve.use();
      attemptFull(group, error);
    }
  };

  return <T>(work: () => T, { isGrowth = false }: StepOptions = {}): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const run = () => {
      const answer = work();
      return () => resolve(answer);
    };
    steps.push({ run, failed: reject, isGrowth });
    if (steps.length === 1) setImmediate(commit);
    return promise;
  };
}

const isOfDatabase = (error: unknown) => codeOf(error).startsWith("SQLITE_");
