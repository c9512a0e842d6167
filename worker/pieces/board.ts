import * as v from "valibot";
import { together } from "#shared/async/together.ts";
import { Fault } from "#shared/fault.ts";
import { checkedJobId } from "#shared/job/id.ts";
import { fromJsonText } from "#shared/json-text.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { BoardPlan } from "./board-plan.ts";
import { type BoardState, stateOf } from "./board-state.ts";

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(300));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A piece that a worker has encoded and uploaded. */
export type PieceDone = v.InferOutput<typeof PieceDone>;
const PieceDone = v.object({
  /** The number of the claim that it was encoded for. */
  attempt: v.pipe(count, v.minValue(1), v.maxValue(100)),
  /** Who encoded it, for people. */
  worker: text,
  /** What was uploaded, one file for each rendition. */
  renditions: v.pipe(
    v.array(v.object({ bytes: v.pipe(count, v.minValue(1)), sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) })),
    v.minLength(1),
    v.maxLength(32),
  ),
  /** The CPU time that it took, in seconds. */
  cpuSeconds: v.pipe(v.number(), v.minValue(0), v.maxValue(10_000_000)),
});

const Ended = v.object({ endedAt: count });

const mostPlanBytes = 16 * 2 ** 20;
const mostTextBytes = 64 * 1024;
/** Removals that are under way together. */
const mostTogether = 8;

export type Board = ReturnType<typeof boardAt>;

/**
 * The pieces of one job that several workers encode: `<prefix>/pieces/<job id>/` in the storage of records. Whoever can
 * write there may have written anything: what is read is checked and bounded, and all keys are made here. All methods throw
 * what the storage throws; what was asked for may have been done then.
 */
export function boardAt(storage: Storage, prefix: string, jobId: string) {
  const folder = folderOf(prefix, jobId);
  const at = (name: string) => `${folder}${name}`;
  const inputAt = (piece: number) => at(`${piece}.input`);
  const resultAt = (piece: number, attempt: number, rendition: number) => at(`${piece}.${attempt}.${rendition}.mp4`);
  const doneAt = (piece: number) => at(`${piece}.done.json`);
  const endedKey = at("ended.json");

  const create = async (key: string, content: string, signal: AbortSignal) => {
    if (!storage.create) throw new Fault("invalid", "the storage of records cannot keep claims");
    return await storage.create(key, content, headersFor(key), signal);
  };
  const read = async (key: string, mostBytes: number, signal: AbortSignal) => {
    const found = await storage.stat(key, signal);
    return found && found.bytes <= mostBytes ? await storage.read(key, signal) : undefined;
  };
  const put = async (key: string, file: string, signal: AbortSignal) =>
    (await storage.stage(file, key, headersFor(key), signal)).publish(signal);
  const readPlan = async (signal: AbortSignal) =>
    fromJsonText(BoardPlan, await read(at("plan.json"), mostPlanBytes, signal));
  const removeAll = (keys: readonly string[], signal: AbortSignal) =>
    together(mostTogether, keys, (key) => storage.remove(key, signal));

  return {
    /** Makes the board from the JSON of its plan. Whether that is there now: another one stays. */
    create: (plan: string, signal: AbortSignal): Promise<boolean> => create(at("plan.json"), plan, signal),
    /** The plan of the board; undefined when there is none, or it is none that is understood. */
    plan: readPlan,
    /** What there is of the pieces. */
    state: async (signal: AbortSignal): Promise<BoardState> => stateOf(storage.list(folder, signal), folder),
    putInput: (piece: number, file: string, signal: AbortSignal) => put(inputAt(piece), file, signal),
    /** Copies what a piece is encoded from to a local file; undefined when it is not there. */
    fetchInput: (piece: number, file: string, signal: AbortSignal, mostBytes: number) =>
      storage.fetch(inputAt(piece), file, signal, mostBytes),
    /** Whether this attempt at a piece, numbered from 1, is this worker's: of all who claim it one has it. */
    claim: (piece: number, attempt: number, worker: string, signal: AbortSignal): Promise<boolean> =>
      create(at(`${piece}.${attempt}.json`), JSON.stringify({ worker, claim: crypto.randomUUID() }), signal),
    /** Tells that the attempt goes on, by a text that is not the last one. */
    beat: (piece: number, attempt: number, content: string, signal: AbortSignal) => {
      const key = at(`${piece}.${attempt}.beat`);
      return storage.write(key, content, headersFor(key), signal);
    },
    lastBeat: (piece: number, attempt: number, signal: AbortSignal) =>
      read(at(`${piece}.${attempt}.beat`), mostTextBytes, signal),
    putResult: (piece: number, attempt: number, rendition: number, file: string, signal: AbortSignal) =>
      put(resultAt(piece, attempt, rendition), file, signal),
    /** Says that all results of a piece are there. Whether it is this one that counts: the first does. */
    finish: (piece: number, done: PieceDone, signal: AbortSignal): Promise<boolean> =>
      create(doneAt(piece), JSON.stringify(done), signal),
    /** How a piece was finished; undefined when that is not there, or nothing that is understood. */
    done: async (piece: number, signal: AbortSignal) =>
      fromJsonText(PieceDone, await read(doneAt(piece), mostTextBytes, signal)),
    fetchResult: (
      [piece, attempt, rendition]: readonly [piece: number, attempt: number, rendition: number],
      file: string,
      signal: AbortSignal,
      mostBytes: number,
    ) => storage.fetch(resultAt(piece, attempt, rendition), file, signal, mostBytes),
    /** Takes back that a piece is finished: what was uploaded for it is not what it must be. */
    reject: (piece: number, signal: AbortSignal) => storage.remove(doneAt(piece), signal),
    /** Removes what an attempt has uploaded. */
    removeResults: (piece: number, attempt: number, renditions: number, signal: AbortSignal) =>
      removeAll(
        Array.from({ length: renditions }, (_, rendition) => resultAt(piece, attempt, rendition)),
        signal,
      ),
    /** Whether anything is there. */
    async isThere(signal: AbortSignal): Promise<boolean> {
      for await (const _ of storage.list(folder, signal, { after: folder, limit: 1 })) return true;
      return false;
    },
    /** Removes an attempt's claim and sign of life, once nothing is wanted any more. */
    withdraw: (piece: number, attempt: number, signal: AbortSignal) =>
      removeAll([at(`${piece}.${attempt}.json`), at(`${piece}.${attempt}.beat`)], signal),
    /** Says that nothing is wanted any more. */
    end: (endedAt: number, signal: AbortSignal) =>
      storage.write(endedKey, JSON.stringify({ endedAt }), headersFor(endedKey), signal),
    isEnded: async (signal: AbortSignal) => (await storage.stat(endedKey, signal)) !== undefined,
    /** When it has ended, in Unix milliseconds; undefined when it has not, or does not say so. */
    endedAt: async (signal: AbortSignal) => fromJsonText(Ended, await read(endedKey, mostTextBytes, signal))?.endedAt,
    /** Removes all but that it has ended, for those who still work for it. */
    async remove(signal: AbortSignal) {
      const keys = await Array.fromAsync(storage.list(folder, signal));
      await removeAll(
        keys.filter((key) => key !== endedKey),
        signal,
      );
    },
    /** Removes that it has ended, too. */
    forget: (signal: AbortSignal) => storage.remove(endedKey, signal),
  };
}

const folderOf = (prefix: string, jobId: string) => `${prefix}/pieces/${checkedJobId(jobId)}/`;
