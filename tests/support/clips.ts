import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export type ClipOptions = {
  seconds?: number;
  /** Width x height, such as `160x90`; `none` makes a clip without video. */
  size?: string;
  /** Frames a second, such as 24 or `30000/1001`. */
  rate?: number | string;
  codec?: "libx264" | "libx265" | "libvpx-vp9" | "mpeg4";
  pixelFormat?: string;
  /** Audio channels; 0 makes a clip without audio. */
  channels?: number;
  /** One audio track for each of these languages, such as `eng`. */
  languages?: readonly string[];
  /** One text track for each of these languages; mkv and mp4 only. */
  subtitles?: readonly string[];
  container?: "mp4" | "mkv" | "webm" | "mov" | "avi" | "ts" | "m4a";
  /** Clockwise, as a phone held upright writes it; mp4 and mov only. */
  rotated?: 90 | 180 | 270;
  interlaced?: boolean;
  hdr?: "pq" | "hlg";
  /** Sample aspect ratio, such as `4/3`. */
  sampleAspect?: string;
  variableRate?: boolean;
  /** Moves the second half of the video this many seconds away. */
  gapSeconds?: number;
  /** How many seconds at the beginning are black. */
  blackSeconds?: number;
  /** The share of the bytes that are kept, such as 0.5. */
  cut?: number;
  /** False puts the mp4 index last, so that a cut file has none. */
  indexFirst?: boolean;
};

/** A small clip made by ffmpeg, kept for the next caller on this machine: read it, never write to it. */
export async function clip(options: ClipOptions = {}): Promise<string> {
  const args = clipArgs(options);
  const { rotated, cut, container = "mp4" } = options;
  const path = await keptPath({ args, rotated, cut }, container);
  if (await Bun.file(path).exists()) return path;

  await mkdir(dirname(path), { recursive: true });
  const unfinished = join(dirname(path), `${randomUUID()}.${container}`);
  const texts = `${unfinished}.srt`;
  if (options.subtitles) await Bun.write(texts, subtitleText);
  await runFfmpeg([...args.map((arg) => (arg === subtitleFile ? texts : arg)), unfinished]);
  if (options.subtitles) await rm(texts);
  if (rotated) await rotate(unfinished, rotated);
  if (cut) await Bun.write(unfinished, (await Bun.file(unfinished).bytes()).subarray(0, sizeAfter(unfinished, cut)));
  await rename(unfinished, path);
  return path;
}

/** Where a clip is kept that is made in this way: another ffmpeg makes another one of the same arguments. */
export async function keptPath(made: unknown, container: string): Promise<string> {
  version ??= Bun.$`ffmpeg -version`.text();
  const key = createHash("sha256").update(JSON.stringify({ made, version: await version }));
  return join(tmpdir(), "flux-encoder-clips", `${key.digest("hex").slice(0, 16)}.${container}`);
}
let version: Promise<string> | undefined;

