import { join } from "node:path";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { SinglePreset } from "#worker/presets/single-preset.ts";
import { audioPart } from "./audio.ts";
import { besideParts } from "./beside.ts";
import { besideSound } from "./beside-sound.ts";
import { withoutText } from "./burned.ts";
import { comparedMoments } from "./compared.ts";
import { graphOf } from "./graph.ts";
import { nothingElse, readInput, videoOf } from "./input.ts";
import { referenceInput, sourceOf } from "./joined-graph.ts";
import { fileSounds } from "./kept-sound.ts";
import { moviePart } from "./movie.ts";
import { embeddedInputs } from "./ordered-subtitles.ts";
import type { Part } from "./part.ts";
import { wholePictures } from "./picture.ts";
import { besideFile, withoutFilm } from "./picture-names.ts";
import type { Place, Plan } from "./plan.ts";
import { type SoundInputs, soundInputs } from "./prepared-sound.ts";

/** One file and what comes with it, from a source that is decoded once. */
export function singlePlan(preset: SinglePreset, probe: Probe, place: Place): Plan {
  const sounds = soundsOf(preset, probe, place);
  const wanted = partsOf(preset, { probe, place, sounds });
  // All of each source that is joined is read.
  const only = wanted.length === 1 && !probe.joined ? wanted[0]?.alone : undefined;
  const inputs = only?.inputs ?? [];
  const parts = wanted.map((part) => (only?.chain ? { ...part, chain: only.chain } : part));
  const pictures = parts.flatMap(({ chain }) => chain ?? []);
  const drawn = parts.filter(({ chain }) => chain);
  const outputs = parts.flatMap((part) => [
    ...(part.chain ? ["-map", `[v${drawn.indexOf(part)}]`] : []),
    ...part.args,
    // What says that there are no texts would take away those that are mapped.
    ...nothingElse.slice(part.files.some(({ texts }) => texts) ? 1 : 0),
    join(place.outputDir, part.target),
  ]);
  const derived = parts.flatMap((part) => part.derived ?? []);
  const entry = `output.${preset.extension}`;
  const [reference] = parts.flatMap((part) => part.reference ?? []);
  const before = pictures.length > 0 && probe.video ? wholePictures(probe.video) : [];
  return {
    args: [
      ...readInput(place.input, probe, ...inputs),
      ...sounds.args,
      ...embeddedInputs(place),
      ...graphOf(sourceOf(probe, Math.max(1, inputs.length)), before, pictures),
      ...outputs,
      ...besideSound(probe, place),
    ],
    outputDir: place.outputDir,
    outputType: "single",
    entry,
    entries: [entry],
    isMedia: () => false,
    samples: [],
    compared: {
      moments: comparedMoments(probe, preset.video?.gop_seconds ?? 1),
      segments: [],
      picture: preset.picture,
    },
    ...filmIn(parts),
    ...(reference && { reference: { ...reference, ...referenceInput(place.input, probe) } }),
    files: parts.flatMap(({ files }) => files),
    durationSeconds: preset.video || preset.audio ? probe.durationSeconds : undefined,
    ...(sounds.preparation && { preparation: sounds.preparation }),
    totalFrames: parts[0]?.files[0]?.video?.frames,
    ...(derived.length > 0 && { derived }),
  };
}

const filmIn = ([part]: readonly Part[]) => ({
  ...(part?.film && { film: part.film }),
  ...(part?.sound && { sound: part.sound }),
});

const soundsOf = ({ audio }: SinglePreset, probe: Probe, place: Place) =>
  soundInputs(
    audio,
    fileSounds(audio, probe).map(({ track }) => track),
    { probe, place },
  );

type Given = { probe: Probe; place: Place; sounds: SoundInputs };

/** The main one first: pictures are numbered by their place here. */
function partsOf(preset: SinglePreset, { probe, place, sounds }: Given): Part[] {
  const { video, audio } = preset;
  const source = () => ({ video: withoutText(videoOf(probe, preset)), probe, place });
  return [
    ...(video ? [moviePart({ ...preset, video }, probe, sounds, place)] : []),
    ...besideParts(preset, source, video || audio ? besideFile : withoutFilm),
    ...(audio && !video ? [audioPart({ ...preset, audio }, probe, sounds)] : []),
  ];
}
