import { expect } from "bun:test";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import type { OutputFacts } from "#shared/job/output-facts.ts";
import { type Needed, neededBy } from "./playlists.ts";

type Rendition = OutputFacts["renditions"][number];

/**
 * Fails unless facts are what the files of an output are, by the sizes on the disk and by the playlists that others read.
 * `dir` is the folder of its entry, with nothing else in it.
 */
export async function judgeFacts({ renditions, files, bytes }: OutputFacts, dir: string) {
  const sizes = await sizesIn(dir);
  expect({ files, bytes }).toEqual({
    files: sizes.size,
    bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
  });
  await judgeRenditions(renditions, dir);
}

/** The same of the renditions alone, where the folder holds more than the output. */
export async function judgeRenditions(renditions: readonly Rendition[], dir: string) {
  expect(renditions.length).toBeGreaterThan(0);
  for (const rendition of renditions) {
    const [name = "", within] = rendition.path.split("#");
    const folder = dirname(join(dir, name));
    const sizes = await sizesIn(folder);
    if (!/\.(m3u8|mpd)$/.test(name)) expect(rendition).toMatchObject({ bytes: sizes.get(basename(name)) ?? 0 });
    else judgeSegments(rendition, neededBy(await readFile(join(dir, name), "utf8"), within, sizes));
  }
}

async function sizesIn(dir: string): Promise<ReadonlyMap<string, number>> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true });
  const names = entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));
  return new Map(await Promise.all(names.map(async (name) => [relative(dir, name), (await stat(name)).size] as const)));
}

function judgeSegments(rendition: Rendition, { bytes, segments, seconds, peak, average }: Needed) {
  const { durationSeconds = 0, averageBitRate = 0, peakBitRate = 0, bitRates = [] } = rendition;
  expect(rendition).toMatchObject({ bytes, segments });
  expect(Math.abs(durationSeconds - seconds)).toBeLessThan(0.001);
  expect(Math.abs(peakBitRate / peak - 1)).toBeLessThan(0.01);
  expect(Math.abs(averageBitRate / average - 1)).toBeLessThan(0.01);
  expect(bitRates.length).toBe(Math.min(100, segments));
}

type Stream = Record<"codec_name" | "profile" | "avg_frame_rate" | "pix_fmt" | "color_transfer", string | undefined> &
  Record<"width" | "height" | "level", number | undefined>;

/** Fails unless facts are what ffprobe sees: of files, and of the first segments of each rendition. */
export async function judgeFactsByFfprobe({ renditions }: OutputFacts, dir: string) {
  for (const rendition of renditions.filter(({ kind }) => kind !== "subtitles")) {
    const streams = await streamsOf(rendition, dir);
    if (streams) judgeStreams(rendition, streams);
  }
}

function judgeStreams(rendition: Rendition, streams: readonly Stream[]) {
  const video = streams.find(({ width }) => width);
  if (video) expect(rendition).toMatchObject({ width: video.width ?? 0, height: video.height ?? 0 });
  // Of an animated WebP ffmpeg 5.1 sees nothing.
  if (rendition.kind === "image") return;
  expect(rendition.codecs?.split(",")).toEqual([...new Set(streams.map(codecOf))]);
  expect(rendition.hdr).toBe(hdrKinds[video?.color_transfer ?? ""]);
  const [over = 0, under = 1] = video?.avg_frame_rate?.split("/").map(Number) ?? [];
  // A single picture has none.
  if (video && rendition.frameRate) expect(Math.abs(over / under / rendition.frameRate - 1)).toBeLessThan(0.01);
}

async function streamsOf({ path }: Rendition, dir: string): Promise<Stream[] | undefined> {
  const [name = "", within] = path.split("#");
  const text = /\.(m3u8|mpd)$/.test(name) ? await readFile(join(dir, name), "utf8") : undefined;
  // A key at a made-up address cannot be fetched.
  if (text?.includes('URI="https://')) return undefined;
  const isLocked = text?.includes("#EXT-X-KEY");
  const input =
    text === undefined || isLocked ? [name] : [`concat:${neededBy(text, within, new Map()).names.join("|")}`];
  const hls = isLocked ? ["-allowed_extensions", "ALL"] : [];
  const query = [
    "-show_entries",
    "stream=codec_name,profile,level,width,height,avg_frame_rate,pix_fmt,color_transfer",
    "-of",
    "json",
  ];
  const ffprobe = Bun.spawn(["ffprobe", "-v", "error", ...query, ...hls, ...input], { cwd: dir, stdout: "pipe" });
  return Object(await new Response(ffprobe.stdout).json()).streams;
}

/** As another hand derives it from what ffprobe says; of what is told nowhere there the beginning. */
function codecOf({ codec_name, profile = "", level = 0, pix_fmt = "" }: Stream): string {
  if (codec_name === "h264") return `avc1.${h264Profiles[profile]}${level.toString(16).padStart(2, "0")}`;
  if (codec_name === "hevc") return `hvc1.${profile === "Main 10" ? "2.4" : "1.6"}.L${level}.90`;
  if (codec_name === "av1")
    return `av01.0.${String(level).padStart(2, "0")}M.${pix_fmt.endsWith("10le") ? "10" : "08"}`;
  return names[codec_name ?? ""] ?? "";
}

const hdrKinds: Readonly<Record<string, "hdr10" | "hlg">> = { smpte2084: "hdr10", "arib-std-b67": "hlg" };
const h264Profiles: Readonly<Record<string, string>> = { "Constrained Baseline": "42c0", Main: "4d40", High: "6400" };
const names: Readonly<Record<string, string>> = {
  ...{ aac: "mp4a.40.2", mp3: "mp4a.40.34", opus: "opus", vp9: "vp09.00.10.08" },
};
