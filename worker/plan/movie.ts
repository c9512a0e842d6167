import type { Probe } from "#worker/ffmpeg/media.ts";
import { type Role, rolesOf } from "#worker/ffmpeg/role.ts";
import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import type { AudioSettings, VideoSettings } from "#worker/presets/fields.ts";
import { expectedColour } from "./colour.ts";
import { crfIn, cutsOf, leastSideOf, soundNames, videoArgs, videoNames } from "./encoders.ts";
import { encodedPictures, inputCount } from "./film.ts";
import { straight } from "./graph.ts";
import { filmTarget, keptHdr } from "./hdr.ts";
import { capLength, ifKnown, interleaving, videoOf } from "./input.ts";
import { fileSounds, type HeardSound } from "./kept-sound.ts";
import { embeddedInputs, embeddedTracks, expectedTexts } from "./ordered-subtitles.ts";
import type { Part } from "./part.ts";
import { bestSize, expectedSize, laidOver, resized, sizeOf, wholePictures } from "./picture.ts";
import type { Place } from "./plan.ts";
import { readAlong, type SoundInputs } from "./prepared-sound.ts";
import { perSecond } from "./rate.ts";
import { channelsOf, soundArgs } from "./sound.ts";
import { soundPlan } from "./sound-plan.ts";
import { steadyFrames, timingOf } from "./timing.ts";

type Movie = { name: string; extension: string; video: VideoSettings; audio?: AudioSettings | undefined };

/** A file with picture and, if the source has it, sound, that begins to play before it is whole. */
export function moviePart(
  preset: Movie,
  probe: Probe,
  sounds: SoundInputs,
  place: Pick<Place, "encoded" | "input" | "subtitles">,
): Part {
  const { encoded } = place;
  const video = videoOf(probe, preset);
  const [rendition] = preset.video.renditions;
  const heard = fileSounds(preset.audio, probe);
  const tracks = heard.map(({ track }) => track);
  const timing = timingOf(probe, video, tracks, preset.video);
  const { frames, seconds } = timing;
  const name = `output.${preset.extension}`;
  const hdr = keptHdr(preset.video, rendition, video);
  const look = { leastSide: leastSideOf(preset.video), target: filmTarget(hdr) } as const;
  const size = bestSize(video, rendition.size);
  const others = (probe.joined?.parts.length ?? 1) + inputCount(sounds.args);
  const texts = expectedTexts(place, preset.extension);
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
    sound: soundOf(preset, heard, { probe, place, sounds, startsAt: 0, untilSeconds: seconds }),
    reference: {
      stream: video.index,
      also: readAlong(tracks, sounds),
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
        ? encodedPictures(encoded, others + inputCount(embeddedInputs(place)), preset.video.codec)
        : ["-fps_mode", "vfr", ...encoder]),
      ...heard.flatMap(({ track, settings }, at) =>
        soundArgs(settings, track, {
          ...{ at, untilSeconds: seconds, from: sounds.from(track), isEncoded: sounds.isEncoded ?? false },
          gains: sounds.gains,
        }),
      ),
      ...dispositionsOf(tracks),
      ...embeddedTracks(place, others, preset.extension),
      ...capLength(probe),
      ...interleaving(video, ...tracks),
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
        ...expectedSounds(heard, seconds),
        ...texts,
        ...ifKnown(seconds),
      },
    ],
  };
}

/** A file of Matroska says how much of a sound's beginning is left out: there it is encoded with the file. */
const soundOf = ({ extension }: Movie, sounds: readonly HeardSound[], given: Parameters<typeof soundPlan>[2]) =>
  extension === "mp4"
    ? soundPlan(
        sounds,
        sounds.map((_, sound) => ({ sound, output: 0 })),
        given,
      )
    : undefined;

/** What each of several sounds is for; a single one is what the source says of it. */
const dispositionsOf = (tracks: readonly AudioStream[]): string[] =>
  tracks.length < 2
    ? []
    : tracks.flatMap((track, at) => {
        const marks = rolesOf(track, "audio").flatMap((role) => dispositions[role] ?? []);
        return [`-disposition:a:${at}`, [...(at === 0 ? ["default"] : []), ...marks].join("+") || "0"];
      });

const dispositions: Partial<Record<Role, string>> = { commentary: "comment", "audio description": "visual_impaired" };

const expectedSounds = (sounds: readonly HeardSound[], seconds: number | undefined) => {
  const [audio, ...moreAudio] = sounds.map(({ track, settings }) => ({
    ...{ codec: soundNames[settings.codec], channels: channelsOf(settings, track) },
    ...ifKnown(seconds),
  }));
  return { ...(audio && { audio }), ...(moreAudio.length > 0 && { moreAudio }) };
};

/** The index first, where there is one. */
export const faststart = (extension: string) => (/^m(p4|4a)$/.test(extension) ? ["-movflags", "+faststart"] : []);
