import { Fault } from "#shared/fault.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream, VideoStream } from "#worker/ffmpeg/streams.ts";

/** How much of a source could not be decoded. */
export type Damage = {
  /** From 0 to 1: the share of the stream that lost most. */
  share: number;
  /** For people: how much of what. */
  words: string;
};

/**
 * Holds the source's packets against the frames that were made of them: ffmpeg leaves out what it cannot decode, and
 * ends with exit code 0. Undefined when nothing is missing.
 */
export function damageOf({ video, audio }: Pick<Probe, "video" | "audio">, report: EncodeReport): Damage | undefined {
  const streams = [
    ...(video ? [{ stream: video, what: "pictures" }] : []),
    ...audio.map((stream) => ({ stream, what: "sound" })),
  ];
  const losses = streams.flatMap(({ stream, what }) => {
    const { lost, of } = lossOf(stream, report);
    return lost > 0 ? [{ share: lost / of, words: `${lost} of ${of} packets of ${what}` }] : [];
  });
  const worst = losses.toSorted((one, other) => other.share - one.share)[0];
  return worst && { share: worst.share, words: `${losses.map(({ words }) => words).join(" and ")} cannot be decoded` };
}

/** The same; more than this share of a source, from 0 to 1, is a Fault. */
export function damageWithin(most: number, source: Pick<Probe, "video" | "audio">, report: EncodeReport) {
  const damage = damageOf(source, report);
  if (damage && damage.share > most) throw new Fault("source_failed", `the source is damaged: ${damage.words}`);
  return damage;
}

function lossOf({ index, packets, clip }: VideoStream | AudioStream, { read, corrupt, errors }: EncodeReport) {
  const found = read.get(index);
  if (!found) return { lost: 0, of: 1 };
  // ffmpeg stops behind the end of a clip, with packets in its decoders that it never shows.
  const count = clip && packets ? Math.min(found.packets, packets.count) : found.packets;
  const of = Math.max(1, count - (packets?.undecodable ?? 0));
  // Some packets are no pictures of their own, such as second fields: what is missing without a complaint is none.
  const missing = Math.min(Math.max(0, of - found.frames), errors);
  return { lost: Math.min(of, missing + (corrupt.get(index) ?? 0)), of };
}
