import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { EventFromJson, type JobEvent } from "#shared/job/event.ts";
import { StoredFacts } from "#shared/job/facts.ts";
import { type Order, OrderFromJson } from "#shared/job/order.ts";
import { PublishedObject } from "#shared/job/published-object.ts";
import { fromJsonText } from "#shared/json-text.ts";
import { Made } from "#worker/certificate/made.ts";
import { Usage } from "#worker/receipt/usage.ts";
import { ignoreMissing, type ReadText, readIfThere, readText } from "./durable.ts";

/** An encoded and verified output whose delivery has failed or may still fail. */
export type Undelivered = v.InferOutput<typeof Undelivered>;
export const Undelivered = v.object({
  /** The files that a player opens. */
  entries: v.array(v.string()),
  /** The folder of its media beside the entry, ending in `/`; empty when they lie beside it. */
  generation: v.string(),
  /** The files that are in the storage already: names and bytes. */
  delivered: v.array(v.tuple([v.string(), v.number()])),
  /** The keys to remove when the output is discarded. */
  uploads: v.array(v.string()),
  /** What is known of the objects at these keys; a former version notes nothing of them. */
  objects: v.exactOptional(v.array(PublishedObject)),
  /** What is known of it, as events have it; its renditions go by the names of its files. */
  facts: v.exactOptional(StoredFacts),
  /** How it was made, for its certificate; absent where the worker signs none. */
  made: v.exactOptional(Made),
});

/** What is about to be made visible, written to the disk before any of it is: after a crash exactly this is repeated. */
export type Publishing = v.InferOutput<typeof Publishing>;
const Publishing = v.object({
  /** The files, in the order in which they become visible. */
  puts: v.array(v.object({ name: v.string(), key: v.string(), bytes: v.number(), sha256: v.string() })),
  /** The URL from which players read the output. */
  url: v.string(),
  /** How many files and bytes the whole output has, with the media that were delivered before. */
  files: v.number(),
  bytes: v.number(),
  /** Keys of earlier attempts, to be removed when the output is visible. */
  stale: v.array(v.string()),
  /** All that is published then; absent when that is not known of all of it. */
  objects: v.exactOptional(v.array(PublishedObject)),
  /** What viewers of the output may miss, for the final event. */
  warnings: v.exactOptional(v.array(v.string())),
  /** What the final event tells of source and output. */
  facts: v.exactOptional(StoredFacts),
  /** The certificate of it all; absent where the worker signs none. */
  certificate: v.exactOptional(v.string()),
  /** What is retained when the output cannot be published. */
  undelivered: v.exactOptional(Undelivered),
});

const positive = v.pipe(v.number(), v.integer(), v.minValue(0));
const Attempt = v.object({ attempt: positive, crashes: positive });
export type Attempt = v.InferOutput<typeof Attempt>;

/** What the journal of an accepted job says. */
export type Journaled = {
  order: Order;
  /** The number of the attempt that was running, and how many attempts have ended in a crash. */
  attempt: Attempt;
  /** Whether a drain stopped the attempt, which then was no crash. */
  isDrained: boolean;
  /** Whether the job was cancelled, and has to end so. */
  isCancelled: boolean;
  /** Present when the job was committed; `damaged` when it cannot be read what it was about to publish. */
  publishing?: Publishing | "damaged";
  /** The final event of a job that has ended. */
  end?: JobEvent;
  /** What the attempts have used, as far as it was written to the disk. */
  usage: Usage | undefined;
  /** The files that are damaged, or of a later version: the safest is assumed of what they say. */
  damaged: readonly string[];
};

/** The journal of an accepted job whose order cannot be read any more. */
export type Lost = {
  /** The text of the damaged order, if there is any. */
  orderText: string | undefined;
  attempt: Attempt;
  end?: JobEvent;
  /** Why the order cannot be read, for logs and clients. */
  lost: string;
};

// The only file that a crash before the acceptance can leave.
const beforeAcceptance = new Set(["order.json.tmp"]);

/**
 * Reads a job's journal; undefined when no job was accepted. Throws when the folder cannot be read at present, which says
 * nothing about the job.
 */
export async function readJournal(folder: string, read: ReadText = readText): Promise<Journaled | Lost | undefined> {
  const names = ["order.json", "attempt.json", "drained", "cancelled", "publishing.json", "end.json", "usage.json"];
  const [orderText, attempt, drained, cancelled, publishing, end, usage] = await Promise.all(
    names.map((name) => readIfThere(join(folder, name), read)),
  );
  const { parsed, damaged } = makeParsing();
  const order = parsed("order.json", OrderFromJson, orderText);
  const ended = parsed("end.json", EventFromJson, end);
  const attempts = parsed("attempt.json", Attempt, attempt) ?? { attempt: 1, crashes: 0 };
  const same = { attempt: attempts, ...(ended && { end: ended }) };
  if (!order) {
    if (orderText === undefined && (await isUnaccepted(folder))) return undefined;
    const lost = `order.json is ${orderText === undefined ? "missing" : "damaged, or of a later version"}`;
    return { ...same, orderText, lost };
  }
  return {
    ...same,
    order,
    isDrained: drained !== undefined,
    isCancelled: cancelled !== undefined,
    ...(publishing !== undefined && { publishing: parsed("publishing.json", Publishing, publishing) ?? "damaged" }),
    usage: parsed("usage.json", Usage, usage),
    damaged,
  };
}

/** Parses the files of a journal, and notes which of them are damaged. */
function makeParsing() {
  const damaged: string[] = [];
  const parsed = <S extends v.GenericSchema>(name: string, schema: S, text: string | undefined) => {
    const value = fromJsonText(schema, text);
    if (value === undefined && text !== undefined) damaged.push(name);
    return value;
  };
  return { parsed, damaged };
}

async function isUnaccepted(folder: string): Promise<boolean> {
  const names = (await readdir(folder).catch(ignoreMissing)) ?? [];
  return names.every((name) => beforeAcceptance.has(name));
}
