import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { codeOf, ignoring } from "#shared/errors.ts";
import { viewOf } from "#worker/mp4/boxes.ts";
import { boxesOf, type FileBox } from "#worker/mp4/file-boxes.ts";
import { areMarked } from "#worker/mp4/marked-keyframes.ts";
import { type MovieTrack, plainTracks } from "#worker/mp4/movie-tracks.ts";
import { plainPicture, plainSound } from "#worker/mp4/plain-entries.ts";
import { readSamples, type Samples } from "#worker/mp4/sample-table.ts";
import { purposeOf } from "./disposition.ts";
import type { Probe } from "./media.ts";
import { addPacket, type Collected, nothingYet, packetsOfAll } from "./packets.ts";
import { mainFirst } from "./role.ts";
import type { AudioStream, VideoStream } from "./streams.ts";
import { withPackets } from "./survey.ts";

// To read a longer film takes more time than to start ffprobe.
const mostBytes = 16 * 2 ** 20;
const mostIndexBytes = 2 ** 20;
const mostBoxes = 16;

/**
 * What ffprobe would say of an mp4 of pictures in H.264 and sound in AAC, as ffmpeg writes it. Undefined for everything
 * that is in any way unlike that: where there is a doubt, ffprobe is to be asked.
 */
export async function readPlainMovie(path: string): Promise<Probe | undefined> {
  // Of a link ffprobe reads what it leads to, if that is where it may read.
  const isLink = (error: unknown) => codeOf(error) === "ELOOP";
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(ignoring(isLink));
  if (!file) return undefined;
  const { size } = await file.stat();
  if (size > mostBytes) return undefined;
  const boxes: FileBox[] = [];
  for await (const box of boxesOf(file)) {
    boxes.push(box);
    if (boxes.length > mostBoxes || box.at + box.length > size || !/^(ftyp|free|mdat|moov)$/.test(box.type))
      return undefined;
  }
  const [movie, ...others] = boxes.filter(({ type }) => type === "moov");
  if (!movie || others.length > 0 || movie.length > mostIndexBytes) return undefined;
  const { buffer } = await file.read(Buffer.alloc(size), 0, size, 0);
  return probeOf(buffer, movie);
}

/** The same of a whole file, and where its index is. */
export function probeOf(file: Buffer, { at, length }: Pick<FileBox, "at" | "length">): Probe | undefined {
  const tracks = plainTracks(viewOf(file.subarray(at, at + length))) ?? [];
  const tables = tracks.map((track) => readSamples(track.sampleTable, isSound(track), file.length));
  const bytes = tables.flatMap((samples) => samples?.sizes ?? []).reduce((sum, size) => sum + size, 0);
  // Samples that lie in each other would have us look at the same bytes any number of times.
  if (bytes > file.length) return undefined;
  const streams = tracks.flatMap((track, index) => streamOf(track, tables[index], index, file) ?? []);
  if (streams.length === 0 || streams.length < tracks.length) return undefined;
  const videos = streams.flatMap(({ video }) => video ?? []);
  const audio = mainFirst(streams.flatMap(({ sound }) => sound ?? []).map((sound, number) => ({ ...sound, number })));
  const empty = { format: "mov,mp4,m4a,3gp,3g2,mj2", durationSeconds: undefined, subtitles: [], programs: [] };
  const header: Probe = { ...empty, video: videos[0], videos, audio };
  const samples = streams.reduce((sum, { samples }) => sum + samples.sizes.length, 0);
  if (samples === 0) return header;
  const packets = packetsOfAll(new Map(streams.map((stream, index) => [index, packetsIn(stream)])), []);
  const ends = [...packets.streams.values()].map(({ endSeconds }) => endSeconds);
  return withPackets({ ...header, durationSeconds: Math.max(...ends) }, packets);
}

type Stream = { video?: VideoStream; sound?: AudioStream; track: MovieTrack; samples: Samples };

const isSound = ({ handler }: MovieTrack) => handler === "soun";

function streamOf(track: MovieTrack, samples: Samples | undefined, index: number, file: Buffer): Stream | undefined {
  if (!samples || !isWhole(samples, track)) return undefined;
  const purpose = purposeOf({ disposition: { default: Number(track.isEnabled) } });
  const codecTag = track.entry.type;
  if (isSound(track)) {
    const sound = plainSound(track.entry);
    const { language } = track;
    return sound && { track, samples, sound: { ...sound, ...purpose, index, codec: "aac", codecTag, language } };
  }
  const picture = track.handler === "vide" && samples.isSteady ? plainPicture(track.entry, track.shown) : undefined;
  if (!picture || !areMarked(file, samples)) return undefined;
  const { colour, numbers: _, ...size } = picture;
  const rate = rateOf(samples, track.timescale);
  const same = { rotation: 0, pixelFormat: "yuv420p", dolbyVision: undefined, interlaced: false };
  return {
    ...{ track, samples },
    video: { ...size, ...colour, ...same, ...purpose, ...rate, index, codec: "h264", codecTag, frames: undefined },
  };
}

/** What an encoder of sound needs before its first sound: some whole frames. */
const mostPriming = 3;

/** Whether what is shown begins at once, with the first picture or behind the priming, and nothing is left out. */
function isWhole({ shown, durations }: Samples, track: MovieTrack): boolean {
  if (shown.length === 0) return true;
  const { begin, length } = track.edit ?? { begin: 0, length: Number.POSITIVE_INFINITY };
  const [first, frame = 1] = [Math.min(...shown.slice(0, 32)), durations[0]];
  const before = begin - first;
  const isPriming = isSound(track) && before > 0 && before % frame === 0 && before <= mostPriming * frame;
  return (before === 0 || isPriming) && shown.every((time) => time >= first && time < begin + length);
}

/** As ffmpeg's demuxer has them from the table of durations. */
function rateOf({ durations }: Samples, timescale: number) {
  const total = durations.reduce((sum, duration) => sum + duration, 0);
  const [first] = durations;
  return {
    averageRate: total > 0 ? (durations.length * timescale) / total : undefined,
    nominalRate: first ? timescale / first : undefined,
  };
}

function packetsIn({ video, track, samples }: Stream): Collected {
  const { timescale, edit } = track;
  const stream = { ...nothingYet(1 / timescale), isVideo: video !== undefined };
  const begin = edit?.begin ?? 0;
  for (const [at, decoded] of samples.decoded.entries()) {
    const [shown = decoded, duration = 0, size = 0] = [samples.shown[at], samples.durations[at], samples.sizes[at]];
    // Of sound that begins before the edit the rest is heard.
    const isDiscarded = shown + (video ? 1 : duration) <= begin;
    const times = { dts: decoded - begin, pts: shown - begin, duration };
    addPacket(stream, { ...times, size, isKeyframe: samples.isKeyframe(at), isDiscarded });
  }
  return stream;
}
