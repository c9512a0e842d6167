import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HeadersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";
import type { Undelivered } from "#worker/journal/journaled.ts";
import { closedAsVod, urisIn, withPrefix } from "#worker/plan/entry-text.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { ClaimPath } from "./claim-path.ts";
import { publish } from "./deliver.ts";
import { destinationOf, openDestination } from "./destination.ts";
import { makeProgressive } from "./progressive.ts";
import { filesIn, makeUploads } from "./uploads.ts";

export type DeliveryTools = {
  headersFor: HeadersFor;
  claimPath: ClaimPath;
  /** How many files of an output go up at a time. */
  concurrency: number;
  /** Whether delivered files stay on the local disk until the job ends. */
  keepLocal: boolean;
};

export type Output = Awaited<ReturnType<typeof openOutput>>;

type Shape = Pick<Plan, "entries" | "isMedia" | "samples" | "derived">;

/**
 * The way of one output to its storage: media go up while they are made, what names them comes last. `ours` are
 * the keys that earlier attempts have written, `retained` what is left of one that was encoded before; `look` is called
 * with each file before it goes up, because it may be gone then.
 */
export async function openOutput(
  job: Job,
  reporter: Reporter,
  storage: Storage,
  { entries, isMedia, samples, derived = [] }: Shape,
  {
    ours,
    retained,
    look,
  }: { ours: ReadonlySet<string>; retained?: Undelivered; look?: (path: string) => Promise<unknown> },
  tools: DeliveryTools,
) {
  const { order, journal, signal, step } = job;
  const destination = retained
    ? destinationOf(order, storage, entries, retained.generation)
    : await openDestination(order, storage, {
        attempt: reporter.attempt,
        entries,
        ours,
        claimPath: tools.claimPath,
        signal,
      });
  const stays = (name: string) => tools.keepLocal || samples.includes(name) || !isMedia(name);
  const uploads = makeUploads({
    ...{ ...tools, stays, look, journal, destination, signal, step, delivered: retained?.delivered ?? [] },
    // A growing playlist names a segment as soon as it is there.
    onDelivered: () => progressive && void update().catch(() => {}),
  });
  const progressive =
    order.output.publish === "progressive" ? makeProgressive(job, destination, entries, tools.headersFor) : undefined;

  // A growing output is found by its entry, which is known before anything is encoded.
  for (const { name, text } of progressive ? derived.filter(({ name }) => entries.includes(name)) : []) {
    await writeFile(join(journal.outputDir, name), text([]));
  }

  const update = async () => {
    const names = await filesIn(journal.outputDir);
    uploads.offer(names.filter(isMedia));
    if (progressive) uploads.offer(await initsIn(journal.outputDir, names));
    progressive?.update(names, uploads.delivered);
  };

  return {
    delivered: uploads.delivered,
    counts: uploads.counts,

    /** Takes what is finished by now; called again and again while the encode runs. */
    update,

    /** Delivers the rest and shows the whole; the final event carries the warnings. */
    async publish(warnings: readonly string[] = []) {
      job.setUndelivered(async () => ({
        entries: [...entries],
        generation: destination.generation,
        delivered: [...uploads.delivered],
        uploads: [...(await journal.uploads())],
      }));
      const names = await filesIn(journal.outputDir);
      const shown = order.output.type === "single" ? names : names.filter((name) => /\.(m3u8|mpd)$/.test(name));
      const rest = names.filter((name) => !shown.includes(name));
      await uploads.finish(rest);
      await progressive?.end();
      for (const name of shown)
        await finishText(join(journal.outputDir, name), entries.includes(name) ? destination.generation : "");
      const { filesUploaded: files, bytesUploaded: bytes } = uploads.counts();
      const written = new Set([...uploads.delivered.keys(), ...shown].map(destination.keyOf));
      const stale = [...ours].filter((key) => !written.has(key));
      return publish(job, reporter, destination, inOrder(shown, entries), tools.headersFor, {
        ...{ files, bytes, stale, warnings },
      });
    },

    /** Waits until nothing is on its way. */
    async settle() {
      await uploads.settle();
      await progressive?.settle();
    },
    /** Begins nothing more, and waits until nothing is on its way: what is removed then stays removed. */
    async end() {
      await uploads.settle();
      await progressive?.end();
    },
  };
}

/** What growing playlists name besides segments: it is complete by then. */
async function initsIn(dir: string, names: readonly string[]) {
  const playlists = names.filter((name) => name.endsWith(".m3u8"));
  const texts = await Promise.all(playlists.map((name) => readFile(join(dir, name), "utf8")));
  return [...new Set(texts.flatMap(urisIn))].filter((name) => names.includes(name) && !name.endsWith(".m3u8"));
}

/** What a player opens comes last, the main entry last of all. */
const inOrder = (names: readonly string[], entries: readonly string[]) => [
  ...names.filter((name) => !entries.includes(name)),
  ...entries.filter((name) => names.includes(name)).reverse(),
];

/** A playlist that grew says that it is whole; an entry names its media in their folder. */
async function finishText(file: string, generation: string) {
  if (!/\.(m3u8|mpd)$/.test(file)) return;
  await writeFile(file, withPrefix(closedAsVod(await readFile(file, "utf8")), generation));
}
