import { appendFile, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { eventFromJson, eventToJson, type JobEvent, StoredEvent } from "#shared/job/event.ts";
import { isJobId } from "#shared/job/id.ts";
import { type Order, orderFromJson, orderToJson } from "#shared/job/order.ts";
import { Usage } from "#worker/receipt/usage.ts";
import { readIfThere, removeDurably, writeDurably } from "./durable.ts";
import { markWhole, wholeIn } from "./whole-file.ts";

/** An encoded and verified output whose delivery failed, or still may. */
export type Undelivered = v.InferOutput<typeof Undelivered>;
export const Undelivered = v.object({
  entries: v.array(v.string()),
  /** Where its media lie beside the entry. */
  generation: v.string(),
  /** What is in the storage already: names and bytes. */
  delivered: v.array(v.tuple([v.string(), v.number()])),
  /** Keys to remove when it is given up. */
  uploads: v.array(v.string()),
});

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
  /** What a viewer may miss, for the final event. */
  warnings: v.exactOptional(v.array(v.string())),
  /** What is kept if it cannot be shown. */
  undelivered: v.exactOptional(Undelivered),
});

const EventLine = v.pipe(v.string(), v.parseJson(), StoredEvent);

// A power cut may have left anything of it.
const UsageText = v.fallback(v.optional(v.pipe(v.string(), v.parseJson(), Usage)), undefined);

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
  /** What the attempts took, as far as that got to the disk. */
  usage: Usage | undefined;
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
  const linesOf = async (name: string) => (await readIfThere(at(name)))?.split("\n").filter(Boolean) ?? [];
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
    /** Written before the receiver is told of an event that is not the last, and when that is settled. */
    telling: (event: JobEvent) => appendFile(at("telling"), `${JSON.stringify(eventToJson(event))}\n`),
    told: ({ sequence }: JobEvent) => appendFile(at("told"), `${sequence}\n`),
    /** The events that a crash kept the receiver from being told of. */
    async untold(): Promise<JobEvent[]> {
      const told = await linesOf("told");
      const events = (await linesOf("telling")).map((line) => v.safeParse(EventLine, line));
      // A line may be cut off.
      const whole = events.flatMap(({ success, output }) => (success ? [eventFromJson(output)] : []));
      return whole.filter(({ sequence }) => !told.includes(String(sequence)));
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

    /** What the folder says, or undefined when it holds no order: then no job was accepted. */
    async read(): Promise<Journaled | undefined> {
      const names = ["order.json", "attempt.json", "drained", "cancelled", "publishing.json", "end.json", "usage.json"];
      const [order, attempt, drained, cancelled, publishing, end, usage] = await Promise.all(
        names.map((name) => readIfThere(at(name))),
      );
      if (order === undefined) return undefined;
      return {
        order: orderFromJson(JSON.parse(order)),
        attempt: attempt === undefined ? { attempt: 1, crashes: 0 } : v.parse(Attempt, JSON.parse(attempt)),
        isDrained: drained !== undefined,
        isCancelled: cancelled !== undefined,
        ...(publishing !== undefined && { publishing: v.parse(Publishing, JSON.parse(publishing)) }),
        ...(end !== undefined && { end: eventFromJson(v.parse(StoredEvent, JSON.parse(end))) }),
        usage: v.parse(UsageText, usage),
      };
    },
  };
}

/** Beside the folders of the jobs: outputs that wait for a delivery. */
export const keptFolder = "undelivered";

/** The ids of the jobs whose folders are in a work directory. */
export async function journaledIds(workDir: string): Promise<string[]> {
  const entries = await readdir(workDir, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  // A disk of its own has folders that are not ours, such as lost+found.
  return folders.filter((name) => name !== keptFolder && isJobId(name));
}
