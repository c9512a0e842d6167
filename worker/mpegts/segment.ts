import { type SegmentTrack, unwrapped, withSample } from "#worker/verify/segment-track.ts";
import { describeStream, headBytes } from "./codec.ts";
import { frameHeaders, makeFrameCounter } from "./frame-counter.ts";
import { packetAt, packetBytes } from "./packet.ts";
import { pesStart } from "./pes.ts";
import { programMaps, type StreamType, streamTypes } from "./tables.ts";

type Stream = StreamType & {
  track: SegmentTrack | undefined;
  frames: ReturnType<typeof makeFrameCounter> | undefined;
  /** What it begins with, as much as tells what it is. */
  head: Buffer;
};

/** Reads a segment of MPEG-TS in pieces of whole packets, so that little of a large one is in memory. */
export function makeTsReader() {
  const maps = new Set<number>();
  const streams = new Map<number, Stream>();
  let isBroken = false;
  let position = 0;

  const describe = (payload: Uint8Array) => {
    for (const type of streamTypes(payload)) {
      if (!streams.has(type.pid)) streams.set(type.pid, { ...type, ...emptyStream(type) });
    }
  };
  const take = (bytes: Uint8Array, at: number) => {
    const packet = packetAt(bytes, at);
    if (!packet) return false;
    const { pid, isStart, payload } = packet;
    if (pid === 0 && isStart) for (const map of programMaps(payload)) maps.add(map);
    if (maps.has(pid) && isStart) describe(payload);
    const stream = streams.get(pid);
    return !stream || takeMedia(stream, payload, isStart, position);
  };

  return {
    read(bytes: Uint8Array) {
      for (let at = 0; at < bytes.length && !isBroken; at += packetBytes) {
        isBroken = !take(bytes, at);
        position += packetBytes;
      }
    },
    /** What each of its streams is, as RFC 6381 names it, however much of it was read. */
    codecs: () => [...streams.values()].map(({ type, head }) => describeStream(type, head).codec),
    /** What each of its streams begins with, by what the segment says that it is. */
    beginnings: (): readonly (StreamType & { head: Uint8Array })[] => (isBroken ? [] : [...streams.values()]),
    /** What the segment holds; undefined when it was no complete MPEG-TS. */
    end(): SegmentTrack[] | undefined {
      const all = [...streams.values()];
      if (isBroken || all.some(({ frames }) => frames && !frames.isWhole())) return undefined;
      const tracks = all.flatMap(({ type, track, head }) =>
        track ? [{ ...track, ...describeStream(type, head) }] : [],
      );
      return tracks.length > 0 ? tracks : undefined;
    },
  };
}

function emptyStream({ type }: StreamType): Omit<Stream, keyof StreamType> {
  const header = frameHeaders.get(type);
  return { track: undefined, frames: header && makeFrameCounter(header), head: Buffer.alloc(0) };
}

/** Takes what a packet at this position holds; false for bytes that cannot be in a stream of this type. */
function takeMedia(stream: Stream, payload: Uint8Array, isStart: boolean, position: number): boolean {
  if (!isStart) {
    addFrames(stream, payload);
    return true;
  }
  const start = pesStart(payload);
  if (!start?.times) return false;
  const { pid: id, kind, track } = stream;
  if (track) track.firstEnd ??= position;
  const decoded = unwrapped(start.times.decoded, track?.lastDecoded ?? start.times.decoded);
  stream.track = withSample(track, { id, kind, decoded, shown: unwrapped(start.times.shown, decoded) });
  // A PES packet of sound holds several frames; each of them counts.
  if (stream.frames) stream.track.count -= 1;
  addFrames(stream, start.data);
  return true;
}

function addFrames(stream: Stream, data: Uint8Array) {
  const { frames: counter, track, head } = stream;
  if (head.length < headBytes) stream.head = Buffer.concat([head, data]);
  const frames = counter?.add(data) ?? 0;
  if (track) track.count += frames;
}
