import { Fault, saidOf } from "#shared/fault.ts";
import type { JoinedPart, Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream, VideoStream } from "#worker/ffmpeg/streams.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { videoOf } from "./input.ts";
import { type FilmLook, filmLook, partFilters } from "./joined-pictures.ts";
import { joinedAudio, joinedVideo } from "./joined-streams.ts";
import { joinedWarnings } from "./joined-warnings.ts";
import { perSecond, secondsOfFrames } from "./rate.ts";

/** One of the sources that are joined, in their order. */
export type Part = {
  /** Its absolute path. */
  input: string;
  /** What `examine` says of it. */
  probe: Probe;
};

/** So many samples a second the sound of a joined film has, whatever its sources have. */
const sampleRate = 48_000;

/**
 * The film that several sources become when they are shown one after the other, as if it were a source of its own: its
 * size, rate and colours are those of the first one, as far as the preset asks for no others. Each source lasts as long as
 * the longer of its picture and its sound, in whole pictures of the film: its last picture stands, or silence follows.
 */
export function joinedProbe(sources: readonly Part[], preset?: Preset): Probe {
  const needed = { pictures: needsPictures(preset), sound: needsSound(preset) };
  const streams = sources.map(({ probe }, at) => streamsOf(probe, { at, preset, needed }));
  const videos = streams.flatMap(({ video }) => video ?? []);
  // Where one has no pictures, there is no film of pictures.
  const look = videos.length === sources.length ? filmLook(videos, preset) : undefined;
  const parts = partsOf(sources, streams, look);
  const seconds = parts.at(-1)?.endSeconds ?? 0;
  const film = { parts, seconds };
  const track = joinedAudio(film, preset);
  return {
    format: "concat",
    durationSeconds: seconds,
    video: look && joinedVideo(film, look),
    audio: track ? [track] : [],
    subtitles: [],
    longestGap: Math.max(0, ...sources.map(({ probe }) => probe.longestGap ?? 0)),
    isSteady: true,
    joined: { parts, rate: look?.rate ?? { over: 25, under: 1 }, warnings: joinedWarnings(parts, look, preset) },
  };
}

const needsPictures = (preset: Preset | undefined) =>
  preset !== undefined &&
  !("ffmpeg_args" in preset) &&
  [preset.video, preset.poster, preset.thumbnails, preset.preview, preset.stills].some((one) => one !== undefined);

const needsSound = (preset: Preset | undefined) =>
  preset === undefined || ("audio" in preset && preset.audio !== undefined);

type Needed = { pictures: boolean; sound: boolean };
type Streams = { video: VideoStream | undefined; audio: AudioStream | undefined };

function streamsOf(
  probe: Probe,
  { at, preset, needed }: { at: number; preset: Preset | undefined; needed: Needed },
): Streams {
  const video = needed.pictures ? numbered(at, () => videoOf(probe, preset ?? { name: "" })) : probe.video;
  return { video, audio: needed.sound ? probe.audio[0] : undefined };
}

/** Tells which of the sources something is wrong with. */
function numbered<T>(at: number, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw saidOf(`inputs.${at}.url`, error);
  }
}

function partsOf(
  sources: readonly Part[],
  streams: readonly Streams[],
  look: FilmLook | undefined,
): readonly JoinedPart[] {
  const parts: JoinedPart[] = [];
  let framesBefore = 0;
  let startSeconds = 0;
  for (const [at, { input, probe }] of sources.entries()) {
    const { video, audio } = streams[at] ?? { video: undefined, audio: undefined };
    const seconds = numbered(at, () => lengthOf(probe, video, audio));
    const frames = look && Math.max(1, Math.round(seconds * perSecond(look.rate)));
    framesBefore += frames ?? 0;
    const endSeconds = look ? secondsOfFrames(framesBefore, look.rate) : startSeconds + seconds;
    parts.push({
      ...{ input, probe, audio, frames, startSeconds, endSeconds },
      video: look ? video : undefined,
      filters: look && video && frames ? partFilters(probe, video, look, { at, frames }) : [],
      // Rounded where parts meet, so that no error adds up.
      samples: Math.round(endSeconds * sampleRate) - Math.round(startSeconds * sampleRate),
    });
    startSeconds = endSeconds;
  }
  return parts;
}

/** How long a source is, by the longer of what is taken of it. */
function lengthOf({ durationSeconds }: Probe, video: VideoStream | undefined, audio: AudioStream | undefined): number {
  const ends = [video, audio].flatMap((stream) => {
    const end = stream?.endSeconds ?? stream?.packets?.endSeconds;
    return end === undefined ? [] : [end];
  });
  const seconds = ends.length > 0 ? Math.max(...ends) : durationSeconds;
  if (seconds !== undefined && seconds > 0) return seconds;
  throw new Fault("source_failed", "how long it is, is unknown, and so it cannot be joined with others");
}
