import { kilobits } from "#shared/job/bit-rate.ts";
import type { Params } from "#shared/job/params.ts";
import { type Renditions, withCrfsMoved } from "#worker/quality/sample-preset.ts";
import type { Rendition, VideoSettings } from "./fields.ts";
import type { OwnPreset } from "./own-preset.ts";

/** The settings of a preset with these parameters, all of which it takes, as a file would have them. */
export function withParams(preset: OwnPreset, params: Params): object {
  const { video, audio, quality, ...others } = preset;
  const { audio_bitrate, loudness, segment_seconds, crf, bitrate } = params;
  const { ladder, segments, ...rest } = { ladder: undefined, segments: undefined, ...others };
  const pictures = video && withPictureParams(video, params);
  // Who asks for a quality by its CRF, or for a bit rate, does not want the preset's target.
  const isDecided = crf !== undefined || bitrate !== undefined;
  return {
    ...rest,
    ...(pictures && { video: pictures }),
    ...(audio && { audio: { ...audio, ...ifSet({ bitrate: audio_bitrate, loudness }) } }),
    ...(quality && !isDecided && { quality }),
    ...(segments && { segments: { ...segments, ...ifSet({ seconds: segment_seconds }) } }),
    ...(ladder && (pictures?.renditions.length ?? 0) > 1 && { ladder }),
  };
}

const ifSet = (settings: object) =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));

function withPictureParams(video: VideoSettings, params: Params): VideoSettings {
  const { crf, bitrate, maxrate, size, speed, frame_rate, gop_seconds } = params;
  let { renditions } = video;
  if (size !== undefined) renditions = withSize(renditions, size);
  if (crf !== undefined) renditions = withCrf(renditions, crf, video);
  if (bitrate !== undefined) renditions = withBitrate(renditions, bitrate);
  if (maxrate !== undefined) renditions = withMaxrate(renditions, maxrate);
  return { ...video, ...ifSet({ speed, frame_rate, gop_seconds }), renditions };
}

const changed = ([best, ...others]: Renditions, change: (rendition: Rendition) => Rendition): Renditions => [
  change(best),
  ...others.map(change),
];

/** The renditions that are no larger, or one of this size where there is only one or all are larger. */
function withSize(renditions: Renditions, size: number): Renditions {
  if (renditions.length === 1) return [ofSize(renditions[0], size)];
  const [best, ...others] = renditions.filter((one) => one.size <= size);
  return best ? [best, ...others] : [ofSize(renditions.at(-1) ?? renditions[0], size)];
}

/** Pictures need bit rates in proportion to about the power of 0.75 of their area: details are larger in large ones. */
const ratePower = 2 * 0.75;

const ofSize = (rendition: Rendition, size: number): Rendition => ({
  ...withRatesScaled(rendition, (size / rendition.size) ** ratePower),
  size,
});

function withRatesScaled({ bitrate, ...rendition }: Rendition, factor: number): Rendition {
  const { maxrate, bufsize } = rendition;
  return {
    ...rendition,
    ...(bitrate !== undefined && { bitrate: scaled(bitrate, factor) }),
    ...{ maxrate: scaled(maxrate, factor), bufsize: scaled(bufsize, factor) },
  };
}

const scaled = (rate: string, factor: number) => `${Math.max(1, Math.round(kilobits(rate) * factor))}k`;

const withCrf = (renditions: Renditions, crf: number, { codec }: VideoSettings): Renditions => {
  const moved = withCrfsMoved(renditions, crf - renditions[0].crf, codec);
  return changed(moved, ({ bitrate: _, ...rendition }) => rendition);
};

/** So much above its average the bit rate may go where nothing else is said: what HLS asks for is at most twice. */
const usualPeak = 1.5;

function withBitrate(renditions: Renditions, bitrate: string): Renditions {
  const [best] = renditions;
  const factor = kilobits(bitrate) / kilobits(best.maxrate);
  return changed(renditions, (rendition) => ({
    ...withRatesScaled(rendition, factor * usualPeak),
    bitrate: scaled(rendition.maxrate, factor),
  }));
}

/** The maximum bit rates in proportion, and with them the buffers; averages stay. */
function withMaxrate(renditions: Renditions, maxrate: string): Renditions {
  const factor = kilobits(maxrate) / kilobits(renditions[0].maxrate);
  return changed(renditions, ({ bitrate, ...rendition }) => ({
    ...withRatesScaled(rendition, factor),
    ...(bitrate !== undefined && { bitrate }),
  }));
}
