import { afterEach, beforeEach, expect, test } from "bun:test";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { anOrder } from "#tests/support/orders.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { openOutput } from "#worker/delivery/output.ts";
import { makeJob } from "#worker/job/job.ts";
import { makeReporter } from "#worker/job/reporter.ts";
import { journalAt } from "#worker/journal/journal.ts";

const growing = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-PLAYLIST-TYPE:EVENT\n#EXTINF:1,\nsegment_000.ts\n";
const closed = `${growing}#EXTINF:1,\nsegment_001.ts\n#EXT-X-ENDLIST\n`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

/** A growing output of one segment; a playlist that is to show it waits on its way until it is let through. */
async function openGrowing(name = "out") {
  const root = join(folder.path, name);
  const asked = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const seen: string[] = [];
  const local = localStorage({ root });
  const look = async () => seen.push(await readFile(join(root, "a/playlist.m3u8"), "utf8"));
  const storage: Storage = {
    ...local,
    async write(...args) {
      asked.resolve();
      await held.promise;
      await local.write(...args);
      await look();
    },
    async stage(file, key, ...more) {
      const staged = await local.stage(file, key, ...more);
      const publish = async (signal: AbortSignal) => {
        await staged.publish(signal);
        if (key.endsWith(".m3u8")) await look();
      };
      return { ...staged, publish };
    },
  };
  const order = anOrder({ preset: "hls", output: { path: "a/", type: "hls", publish: "progressive" } });
  const journal = journalAt(join(folder.path, "work"), order.jobId);
  await journal.order(order);
  await journal.makeFolders();
  const job = makeJob(order, journal);
  const shape = { entries: ["playlist.m3u8"], isMedia: (name: string) => name.endsWith(".ts"), samples: [] };
  const claimPath = async () => true;
  const tools = { headersFor: (key: string) => headersFor(key), claimPath, concurrency: 4, keepLocal: true };
  const reporter = makeReporter(order, 1, job.feed, Date.now);
  const output = await openOutput(job, reporter, storage, shape, { ours: new Set() }, tools);

  const encoded = (name: string, text: string) => writeFile(join(journal.outputDir, name), text);
  await encoded("segment_000.ts", "media");
  await encoded("playlist.m3u8", growing);
  await output.update();
  await asked.promise;
  return { output, encoded, seen, letThrough: held.resolve };
}

test("a growing playlist that is long on its way is not shown after the closed one", async () => {
  const { output, encoded, seen, letThrough } = await openGrowing();
  const other = await openGrowing("other");
  for (const write of [encoded, other.encoded]) {
    await write("segment_001.ts", "media");
    await write("playlist.m3u8", closed);
  }
  const publishing = output.publish();
  // By the time that another output is there whole, this one would be overtaken.
  other.letThrough();
  await other.output.publish();
  letThrough();
  await publishing;
  await other.output.end();
  await output.end();
  expect(seen[0]).toBe(growing);
  expect(seen.at(-1)).toBe(closed.replace("EVENT", "VOD"));
});

test("after an attempt has ended no playlist is shown any more, whatever is found on the disk", async () => {
  const { output, encoded, seen, letThrough } = await openGrowing();
  const ending = output.end();
  letThrough();
  await ending;
  await encoded("playlist.m3u8", `${growing}#EXT-X-DISCONTINUITY\n`);
  await output.update();
  await output.settle();
  expect(seen).toEqual([growing]);
});
