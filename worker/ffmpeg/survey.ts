import { Fault } from "#shared/fault.ts";
import { type Frames, shapesOf } from "./frames.ts";
import type { Probe } from "./media.ts";
import type { Packets } from "./packets.ts";
import type { StreamPackets } from "./stream-packets.ts";
import type { AudioStream, VideoStream } from "./streams.ts";

/** More than this share of a source may not be missing at its end. */
const mostMissing = 0.01;

/** The same source as its packets tell it: which streams there are, which to take, and how long they really are. */
export function withPackets(header: Probe, { streams, isCutOff, longestGap }: Packets): Probe {
  const counted = <Stream extends AudioStream | VideoStream>(found: readonly Stream[]) =>
    found.flatMap((stream) => {
      const packets = streams.get(stream.index);
      return packets ? [{ ...stream, packets, endSeconds: packets.endSeconds }] : [];
    });
  const videos = counted(header.videos ?? []).map((video) => ({ ...video, frames: shownFrames(video.packets) }));
  const video = mainVideo(videos);
  const audio = counted(header.audio).filter(besides(video, header.programs ?? []));
  const ends = [...(video ? [video] : []), ...audio].map(({ packets }) => packets.endSeconds);
  if (ends.length === 0)
    throw new Fault("source_failed", "the source has no picture and no sound: its tracks are empty");
  const durationSeconds = Math.max(...ends);
  const restartsAt = [...(video ? [video] : []), ...audio].flatMap(({ packets }) => packets.restartsAt ?? []);
  if (restartsAt.length > 0) throw severalRecordings(Math.min(...restartsAt));
  if (isCutOff) checkWhole(header.durationSeconds, durationSeconds);
  const isSteady = Math.abs((header.durationSeconds ?? 0) - durationSeconds) < 1;
  return { ...header, durationSeconds, video, videos, audio, longestGap, isSteady };
}

const shownFrames = ({ count, undecodable }: StreamPackets) => count - undecodable;

/** A source whose codec this ffmpeg cannot decode. */
export const undecodable = (what: string, codec: string) =>
  new Fault("source_failed", `the source's ${what} (${codec}) cannot be decoded by the ffmpeg of this worker`);

/** A source that is several files one after the other, of which ffmpeg reads the first alone, or all at the same time. */
export const severalRecordings = (seconds?: number) =>
  new Fault(
    "source_failed",
    `the source is several recordings put together byte by byte${seconds === undefined ? "" : `: its clock starts again after ${seconds.toFixed(1)} s`}; send them one by one, or join them with ffmpeg's concat demuxer`,
  );

/** As ffmpeg and people choose: what moves before stills, the default one, then the largest. */
function mainVideo(videos: readonly (VideoStream & { packets: StreamPackets })[]) {
  const most = Math.max(...videos.map(({ packets }) => packets.count));
  const rank = ({ packets, disposition, width, height }: (typeof videos)[number]) => [
    Number(packets.count > Math.max(1, most / 100)),
    Number(disposition.isDefault),
    width * height,
  ];
  return videos.toSorted((one, other) => compare(rank(other), rank(one)))[0];
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

/** A multiplex carries several channels: the sound of another one is not this film's. */
function besides(video: VideoStream | undefined, programs: readonly ReadonlySet<number>[]) {
  const program = video && programs.find((streams) => streams.has(video.index));
  return ({ index }: AudioStream) => program === undefined || program.has(index);
}

function checkWhole(declared: number | undefined, found: number) {
  if (declared === undefined || declared - found <= Math.max(0.1, declared * mostMissing)) return;
  const words = `it ends after ${found.toFixed(1)} s of ${declared.toFixed(1)} s, in the middle of a packet`;
  throw new Fault("source_failed", `the source is cut off: ${words}`);
}

/** The same source with what changes on the way. */
export function withFrames(source: Probe, { keyframes, changingAudio }: Frames): Probe {
  const { video, audio } = source;
  const shapes = video?.packets && shapesOf(keyframes, video.packets.keyframes);
  return {
    ...source,
    video: video && {
      ...video,
      interlaced: video.interlaced || keyframes.some(({ isInterlaced }) => isInterlaced),
      ...(shapes ? { shapes } : sizeOfPart(video, keyframes)),
    },
    audio: audio.map((track) => ({ ...track, isChanging: changingAudio.has(track.index) })),
  };
}

/** Where only a part was looked at, its pictures may all have another size than the header says of the first ones. */
function sizeOfPart(video: VideoStream, [first]: Frames["keyframes"]): Partial<VideoStream> {
  if (first?.seconds === undefined || (first.width === video.width && first.height === video.height)) return {};
  const { width, height, sampleAspect } = first;
  return { width, height, sampleAspect };
}
