import { Fault } from "#shared/fault.ts";
import type { Picture } from "#shared/job/picture.ts";
import { hasTimes, type Probe } from "#worker/ffmpeg/media.ts";
import type { Spawning } from "#worker/ffmpeg/run.ts";
import { pickCandidates, posterCandidates } from "#worker/plan/poster.ts";
import { askedOf } from "./asked.ts";
import { readingOf } from "./colour.ts";
import { comparisonsFor, type Encoded, type OutputPart, type Sampled } from "./comparisons.ts";
import { textProblem } from "./drawn-text.ts";
import { darkShare } from "./grid.ts";
import { type Asking, sampleFrames } from "./sample-frames.ts";
import { type Opened, picturesAround, picturesUntil } from "./source.ts";
import { isMistaken, isOther } from "./verdict.ts";

type Input = Encoded & {
  source: Probe;
  /** The path of the source. */
  input: string;
  /** Which part of the output is made of that source; left out where it is all of it. */
  part?: OutputPart & { number: number };
};

/** What an operator can do where the comparison is wrong. */
const advice = "VERIFY=plan publishes without comparing pictures";

/** Of smaller pictures an output may be larger than the source, and rounding a side changes its shape. */
const leastSide = 64;

/**
 * Holds pictures of an output against those of the source at the same moments: what they show, in which shape, and in
 * which colours; and looks for the text that is drawn into them. The rest of verification rests on what was planned; this does
 * not.
 */
export async function comparePictures(compared: Input, spawning: Spawning): Promise<void> {
  await checkText(compared, spawning);
  const { source } = compared;
  if (!source.joined) return compareWith(compared, compared.plan.compared?.picture, spawning);
  // What is cut out of a joined film, or turned, is none of its sources as a whole.
  const { crop, rotate = 0, ...picture } = compared.plan.compared?.picture ?? {};
  if (crop || rotate !== 0 || !source.video) return;
  const { width, height } = source.video;
  for (const [at, part] of source.joined.parts.entries()) {
    const ours = { ...compared, source: { ...part.probe, video: part.video }, input: part.input };
    await compareWith({ ...ours, part: { ...part, number: at + 1 } }, { ...picture, width, height }, spawning);
  }
}

async function checkText({ plan, files, input }: Input, spawning: Spawning): Promise<void> {
  const asking = { ...spawning, reads: [input, plan.outputDir], cwd: plan.outputDir };
  const missing = await textProblem(plan, files, asking);
  if (missing) throw new Fault("encode_failed", `${missing.name}: ${missing.problem} (${advice})`);
}

/** Holds an output against one source, which may be a part of what it is made of. */
async function compareWith(
  { plan, files, report, source, input, part }: Input,
  picture: Picture | undefined,
  { signal, spawn }: Spawning,
): Promise<void> {
  const { video } = source;
  const mayBeFields = video && { ...video, interlaced: video.interlaced || picture?.deinterlace === "on" };
  const reading = plan.compared && mayBeFields && readingOf(mayBeFields);
  if (!reading || isVague(source) || Math.min(video.width, video.height) < leastSide) return;
  // Where shapes change, what is asked is done to pictures that were fitted into one before.
  if (picture && video.shapes) return;
  const dir = plan.outputDir;
  const asked = picture && askedOf(picture, video);
  const opened: Opened = { file: input, source, video, ways: [...reading.right, ...reading.wrong], asked };
  const asking = { signal, spawn, reads: [input, dir], cwd: dir };
  const compared = await comparisonsFor({ plan, files, report, part }, opened, reading, asking);
  const of = part ? ` of source ${part.number}` : "";
  for (const ours of Map.groupBy(compared, ({ name }) => name).values()) {
    const problem = await problemOf(ours, opened, asking);
    if (problem !== undefined) throw new Fault("encode_failed", `${ours[0]?.name}${of}: ${problem} (${advice})`);
  }
}

/** Where pictures do not say when they are shown, a clip may begin with the one beside. */
const isVague = (source: Probe) => source.clip !== undefined && !hasTimes(source);

async function problemOf(comparisons: readonly Sampled[], opened: Opened, asking: Asking): Promise<string | undefined> {
  const doubted = comparisons.find(isOther);
  if (doubted && (await isOtherForSure(doubted, opened, asking)))
    return `its picture at ${doubted.seconds.toFixed(2)} s is not that of the source`;
  if (comparisons.some(isMistaken)) return "its colours are not those of the source";
  const poster = comparisons.find(({ isPoster }) => isPoster);
  return poster && posterProblem(poster, opened, asking);
}

/** Compares again with a source that is decoded from long before: right after a jump pictures may be incomplete. */
async function isOtherForSure(comparison: Sampled, opened: Opened, asking: Asking): Promise<boolean> {
  const [frames = []] = (await sampleFrames([picturesAround(comparison.seconds, opened, true)], asking)) ?? [];
  const source = comparison.sourceIn(frames);
  return source.length > 0 && isOther({ ...comparison, source });
}

/** A poster is not black where there was another choice. */
async function posterProblem(
  { shown: [poster] }: Sampled,
  opened: Opened,
  asking: Asking,
): Promise<string | undefined> {
  const { durationSeconds } = opened.source;
  if (!poster || durationSeconds === undefined || darkShare(poster) < 0.95) return undefined;
  const candidates = posterCandidates(durationSeconds);
  const request = picturesUntil(candidates.end, pickCandidates(candidates), opened);
  const [frames = []] = (await sampleFrames([request], asking)) ?? [];
  const light = frames.find(({ grids }) => grids.every((grid) => darkShare(grid) < 0.8));
  return light && `it is black, and the source at ${light.seconds.toFixed(2)} s is not`;
}
