import type { AudioStream, Probe, SubtitleStream, VideoStream } from "#worker/ffmpeg/media.ts";
import type { Rendition } from "#worker/presets/fields.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import { crfIn, leastSideOf, videoArgs } from "./encoders.ts";
import { encodedPictures, type Film, inputCount } from "./film.ts";
import { graphOf, straight } from "./graph.ts";
import { filmTarget, type KeptHdr, keptHdr } from "./hdr.ts";
import { capLength, interleaving, nothingElse, readInput, videoOf } from "./input.ts";
import { h264Level, h265Level } from "./level.ts";
import { firstSample, withoutPriming } from "./lip-sync.ts";
import { bestSize, shown, sizeOf, sizeWithin, wholePictures } from "./picture.ts";
import type { Place } from "./plan.ts";
import { readAlong, soundInputs } from "./prepared-sound.ts";
import { cadence, perSecond, secondsOfFrames } from "./rate.ts";
import type { Reference } from "./reference.ts";
import { renditionsFor } from "./rungs.ts";
import { soundArgs } from "./sound.ts";
import { textInput, textsOfClip, textTracks } from "./subtitles.ts";
import { steadyFrames, type Timing, timingOf } from "./timing.ts";

/** What a segmented preset comes down to for one source. */
export type Ladder = Timing & {
  /** The stream of the source that is encoded. */
  video: VideoStream;
  /** Frames from keyframe to keyframe. */
  gopFrames: number;
  /** How long a segment is: a whole number of groups of pictures. */
  segmentFrames: number;
  /** The same in seconds. */
  segmentSeconds: number;
  /** Those of HDR first, each kind from the best to the least; none is larger than the source. */
  rungs: readonly Rung[];
  /** The streams of the source that become renditions, the default one first. */
  audio: readonly AudioStream[];
  /** The streams of the source that become WebVTT. */
  subtitles: readonly SubtitleStream[];
};

export type Rung = {
  /** What the preset says of it. */
  rendition: Rendition;
  /** The short side that it may have. */
  size: number;
  /** In pixels. */
  width: number;
  /** In pixels. */
  height: number;
  /** The H.264 or H.265 level times ten; undefined for other codecs. */
  level: number | undefined;
  /** What it keeps of an HDR source; undefined where it is SDR. */
  hdr: KeptHdr | undefined;
};

export function ladderOf(preset: SegmentedPreset, probe: Probe): Ladder {
  const video = videoOf(probe, preset);
  const audio = preset.audio ? probe.audio.slice(0, mostTracks(preset)) : [];
  const timing = timingOf(probe, video, audio, preset.video);
  const { rate } = timing;
  const { gop_seconds, codec, speed } = preset.video;
  const kept = renditionsFor(preset.video, video).map((rendition) => ({
    ...{ rendition, hdr: keptHdr(preset.video, rendition, video) },
  }));
  const rungs = kept.map(({ rendition, hdr }, at): Rung => {
    const isBest = kept.findIndex((one) => Boolean(one.hdr) === Boolean(hdr)) === at;
    const size = isBest ? bestSize(video, rendition.size) : rendition.size;
    const frame = sizeWithin(video, size);
    return { rendition, size, ...frame, level: levels[codec]?.(frame, rate, speed, rendition), hdr };
  });
  const { gopFrames, segmentFrames } = cadence(rate, gop_seconds, preset.segments.seconds);
  return {
    ...timing,
    video,
    gopFrames,
    segmentFrames,
    segmentSeconds: secondsOfFrames(segmentFrames, rate),
    rungs,
    audio,
    subtitles: preset.subtitles ? textTracks(probe) : [],
  };
}

/** Players cannot leave out the sound that is in a segment of fMP4 to play another one; in MPEG-TS they do. */
const mostTracks = (preset: SegmentedPreset) => (isMuxed(preset) && preset.segments.format === "fmp4" ? 1 : 8);

const levels: Partial<Record<string, typeof h264Level>> = {
  h264: h264Level,
  h265: (size, rate, _, rendition) => h265Level(size, rate, rendition),
};

/** Whether the first sound lies in the segments of the picture, and the entry is the playlist that names them. */
export const isMuxed = ({ output_type, video, subtitles, ladder }: SegmentedPreset) =>
  // Whatever is left of a ladder that is adapted, players open the same name.
  output_type === "hls" && video.renditions.length === 1 && subtitles === undefined && ladder === undefined;