/** Runs ffmpeg to its end; what it says on stderr is the error when it fails. */
export async function runFfmpeg(args: readonly string[]) {
  const ffmpeg = Bun.spawn(["ffmpeg", "-hide_banner", "-nostdin", "-y", "-v", "error", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = await ffmpeg.stderr.text();
  if ((await ffmpeg.exited) !== 0) throw new Error(`ffmpeg ${args.join(" ")}\n${said}`);
}

// Interlaced 4:2:0 needs a height that 4 divides.
const sizeOf = ({ size, interlaced }: ClipOptions) => size ?? (interlaced ? "160x96" : "160x90");

const sizeAfter = (file: string, share: number) => Math.floor(Bun.file(file).size * share);

const subtitleFile = "SUBTITLES";
const subtitleText = [0, 1, 2]
  .map((at) => `${at + 1}\n00:00:0${at},000 --> 00:00:0${at},900\nLine ${at + 1}\n`)
  .join("\n");

function clipArgs(options: ClipOptions): string[] {
  const { seconds = 1, channels = 2, indexFirst = true, container = "mp4", subtitles = [] } = options;
  const languages = options.languages ?? (channels > 0 ? ["und"] : []);
  const hasVideo = options.size !== "none";
  const inputs = [
    ...(hasVideo ? [`testsrc2=size=${sizeOf(options)}:rate=${options.rate ?? 24}:duration=${seconds}`] : []),
    ...languages.map((_, at) => `sine=frequency=${440 * (at + 1)}:sample_rate=48000:duration=${seconds}`),
  ];
  return [
    ...inputs.flatMap((input) => ["-f", "lavfi", "-i", input]),
    ...subtitles.flatMap(() => ["-i", subtitleFile]),
    ...[...inputs, ...subtitles].flatMap((_, at) => ["-map", String(at)]),
    ...(hasVideo ? videoArgs(options) : []),
    ...(languages.length > 0 ? soundArgs(languages, channels, container) : []),
    ...(subtitles.length > 0 ? ["-c:s", isMp4(container) ? "mov_text" : "subrip"] : []),
    ...subtitles.flatMap((language, at) => [`-metadata:s:s:${at}`, `language=${language}`]),
    ...(isMp4(container) && indexFirst ? ["-movflags", "+faststart"] : []),
  ];
}

const isMp4 = (container: string) => ["mp4", "mov", "m4a"].includes(container);

const soundArgs = (languages: readonly string[], channels: number, container: string) => [
  ...["-ac", String(channels), "-c:a", container === "webm" ? "libopus" : "aac", "-b:a", "64k"],
  ...languages.flatMap((language, at) => [`-metadata:s:a:${at}`, `language=${language}`]),
];

const videoArgs = (options: ClipOptions) => [
  ...["-vf", filters(options).join(",")],
  ...["-fps_mode", "passthrough"],
  ...encoderArgs(options.codec ?? (options.hdr ? "libx265" : "libx264")),
  ...(options.interlaced ? ["-flags", "+ilme+ildct"] : []),
];

function filters(options: ClipOptions): string[] {
  const { hdr, interlaced, sampleAspect, gapSeconds, pixelFormat = hdr ? "yuv420p10le" : "yuv420p" } = options;
  const [over = 24, under = 1] = String(options.rate ?? 24)
    .split("/")
    .map(Number);
  const half = ((options.seconds ?? 1) * over) / under / 2;
  return [
    ...(interlaced ? ["tinterlace=interleave_top", "setfield=tff"] : []),
    ...(options.variableRate ? [`select='lt(n,${half})+not(mod(n,3))'`] : []),
    ...(gapSeconds ? [`setpts='if(gt(N,${half}),PTS+${gapSeconds}/TB,PTS)'`] : []),
    ...(options.blackSeconds ? [`fade=type=in:start_time=${options.blackSeconds}:duration=0.1`] : []),
    `format=${pixelFormat},scale=${sizeOf(options).replace("x", ":")}${interlaced ? ":interl=1" : ""}`,
    `setsar=${sampleAspect ?? 1}`,
    // From ffmpeg 8.1 on encoders tag as filters say, whatever the options for outputs are.
    ...(hdr ? [`setparams=color_primaries=bt2020:color_trc=${transfers[hdr]}:colorspace=bt2020nc`] : []),
  ];
}

const encoderArgs = (codec: NonNullable<ClipOptions["codec"]>) => [
  ...["-c:v", codec],
  ...(codec.startsWith("libx26") ? ["-preset", "ultrafast"] : []),
  ...(codec === "libx265" ? ["-x265-params", "log-level=error", "-tag:v", "hvc1"] : []),
  ...(codec === "libvpx-vp9" ? ["-deadline", "realtime", "-cpu-used", "8"] : []),
];

const transfers = { pq: "smpte2084", hlg: "arib-std-b67" };

/** Writes the rotation into the matrix of the first track header, as cameras do. */
async function rotate(file: string, degrees: 90 | 180 | 270) {
  const bytes = Buffer.from(await Bun.file(file).arrayBuffer());
  const matrix = bytes.indexOf("tkhd") + 44;
  const [a, b, c, d] = matrices[degrees];
  bytes.writeInt32BE(a * 65_536, matrix);
  bytes.writeInt32BE(b * 65_536, matrix + 4);
  bytes.writeInt32BE(c * 65_536, matrix + 12);
  bytes.writeInt32BE(d * 65_536, matrix + 16);
  await Bun.write(file, bytes);
}

const matrices = { 90: [0, 1, -1, 0], 180: [-1, 0, 0, -1], 270: [0, -1, 1, 0] } as const;
