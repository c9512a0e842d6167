import type { Database } from "bun:sqlite";
import { RoomFault } from "../waiting-room.ts";

type Step = {
  /** Does the work; what it returns is called after the commit. */
  run(): () => void;
  failed(error: unknown): void;
};

/** Runs steps in the order of asking; those that are asked for in one turn of the event loop share one commit. */
export function makeGroupCommit(database: Database, onProblem: (problem: string | undefined) => void) {
  let steps: Step[] = [];

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
  const commit = () => {
    const group = steps;
    steps = [];
    try {
      const settled = runAll(group);
      onProblem(undefined);
      for (const settle of settled) settle();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      onProblem(reason);
      for (const { failed } of group) failed(new RoomFault(reason, { cause }));
    }
  };

  return <T>(work: () => T): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const run = () => {
      const answer = work();
      return () => resolve(answer);
    };
    steps.push({ run, failed: reject });
    if (steps.length === 1) setImmediate(commit);
    return promise;
  };
}

const isOfDatabase = (error: unknown) =>
  error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_");
