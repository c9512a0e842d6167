import * as v from "valibot";
import { fromJsonText } from "#shared/json-text.ts";

/** An object that a job has published. */
export type PublishedObject = v.InferOutput<typeof PublishedObject>;
export const PublishedObject = v.object({
  /** The key in the storage of the output. */
  key: v.string(),
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Of its content, in 64 hex digits. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

/** Lists objects as JSON Lines, each with `key`, `bytes` and `sha256`. */
export const formatObjects = (objects: readonly PublishedObject[]) =>
  objects.map(({ key, bytes, sha256 }) => `${JSON.stringify({ key, bytes, sha256 })}\n`).join("");

/** Reads what `formatObjects` writes; lines that are damaged are left out, and `isWhole` says whether there are none. */
export function parseObjects(text: string): { objects: PublishedObject[]; isWhole: boolean } {
  const lines = text.split("\n").filter(Boolean);
  const objects = lines.flatMap((line) => fromJsonText(PublishedObject, line) ?? []);
  return { objects, isWhole: objects.length === lines.length };
}

/** Of each key the object that is named last. */
export const lastOfEachKey = (objects: readonly PublishedObject[]): ReadonlyMap<string, PublishedObject> =>
  new Map(objects.map((object) => [object.key, object]));
