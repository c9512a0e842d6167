import { orExhausted } from "#shared/exhausted.ts";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { tooSlow } from "./error-messages.ts";
import { type Haste, inHaste } from "./haste.ts";
import type { Staged, Storage } from "./storage.ts";

type Options = {
  /** The setting that chose the storage. */
  setting: string;
  log: Pick<Log, "warn" | "info">;
  now?: () => number;
  haste?: Haste;
  /** For how long after a failure nothing is read, because the answer would be the same. */
  pauseMs?: number;
};

export type WatchedStorage = {
  storage: Storage;
  /** What is wrong with it, beginning with its name; undefined when nothing is, as far as is known. */
  problem(): string | undefined;
  /** When it last did or refused something, in Unix milliseconds; 0: never. */
  heardAt(): number;
};

/** What an error says of the storage; undefined where it says nothing of it. */
function reasonOf(error: unknown): string | undefined {
  // What this machine has too little of is no fault of the storage, and is over sooner.
  if (orExhausted(error) !== error) return undefined;
  if (error instanceof Fault && error.kind === "delivery_failed") return error.message;
  return error instanceof DOMException && error.name === "TimeoutError" ? tooSlow : undefined;
}

const usualHaste: Haste = { afterFailureMs: 1_500, silentMs: 4_000 };
const usualPauseMs = 2_000;

/**
 * The same storage, whose `delivery_failed` faults name it and, as their field, the setting. Reading gives up soon, for
 * somebody waits for it; writing is retried as often as the storage does. A change between well and not well is logged.
 */
export function watchedStorage(storage: Storage, options: Options): WatchedStorage {
  const { setting, log, now = Date.now, haste = usualHaste, pauseMs = usualPauseMs } = options;
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
  const faultOf = (words: string, cause?: unknown) =>
    new Fault("delivery_failed", `${setting}: ${words}`, { cause, fields: [{ field: setting, message: words }] });

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
    return await heard(() => inHaste(signal, haste, ask));
  };
  const watchedStage = ({ publish, discard, check, remember }: Staged): Staged => ({
    ...(remember && { remember: (signal) => heard(() => remember(signal)) }),
    ...(check && { check: (signal) => heard(() => check(signal)) }),
    publish: (signal) => heard(() => publish(signal)),
    discard: () => heard(discard),
  });

  const { create, decides } = storage;
  return {
    storage: {
      ...storage,
      stage: async (...given) => watchedStage(await heard(() => storage.stage(...given))),
      write: (...given) => heard(() => storage.write(...given)),
      ...(create && { create: (...given) => heard(() => create(...given)) }),
      ...(decides && { decides: (...given) => heard(() => decides(...given)) }),
      remove: (...given) => heard(() => storage.remove(...given)),
      stat: (key, signal) => reading(signal, (hasty) => storage.stat(key, hasty)),
      read: (key, signal) => reading(signal, (hasty) => storage.read(key, hasty)),
      async *list(prefix, signal) {
        yield* await reading(signal, async (hasty, alive) => {
          const keys: string[] = [];
          for await (const key of storage.list(prefix, hasty)) {
            keys.push(key);
            alive();
          }
          return keys;
        });
      },
    },
    problem: () => problem?.words,
    heardAt: () => heardAt,
  };
}
