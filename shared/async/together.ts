import { makeSemaphore } from "./semaphore.ts";

/**
 * Works on so many at a time; the results come in their order. After a failure none is begun any more, and it is thrown
 * once those under way are over: nothing goes on behind the back of who undoes what was done.
 */
export async function together<T, Result>(
  limit: number,
  all: readonly T[],
  work: (one: T) => Promise<Result>,
): Promise<Result[]> {
  const semaphore = makeSemaphore(limit);
  const results: Result[] = [];
  const failures: unknown[] = [];
  const workOn = async (one: T, at: number) => {
    using _permit = await semaphore.acquire();
    if (failures.length > 0) return;
    try {
      results[at] = await work(one);
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(all.map(workOn));
  if (failures.length > 0) throw failures[0];
  return results;
}
