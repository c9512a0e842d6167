import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { EventFromJson, type JobEvent } from "#shared/job/event.ts";
import { type Order, OrderFromJson } from "#shared/job/order.ts";
import { Usage } from "#worker/receipt/usage.ts";
import { isMissing, type ReadText, readIfThere, readText } from "./durable.ts";

/** An encoded and verified output whose delivery failed, or still may. */
export type Undelivered = v.InferOutput<typeof Undelivered>;
export const Undelivered = v.object({
  entries: v.array(v.string()),
  /** Where its media lie beside the entry. */
  generation: v.string(),
  /** What is in the storage already: names and bytes. */
  delivered: v.array(v.tuple([v.string(), v.number()])),
  /** Keys to remove when it is discarded. */
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
  /** What is retained when the output cannot be published. */
  undelivered: v.exactOptional(Undelivered),
});

const positive = v.pipe(v.number(), v.integer(), v.minValue(0));
const Attempt = v.object({ attempt: positive, crashes: positive });
export type Attempt = v.InferOutput<typeof Attempt>;

/** What a job's folder says of it. */
export type Journaled = {
  order: Order;
  /** The attempt that was running, and how many before it ended in a crash. */
  attempt: Attempt;
  /** A drain stopped the attempt: it was no crash. */
  isDrained: boolean;
  isCancelled: boolean;
  /** `damaged`: the job was committed, and it cannot be read to what. */
  publishing?: Publishing | "damaged";
  end?: JobEvent;
  /** What the attempts took, as far as that got to the disk. */
  usage: Usage | undefined;
  /** The files that are damaged, or that another version has written; what they hold is taken for what is safe. */
  damaged: readonly string[];
};

/** A folder of an accepted job whose order cannot be made out. */
export type Lost = {
  /** What is left of the order, if anything is. */
  orderText: string | undefined;
  attempt: Attempt;
  end?: JobEvent;
  /** Why, in words. */
  lost: string;
};

const fromText = <T extends v.GenericSchema>(schema: T) => v.pipe(v.string(), v.parseJson(), schema);
const texts = {
  order: fromText(OrderFromJson),
  attempt: fromText(Attempt),
  publishing: fromText(Publishing),
  end: fromText(EventFromJson),
  usage: fromText(Usage),
};

// A crash while the order was being written leaves no more.
const beforeAcceptance = new Set(["order.json.tmp"]);

/**
 * Reads a job's folder; undefined when no job was accepted. Throws when it cannot be read at present, which tells nothing
 * of what it holds.
 */
export async function readJournal(folder: string, read: ReadText = readText): Promise<Journaled | Lost | undefined> {
  const names = ["order.json", "attempt.json", "drained", "cancelled", "publishing.json", "end.json", "usage.json"];
  const [orderText, attempt, drained, cancelled, publishing, end, usage] = await Promise.all(
    names.map((name) => readIfThere(join(folder, name), read)),
  );
  const { parsed, damaged } = makeParsing();
  const order = parsed("order", orderText);
  const ended = parsed("end", end);
  const same = { attempt: parsed("attempt", attempt) ?? { attempt: 1, crashes: 0 }, ...(ended && { end: ended }) };
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
    ...(publishing !== undefined && { publishing: parsed("publishing", publishing) ?? "damaged" }),
    usage: parsed("usage", usage),
    damaged,
  };
}

/** Parses the files of a journal, and notes which of them are damaged. */
function makeParsing() {
  const damaged: string[] = [];
  const parsed = <K extends keyof typeof texts>(name: K, text: string | undefined) => {
    if (text === undefined) return undefined;
    const { success, output } = v.safeParse(texts[name], text);
    if (!success) damaged.push(`${name}.json`);
    return success ? (output as v.InferOutput<(typeof texts)[K]>) : undefined;
  };
  return { parsed, damaged };
}

async function isUnaccepted(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((error) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names.every((name) => beforeAcceptance.has(name));
}
