import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import type { AudioSettings, VideoSettings } from "#worker/presets/fields.ts";
import { expectedColour } from "./colour.ts";
import { audioNames, crfIn, cutsOf, leastSideOf, videoArgs, videoNames } from "./encoders.ts";
import { encodedPictures, inputCount } from "./film.ts";
import { straight } from "./graph.ts";
import { filmTarget, keptHdr } from "./hdr.ts";
import { capLength, ifKnown, interleaving, videoOf } from "./input.ts";
import type { Part } from "./part.ts";
import { bestSize, expectedSize, laidOver, resized, sizeOf, wholePictures } from "./picture.ts";
import type { Place } from "./plan.ts";
import { readAlong, type SoundInputs } from "./prepared-sound.ts";
import { perSecond } from "./rate.ts";
import { soundArgs } from "./sound.ts";
import { soundPlan } from "./sound-plan.ts";
import { steadyFrames, timingOf } from "./timing.ts";

type Movie = { name: string; extension: string; video: VideoSettings; audio?: AudioSettings | undefined };

/** A file with picture and, if the source has it, sound, that begins to play before it is whole. */
export function moviePart(
  preset: Movie,
  probe: Probe,
  sounds: SoundInputs,
  place: Pick<Place, "encoded" | "input">,
): Part {
  const { encoded } = place;
  const video = videoOf(probe, preset);
  const [rendition] = preset.video.renditions;
  const audio = preset.audio && probe.audio[0];
  const timing = timingOf(probe, video, audio ? [audio] : [], preset.video);
  const { frames, seconds } = timing;
  const name = `output.${preset.extension}`;
  const hdr = keptHdr(preset.video, rendition, video);
  const look = { leastSide: leastSideOf(preset.video), target: filmTarget(hdr) } as const;
  const size = bestSize(video, rendition.size);
  const picture = resized(video, size, look);
  const over = laidOver(video, size, look);
  const filters = [...picture, ...steadyFrames(timing), ...over];
  const encoder = videoArgs(preset.video, { rendition, speed: preset.video.speed, hdr });
  return {
    ...(!encoded && { chain: straight(filters) }),
    film: {
      ...{ rate: timing.rate, frames, video, ...cutsOf(preset.video) },
      renditions: [{ filters: picture, over, encoder, bufsize: rendition.bufsize }],
    },
    sound: soundOf(preset, audio, { probe, place, sounds, startsAt: 0, untilSeconds: seconds }),
    reference: {
      stream: video.index,
      also: readAlong(audio && preset.audio ? [audio] : [], sounds),
      framesPerSecond: perSecond(timing.rate),
      renditions: [
        {
          ...{ filters: [...wholePictures(video), ...filters], ...sizeOf(video, size, look) },
          ...crfIn(rendition),
          hdr,
        },
      ],
    },
    args: [
      ...(encoded
        ? encodedPictures(encoded, 1 + inputCount(sounds.args), preset.video.codec)
        : ["-fps_mode", "vfr", ...encoder]),
      ...(audio && preset.audio
        ? soundArgs(preset.audio, audio, {
            ...{ untilSeconds: seconds, from: sounds.from(audio), isEncoded: sounds.isEncoded ?? false },
            gains: sounds.gains,
          })
        : []),
      ...capLength(probe),
      ...interleaving(video, ...(audio ? [audio] : [])),
      ...faststart(preset.extension),
    ],
    target: name,
    files: [
      {
        name,
        video: {
          codec: videoNames[preset.video.codec],
          ...expectedSize(video, size, look),
          ...expectedColour(video, hdr),
          ...(frames !== undefined && { frames }),
          ...ifKnown(seconds),
        },
        ...(audio && preset.audio && { audio: { codec: audioNames[preset.audio.codec], ...ifKnown(seconds) } }),
        ...ifKnown(seconds),
      },
    ],
  };
}

/** A file of Matroska says how much of a sound's beginning is left out: there it is encoded with the file. */
const soundOf = (
  { audio: settings, extension }: Movie,
  audio: AudioStream | undefined,
  given: Parameters<typeof soundPlan>[3],
) => (audio && extension === "mp4" ? soundPlan(settings, [audio], [{ sound: 0, output: 0 }], given) : undefined);

/** The index first, where there is one. */
export const faststart = (extension: string) => (/^m(p4|4a)$/.test(extension) ? ["-movflags", "+faststart"] : []);
