import type { Probe } from "#worker/ffmpeg/media.ts";
import { plan } from "#worker/plan/decide.ts";
import type { Reference } from "#worker/plan/reference.ts";
import { renditionsFor } from "#worker/plan/rungs.ts";
import type { Rendition } from "#worker/presets/fields.ts";
import { chooseRungs } from "./adaptive-ladder.ts";
import { boundsAround, type Found, foundBy, mostTries, nextCrf, type Tried } from "./aim-search.ts";
import { droppedWords, foundWords, noSample, tooSmall } from "./aim-words.ts";
import { takeSample } from "./sample.ts";
import { crfOf, type FilmPreset, type Renditions, withCrfsMoved, withRenditions } from "./sample-preset.ts";
import { scaledUp, type TrialOptions, tryRenditions } from "./trial.ts";

/** What is decided of a preset for one film. */
export type Aimed = {
  /** The preset with the CRFs and the renditions to encode with. */
  preset: FilmPreset;
  /** The mean VMAF that was aimed at; absent where only the ladder was adapted. */
  target?: number;
  /** What the best rendition is expected to have, by the sample. */
  found?: Found;
  /** Why it was so decided, in sentences for people. */
  reason: string;
};

type Wanted = { target?: number | undefined; isAdaptive: boolean };

type Options = TrialOptions & {
  /** The path of the source. */
  input: string;
  /** Called with what is being done, for people. */
  onStep(message: string): void;
};

/** Finds the CRFs and the renditions with which a preset gives a film the quality that is wanted, by trying a sample. */
export async function aim(preset: FilmPreset, source: Probe, wanted: Wanted, options: Options): Promise<Aimed> {
  const { target } = wanted;
  const same = { preset, ...(target !== undefined && { target }) };
  const referenceOf = (probe: Probe) => referenceFor(preset, probe, options);
  const { renditions: made } = referenceOf(source);
  const isAdaptive = wanted.isAdaptive && made.length > 1 && !made.some(isTooSmall);
  if (made.slice(0, 1).some(isTooSmall)) return { ...same, reason: tooSmall };
  if (target === undefined && !isAdaptive) return { ...same, reason: "" };
  const { others, fitting } = split(preset, source);

  const onPiece = (done: number, of: number) => options.onStep(`Taking a sample of the film: ${done + 1} of ${of}`);
  const sample = await takeSample(source, { ...options, referenceOf, onPiece });
  if (!sample) return { ...same, reason: noSample };
  const tried: Tried[] = [];
  const words: string[] = [];
  let kept = fitting;
  if (isAdaptive) {
    options.onStep("Choosing the renditions");
    const trial = await tryRenditions(sample, preset, fitting, options);
    const chosen = await chooseRungs(trial.vmaf, (lower, higher) => scaledUp(trial, lower, higher, options));
    kept = asRenditions(chosen.kept.flatMap((at) => fitting[at] ?? []));
    tried.push({ crf: kept[0].crf, vmaf: trial.vmaf[chosen.kept[0] ?? 0] ?? 0 });
    words.push(...chosen.dropped.map((dropped) => droppedWords(dropped, fitting)));
  }
  if (target === undefined) {
    return { preset: withRenditions(preset, asRenditions([...others, ...kept])), reason: words.join(" ") };
  }

  const [best] = kept;
  const bounds = boundsAround(best.crf, crfOf[preset.video.codec]);
  const moved = (crf: number) => withCrfsMoved(kept, crf - best.crf, preset.video.codec);
  for (let crf = nextCrf(target, bounds, tried); crf !== undefined; crf = nextCrf(target, bounds, tried)) {
    options.onStep(`Finding the CRF: probe ${tried.length + 1} of ${mostTries}`);
    const [vmaf = 0] = (await tryRenditions(sample, preset, [moved(crf)[0]], options)).vmaf;
    tried.push({ crf, vmaf });
  }
  const found = foundBy(target, bounds, tried);
  return {
    preset: withRenditions(preset, asRenditions([...others, ...moved(found.crf)])),
    ...{ target, found },
    reason: [foundWords(target, found, { tried, bounds, best }), ...words].join(" "),
  };
}

function referenceFor(preset: FilmPreset, probe: Probe, { input, dir, capabilities }: Options): Reference {
  // Sound that goes on longer makes the last picture stand.
  const place = { input, outputDir: dir, stem: "sample", keyInfoFile: "unused" };
  const { reference } = plan(preset, { ...probe, audio: [], subtitles: [] }, place, capabilities);
  if (!reference) throw new Error("a film has pictures that its encoder is given");
  return reference;
}

/** The renditions that are none of the source's output, such as larger ones, and the others. */
function split({ video: settings }: FilmPreset, { video }: Probe): { others: Rendition[]; fitting: Renditions } {
  const fitting = video ? renditionsFor(settings, video) : settings.renditions;
  return { others: settings.renditions.filter((one) => !fitting.includes(one)), fitting: asRenditions(fitting) };
}

/** VMAF makes pictures smaller several times. */
const leastSide = 32;
const isTooSmall = ({ width, height }: { width: number; height: number }) => Math.min(width, height) < leastSide;

function asRenditions([best, ...others]: readonly Rendition[]): Renditions {
  if (!best) throw new Error("a ladder has a rendition");
  return [best, ...others];
}
