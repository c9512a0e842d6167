import { appendFile, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { EventFromJson, eventToJson, type JobEvent } from "#shared/job/event.ts";
import { isJobId, ownIdPattern } from "#shared/job/id.ts";
import { type Order, orderToJson } from "#shared/job/order.ts";
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
import { markWhole, wholeIn } from "./whole-file.ts";

const EventLine = v.pipe(v.string(), v.parseJson(), EventFromJson);

export type Journal = ReturnType<typeof journalAt>;

/**
 * One job's folder, `<the worker's own folder>/<job id>`: what is written here is on the disk when the promise resolves, and decides
 * what a worker that finds the folder does with it.
 */
export function journalAt(workDir: string, jobId: string, read: ReadText = readText) {
  const folder = join(workDir, jobId);
  const at = (name: string) => join(folder, name);
  const write = (name: string, value: unknown) => writeDurably(at(name), JSON.stringify(value));
  const linesOf = async (name: string) => (await readIfThere(at(name), read))?.split("\n").filter(Boolean) ?? [];
  const sourceDir = at("source");

  return {
    jobId,
    folder,
    sourceDir,
    outputDir: at("output"),
    logFile: at("ffmpeg.log"),

    /** Acceptance: from here on the job lives. */
    async order(order: Order) {
      await mkdir(folder, { recursive: true });
      await write("order.json", orderToJson(order));
    },
    /** A new attempt begins, from nothing. */
    async attempt(attempt: Attempt) {
      await write("attempt.json", attempt);
      await rm(at("drained"), { force: true });
    },
    /** Empties the folders of the attempt that is to run; a source that is whole stays. */
    async makeFolders() {
      const stale = (await wholeIn(sourceDir)) ? [at("output")] : [sourceDir, at("output")];
      await Promise.all(
        stale.map(async (path) => {
          // The first attempt finds none: making it is the quick way to know.
          await mkdir(path).catch(async () => {
            await rm(path, { recursive: true, force: true });
            await mkdir(path);
          });
        }),
      );
    },
    /** The source is there: a later attempt need not fetch it again. */
    fetched: (source: { path: string; bytes: number }) => markWhole(sourceDir, source),
    /** The source that an earlier attempt has fetched. */
    source: () => wholeIn(sourceDir),
    /** Written often, and not worth waiting for the disk. */
    async usage(usage: Usage) {
      await writeFile(at("usage.json.tmp"), JSON.stringify(usage));
      await rename(at("usage.json.tmp"), at("usage.json"));
    },
    drained: () => write("drained", true),
    cancelled: () => write("cancelled", true),
    /** Written before a key is uploaded to that is not journaled as `publishing`: if the job fails, it is removed. */
    uploading: (key: string) => appendFile(at("uploads"), `${key}\n`),
    /** The keys of all attempts. */
    uploads: async () => new Set(await linesOf("uploads")),
    /** Written before a file is staged: if a crash cuts that short, only these two lead to what it leaves. */
    staging: (file: string, key: string) => appendFile(at("staged"), `${key}\t${file}\n`),
    /** What all attempts have staged, whatever became of it. */
    async staged() {
      return [...new Set(await linesOf("staged"))].map((line) => {
        const [key = "", file = ""] = line.split("\t");
        return { file, key };
      });
    },
    /** Written before the webhook of an event that is not the final one is sent; `webhookSettled` when it needs no more tries. */
    webhookQueued: (event: JobEvent) => appendFile(at("telling"), `${JSON.stringify(eventToJson(event))}\n`),
    webhookSettled: ({ sequence }: JobEvent) => appendFile(at("told"), `${sequence}\n`),
    /** The events whose webhooks an earlier process has queued and not settled. */
    async unsettledWebhooks(): Promise<JobEvent[]> {
      const settled = await linesOf("told");
      const queued = (await linesOf("telling")).map((line) => v.safeParse(EventLine, line));
      // A line may be cut off.
      const events = queued.flatMap(({ success, output }) => (success ? [output] : []));
      return events.filter(({ sequence }) => !settled.includes(String(sequence)));
    },
    /** The commit point. */
    publishing: (publishing: Publishing) => write("publishing.json", publishing),
    end: (event: JobEvent) => write("end.json", eventToJson(event)),
    /** Gives back the disk that source and output took; the journal stays. */
    async clear() {
      await rm(sourceDir, { recursive: true, force: true });
      await rm(at("output"), { recursive: true, force: true });
    },
    remove: () => removeDurably(folder),

    /** Removes what a crash before the acceptance left: never more than that. */
    async removeUnaccepted() {
      await rm(at("order.json.tmp"), { force: true });
      await rmdir(folder);
    },
    /** Moves the folder aside: nothing takes it up there, and nothing removes it. */
    async setAside() {
      const aside = join(workDir, setAsideFolder);
      await mkdir(aside, { recursive: true });
      await moveDurably(folder, join(aside, `${jobId}-${Date.now()}`));
    },

    /** What the folder says. */
    read: () => readJournal(folder, read),
  };
}

/** The folder, beside those of the jobs, of outputs that are retained for a retry of their delivery. */
export const retainedFolder = "undelivered";

/** Beside the folders of the jobs: those of jobs that were lost, for somebody to look at. */
export const setAsideFolder = "set-aside";

/** The ids of the jobs whose folders are in the worker's own folder; other folders there are not looked into. */
export async function journaledIds(workDir: string): Promise<string[]> {
  const entries = await readdir(workDir, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const candidates = folders.filter((name) => isJobId(name) && name !== retainedFolder && name !== setAsideFolder);
  const isOurs = await Promise.all(
    candidates.map(async (name) => ownIdPattern.test(name) || (await hasOrder(join(workDir, name)))),
  );
  return candidates.filter((_, index) => isOurs[index]);
}

/** Whether there is a job for the next process; a folder that cannot be read may hold one. */
export const isJobLeft = (workDir: string): Promise<boolean> =>
  journaledIds(workDir).then(
    (ids) => ids.length > 0,
    () => true,
  );

/** Removes the rest of folders whose removal a crash cut short. */
export async function finishRemovals(workDir: string) {
  const names = (await readdir(workDir)).filter(isBeingRemoved);
  for (const name of names) await rm(join(workDir, name), { recursive: true, force: true });
}

const hasOrder = (folder: string) =>
  stat(join(folder, "order.json")).then(
    () => true,
    (error) => !isMissing(error),
  );
