import { createHash } from "node:crypto";
import type { Content } from "#shared/storage/storage.ts";
import type { Ask } from "./client.ts";
import { isCausedBy } from "./faults.ts";
import type { ObjectLocation } from "./head.ts";
import { readObject } from "./read-parts.ts";

/** Compares the content of an object, which is read part by part only where its size is the same. */
export async function compareObject(ask: Ask, at: ObjectLocation, { bytes, sha256 }: Content, signal: AbortSignal) {
  try {
    const hash = await readObject(ask, at, signal, async (content, size) =>
      size === bytes ? await hashOf(content) : "",
    );
    if (hash === undefined) return "missing";
    return hash === sha256 ? "same" : "different";
  } catch (error) {
    // Another has replaced it meanwhile.
    if (isCausedBy(error, "PreconditionFailed")) return "different";
    throw error;
  }
}

async function hashOf(content: AsyncIterable<Uint8Array>) {
  const hash = createHash("sha256");
  for await (const part of content) hash.update(part);
  return hash.digest("hex");
}
