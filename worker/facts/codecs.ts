import { open } from "node:fs/promises";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { codecStrings } from "#worker/mp4/codec-string.ts";
import { readMovieBox } from "#worker/mp4/movie-box.ts";
import { adtsIn, mpegAudioIn, headBytes as tsHeadBytes } from "#worker/mpegts/codec.ts";
import { packetBytes } from "#worker/mpegts/packet.ts";
import { makeTsReader } from "#worker/mpegts/segment.ts";
import { matroskaCodecs } from "./matroska-codecs.ts";
import { vp9Codec } from "./vp9-codec.ts";

/**
 * What the pictures and sounds of a file are as RFC 6381 names them, its pictures first. Nothing where one of them has no
 * name: what is left out would be taken for what is not there.
 */
export async function codecsOfFile(path: string, probe: Probe): Promise<string[]> {
  const { format, videos = [], audio } = probe;
  const codecs = await codecsIn(path, format, probe);
  const known = codecs.flatMap((codec) => codec ?? []);
  return known.length === codecs.length && known.length >= videos.length + audio.length ? known : [];
}

type Codecs = readonly (string | undefined)[];

async function codecsIn(path: string, format: string, { video, audio: [sound] }: Probe): Promise<Codecs> {
  if (/mov|mp4/.test(format)) return movieCodecs(path);
  if (format.includes("matroska")) return exactVp9(matroskaCodecs(await headOf(path, 2 ** 20)), video);
  if (format === "mpegts") return transportCodecs(await headOf(path, packetBytes * 4_096));
  if (video || !sound) return [undefined];
  if (format === "aac") return [adtsIn(await headOf(path, tsHeadBytes))];
  // A tag may come before the sound.
  if (format === "mp3") return [mpegAudioIn(Buffer.of(0xff, 0xfb))];
  return [named[sound.codec]];
}

/** Of sound in a container that says no more of it. */
const named: Readonly<Record<string, string>> = {
  ...{ opus: "opus", vorbis: "vorbis", flac: "flac", ac3: "ac-3", eac3: "ec-3" },
};

const headOf = async (path: string, bytes: number) => Buffer.from(await Bun.file(path).slice(0, bytes).bytes());

async function movieCodecs(path: string): Promise<Codecs> {
  await using file = await open(path);
  const movie = await readMovieBox(file);
  return movie ? codecStrings(movie.bytes) : [];
}

function transportCodecs(head: Buffer): Codecs {
  const reader = makeTsReader();
  reader.read(head.subarray(0, head.length - (head.length % packetBytes)));
  return reader.codecs();
}

/** WebM need not say which profile of VP9 it holds. */
const exactVp9 = (codecs: Codecs, video: VideoStream | undefined): Codecs =>
  codecs.map((codec) => (codec === "vp9" && video ? vp9Codec(video) : codec));
