import type { Probe } from "#worker/ffmpeg/media.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import { encodedPictures, inputCount } from "./film.ts";
import { type Chain, graphOf, straight } from "./graph.ts";
import { capLength, interleaving, nothingElse, readInput } from "./input.ts";
import { sourceOf } from "./joined-graph.ts";
import { isMuxed, type Ladder, soundsApart } from "./ladder.ts";
import { rungEncoder, rungFilters } from "./ladder-pictures.ts";
import type { LadderSound } from "./ladder-sounds.ts";
import { firstSample, withoutPriming } from "./lip-sync.ts";
import { wholePictures } from "./picture.ts";
import type { Place } from "./plan.ts";
import { soundInputs } from "./prepared-sound.ts";
import { soundArgs } from "./sound.ts";
import { soundPlan } from "./sound-plan.ts";
import { textInput, textsOfClip } from "./subtitles.ts";

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
  const { video, audio, sounds: all, subtitles, seconds } = ladder;
  const startsAt = firstSample(preset, ladder);
  const sounds = soundInputs(preset.audio, audio, { probe, place, startsAt });
  const { isEncoded = false, gains } = sounds;
  const heard = (some: readonly LadderSound[], ...beside: readonly VideoStream[]) => [
    ...some.flatMap(({ track, settings }, at) => [
      ...soundArgs(settings, track, {
        ...{ at, untilSeconds: seconds, from: sounds.from(track), isEncoded, gains },
        startsAt: firstSample(preset, ladder, settings.codec),
      }),
      ...withoutPriming(preset, ladder, settings.codec, at),
    ]),
    ...nothingElse,
    ...capLength(probe),
    ...interleaving(...beside, ...some.map(({ track }) => track)),
  ];
  const clipTexts = textsOfClip(place.input, probe, subtitles);
  const film = readInput(place.input, probe, probe.clip ? [] : textInput(subtitles));
  const inputs = [...film, ...sounds.args, ...clipTexts];
  const muxed = isMuxed(preset) ? all.slice(0, 1) : [];
  const args = [
    ...inputs,
    ...pictureGraph(preset, probe, { ladder, place, beside }),
    ...(place.encoded
      ? encodedPictures(place.encoded, inputCount(inputs), preset.video.codec)
      : encodingOf(preset, ladder)),
    ...heard(isMuxed(preset) ? muxed : all, video),
  ];
  const apart = isMuxed(preset) ? soundsApart(preset, ladder).map((sound) => heard([sound])) : [];
  const inOutput = (output: (at: number) => number) => (sound: LadderSound, at: number) => ({
    ...{ sound: all.indexOf(sound), output: output(at) },
  });
  // Each that has a muxer of its own is an output behind the first.
  const order = isMuxed(preset)
    ? [...muxed.map(inOutput(() => 0)), ...soundsApart(preset, ladder).map(inOutput((at) => at + 1))]
    : all.map(inOutput(() => 0));
  const given = { probe, place, sounds, startsAt, untilSeconds: seconds };
  const textsFrom = clipTexts.length > 0 ? inputCount(inputs) - 1 : 0;
  return { args, apart, textsFrom, preparation: sounds.preparation, sound: soundPlan(all, order, given) };
}

/** Makes all pictures that are not encoded already of those of the source: of the rungs, then what lies beside them. */
const pictureGraph = (
  preset: SegmentedPreset,
  { joined }: Probe,
  { ladder, place, beside }: { ladder: Ladder; place: Place; beside: readonly Chain[] },
) =>
  graphOf(sourceOf({ video: ladder.video, ...(joined && { joined }) }), wholePictures(ladder.video), [
    ...(place.encoded ? [] : ladder.rungs.map((rung) => straight(rungFilters(preset, ladder, rung)))),
    ...beside,
  ]);

/** How many pictures of the graph come before those that lie beside the rungs. */
export const drawnRungs = ({ rungs }: Ladder, { encoded }: Place) => (encoded ? 0 : rungs.length);

const encodingOf = (preset: SegmentedPreset, ladder: Ladder): string[] => [
  ...ladder.rungs.flatMap((rung, at) => ["-map", `[v${at}]`, ...rungEncoder(preset, ladder, rung, at)]),
  ...["-fps_mode", "vfr"],
];
