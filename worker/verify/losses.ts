import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { AudioStream, VideoStream } from "#worker/ffmpeg/streams.ts";

/** How much of a stream could not be decoded. */
export type Loss = {
  /** From 0 to 1. */
  share: number;
  /** For people: how much of what. */
  words: string;
};

type Streams = { video?: VideoStream | undefined; audio?: readonly AudioStream[] };
type Reading = Pick<EncodeReport, "read" | "corrupt" | "errors">;

/** What is missing of the streams of a source; `of` tells people which source that is. */
export function lossesOf({ video, audio = [] }: Streams, reading: Reading, of = ""): Loss[] {
  const streams = [
    ...(video ? [{ stream: video, what: "pictures" }] : []),
    ...audio.map((stream) => ({ stream, what: "sound" })),
  ];
  return streams.flatMap(({ stream, what }) => {
    const { lost, of: all } = lossOf(stream, reading);
    return lost > 0 ? [{ share: lost / all, words: `${lost} of ${all} packets of ${what}${of}` }] : [];
  });
}

function lossOf({ index, packets, clip }: VideoStream | AudioStream, { read, corrupt, errors }: Reading) {
  const found = read.get(index);
  if (!found) return { lost: 0, of: 1 };
  // ffmpeg stops behind the end of a clip, with packets in its decoders that it never shows.
  const count = clip && packets ? Math.min(found.packets, packets.count) : found.packets;
  const of = Math.max(1, count - (packets?.undecodable ?? 0));
  // Some packets are no pictures of their own, such as second fields: what is missing without a complaint is none.
  const missing = Math.min(Math.max(0, of - found.frames), errors);
  return { lost: Math.min(of, missing + (corrupt.get(index) ?? 0)), of };
}
