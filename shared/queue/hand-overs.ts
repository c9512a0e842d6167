import * as v from "valibot";
import { Fault, invalidField } from "#shared/fault.ts";
import { EventFromJson, eventToJson, type JobEvent } from "#shared/job/event.ts";
import { isWaitingId } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import { fromJsonText } from "#shared/json-text.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { canDecide, type Storage } from "#shared/storage/storage.ts";

type Options = {
  /** The storage of records. */
  storage: Storage;
  /** The folder of the records. */
  prefix: string;
  now(): number;
};

const number = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1));
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));

/** Who took an order from a waiting room, of all who were offered it by the same number. */
export type HandOver = v.InferOutput<typeof HandOver>;
const HandOver = v.object({
  /** The number of the hand-over, from 1. */
  number,
  /** The worker's address, as control planes know it. */
  address: text,
  /** Names one submission: the next of the same order to the same worker has another. */
  admission: text,
});

/** Who ends a job that has waited: nobody else writes its final record or sends its final webhook. */
export type QueueEnd = v.InferOutput<typeof QueueEnd>;
const QueueEnd = v.object({
  by: v.picklist(["worker", "control-plane"]),
  /** Of a worker the one of its hand-over; of a control plane one that it has made for this end. */
  admission: text,
  /** The number of the hand-over that had been reached; 0: nobody was offered the order, or it is not known. */
  number,
  /** The final event, where it was known already. */
  event: v.optional(v.fallback(v.optional(EventFromJson), undefined)),
});

/** What a storage holds may be damaged, or be no end at all: then it is there all the same, and is nobody's. */
type FoundEnd = Omit<QueueEnd, "by"> & { by: QueueEnd["by"] | "nobody" };
const nobodys: FoundEnd = { by: "nobody", admission: "", number: 0 };

export type HandOvers = ReturnType<typeof makeHandOvers>;

/**
 * Decides who takes an order from a waiting room, and who ends its job. What is created once is never changed:
 * `<prefix>/claims/queue/<job id>/<n>.json` for each hand-over, `end.json` there for the end, and `event.json` for the final
 * event of an end that a worker has claimed. All methods throw what the storage throws; what was asked for may have been
 * done then.
 */
export function makeHandOvers({ storage, prefix, now }: Options) {
  const keyOf = (jobId: string, name: string | number) => {
    if (!isWaitingId(jobId)) throw new Fault("invalid", `job_id: ${jobId} is not the id of a job that has waited`);
    return `${prefix}/claims/queue/${jobId}/${name}.json`;
  };
  const canClaim = (signal: AbortSignal) => canDecide(storage, `${prefix}/`, signal);

  const create = async (key: string, claim: object, signal: AbortSignal) => {
    if (!(await canClaim(signal))) throw invalidField("queue_try", "the storage of records cannot keep claims");
    const text = `${JSON.stringify({ ...claim, claimed_at: new Date(now()).toISOString() })}\n`;
    return (await storage.create?.(key, text, headersFor(key), signal)) ?? false;
  };
  const readEnd = async (jobId: string, signal: AbortSignal): Promise<FoundEnd | undefined> =>
    endIn(await storage.read(keyOf(jobId, "end"), signal), jobId);
  const readEvent = async (jobId: string, signal: AbortSignal): Promise<FoundEnd | undefined> =>
    endIn(await storage.read(keyOf(jobId, "event"), signal), jobId);
  const toClaim = ({ event, ...end }: QueueEnd) => ({ ...end, ...(event && { event: eventToJson(event) }) });
  const readClaim = async (jobId: string, number: number, signal: AbortSignal): Promise<HandOver | undefined> =>
    claimIn(await storage.read(keyOf(jobId, number), signal), number);

  return {
    /** Whether the storage can decide at all. */
    canClaim,

    /**
     * Claims a hand-over. Resolves with true when this admission has it, also from an earlier call whose answer was lost;
     * false when another has: the job must not be accepted then.
     */
    async claim(jobId: string, { number, address, admission }: HandOver, signal: AbortSignal): Promise<boolean> {
      if (await create(keyOf(jobId, number), { address, number, admission }, signal)) return true;
      return (await readClaim(jobId, number, signal))?.admission === admission;
    },

    /** Who has claimed the hand-over of this number; undefined when nobody has. */
    readClaim,

    /**
     * Claims the end of a job. Resolves with undefined when it belongs to this admission, also from an earlier call;
     * otherwise with what the storage says of who ends it.
     */
    async claimEnd(jobId: string, end: QueueEnd, signal: AbortSignal): Promise<FoundEnd | undefined> {
      if (await create(keyOf(jobId, "end"), toClaim(end), signal)) return undefined;
      const found = (await readEnd(jobId, signal)) ?? nobodys;
      return isSameEnd(found, end) ? undefined : found;
    },

    /** Who ends the job; undefined while nobody does. */
    readEnd,

    /**
     * Fixes the final event of a job whose end a worker has claimed: its own, or one that is given to it because the
     * worker is lost. Resolves with what is fixed, which is this event unless another was before.
     */
    async fixEvent(jobId: string, end: QueueEnd & { event: JobEvent }, signal: AbortSignal): Promise<FoundEnd> {
      if (await create(keyOf(jobId, "event"), toClaim(end), signal)) return end;
      return (await readEvent(jobId, signal)) ?? nobodys;
    },

    /** What the final event of an end of a worker is, and whose; undefined while it is not fixed. */
    readEvent,
  };
}

/** Whether an end is that of an admission. */
export const isSameEnd = (end: FoundEnd | undefined, { by, admission }: Pick<QueueEnd, "by" | "admission">): boolean =>
  end?.by === by && end.admission === admission;

/** A claim that is damaged names no worker, and no submission that there was. */
function claimIn(text: string | undefined, number: number): HandOver | undefined {
  if (text === undefined) return undefined;
  const claim = fromJsonText(HandOver, text);
  return claim?.number === number ? claim : { number, address: "", admission: "" };
}

/** An event that is not the end of this job is left out. */
function endIn(text: string | undefined, jobId: string): FoundEnd | undefined {
  if (text === undefined) return undefined;
  const { event, ...end } = fromJsonText(QueueEnd, text) ?? nobodys;
  const isOurs = event?.jobId === jobId && isFinal(event.status);
  return { ...end, ...(isOurs && { event }) };
}
