import { randomUUID } from "node:crypto";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { isCausedBy, statusOf } from "./faults.ts";

type Create = NonNullable<Storage["create"]>;

/** Finds out by creating one object twice whether a store obeys `If-None-Match`, which some ignore or do not know. */
export function makeDecides(create: Create): NonNullable<Storage["decides"]> {
  let known: Promise<boolean> | undefined;

  const tried = async (folder: string, signal: AbortSignal) => {
    const key = `${folder}created-once.json`;
    const again = () => create(key, `${JSON.stringify({ by: randomUUID() })}\n`, headersFor(key), signal);
    try {
      return !((await again()) && (await again()));
    } catch (error) {
      if (isUnknown(error)) return false;
      throw error;
    }
  };

  return async (folder, signal) => {
    const mine = known ?? tried(folder, signal);
    known = mine;
    // A failure does not answer the question: the next caller tries again.
    mine.catch(() => {
      if (known === mine) known = undefined;
    });
    return await mine;
  };
}

/** Whether a store says that it does not know the header. */
const isUnknown = (error: unknown) =>
  isCausedBy(error, "NotImplemented") || (error instanceof Error && statusOf(error.cause) === 501);
