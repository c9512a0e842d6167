import { appendFile, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EventFromJson, eventToJson, type JobEvent } from "#shared/job/event.ts";
import { isJobId, ownIdPattern } from "#shared/job/id.ts";
import { type Order, orderToJson } from "#shared/job/order.ts";
import { formatObjects, lastOfEachKey, type PublishedObject, parseObjects } from "#shared/job/published-object.ts";
import { fromJsonText } from "#shared/json-text.ts";
import type { Usage } from "#worker/receipt/usage.ts";
import {
  isBeingRemoved,
  isMissing,
  moveDurably,
  type ReadText,
  readIfThere,
  readText,
  removeDurably,
  writeDurably,
} from "./durable.ts";
import { type Attempt, type Publishing, readJournal } from "./journaled.ts";
import { sourceDirsIn } from "./source-dirs.ts";
import { markWhole, wholeIn } from "./whole-file.ts";

export type Journal = ReturnType<typeof journalAt>;

/**
 * The journal of one job: its folder, `<the worker's own folder>/<job id>`. What is written is on the disk when the promise
 * resolves, and decides what the next worker on this disk does with the job.
 */
export function journalAt(workDir: string, jobId: string, read: ReadText = readText) {
  const folder = join(workDir, jobId);
  const at = (name: string) => join(folder, name);
  const write = (name: string, value: unknown) => writeDurably(at(name), JSON.stringify(value));
  const linesOf = async (name: string) => (await readIfThere(at(name), read))?.split("\n").filter(Boolean) ?? [];
  const sourceDirs = (count: number) => sourceDirsIn(at("source"), count);

  return {
    jobId,
    folder,
    outputDir: at("output"),
    /** Where pieces of the output are kept from one attempt to the next, if it is encoded so. */
    piecesDir: at("pieces"),
    /** Where a sample of the source is tried, if it is. */
    sampleDir: at("sample"),
    /** Where the pictures are that are laid over the film, if it has any. */
    overlaysDir: at("overlays"),
    /** Where the texts are that are shown with the film, if it has any of its order. */
    subtitlesDir: at("subtitles"),
    logFile: at("ffmpeg.log"),

    /** All that ffmpeg said, up to 16 MiB; undefined when it did not run. */
    log: () => readIfThere(at("ffmpeg.log"), read),

    /** Accepts the job: from then on the next process takes it up after a crash. */
    async order(order: Order) {
      await mkdir(folder, { recursive: true });
      await write("order.json", orderToJson(order));
    },
    /** Notes that a new attempt begins. */
    async attempt(attempt: Attempt) {
      await write("attempt.json", attempt);
      await rm(at("drained"), { force: true });
    },
    /** Where the sources of an order are, of which there are so many: each in a folder of its own. */
    sourceDirs,
    /** Makes empty folders for the attempt that is to run, with so many sources. Those that were fetched completely stay. */
    async makeFolders(sources = 1) {
      if (sources > 1) await mkdir(at("source"), { recursive: true });
      await Promise.all([
        makeEmpty(at("output")),
        ...sourceDirs(sources).map(async (dir) => (await wholeIn(dir)) ?? makeEmpty(dir)),
      ]);
    },
    /** Notes that the source of this folder was fetched completely: a later attempt need not fetch it again. */
    fetched: (source: { path: string; bytes: number }, dir: string) => markWhole(dir, source),
    /** The source of this folder that an earlier attempt has fetched completely. */
    source: wholeIn,
    /** Notes what the job has used so far. Written often, and therefore not synced to the disk. */
    async usage(usage: Usage) {
      await writeFile(at("usage.json.tmp"), JSON.stringify(usage));
      await rename(at("usage.json.tmp"), at("usage.json"));
    },
    /** Notes what was decided by a sample of the source, as text. */
    aimed: (text: string) => writeDurably(at("aimed.json"), text),
    /** What an attempt has so decided. */
    aim: () => readIfThere(at("aimed.json"), read),
    drained: () => write("drained", true),
    cancelled: () => write("cancelled", true),
    /** To be called before an upload to a key that `publishing` does not name: if the job fails, the key is removed. */
    uploading: (key: string) => appendFile(at("uploads"), `${key}\n`),
    /** The keys to which any attempt has uploaded. */
    uploads: async () => new Set(await linesOf("uploads")),
    /** Notes what has been uploaded to such a key. */
    uploaded: (objects: readonly PublishedObject[]) => appendFile(at("uploaded"), formatObjects(objects)),
    /** The objects that any attempt has uploaded, by key; a crash may have left out some. */
    async uploadedObjects() {
      return lastOfEachKey(parseObjects((await readIfThere(at("uploaded"), read)) ?? "").objects);
    },
    /** To be called before a file is staged: only with file and key can be found what a crash leaves of it. */
    staging: (file: string, key: string) => appendFile(at("staged"), `${key}\t${file}\n`),
    /** All files that any attempt has begun to stage. */
    async staged() {
      return [...new Set(await linesOf("staged"))].map((line) => {
        const [key = "", file = ""] = line.split("\t");
        return { file, key };
      });
    },
    /** To be called before the webhook of an event other than the final one is sent. */
    webhookQueued: (event: JobEvent) => appendFile(at("telling"), `${JSON.stringify(eventToJson(event))}\n`),
    /** To be called when such a webhook needs no more attempts of this process. */
    webhookSettled: ({ sequence }: JobEvent) => appendFile(at("told"), `${sequence}\n`),
    /** The events whose webhooks an earlier process has queued and not settled. */
    async unsettledWebhooks(): Promise<JobEvent[]> {
      const settled = await linesOf("told");
      // A crash may have cut off the last line.
      const queued = (await linesOf("telling")).flatMap((line) => fromJsonText(EventFromJson, line) ?? []);
      return queued.filter(({ sequence }) => !settled.includes(String(sequence)));
    },
    /** The commit point. */
    publishing: (publishing: Publishing) => write("publishing.json", publishing),
    /** What a committed job has published, as far as that is known: all its objects, and its certificate. */
    async published(): Promise<Pick<Publishing, "objects" | "certificate">> {
      const found = await readJournal(folder, read);
      const publishing = found && "publishing" in found ? found.publishing : undefined;
      return publishing === undefined || publishing === "damaged" ? {} : publishing;
    },
    end: (event: JobEvent) => write("end.json", eventToJson(event)),
    /** Removes the source, the output and its pieces; the journal itself stays. */
    async clear() {
      await rm(at("source"), { recursive: true, force: true });
      await rm(at("output"), { recursive: true, force: true });
      await rm(at("pieces"), { recursive: true, force: true });
      await rm(at("sample"), { recursive: true, force: true });
      await rm(at("subtitles"), { recursive: true, force: true });
    },
    remove: () => removeDurably(folder),

    /** Removes what a crash before the acceptance has left, and fails if there is anything else. */
    async removeUnaccepted() {
      await rm(at("order.json.tmp"), { force: true });
      await rmdir(folder);
    },
    /** Moves the folder to the set-aside folder, where nothing takes it up and nothing removes it. */
    async setAside() {
      const aside = join(workDir, setAsideFolder);
      await mkdir(aside, { recursive: true });
      await moveDurably(folder, join(aside, `${jobId}-${Date.now()}`));
    },

    /** Reads the journal. */
    read: () => readJournal(folder, read),
  };
}

