import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { avcSequenceIn } from "#worker/mpegts/codec.ts";
import { packetBytes } from "#worker/mpegts/packet.ts";
import { plainPictureIn, plainSoundOf } from "#worker/mpegts/plain-media.ts";
import { makeTsReader } from "#worker/mpegts/segment.ts";
import { purposeOf } from "./disposition.ts";
import type { Probe } from "./media.ts";
import type { AudioStream, VideoStream } from "./streams.ts";

// Enough for the tables, and the first picture and sound of what ffmpeg writes.
const headBytes = packetBytes * 1_024;

/**
 * What ffprobe would say of the streams of a segment of MPEG-TS that ffmpeg has written, of pictures in H.264 and sound in
 * AAC, without their packets. Undefined for everything that is in any way unlike that: ffprobe is to be asked.
 */
export async function readPlainSegment(path: string): Promise<Probe | undefined> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
  const reader = makeTsReader();
  reader.read(buffer.subarray(0, bytesRead - (bytesRead % packetBytes)));
  const beginnings = reader.beginnings();
  const streams = beginnings.map(streamOf);
  const videos = streams.flatMap((stream) => stream?.video ?? []);
  const audio = streams.flatMap((stream) => stream?.sound ?? []).map((sound, number) => ({ ...sound, number }));
  if (streams.length === 0 || videos.length > 1 || videos.length + audio.length < streams.length) return undefined;
  const known = { format: "mpegts", durationSeconds: undefined, subtitles: [] };
  return { ...known, video: videos[0], videos, audio, programs: [new Set(streams.keys())] };
}

type Beginning = ReturnType<ReturnType<typeof makeTsReader>["beginnings"]>[number];

function streamOf(beginning: Beginning, index: number): { video?: VideoStream; sound?: AudioStream } | undefined {
  const { type, head, language } = beginning;
  const named = { ...purposeOf({}), index, codecTag: `[${type}][0][0][0]` };
  if (type === 0x0f) {
    const sound = adtsSound(head);
    return sound && { sound: { ...sound, ...named, codec: "aac", language } };
  }
  const set = type === 0x1b ? avcSequenceIn(head) : undefined;
  const picture = set && plainPictureIn(set);
  if (!picture) return undefined;
  const { colour, numbers: _, ...size } = picture;
  const same = { rotation: 0, pixelFormat: "yuv420p", dolbyVision: undefined, interlaced: false };
  const unknown = { averageRate: undefined, nominalRate: undefined, frames: undefined };
  return { video: { ...size, ...colour, ...same, ...named, ...unknown, codec: "h264" } };
}

/** By the header of the first frame (ISO/IEC 14496-3, 1.A.2.2.1), whose profile is one less than the object type. */
function adtsSound([sync, , second = 0, third = 0]: Uint8Array) {
  if (sync !== 0xff) return undefined;
  return plainSoundOf((second >> 6) + 1, (second >> 2) & 15, ((second & 1) << 2) | (third >> 6));
}
