import { appendFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { EventJson, eventFromJson, eventToJson, type JobEvent } from "#shared/job/event.ts";
import { type Order, orderFromJson, orderToJson } from "#shared/job/order.ts";
import { readIfThere, removeDurably, writeDurably } from "./durable.ts";

/** What will be shown, written down before any of it is: after a crash exactly this is repeated. */
export type Publishing = v.InferOutput<typeof Publishing>;
const Publishing = v.object({
  /** In the order in which they appear. */
  puts: v.array(v.object({ name: v.string(), key: v.string(), bytes: v.number(), sha256: v.string() })),
  /** Where a player reads the output. */
  url: v.string(),
  /** Of the whole output, with the media that were delivered before. */
  files: v.number(),
  bytes: v.number(),
  /** Keys that earlier attempts have written, to be removed when this one is shown. */
  stale: v.array(v.string()),
});

const Attempt = v.object({ attempt: v.number(), crashes: v.number() });
export type Attempt = v.InferOutput<typeof Attempt>;

/** What a job's folder says of it. */
export type Journaled = {
  order: Order;
  /** The attempt that was running, and how many before it ended in a crash. */
  attempt: Attempt;
  /** A drain stopped the attempt: it was no crash. */
  isDrained: boolean;
  isCancelled: boolean;
  publishing?: Publishing;
  end?: JobEvent;
};

export type Journal = ReturnType<typeof journalAt>;

/**
 * One job's folder, `<WORK_DIR>/<job id>`: what is written here is on the disk when the promise resolves, and decides
 * what a worker that finds the folder does with it.
 */
export function journalAt(workDir: string, jobId: string) {
  const folder = join(workDir, jobId);
  const at = (name: string) => join(folder, name);
  const write = (name: string, value: unknown) => writeDurably(at(name), JSON.stringify(value));

  return {
    jobId,
    folder,
    sourceDir: at("source"),
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
    /** Empties the folders of the attempt that is to run. */
    async makeFolders() {
      await Promise.all(
        [at("source"), at("output")].map(async (path) => {
          // The first attempt finds none: making it is the quick way to know.
          await mkdir(path).catch(async () => {
            await rm(path, { recursive: true, force: true });
            await mkdir(path);
          });
        }),
      );
    },
    drained: () => write("drained", true),
    cancelled: () => write("cancelled", true),
    /** Written before a key is uploaded to that is not journaled as `publishing`: if the job fails, it is removed. */
    uploading: (key: string) => appendFile(at("uploads"), `${key}\n`),
    /** The keys of all attempts. */
    uploads: async () => new Set((await readIfThere(at("uploads")))?.split("\n").filter(Boolean)),
    /** Written before a file is staged: if a crash cuts that short, only these two lead to what it leaves. */
    staging: (file: string, key: string) => appendFile(at("staged"), `${key}\t${file}\n`),
    /** What all attempts have staged, whatever became of it. */
    async staged() {
      const lines = new Set((await readIfThere(at("staged")))?.split("\n").filter(Boolean));
      return [...lines].map((line) => {
        const [key = "", file = ""] = line.split("\t");
        return { file, key };
      });
    },
    /** The commit point. */
    publishing: (publishing: Publishing) => write("publishing.json", publishing),
    end: (event: JobEvent) => write("end.json", eventToJson(event)),
    /** Gives back the disk that source and output took; the journal stays. */
    async clear() {
      await rm(at("source"), { recursive: true, force: true });
      await rm(at("output"), { recursive: true, force: true });
    },
    remove: () => removeDurably(folder),

    /** What the folder says, or undefined when it holds no order: then no job was accepted. */
    async read(): Promise<Journaled | undefined> {
      const [order, attempt, drained, cancelled, publishing, end] = await Promise.all(
        ["order.json", "attempt.json", "drained", "cancelled", "publishing.json", "end.json"].map((name) =>
          readIfThere(at(name)),
        ),
      );
      if (order === undefined) return undefined;
      return {
        order: orderFromJson(JSON.parse(order)),
        attempt: attempt === undefined ? { attempt: 1, crashes: 0 } : v.parse(Attempt, JSON.parse(attempt)),
        isDrained: drained !== undefined,
        isCancelled: cancelled !== undefined,
        ...(publishing !== undefined && { publishing: v.parse(Publishing, JSON.parse(publishing)) }),
        ...(end !== undefined && { end: eventFromJson(v.parse(EventJson, JSON.parse(end))) }),
      };
    },
  };
}

/** Beside the folders of the jobs: outputs that wait for a delivery. */
export const keptFolder = "undelivered";

/** The ids of the jobs whose folders are in a work directory. */
export async function journaledIds(workDir: string): Promise<string[]> {
  const entries = await readdir(workDir, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && entry.name !== keptFolder).map((entry) => entry.name);
}
