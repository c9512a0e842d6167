import type { AudioStream, Probe, VideoStream } from "#worker/ffmpeg/media.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import { encodedPictures, inputCount } from "./film.ts";
import { type Chain, graphOf, straight } from "./graph.ts";
import { capLength, interleaving, nothingElse, readInput } from "./input.ts";
import { isMuxed, type Ladder, soundsApart } from "./ladder.ts";
import { rungEncoder, rungFilters } from "./ladder-pictures.ts";
import { firstSample, withoutPriming } from "./lip-sync.ts";
import { wholePictures } from "./picture.ts";
import type { Place } from "./plan.ts";
import { soundInputs } from "./prepared-sound.ts";
import { soundArgs } from "./sound.ts";
import { textInput, textsOfClip } from "./subtitles.ts";
import { steadyFrames } from "./timing.ts";

/**
 * What the muxer is fed with: the source decoded once, all pictures at one rate with the same keyframes, all sound. What is
 * `apart` are the sounds that have a muxer each where the first one is in the segments of the picture.
 */
export function ladderArgs(
  preset: SegmentedPreset,
  probe: Probe,
  ladder: Ladder,
  place: Place,
  beside: readonly Chain[],
) {
  const { video, audio, subtitles, seconds } = ladder;
  const { audio: sound } = preset;
  const sounds = soundInputs(sound, audio, { probe, place });
  const startsAt = firstSample(preset, ladder.rate);
  const heard = (tracks: readonly AudioStream[], ...beside: readonly VideoStream[]) => [
    ...(sound
      ? tracks.flatMap((track, at) =>
          soundArgs(sound, track, { at, startsAt, untilSeconds: seconds, from: sounds.from(track) }),
        )
      : []),
    ...(tracks.length > 0 ? withoutPriming(preset, ladder.rate) : []),
    ...nothingElse,
    ...capLength(probe),
    ...interleaving(...beside, ...tracks),
  ];
  const clipTexts = textsOfClip(place.input, probe, subtitles);
  const film = readInput(place.input, probe, probe.clip ? [] : textInput(subtitles));
  const inputs = [...film, ...sounds.args, ...clipTexts];
  const args = [
    ...inputs,
    ...pictureGraph(preset, ladder, place, beside),
    ...(place.encoded
      ? encodedPictures(place.encoded, inputCount(inputs), preset.video.codec)
      : encodingOf(preset, ladder)),
    ...heard(isMuxed(preset) ? audio.slice(0, 1) : audio, video),
  ];
  const apart = isMuxed(preset) ? soundsApart(preset, ladder).map((track) => heard([track])) : [];
  const textsFrom = clipTexts.length > 0 ? inputCount(inputs) - 1 : 0;
  return { args, apart, textsFrom, preparation: sounds.preparation };
}

/** Makes all pictures that are not encoded already of those of the source: of the rungs, then what lies beside them. */
const pictureGraph = (preset: SegmentedPreset, ladder: Ladder, { encoded }: Place, beside: readonly Chain[]) =>
  graphOf(ladder.video.index, wholePictures(ladder.video), [
    ...(encoded
      ? []
      : ladder.rungs.map((rung) => straight([...rungFilters(preset, ladder, rung), ...steadyFrames(ladder)]))),
    ...beside,
  ]);

/** How many pictures of the graph come before those that lie beside the rungs. */
export const drawnRungs = ({ rungs }: Ladder, { encoded }: Place) => (encoded ? 0 : rungs.length);

const encodingOf = (preset: SegmentedPreset, ladder: Ladder): string[] => [
  ...ladder.rungs.flatMap((rung, at) => ["-map", `[v${at}]`, ...rungEncoder(preset, ladder, rung, at)]),
  ...["-fps_mode", "vfr"],
];
