import { mkdir, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { keptPath, runFfmpeg } from "./clips.ts";

const bits = 10;
const [width, height] = [160, 90];
const side = width / bits;

/** How a film is made whose pictures say their own numbers, with a short tone every half second. */
export type Numbered = {
  seconds: number;
  /** Frames a second, such as 24 or `30000/1001`. */
  rate: number | string;
  /** The ending of its file. */
  container: string;
  /** Options of its encoders and its muxer. */
  args: readonly string[];
  /** Filters behind the numbers. */
  filters?: readonly string[];
  /** By how much its picture or its sound comes later. */
  late?: { video?: number; audio?: number };
  /** What is done with the packets afterwards, such as to cut their beginning off. */
  copied?: { input?: readonly string[]; output?: readonly string[] };
};

/** Makes such a film, or finds it. */
export async function numbered(made: Numbered): Promise<string> {
  const { seconds, rate, container, args, filters = [], late = {}, copied } = made;
  const path = await keptPath(made, container);
  if (await Bun.file(path).exists()) return path;
  await mkdir(dirname(path), { recursive: true });
  const boxes = Array.from({ length: bits }, (_, bit) => {
    const isOn = `gte(mod(floor(n/${2 ** bit})\\,2)\\,1)`;
    return `drawbox=x=${bit * side}:y=0:w=${side}:h=44:color=white:t=fill:enable='${isOn}'`;
  });
  const film = [`color=black:size=${width}x44:rate=${rate}:duration=${seconds}`, ...boxes].join(",");
  const whole = `${film}[top];testsrc2=size=${width}x46:rate=${rate}:duration=${seconds}[below];[top][below]vstack`;
  const tone = `aevalsrc='0.5*sin(2*PI*1000*t)*lt(mod(t,0.5),0.04)':sample_rate=48000:duration=${seconds}`;
  const part = `${path}.${crypto.randomUUID()}.${copied ? "mkv" : container}`;
  await runFfmpeg([
    ...["-itsoffset", String(late.video ?? 0), "-f", "lavfi", "-i", whole],
    ...["-itsoffset", String(late.audio ?? 0), "-f", "lavfi", "-i", tone],
    ...["-vf", [...filters, "format=yuv420p"].join(","), "-fps_mode", "passthrough", ...args, part],
  ]);
  const cut = `${path}.${crypto.randomUUID()}.${container}`;
  if (copied) await runFfmpeg([...(copied.input ?? []), "-i", part, "-c", "copy", ...(copied.output ?? []), cut]);
  await rename(copied ? cut : part, path);
  return path;
}

/** The numbers that the pictures of a film show, in their order. */
export async function numbersIn(file: string): Promise<number[]> {
  const pixels = await output([
    "-i",
    file,
    "-map",
    "0:v:0",
    "-fps_mode",
    "passthrough",
    "-enc_time_base",
    "1:90000",
    ...gray,
  ]);
  const frame = width * height;
  return Array.from({ length: pixels.length / frame }, (_, at) => numberOf(pixels.subarray(at * frame)));
}

const gray = ["-vf", `scale=${width}:${height}:flags=area,format=gray`, "-f", "rawvideo", "-"];

function numberOf(picture: Uint8Array): number {
  const isOn = (bit: number) => (picture[22 * width + bit * side + side / 2] ?? 0) > 128;
  return Array.from({ length: bits }, (_, bit) => (isOn(bit) ? 2 ** bit : 0)).reduce((sum, value) => sum + value, 0);
}

/** When the tones of a film begin, in seconds from its first moment. */
export async function tonesIn(file: string): Promise<number[]> {
  const raw = [
    "-af",
    "aresample=48000:async=1:min_hard_comp=0.001:first_pts=0,aformat=channel_layouts=mono",
    "-f",
    "f32le",
    "-",
  ];
  const bytes = await output(["-i", file, "-map", "0:a:0", ...raw]);
  const samples = new Float32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
  const begins: number[] = [];
  let quiet = 0;
  for (const [at, sample] of samples.entries()) {
    if (Math.abs(sample) < 0.1) quiet += 1;
    else {
      // A tone crosses zero often; between two there are 460 ms.
      if (quiet > 4_800) begins.push(at / 48_000);
      quiet = 0;
    }
  }
  return begins;
}

/** When each picture of a film is shown, in seconds from its beginning as players count. */
export async function picturesOf(file: string): Promise<number[]> {
  const entries = ["-show_entries", "format=start_time:frame=best_effort_timestamp_time", "-of", "json"];
  const ffprobe = ["ffprobe", "-v", "error", "-select_streams", "v:0", ...entries, file];
  const { frames, format } = JSON.parse(await Bun.$`${ffprobe}`.text());
  const times = frames.map((frame: Record<string, string>) => Number(frame["best_effort_timestamp_time"]));
  return times.map((seconds: number) => seconds - Number(format.start_time));
}

async function output(args: readonly string[]): Promise<Uint8Array> {
  const ffmpeg = Bun.spawn(["ffmpeg", "-hide_banner", "-nostdin", "-v", "error", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const bytes = await ffmpeg.stdout.bytes();
  if ((await ffmpeg.exited) !== 0) throw new Error(`ffmpeg ${args.join(" ")}`);
  return bytes;
}
