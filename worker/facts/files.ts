import { join } from "node:path";
import type { OutputFacts } from "#shared/job/output-facts.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { StreamPackets } from "#worker/ffmpeg/stream-packets.ts";
import { languageOf } from "#worker/plan/language.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { OutputFile } from "#worker/verify/output-file.ts";
import { codecsOfFile } from "./codecs.ts";
import { frameRateOf } from "./frame-rate.ts";
import { imageSize } from "./image-size.ts";
import { rounded } from "./rounded.ts";
import { bitRateSeries } from "./series.ts";
import { hdrOf } from "./source.ts";

type Rendition = OutputFacts["renditions"][number];

/** What an output of single files holds, its entry first; of texts only one that names pictures is told. */
export async function fileRenditions({ entry, outputDir }: Plan, files: readonly OutputFile[]): Promise<Rendition[]> {
  const inOrder = [...files].sort((a, b) => Number(b.name === entry) - Number(a.name === entry));
  const renditions = await Promise.all(inOrder.map((file) => renditionOf(file, join(outputDir, file.name))));
  return renditions.flatMap((rendition) => rendition ?? []);
}

async function renditionOf({ name, bytes, probe, text }: OutputFile, path: string): Promise<Rendition | undefined> {
  const named = text === undefined ? undefined : sizeNamedIn(text);
  if (named) return { path: name, kind: "image", ...named, bytes };
  if (isPicture(name)) return { path: name, kind: "image", ...(await imageSize(path)), bytes };
  if (!probe) return undefined;
  const codecs = await codecsOfFile(path, probe);
  return {
    ...{ path: name, kind: probe.video ? "video" : "audio" },
    ...(codecs.length > 0 && { codecs: [...new Set(codecs)].join(",") }),
    ...pictureOf(probe),
    ...languageIn(probe),
    ...ratesOf(probe, bytes),
  };
}

const isPicture = (name: string) => /\.(jpe?g|png|webp|gif)$/.test(name);

/** The size of the pictures that a WebVTT of thumbnails names, each a part of a larger one (Media Fragments URI, 4.2.2). */
function sizeNamedIn(text: string) {
  const [, width, height] = /^\S+#xywh=\d+,\d+,(\d+),(\d+)$/m.exec(text) ?? [];
  return width && height ? { width: Number(width), height: Number(height) } : undefined;
}

function pictureOf({ video }: Probe) {
  if (!video) return {};
  const { width, height } = video;
  const frameRate = frameRateOf(video);
  const hdr = hdrOf(video);
  return { width, height, ...(frameRate !== undefined && { frameRate }), ...(hdr && { hdr }) };
}

function languageIn({ audio: [sound] }: Probe) {
  const language = languageOf(sound?.language)?.tag;
  return language === undefined ? {} : { language };
}

function ratesOf({ durationSeconds = 0, videos = [], audio }: Probe, bytes: number) {
  if (durationSeconds <= 0) return { bytes };
  const average = (bytes * 8) / durationSeconds;
  const packets = [...videos, ...audio].flatMap(({ packets }) => packets ?? []);
  const seconds = together(packets);
  return {
    ...{ durationSeconds: rounded(durationSeconds), bytes, averageBitRate: Math.round(average) },
    peakBitRate: Math.round([...seconds.values()].reduce((peak, bytes) => Math.max(peak, bytes * 8), average)),
    bitRates: bitRateSeries(partsOf(seconds, durationSeconds)),
  };
}

/** The bytes that all streams have in a second. */
function together(streams: readonly StreamPackets[]): ReadonlyMap<number, number> {
  const seconds = new Map<number, number>();
  for (const [second, bytes] of streams.flatMap(({ bytesOfSecond }) => [...bytesOfSecond])) {
    seconds.set(second, (seconds.get(second) ?? 0) + bytes);
  }
  return seconds;
}

/** More seconds than any output has. */
const mostSeconds = 10 ** 6;

/** What lies in each second; the last part takes in what is left after half a second. */
function partsOf(seconds: ReadonlyMap<number, number>, durationSeconds: number) {
  const count = Math.min(mostSeconds, Math.max(1, Math.round(durationSeconds)));
  const last = count - 1;
  const parts = Array.from({ length: count }, (_, at) => ({
    bytes: 0,
    seconds: at < last ? 1 : durationSeconds - last,
  }));
  for (const [second, bytes] of seconds) {
    const part = parts[Math.min(second, last)];
    if (part) part.bytes += bytes;
  }
  return parts;
}
