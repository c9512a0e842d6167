import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Facts, factsToJson } from "#shared/job/facts.ts";
import type { Order } from "#shared/job/order.ts";
import type { HeadersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import type { Certificates } from "#worker/certificate/certificates.ts";
import type { Made } from "#worker/certificate/made.ts";
import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";
import type { Undelivered } from "#worker/journal/journaled.ts";
import { filesNamedIn, withPrefix } from "#worker/manifests/entry-text.ts";
import { closedAsVod } from "#worker/manifests/playlist.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { ClaimPath } from "./claim-path.ts";
import { type Certify, publish } from "./deliver.ts";
import { destinationOf, openDestination } from "./destination.ts";
import { makeProgressivePlaylists } from "./progressive-playlists.ts";
import { filesIn, makeSegmentUploads } from "./segment-uploads.ts";

export type DeliveryDeps = {
  /** The headers with which a storage serves an object. */
  headersFor: HeadersFor;
  /** Decides whether the media may lie beside the entry. */
  claimPath: ClaimPath;
  /** How many files of an output are uploaded at a time. */
  concurrency: number;
  /** Whether delivered files stay on the local disk until the job ends. */
  keepLocal: boolean;
  /** Signs what is published; undefined: nobody does. */
  certificates?: Pick<Certificates, "sign"> | undefined;
};

export type Output = Awaited<ReturnType<typeof openOutput>>;

/** What is told of an output when it is published. */
type Outcome = { warnings?: readonly string[]; facts?: Facts; made?: Made | undefined };

type Shape = Pick<Plan, "entries" | "isMedia" | "samples" | "compared" | "derived">;

/**
 * Delivers one output: media are uploaded while they are being made, the playlists that name them come last. `ours` are the
 * keys that earlier attempts have written, `retained` is the output of an earlier job that is delivered again. `inspect` is
 * called with each file before its upload, which may remove it from the disk.
 */
export async function openOutput(
  job: Job,
  reporter: Reporter,
  storage: Storage,
  { entries, isMedia, samples, compared, derived = [] }: Shape,
  {
    ours,
    retained,
    inspect,
  }: { ours: ReadonlySet<string>; retained?: Undelivered; inspect?: (path: string) => Promise<unknown> },
  deps: DeliveryDeps,
) {
  const { order, journal, signal, step } = job;
  const destination = retained
    ? destinationOf(order, storage, entries, retained.generation)
    : await openDestination(order, storage, {
        attempt: reporter.attempt,
        entries,
        ours,
        claimPath: deps.claimPath,
        signal,
      });
  const lookedInto = new Set([...samples, ...(compared?.segments ?? [])]);
  const stays = (name: string) => deps.keepLocal || lookedInto.has(name) || !isMedia(name);
  const uploads = makeSegmentUploads({
    ...{ ...deps, stays, inspect, journal, destination, signal, step, delivered: retained?.delivered ?? [] },
    // A progressive playlist names a segment as soon as it is uploaded.
    onDelivered: () => progressive && void update().catch(() => {}),
  });
  const progressive =
    order.output.publish === "progressive"
      ? makeProgressivePlaylists(job, destination, entries, deps.headersFor)
      : undefined;

  // Players find a progressive output by its entry, which is known before anything is encoded.
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

    /** Uploads the files that are finished by now; to be called repeatedly during the encode. */
    update,

    /**
     * Uploads the rest and publishes the whole output; the final event carries the warnings and the facts. `made` says how the
     * output was made, for its certificate; without it there is none.
     */
    async publish({ warnings = [], facts = {}, made }: Outcome = {}) {
      job.setUndelivered(async () => ({
        entries: [...entries],
        generation: destination.generation,
        delivered: [...uploads.delivered],
        uploads: [...(await journal.uploads())],
        objects: [...(await journal.uploadedObjects()).values()],
        facts: factsToJson(facts),
        ...(made && { made }),
      }));
      const names = await filesIn(journal.outputDir);
      const shown = order.output.type === "single" ? names : names.filter((name) => /\.(m3u8|mpd)$/.test(name));
      const rest = names.filter((name) => !shown.includes(name));
      await uploads.finish(rest);
      await progressive?.end();
      for (const name of shown)
        await finishText(join(journal.outputDir, name), entries.includes(name) ? destination.generation : "");
      const { bytesUploaded: bytes } = uploads.counts();
      const keys = [...uploads.delivered.keys()].map(destination.keyOf);
      const written = new Set([...keys, ...shown.map(destination.keyOf)]);
      const stale = [...ours].filter((key) => !written.has(key));
      const delivery = { job, reporter, storage, headersFor: deps.headersFor };
      const certify = made && deps.certificates && certifier(order, made, deps.certificates);
      return publish(delivery, destination, inOrder(shown, entries), { keys, bytes, stale, warnings, facts, certify });
    },

    /** Waits for the uploads that have begun. */
    async settle() {
      await uploads.settle();
      await progressive?.settle();
    },
    /** Begins no more uploads and waits for those that have begun: what is removed afterwards stays removed. */
    async end() {
      await uploads.settle();
      await progressive?.end();
    },
  };
}

const certifier =
  (order: Order, made: Made, { sign }: Pick<Certificates, "sign">): Certify =>
  (objects, facts) =>
    sign(order, made, objects, facts);

/** The files besides segments that progressive playlists name: they are complete by then. */
async function initsIn(dir: string, names: readonly string[]) {
  const playlists = names.filter((name) => name.endsWith(".m3u8"));
  const texts = await Promise.all(playlists.map((name) => readFile(join(dir, name), "utf8")));
  return [...new Set(texts.flatMap(filesNamedIn))].filter((name) => names.includes(name) && !name.endsWith(".m3u8"));
}

/** The files that a player opens come last, the main entry last of all. */
const inOrder = (names: readonly string[], entries: readonly string[]) => [
  ...names.filter((name) => !entries.includes(name)),
  ...entries.filter((name) => names.includes(name)).reverse(),
];

/** Ends a progressive playlist, and makes an entry name its media in their folder. */
async function finishText(file: string, generation: string) {
  if (!/\.(m3u8|mpd)$/.test(file)) return;
  await writeFile(file, withPrefix(closedAsVod(await readFile(file, "utf8")), generation));
}
