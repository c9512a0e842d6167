import { lineBatches } from "./lines.ts";
import { longestGap, type PacketList, type StreamPackets, summaryOf } from "./stream-packets.ts";

/** What all packets of a source say, by the index of their stream. A stream without packets is not there. */
export type Packets = {
  /** By the stream's index. */
  streams: ReadonlyMap<number, StreamPackets>;
  /** Whether the file ends in the middle of a packet. */
  isCutOff: boolean;
  /** The longest time in which no stream has anything. */
  longestGap: number;
  /** What `streams` sums up, packet by packet. */
  lists: ReadonlyMap<number, PacketList>;
};

/** What has come of a stream so far. */
export type Collected = PacketList & {
  /** Seconds of one tick of its clock. */
  tick: number;
  isVideo: boolean;
  /** Whether it says when anything is shown, and not only when it is decoded. */
  isTimed: boolean;
  lastDecoded: number;
  /** How many packets in a row have the decode time of the one before. */
  standing: number;
};

/** How ffmpeg writes that there is no timestamp. */
export const none = -(2 ** 63);

/**
 * Reads what `-f framecrc` writes, and for which stream from what ffmpeg says: its demuxer has mended timestamps that
 * jump, so that these are the times that an encode gets.
 */
export async function readPackets(
  stdout: AsyncIterable<Uint8Array>,
  stderr: Promise<readonly string[]>,
): Promise<Packets> {
  const collected: Collected[] = [];
  for await (const batch of lineBatches(stdout)) {
    for (const line of batch) {
      if (line.startsWith("#")) describe(collected, line);
      else collect(collected, line);
    }
  }
  const said = await stderr;
  const byIndex = mapped(said).flatMap((index, at) => (collected[at] ? [[index, collected[at]] as const] : []));
  return packetsOfAll(new Map(byIndex), said);
}

/** The packets of all streams by their indexes, and what ffmpeg or ffprobe has said meanwhile. */
export function packetsOfAll(collected: ReadonlyMap<number, Collected>, said: readonly string[]): Packets {
  const lists = new Map([...collected].map(([index, stream]) => [index, fromZero(stream)] as const));
  const streams = new Map<number, StreamPackets>();
  for (const [index, list] of lists) {
    if (list.times.length > 0) streams.set(index, summaryOf(list));
  }
  return {
    streams,
    lists,
    isCutOff: said.some((line) => /partial file|ended prematurely|Packet corrupt/.test(line)),
    longestGap: longestGap([...streams.values()]),
  };
}

/** The indexes of the input's streams, in the order of the output's. */
const mapped = (said: readonly string[]) =>
  said.flatMap((line) => {
    const index = /Stream #0:(\d+) -> #0:\d+ \(copy\)/.exec(line)?.[1];
    return index === undefined ? [] : [Number(index)];
  });

function describe(streams: Collected[], line: string) {
  const [, name, at = "0", value = ""] = /^#(\w+) (\d+): *(.*)$/.exec(line) ?? [];
  if (name === "tb") streams[Number(at)] = nothingYet(tickOf(value));
  const stream = streams[Number(at)];
  if (name === "media_type" && stream) stream.isVideo = value === "video";
}

/** The seconds of one tick, such as `1/12800`. */
export function tickOf(timeBase: string): number {
  const [over = 1, under = 1] = timeBase.split("/").map(Number);
  return over / under;
}

/** A stream of which no packet has come yet; `tick` is in seconds. */
export const nothingYet = (tick: number): Collected => ({
  tick,
  isVideo: false,
  isTimed: false,
  lastDecoded: none,
  standing: 0,
  backwards: 0,
  untimed: 0,
  times: [],
  durations: [],
  sizes: [],
  keyframes: [],
  beforeKeyframe: 0,
  discarded: [],
});

// stream, dts, pts, duration, size, checksum, and flags unless they say just that it is a keyframe.
function collect(streams: readonly Collected[], line: string) {
  const [at = "", dts, pts, duration, size, , flags] = line.split(",");
  const stream = streams[Number(at)];
  if (!stream) return;
  const marks = { isKeyframe: isKeyframe(flags), isDiscarded: isDiscarded(flags) };
  const numbers = { dts: Number(dts), pts: Number(pts), duration: Number(duration), size: Number(size) };
  addPacket(stream, { ...numbers, ...marks });
}

type Packet = {
  /** When it is decoded and shown, in ticks of its stream; `none` where the container does not say. */
  dts: number;
  pts: number;
  duration: number;
  /** In bytes. */
  size: number;
  isKeyframe: boolean;
  /** Whether it is left out by an edit list. */
  isDiscarded: boolean;
};

/** Adds the next packet of a stream. */
export function addPacket(stream: Collected, { dts, pts, duration, size, ...marks }: Packet) {
  const shown = [pts, dts].find((time) => time !== none);
  if (shown === undefined) return;
  const seconds = shown * stream.tick;
  if (pts === none) stream.untimed += 1;
  else stream.isTimed = true;
  if (stream.isVideo && marks.isKeyframe) stream.keyframes.push(seconds);
  if (stream.isVideo && stream.keyframes.length === 0) stream.beforeKeyframe += 1;
  if (dts <= stream.lastDecoded && dts !== none) takeBackwards(stream, dts);
  else stream.standing = 0;
  if (dts !== none) stream.lastDecoded = dts;
  if (marks.isDiscarded) stream.discarded.push(stream.times.length);
  stream.times.push(seconds);
  stream.durations.push(duration * stream.tick);
  stream.sizes.push(size);
}

/** So many packets in a row stand still where a clock has started again: ffmpeg lets none go back. */
const fewestStanding = 10;

function takeBackwards(stream: Collected, decoded: number) {
  stream.backwards += 1;
  stream.standing = decoded === stream.lastDecoded ? stream.standing + 1 : 0;
  if (stream.standing === fewestStanding) stream.restartsAt ??= decoded * stream.tick;
}

// Without a word of flags it is a keyframe and nothing else (AV_PKT_FLAG_KEY, AV_PKT_FLAG_DISCARD).
const flagsIn = (flags = "") => Number(/^ F=(\w+)/.exec(flags)?.[1] ?? 1);
const isKeyframe = (flags?: string) => (flagsIn(flags) & 1) !== 0;
const isDiscarded = (flags?: string) => (flagsIn(flags) & 4) !== 0;

/**
 * A stream without a container tells in which order its pictures are decoded, and ffmpeg counts those before zero that
 * are decoded ahead of the first one that is shown: they are shown from zero on.
 */
function fromZero(stream: Collected): Collected {
  const [first = 0] = stream.times;
  if (stream.isTimed || first >= 0) return stream;
  const later = (times: readonly number[]) => times.map((seconds) => seconds - first);
  return { ...stream, times: later(stream.times), keyframes: later(stream.keyframes) };
}
