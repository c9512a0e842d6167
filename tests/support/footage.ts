import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { keptPath, runFfmpeg } from "./clips.ts";

/** Writes a source to a path; parts of it may be made in a folder that is removed behind it. */
export type Maker = (file: string, folder: string) => Promise<unknown>;

/** A source that is made once and kept for the next run: a change of the text that says how makes it anew. */
export async function footage(make: Maker, container: string, how: unknown): Promise<string> {
  const path = await keptPath({ how, kit: await Bun.file(import.meta.path).text() }, container);
  if (await Bun.file(path).exists()) return path;
  await mkdir(dirname(path), { recursive: true });
  const folder = await mkdtemp(join(dirname(path), "making-"));
  try {
    const unfinished = join(folder, `source.${container}`);
    await make(unfinished, folder);
    await rename(unfinished, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return path;
}

/** A maker that is one run of ffmpeg. */
export const ffmpegMakes =
  (...args: readonly (string | readonly string[])[]): Maker =>
  (file) =>
    runFfmpeg([...args.flat(), file]);

const lavfi = (graph: string) => ["-f", "lavfi", "-i", graph];

type Flash = { seconds: number; size?: string; rate?: number | string; filters?: string };

/** Black pictures, and white ones for an eighth of a second at each whole second. */
export const flash = ({ seconds, size = "160x90", rate = 25, filters = "" }: Flash) =>
  lavfi(
    `color=c=black:s=${size}:r=${rate}:d=${seconds},drawbox=c=white:t=fill:enable='lt(mod(t+0.0001,1),0.12)'${filters}`,
  );

type Beep = { seconds: number; from?: number; rate?: number; layout?: string; channels?: number };

/** Silence, and 1 kHz for a tenth of a second at each whole second. */
export const beep = ({ seconds, rate = 48_000, channels = 2, layout = "stereo", from = 0 }: Beep) =>
  voices({ seconds, rate, layout, each: Array(channels).fill(`0.5*sin(2*PI*1000*t)*lt(mod(t,1),0.1)*gte(t,${from})`) });

type Voices = { seconds: number; each: readonly string[]; rate?: number; layout?: string };

/** One expression for each channel. Without a layout nobody says which channel is which. */
export const voices = ({ seconds, each, rate = 48_000, layout }: Voices) =>
  lavfi(`aevalsrc=exprs='${each.join("|")}':s=${rate}:d=${seconds}${layout === undefined ? "" : `:c=${layout}`}`);

export const surround = { channels: 6, layout: "5.1" };
export const mono = { channels: 1, layout: "mono" };

/** Pictures that move everywhere. */
export const motion = (seconds: number, size = "160x90", rate: number | string = 25) =>
  lavfi(`testsrc2=s=${size}:r=${rate}:d=${seconds}`);

export const plain = (colour: string, size: string, seconds: number, rate = 10) =>
  lavfi(`color=c=${colour}:s=${size}:r=${rate}:d=${seconds}`);

export const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];
/** With pictures that refer to later ones. */
export const h264B = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-pix_fmt", "yuv420p"];
export const vp8 = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "300k"];
export const aac = ["-c:a", "aac", "-b:a", "96k"];
export const opus = ["-c:a", "libopus"];

/** One keyframe, at the beginning, in so many pictures. */
export const oneKeyframe = ["-g", "9999", "-keyint_min", "9999", "-sc_threshold", "0"];

/** Transport streams put together byte by byte; each begins at its own time, as broadcasters send them. */
export const joined =
  (...parts: readonly { from: number; args: readonly string[] }[]): Maker =>
  async (file, folder) => {
    const made = parts.map(({ from, args }, at) => ({ from, args, path: join(folder, `part${at}.ts`) }));
    for (const { from, args, path } of made) {
      const offset = ["-muxdelay", "0", "-muxpreload", "0", "-output_ts_offset", String(from)];
      await runFfmpeg([...args, "-g", "25", "-mpegts_flags", "initial_discontinuity", ...offset, path]);
    }
    await concatenated(
      file,
      made.map(({ path }) => path),
    );
  };

/** Files put together byte by byte, as `cat` does. */
export const concatenated = async (file: string, parts: readonly string[]) =>
  Bun.write(file, await Promise.all(parts.map((part) => Bun.file(part).bytes())).then((all) => Buffer.concat(all)));

/** Files put together by ffmpeg without encoding them again. */
export async function spliced(file: string, folder: string, parts: readonly string[]) {
  const list = join(folder, "list");
  await Bun.write(list, parts.map((part) => `file '${part}'\n`).join(""));
  await runFfmpeg(["-f", "concat", "-safe", "0", "-i", list, "-c", "copy", file]);
}

/** A maker whose file is changed byte by byte. */
export const patched =
  (make: Maker, change: (bytes: Buffer) => Uint8Array): Maker =>
  async (file, folder) => {
    await make(file, folder);
    await Bun.write(file, change(Buffer.from(await Bun.file(file).arrayBuffer())));
  };

/** Puts a box at the end of the first sample entry of this name; the index must come last, so that no offset moves. */
export function withBox(bytes: Buffer, entry: string, name: string, body: Uint8Array): Buffer {
  const at = bytes.indexOf(entry, bytes.indexOf("stsd")) - 4;
  const end = at + bytes.readUInt32BE(at);
  for (const around of ["moov", "trak", "mdia", "minf", "stbl", "stsd"].map((box) => bytes.lastIndexOf(box, at) - 4)) {
    bytes.writeUInt32BE(bytes.readUInt32BE(around) + body.length + 8, around);
  }
  bytes.writeUInt32BE(end - at + body.length + 8, at);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(name, 4, "latin1");
  return Buffer.concat([bytes.subarray(0, end), head, body, bytes.subarray(end)]);
}
