import { isJobId, timeOf } from "#shared/job/id.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { type Board, boardAt } from "./board.ts";

const dayMs = 86_400_000;
/** By then whoever still encodes for a board that has ended has seen that. */
const keptMs = dayMs;
/** No job takes so long: its owner is gone for good. */
const abandonedMs = 7 * dayMs;

type Options = {
  storage: Storage;
  prefix: string;
  /** When a job has ended, by its record, in Unix milliseconds; undefined while it has not, or nobody knows. */
  endOf(jobId: string, signal: AbortSignal): Promise<number | undefined>;
  now(): number;
};

/**
 * Removes boards a day after their end, or that of their jobs: the storage may have been away then. Those that have none go a
 * week after they were made. How many that were.
 */
export async function sweepBoards({ storage, prefix, endOf, now }: Options, signal: AbortSignal): Promise<number> {
  const folder = `${prefix}/pieces/`;
  const ids = new Set<string>();
  for await (const key of storage.list(folder, signal)) ids.add(key.slice(folder.length).split("/")[0] ?? "");
  let removed = 0;
  for (const id of ids) {
    if (!isJobId(id)) continue;
    const board = boardAt(storage, prefix, id);
    const endedAt = (await board.endedAt(signal)) ?? (await endOf(id, signal));
    const neededUntil = endedAt === undefined ? await abandonedAt(board, id, signal) : endedAt + keptMs;
    if (now() < neededUntil) continue;
    await board.remove(signal);
    await board.forget(signal);
    removed += 1;
  }
  return removed;
}

async function abandonedAt(board: Board, id: string, signal: AbortSignal): Promise<number> {
  const createdAt = (await board.plan(signal))?.createdAt;
  // What does not tell when it was made stays.
  return Math.max(createdAt ?? 0, timeOf(id) ?? (createdAt === undefined ? Number.POSITIVE_INFINITY : 0)) + abandonedMs;
}
