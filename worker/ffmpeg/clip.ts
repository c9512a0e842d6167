import { Fault, invalidField } from "#shared/fault.ts";
import type { Clip } from "#shared/job/clip.ts";
import { hasTimes, type Probe } from "./media.ts";
import type { Packets } from "./packets.ts";
import { longestGap, type PacketList, type StreamPackets, summaryOf } from "./stream-packets.ts";
import type { AudioStream, ClipRange, FrameShape, VideoStream } from "./streams.ts";

/** What a clip is found in: a source, or as much of it as was read, by the clock of the whole. */
type Found = {
  source: Probe;
  packets: Pick<Packets, "lists">;
  /** Where reading began: see `SourceClip`. */
  seekSeconds?: number | undefined;
  /** How long the source is, where not all of it was read. */
  sourceSeconds?: number | undefined;
};

/** Times are rounded, some to milliseconds: by so much of the time between two pictures they may be off, or this much. */
const roundingShare = 0.25;
const roundingSeconds = 0.004;
/**
 * A picture that stands for longer than this stands for long, as slides do: a clip begins and ends in the middle of it.
 * Rounded times of films, which show at least ten pictures a second, mean one of their pictures.
 */
const longestSnapSeconds = 0.1;

/**
 * A part of a source as if it were a source of its own. It begins with the picture whose beginning is nearest to the
 * wanted one, or with the one that stands there where none begins nearby, and ends before the picture nearest to the
 * wanted end. Throws where there is nothing to take.
 */
export function clipOf({ source, packets: { lists }, ...found }: Found, wanted: Clip): Probe {
  const { video, audio, videos = [], durationSeconds: end = 0 } = source;
  const sourceSeconds = Math.max(end, found.sourceSeconds ?? 0);
  if (wanted.start >= end) throw pastTheEnd(wanted.start, sourceSeconds);
  const span = spanOf({ ...wanted, end: Math.min(wanted.end ?? end, end) }, video, lists);
  const isTimed = hasTimes(source);
  const isSought = found.seekSeconds !== undefined;
  const clipped = <Stream extends VideoStream | AudioStream>(stream: Stream): (Stream & Clipped)[] => {
    const list = lists.get(stream.index);
    return list && stream.packets ? takenOf(stream, list, { ...span, isTimed, isSought }) : [];
  };
  const [main] = video ? clipped(video) : [];
  const sounds = audio.flatMap(clipped).filter(({ endSeconds }) => endSeconds > 0);
  const streams = [...(main ? [main] : []), ...sounds];
  if (streams.length === 0) throw new Fault("source_failed", "the source has neither picture nor sound in the clip");
  const { seekSeconds } = found;
  return {
    ...source,
    durationSeconds: span.seconds,
    video: main && { ...main, ...shapesFrom(main, span) },
    videos: videos.flatMap(clipped),
    audio: sounds,
    longestGap: longestGap(streams.map(({ packets }) => packets)),
    clip: { start: span.start, sourceSeconds, ...(seekSeconds !== undefined && { seekSeconds }) },
  };
}

/** Where a clip lies, to the picture. */
function spanOf(
  { start, end }: { start: number; end: number },
  video: VideoStream | undefined,
  lists: Packets["lists"],
): Span {
  const pictures = video && lists.get(video.index);
  const interval = Math.min(video?.packets?.shortInterval ?? 0, longestSnapSeconds);
  const near = (seconds: number) => (pictures ? nearestPicture(pictures.times, seconds, interval) : seconds);
  const begin = near(start);
  const seconds = near(end) - begin;
  if (seconds <= interval / 4) throw tooShort(seconds);
  return { start: begin, seconds };
}

const pastTheEnd = (start: number, length: number) =>
  invalidField("clip.start", `is ${start} s, and the source is ${length.toFixed(3)} s long: begin before its end`);

const tooShort = (seconds: number) =>
  invalidField("clip.end", `leaves ${seconds.toFixed(3)} s after clip.start, which is less than a picture lasts`);

/** When the picture begins that begins nearest; the moment itself where none does within half of this interval. */
function nearestPicture(times: readonly number[], seconds: number, interval: number): number {
  const distance = (one: number) => Math.abs(one - seconds);
  const nearest = times.reduce((best, one) => (distance(one) < distance(best) ? one : best), Number.POSITIVE_INFINITY);
  return distance(nearest) <= interval / 2 + 1e-6 ? nearest : seconds;
}

type Span = { start: number; seconds: number };
type Clipped = { packets: StreamPackets; endSeconds: number; clip: ClipRange };

/** The same stream from the first packet that is read to the end of the clip; none where nothing of it is left. */
function takenOf<Stream extends VideoStream | AudioStream>(
  stream: Stream,
  list: PacketList,
  { start, seconds, isTimed, isSought }: Span & { isTimed: boolean; isSought: boolean },
): (Stream & Clipped)[] {
  const isVideo = "width" in stream;
  const rounding = isVideo ? roundingOf(stream) : 0;
  const taken = before(list, start + seconds - rounding, start);
  if (taken.times.length === 0) return [];
  const summary = summaryOf(taken);
  const isStill = isVideo && taken.times.every((time) => time <= rounding);
  // A picture stands until the next one, whatever its packet says, and the last one for as long as there is sound.
  const goesOn = isVideo && (isStill || taken.times.length < list.times.length);
  const endSeconds = goesOn ? seconds : Math.min(seconds, summary.endSeconds);
  const packets = { ...summary, endSeconds };
  const standing = taken.times.reduce((last, time) => (time <= rounding && time > last ? time : last), -Infinity);
  const from = (Number.isFinite(standing) ? standing : 0) - rounding;
  const clip = {
    ...{ from: isVideo ? from : 0, to: seconds - rounding },
    ...(!isSought && { ahead: start }),
    ...(isVideo && !isTimed && { firstSeconds: summary.startSeconds }),
    ...(isStill && { isStill }),
  };
  return [{ ...stream, packets, endSeconds, ...(isVideo && { frames: packets.count - packets.undecodable }), clip }];
}

const roundingOf = ({ packets }: VideoStream) =>
  Math.min(roundingSeconds, (packets?.shortInterval ?? 0) * roundingShare);

/** The packets of what is shown before a moment, by a clock that begins at `zero`. */
function before(list: PacketList, moment: number, zero: number): PacketList {
  const kept = list.times.flatMap((time, at) => (time < moment ? [at] : []));
  const pick = (values: readonly number[]) => kept.map((at) => values[at] ?? 0);
  const places = new Map(kept.map((at, place) => [at, place]));
  return {
    ...list,
    times: pick(list.times).map((time) => time - zero),
    durations: pick(list.durations),
    sizes: pick(list.sizes),
    keyframes: list.keyframes.filter((time) => time < moment).map((time) => time - zero),
    beforeKeyframe: kept.filter((at) => at < list.beforeKeyframe).length,
    discarded: list.discarded.flatMap((at) => places.get(at) ?? []),
    untimed: Math.min(list.untimed, kept.length),
  };
}

/** How a picture looks that changes on the way, from where it is read. */
function shapesFrom({ shapes = [] }: VideoStream, { start, seconds }: Span): Partial<VideoStream> {
  const moved = shapes
    .map((shape): FrameShape => ({ ...shape, fromSeconds: shape.fromSeconds - start }))
    .filter(({ fromSeconds }) => fromSeconds < seconds);
  return moved.length > 1 ? { shapes: moved } : {};
}
