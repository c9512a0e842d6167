import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeSerial } from "#shared/async/serial.ts";
import type { HeadersFor } from "#shared/storage/object-headers.ts";
import type { Job } from "#worker/job/job.ts";
import { filesNamedIn, withPrefix } from "#worker/manifests/entry-text.ts";
import type { Destination } from "./destination.ts";

/** Publishes playlists while the encode goes on, each only when all files that it names can be read. */
export function makeProgressivePlaylists(
  { journal, signal }: Job,
  { storage, keyOf, generation, checkFree }: Destination,
  entries: readonly string[],
  headersFor: HeadersFor,
) {
  const shown = new Map<string, string>();
  const showing = makeSerial();
  let isEnded = false;

  const show = async (name: string, delivered: ReadonlyMap<string, number>) => {
    const text = await readFile(join(journal.outputDir, name), "utf8");
    const isReadable = (uri: string) => delivered.has(uri) || shown.has(uri);
    if (shown.get(name) === text || !filesNamedIn(text).every(isReadable)) return;
    const key = keyOf(name);
    if (entries.includes(name) && !shown.has(name)) await checkFree(await journal.uploads(), signal);
    await journal.uploading(key);
    await storage.write(key, entries.includes(name) ? withPrefix(text, generation) : text, headersFor(key), signal);
    shown.set(name, text);
  };
  const showAll = async (names: readonly string[], delivered: ReadonlyMap<string, number>) => {
    const playlists = names.filter((name) => name.endsWith(".m3u8"));
    for (const name of playlists.filter((name) => !entries.includes(name))) await show(name, delivered);
    for (const name of playlists.filter((name) => entries.includes(name))) await show(name, delivered);
  };

  return {
    /** Publishes the playlists that have become readable. A failure is ignored: the next call repeats it. */
    update(names: readonly string[], delivered: ReadonlyMap<string, number>) {
      if (!isEnded) showing.run("playlists", () => showAll(names, delivered)).catch(() => {});
    },
    /** Publishes no more, so that no incomplete playlist replaces a complete one. Resolves when all writes have ended. */
    end() {
      isEnded = true;
      return showing.idle("playlists");
    },
    /** Waits for the writes that have begun. */
    settle: () => showing.idle("playlists"),
  };
}
