import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { plain } from "#cli/cells.ts";
import { type Context, openService, print, type Remote } from "#cli/context.ts";
import { type FindOutput, runBatch } from "#cli/encode/batch.ts";
import { checkWritable, destinationOf } from "#cli/encode/destination.ts";
import { completed } from "#cli/encode/follow.ts";
import { findInputs, remoteInput, urlInputOf } from "#cli/encode/inputs.ts";
import { type OverlayOptions, overlayIn } from "#cli/encode/overlay-options.ts";
import { type ParamOptions, paramsIn } from "#cli/encode/param-options.ts";
import { type PictureOptions, pictureIn } from "#cli/encode/picture-options.ts";
import { type SoundOptions, soundIn } from "#cli/encode/sound-options.ts";
import { type SubtitleOptions, subtitlesIn } from "#cli/encode/subtitle-options.ts";
import { refuseOwnSources, type Task, tasksFor } from "#cli/encode/tasks.ts";
import { type ThumbnailOptions, thumbnailsIn } from "#cli/encode/thumbnail-options.ts";
import { makeUploadSource } from "#cli/encode/upload.ts";
import { failureOf } from "#cli/failure.ts";
import { displayOn, type Outcome } from "#cli/progress.ts";
import type { Client, Priority } from "#client/client.ts";
import { Fault } from "#shared/fault.ts";
import type { Metric } from "#shared/job/metric.ts";

export type EncodeOptions = EncodeFields &
  ParamOptions &
  PictureOptions &
  OverlayOptions &
  SubtitleOptions &
  ThumbnailOptions &
  SoundOptions;

type EncodeFields = {
  /** The name of a preset. */
  preset: string;
  /** The folder or file for outputs that are made here; left out where a service is asked. */
  output?: string;
  /** The one output's path in the folder or storage. Default: `<stem>_<preset>.<ext>`. */
  path?: string;
  /** Whether folders are searched to their depth. Default: false. */
  recursive?: boolean;
  /** The priority of the orders where they wait for a worker. Default: normal. */
  priority?: Priority;
  /** Measures the quality of the outputs by this. Default: as the preset says. */
  measure?: Metric;
  /** The VMAF to aim at. Default: the preset's, if it has one. */
  vmaf?: number;
  /** How many workers may encode a film at a time. Default: the service's SPLIT_WORKERS. */
  workers?: number;
  /** The part of each source that is encoded, such as `0:10-0:25`; of sources that are joined one each. Default: all. */
  clip?: readonly string[];
  /** Whether all sources are joined to one film. Default: false, which is a job each. */
  join?: boolean;
  /** Whether outputs that are there are replaced. Default: false. */
  overwrite?: boolean;
};

/** Encodes all that is named, here or by the service; throws when anything failed. */
export async function encode(context: Context, remote: Remote, named: readonly string[], options: EncodeOptions) {
  const isHere = remote.server === undefined;
  const { env, isJson } = context;
  const { recursive = false, overwrite = false } = options;
  const output = outputOf(options, isHere);
  const { folder, one } = await destinationOf({ ...options, output });
  const where = isHere ? { urlInput: urlInputOf(env), outputDir: output } : { urlInput: remoteInput };
  const { inputs, left } = await findInputs(named, { recursive, ...where });
  if (left.length > 0 && !isJson) console.log(plain(`Left alone, by their names no media: ${left.join(", ")}`));

  await using service = await openService(env, remote, folder);
  const tasks = tasksFor(inputs, await service.client.presets(), {
    ...options,
    params: paramsIn(options),
    picture: { ...pictureIn(options), ...overlayIn(options), ...subtitlesIn(options), ...soundIn(options) },
    thumbnails: thumbnailsIn(options),
    overwrite,
    one,
  });
  const findOutput = isHere ? await checkedFolder(folder, tasks, overwrite) : () => undefined;
  const isSingle = tasks.length === 1;
  const display = displayOn(process.stdout, { isJson, isSingle });
  const outcomes = await runBatch(service.client, tasks, {
    slots: isSingle ? 1 : await slotsOf(service.client, isHere),
    display,
    uploadSource: isHere ? undefined : makeUploadSource(remote, display),
    // What a service has in its storage is not known here.
    findOutput,
  });
  const [only] = outcomes;
  if (isSingle && only) return completed(only);
  return summarise(context, tasks.length, outcomes);
}

function outputOf({ output }: EncodeOptions, isHere: boolean): string {
  if (isHere) return output ?? "./out";
  if (output === undefined) return "./";
  const words = `a service puts outputs into its own storage, and --output ${output} is a folder of this machine`;
  throw new Fault("invalid", `${words}; use --path, or leave --server and FLUX_SERVER out to encode here`);
}

/** Sees to it that the outputs can be written that are not there already; returns what finds those. */
async function checkedFolder(folder: string, tasks: readonly Task[], overwrite: boolean): Promise<FindOutput> {
  if (overwrite) await refuseOwnSources(tasks, folder);
  const find: FindOutput = overwrite ? () => undefined : outputIn(folder);
  const missing = tasks.map(({ path }) => path).filter((path) => find(path) === undefined);
  await checkWritable(folder, missing);
  return find;
}

const outputIn =
  (folder: string): FindOutput =>
  (path) => {
    const output = resolve(join(folder, path));
    const isThere = existsSync(output) && (!path.endsWith("/") || readdirSync(output).some(isEntry));
    return isThere ? pathToFileURL(output).href : undefined;
  };

// Published last: without one, a killed command has left segments.
const isEntry = (name: string) => /\.(m3u8|mpd)$/.test(name);

/** How many jobs the workers run at a time; of those that sleep nothing is known but that they are there. */
async function slotsOf(api: Client, isHere: boolean): Promise<number> {
  try {
    const workers = await api.workers({ wake: isHere });
    const slots = workers.map((worker) => (worker.reachable ? worker.max_concurrent_jobs : 1));
    const total = slots.reduce((sum, some) => sum + some, 0);
    return Math.max(1, total);
  } catch (error) {
    if (failureOf(error).kind === "forbidden") return 1;
    throw error;
  }
}

function summarise(context: Context, ordered: number, outcomes: readonly Outcome[]) {
  const count = (status: Outcome["status"]) => outcomes.filter((outcome) => outcome.status === status).length;
  const summary = {
    completed: count("completed"),
    skipped: count("skipped"),
    failed: count("failed"),
    cancelled: count("cancelled"),
    not_begun: ordered - outcomes.length,
  };
  const words = Object.entries(summary).flatMap(([what, count]) =>
    count > 0 ? [`${count} ${what.replace("_", " ")}`] : [],
  );
  print(context, summary, words.join(", "));
  if (summary.cancelled + summary.not_begun > 0) throw new Fault("cancelled", "interrupted");
  if (summary.failed > 0) throw new Fault("encode_failed", `${summary.failed} of ${ordered} failed`);
}
