import type { JobRequest } from "#proto/worker/v1/worker_pb.js";
import { invalidField } from "#shared/fault.ts";
import type { Order } from "#shared/job/order.ts";
import type { Preset } from "#worker/presets/schema.ts";

/** The most workers that may share a film. */
const mostWorkers = 32;

type Asked = Pick<JobRequest, "workers" | "splitWorkers"> &
  Partial<Pick<JobRequest, "overlay" | "inputs" | "subtitles">> & { output?: { publish: string } | undefined };

/** How many workers may share the film of an order; undefined where one is to encode it. */
export function wantedWorkers(
  { workers, splitWorkers, output, overlay = [], inputs = [], subtitles = [] }: Asked,
  preset: Preset,
): number | undefined {
  // What is laid over the picture lies with the worker that has the job alone, and so do several sources.
  const isBurned = subtitles.some(({ mode }) => mode === "burn");
  if (overlay.length > 0 || inputs.length > 0 || isBurned) return undefined;
  if (workers > 0) return workers;
  return splitWorkers > 1 && !whyNot(preset, output?.publish) ? Math.min(splitWorkers, mostWorkers) : undefined;
}

/** Throws when an order asks for workers that could not share its film. */
export function checkWorkers({ workers, output }: Asked, preset: Preset | undefined): void {
  if (workers < 0 || workers > mostWorkers) throw invalidField("workers", `must be from 1 to ${mostWorkers}`);
  const why = workers > 1 && preset && whyNot(preset, output?.publish);
  if (why) throw invalidField("workers", `${why}; leave it out`);
}

function whyNot(preset: Preset, publish: string | undefined): string | undefined {
  if (publish === "progressive") return "what is shown while it grows is encoded by one worker";
  if ("ffmpeg_args" in preset) return `nobody knows where a film could be cut for ${preset.name}'s own arguments`;
  return preset.video ? undefined : `preset ${preset.name} makes no video that workers could share`;
}

type Sharing = {
  /** Whether the storage of records is known to keep claims. */
  isKnown(): boolean;
  /** Asks the storage of records whether it can keep claims. */
  canClaim(signal: AbortSignal): Promise<boolean>;
};

const askTimeoutMs = 10_000;

/**
 * The order with as many workers as its storage of records lets share the film: pieces lie there, and of all who would
 * encode one only one may. Throws when the order asks for more. A storage that is away refuses nothing: the worker that has
 * the job goes on alone.
 */
export async function sharedOrder(
  order: Order,
  { workers: asked }: Asked,
  { isKnown, canClaim }: Sharing,
): Promise<Order> {
  const { workers = 1, ...alone } = order;
  if (workers === 1 || isKnown()) return order;
  if (await canClaim(AbortSignal.timeout(askTimeoutMs)).catch(() => true)) return order;
  if (asked === 0) return alone;
  throw invalidField(
    "workers",
    "no worker that answers has a storage of records that lets workers share a film: use a RECORD_STORAGE that honours If-None-Match, or leave it out",
  );
}