/**
 * The sounds that have segments of their own: where there are several, each of them (HLS Authoring Specification for Apple
 * Devices, 9.7), the one in the segments of the picture, too.
 */
export const soundsApart = (preset: SegmentedPreset, { audio }: Pick<Ladder, "audio">) =>
  isMuxed(preset) && audio.length === 1 ? [] : audio;

/**
 * What the muxer is fed with: the source decoded once, all pictures at one rate with the same keyframes, all sound. What is
 * `apart` are the sounds that have a muxer each where the first one is in the segments of the picture.
 */
export function ladderArgs(preset: SegmentedPreset, probe: Probe, ladder: Ladder, place: Place) {
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
    ...(place.encoded
      ? encodedPictures(place.encoded, inputCount(inputs), preset.video.codec)
      : encodingOf(preset, ladder)),
    ...heard(isMuxed(preset) ? audio.slice(0, 1) : audio, video),
  ];
  const apart = isMuxed(preset) ? soundsApart(preset, ladder).map((track) => heard([track])) : [];
  const textsFrom = clipTexts.length > 0 ? inputCount(inputs) - 1 : 0;
  return { args, apart, textsFrom, preparation: sounds.preparation };
}

/** Makes the pictures of all rungs of those of the source. */
const encodingOf = (preset: SegmentedPreset, ladder: Ladder): string[] => [
  ...graphOf(
    ladder.video.index,
    wholePictures(ladder.video),
    ladder.rungs.map((rung) => straight([...rungFilters(preset, ladder, rung), ...steadyFrames(ladder)])),
  ),
  ...ladder.rungs.flatMap((rung, at) => ["-map", `[v${at}]`, ...rungEncoder(preset, ladder, rung, at)]),
  ...["-fps_mode", "vfr"],
];

const rungEncoder = ({ video }: SegmentedPreset, { gopFrames }: Ladder, { rendition, level, hdr }: Rung, at?: number) =>
  videoArgs(video, { rendition, speed: video.speed, gopFrames, level, hdr }, at);

/** How the rungs are encoded, for an encode of a part of them. */
export const ladderFilm = (preset: SegmentedPreset, ladder: Ladder): Film => ({
  ...{ rate: ladder.rate, frames: ladder.frames, video: ladder.video, unitFrames: ladder.segmentFrames },
  gopFrames: ladder.gopFrames,
  renditions: ladder.rungs.map((rung) => ({
    filters: rungFilters(preset, ladder, rung),
    encoder: rungEncoder(preset, ladder, rung),
    bufsize: rung.rendition.bufsize,
  })),
});

export const lookOf = (preset: SegmentedPreset, ladder: Ladder) => ({
  ...shapeOf(preset, ladder),
  leastSide: leastSideOf(preset.video),
});

// The rate comes after it: what is repeated over a pause is then one picture, and not as many as there are frames.
const rungFilters = (preset: SegmentedPreset, ladder: Ladder, { size, hdr }: Rung): string[] =>
  shown(ladder.video, size, { ...lookOf(preset, ladder), target: filmTarget(hdr) });

/** What the encoders of the rungs are given. */
export function ladderReference(preset: SegmentedPreset, probe: Probe, ladder: Ladder, place: Place): Reference {
  const { video, rungs, audio } = ladder;
  return {
    input: readInput(place.input, probe),
    stream: video.index,
    also: readAlong(audio, soundInputs(preset.audio, audio, { probe, place })),
    framesPerSecond: perSecond(ladder.rate),
    renditions: rungs.map((rung) => ({
      filters: [...wholePictures(video), ...rungFilters(preset, ladder, rung), ...steadyFrames(ladder)],
      ...sizeOf(video, rung.size, lookOf(preset, ladder)),
      ...crfIn(rung.rendition),
      hdr: rung.hdr,
    })),
  };
}

// The dash muxer takes renditions of one shape only, and 852x480 is not quite that of 1280x720.
function shapeOf({ output_type }: SegmentedPreset, { rungs: [best] }: Ladder) {
  return output_type === "hls" || !best ? {} : { shape: `${best.width}/${best.height}` };
}
