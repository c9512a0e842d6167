import type { ListPart } from "./storage.ts";

/** The part of all keys of a folder that was asked for, for storages that can only list the whole. */
export async function* partOfList(keys: AsyncIterable<string>, part: ListPart | undefined): AsyncGenerator<string> {
  if (!part) {
    yield* keys;
    return;
  }
  const behind: string[] = [];
  for await (const key of keys) if (isBehind(key, part.after)) behind.push(key);
  yield* behind.sort(byBytes).slice(0, part.limit);
}

/** Whether a key sorts behind another one. */
export const isBehind = (key: string, other: string) => byBytes(key, other) > 0;

// Strings of JavaScript compare by UTF-16 units, which sorts characters beyond U+FFFF before some others.
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
