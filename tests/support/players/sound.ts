import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Fragment, fragmentsIn, type InitTrack, initTracks } from "#worker/verify/fragments.ts";

/** What a player gave to a source buffer, in base64, where it told the browser to put it, and what was buffered then. */
export type Appended = {
  buffer: number;
  bytes: string;
  timestampOffset: number;
  buffered: readonly (readonly [number, number])[];
};

/** An init segment, and the media that were appended after it. */
type Run = { init: Uint8Array; tracks: readonly InitTrack[]; media: (Appended & { data: Uint8Array })[] };

/** Where each packet of sound is, in seconds of the player's timeline. */
type Packet = { seconds: number; duration: number };

const sampleRate = 48_000;

/** When each beep begins on the player's timeline, by the samples that the appended packets decode to. */
export async function beepsIn(appended: readonly Appended[]): Promise<number[]> {
  const beeps = await Promise.all(runsOf(appended).map(beepsOf));
  return beeps.flat().toSorted((a, b) => a - b);
}

function runsOf(appended: readonly Appended[]): Run[] {
  const runs = new Map<number, Run[]>();
  for (const one of appended) {
    const data = Uint8Array.fromBase64(one.bytes);
    const of = runs.get(one.buffer) ?? [];
    runs.set(one.buffer, of);
    const tracks = initTracks(data);
    if (tracks.length > 0) of.push({ init: data, tracks, media: [] });
    else of.at(-1)?.media.push({ ...one, data });
  }
  return [...runs.values()].flat();
}

async function beepsOf({ init, tracks, media }: Run): Promise<number[]> {
  const audio = tracks.find(({ kind }) => kind === "audio");
  if (!audio || media.length === 0) return [];
  const packets = media.flatMap((one) => {
    const fragments = fragmentsIn(one.data, tracks).filter(({ trackId }) => trackId === audio.id);
    const placed = fragments.flatMap((fragment) => packetsOf(fragment, audio, one.timestampOffset));
    if (tracks.length === 1) checkPlaced(placed, one);
    return placed;
  });
  const samples = await decoded(Buffer.concat([init, ...media.map(({ data }) => data)]));
  const perPacket = Math.round(Math.max(...packets.map(({ duration }) => duration)) * sampleRate);
  return onsets(samples).flatMap((at) => {
    const packet = packets[Math.floor(at / perPacket)];
    return packet ? [packet.seconds + (at % perPacket) / sampleRate] : [];
  });
}

/** As browsers place packets: by their decode times, and by the first edit if it is not an empty one. */
function packetsOf({ decodeTime, samples }: Fragment, { timescale, edits }: InitTrack, offset: number): Packet[] {
  let time = decodeTime;
  return samples.map(({ duration }) => {
    const seconds = offset + time / timescale - (edits[0]?.mediaTime ?? 0);
    time += duration;
    return { seconds, duration: duration / timescale };
  });
}

/** The browser must have buffered sound to where the packets end; else it has placed them otherwise. */
function checkPlaced(packets: readonly Packet[], { buffered }: Appended) {
  const last = packets.at(-1);
  if (!last) return;
  const end = last.seconds + last.duration;
  if (!buffered.some((range) => Math.abs(range[1] - end) < 0.002)) {
    throw new Error(`the sound ends at ${end}, but the browser has buffered ${JSON.stringify(buffered)}`);
  }
}

async function decoded(bytes: Uint8Array): Promise<Float32Array> {
  const file = join(tmpdir(), `${randomUUID()}.mp4`);
  await Bun.write(file, bytes);
  const output = ["-map", "0:a:0", "-ac", "1", "-ar", String(sampleRate), "-f", "f32le", "-"];
  const ffmpeg = Bun.spawn(["ffmpeg", "-v", "error", "-ignore_editlist", "1", "-i", file, ...output]);
  const samples = new Float32Array(await new Response(ffmpeg.stdout).arrayBuffer());
  await rm(file);
  return samples;
}

/** Samples at which it becomes loud after at least 50 ms of silence. */
function onsets(samples: Float32Array): number[] {
  const found: number[] = [];
  let quiet = Number.POSITIVE_INFINITY;
  for (const [at, value] of samples.entries()) {
    const isLoud = Math.abs(value) > 0.1;
    if (isLoud && quiet > sampleRate / 20) found.push(at);
    quiet = isLoud ? 0 : quiet + 1;
  }
  return found;
}