async function makeEmpty(path: string) {
  // At the first attempt there is no folder: to make it is the quickest way to find out.
  await mkdir(path).catch(async () => {
    await rm(path, { recursive: true, force: true });
    await mkdir(path);
  });
}

/** The folder, beside those of the jobs, of outputs that are retained for a retry of their delivery. */
export const retainedFolder = "undelivered";

/** The folder, beside those of the jobs, of jobs that were lost: kept for an operator to look at. */
export const setAsideFolder = "set-aside";

/** The ids of the jobs that have folders in the worker's own folder. */
export async function journaledIds(workDir: string): Promise<string[]> {
  const entries = await readdir(workDir, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const candidates = folders.filter((name) => isJobId(name) && name !== retainedFolder && name !== setAsideFolder);
  const isOurs = await Promise.all(
    candidates.map(async (name) => ownIdPattern.test(name) || (await hasOrder(join(workDir, name)))),
  );
  return candidates.filter((_, index) => isOurs[index]);
}

/** Whether a job is left for the next process; also true when the folder cannot be read, because it may hold one. */
export const isJobLeft = (workDir: string): Promise<boolean> =>
  journaledIds(workDir).then(
    (ids) => ids.length > 0,
    () => true,
  );

/** Removes the folders whose removal a crash has interrupted. */
export async function finishRemovals(workDir: string) {
  const names = (await readdir(workDir)).filter(isBeingRemoved);
  for (const name of names) await rm(join(workDir, name), { recursive: true, force: true });
}

const hasOrder = (folder: string) => stat(join(folder, "order.json")).then(Boolean, (error) => !isMissing(error));
