import { orExhausted } from "#shared/exhausted.ts";
import { fieldFault, isFault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { tooSlow } from "./error-messages.ts";
import { type FailFastLimits, failFast } from "./fail-fast.ts";
import type { Storage } from "./storage.ts";
import { wrapStaged } from "./wrap-staged.ts";

type Options = {
  /** The setting that chose the storage; faults name it. */
  setting: string;
  log: Pick<Log, "warn" | "info">;
  now?: () => number;
  readLimits?: FailFastLimits;
  /** For how long after a failure nothing is read, because the answer would be the same. */
  pauseMs?: number;
};

export type WatchedStorage = ReturnType<typeof watchedStorage>;

/** What an error says about the storage; undefined when it is not about the storage. */
function reasonOf(error: unknown): string | undefined {
  // What this machine lacks is no fault of the storage, and does not last as long.
  if (orExhausted(error) !== error) return undefined;
  if (isFault(error, "delivery_failed")) return error.message;
  return error instanceof DOMException && error.name === "TimeoutError" ? tooSlow : undefined;
}

const usualReadLimits: FailFastLimits = { afterFailureMs: 1_500, silentMs: 4_000 };
const usualPauseMs = 2_000;

/**
 * The same storage with a record of its health. Its `delivery_failed` faults name its place and the setting. Reads fail
 * fast, because somebody waits for them; writes are retried as usual. Each change of health is logged.
 */
export function watchedStorage(storage: Storage, options: Options) {
  const { setting, log, now = Date.now, readLimits = usualReadLimits, pauseMs = usualPauseMs } = options;
  const { place } = storage;
  let problem: { words: string; at: number } | undefined;
  let heardAt = 0;

  const isWell = () => {
    heardAt = now();
    if (problem) log.info({ storage: place, setting }, "the storage is in order again");
    problem = undefined;
  };
  const isUnwell = (reason: string, err: unknown) => {
    heardAt = now();
    if (!problem) log.warn({ storage: place, setting, err }, "the storage does not do what it is asked");
    problem = { words: `${place}: ${reason}`, at: now() };
    return faultOf(problem.words, err);
  };
  const faultOf = (words: string, cause?: unknown) => fieldFault("delivery_failed", setting, words, { cause });

  const heard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      isWell();
      return result;
    } catch (error) {
      const reason = reasonOf(error);
      throw reason === undefined ? error : isUnwell(reason, error);
    }
  };
  const reading = async <T>(signal: AbortSignal, ask: (signal: AbortSignal, alive: () => void) => Promise<T>) => {
    if (problem && now() - problem.at < pauseMs) throw faultOf(problem.words);
    return await heard(() => failFast(signal, readLimits, ask));
  };

  const { create, decides } = storage;
  const watched: Storage = {
    ...storage,
    stage: async (...given) => wrapStaged(await heard(() => storage.stage(...given)), heard),
    write: (...given) => heard(() => storage.write(...given)),
    ...(create && { create: (...given) => heard(() => create(...given)) }),
    ...(decides && { decides: (...given) => heard(() => decides(...given)) }),
    fetch: (...given) => heard(() => storage.fetch(...given)),
    remove: (...given) => heard(() => storage.remove(...given)),
    stat: (key, signal) => reading(signal, (stop) => storage.stat(key, stop)),
    read: (key, signal) => reading(signal, (stop) => storage.read(key, stop)),
    async *list(prefix, signal, part) {
      yield* await reading(signal, async (stop, alive) => {
        const keys: string[] = [];
        for await (const key of storage.list(prefix, stop, part)) {
          keys.push(key);
          alive();
        }
        return keys;
      });
    },
  };

  return {
    /** The storage to use in place of the one that is watched. */
    storage: watched,
    /** What is wrong with the storage, beginning with its place; undefined when nothing is known to be wrong. */
    problem: () => problem?.words,
    /** When the storage last answered or failed, in Unix milliseconds; 0 when it never did. */
    heardAt: () => heardAt,
  };
}
