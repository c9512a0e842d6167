import { join } from "node:path";
import { runFfmpeg } from "#tests/support/clips.ts";
import { ffmpegMakes, footage, type Maker } from "#tests/support/footage.ts";
import { makeFolder } from "#tests/support/made-folders.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { plan } from "#worker/plan/decide.ts";
import { signal, tiny } from "./work.ts";

const capabilities = await probeCapabilities().capabilities;
const seconds = 8;

const pictures = (rate: number | string, ...more: readonly string[]) => [
  ...["-f", "lavfi", "-i", `testsrc2=s=160x96:r=${rate}:d=${seconds},noise=alls=8:allf=t`],
  ...["-f", "lavfi", "-i", `sine=d=${seconds}`, ...more, "-c:a", "aac"],
];
const x264 = (...more: readonly string[]) => ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", ...more];
const openGop = pictures(25, ...x264("-bf", "3", "-g", "61", "-x264-params", "open-gop=1"));

/** A film that is copied into another file. */
const copied =
  (before: readonly string[], after: readonly string[]): Maker =>
  async (file, folder) => {
    await runFfmpeg([...openGop, join(folder, "film.mp4")]);
    await runFfmpeg([...before, "-i", join(folder, "film.mp4"), "-c", "copy", ...after, file]);
  };

export const stream = "of a transport stream";
export const sources: Readonly<Record<string, readonly [container: string, make: Maker]>> = {
  "whose pictures refer to others before their keyframe": ["mp4", ffmpegMakes(openGop)],
  "that begins in the middle of a group by an edit list": ["mp4", copied(["-ss", "0.7"], [])],
  "whose clock begins at seven seconds": ["mkv", copied([], ["-output_ts_offset", "7"])],
  "that pauses for three seconds": [
    "mp4",
    ffmpegMakes(pictures(25, "-vf", "select='lt(t,1.5)+gt(t,4.5)'", "-fps_mode", "vfr", ...x264("-g", "30"))),
  ],
  "of a variable rate": [
    "mkv",
    ffmpegMakes(pictures(30, "-vf", "select='lt(random(1),0.6)'", "-fps_mode", "vfr", ...x264("-g", "50"))),
  ],
  [stream]: ["ts", copied([], ["-output_ts_offset", "7"])],
  "of 59.94 interlaced fields a second": [
    "mp4",
    ffmpegMakes(
      pictures(
        "60000/1001",
        ...["-vf", "tinterlace=interleave_top,fieldorder=tff"],
        ...x264("-flags", "+ildct+ilme", "-g", "40"),
      ),
    ),
  ],
};

export const standing = "whose last picture stands until the sound ends";
const others: typeof sources = {
  [standing]: ["mp4", ffmpegMakes(pictures(25, "-vf", "trim=end=3.5", ...x264("-g", "25")))],
};

/** Without any loss, whatever the encoder of a preset would do. */
const lossless = ["-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];

/** A hash of each picture, and when it is shown in seconds. */
export async function picturesOf(...args: readonly string[]) {
  const ffmpeg = Bun.spawn(["ffmpeg", "-v", "error", ...args, "-fps_mode", "passthrough", "-f", "framemd5", "-"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = (await ffmpeg.stdout.text()).split("\n");
  const [over = 1, under = 1] = /^#tb 0: (\d+)\/(\d+)/m.exec(lines.join("\n"))?.slice(1).map(Number) ?? [];
  const rows = lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split(","));
  return rows.map((row) => ({ hash: row.at(-1)?.trim(), seconds: (Number(row[2]) * over) / under }));
}

/** A source, its film without any loss, and the pictures that one encode gives. */
export async function losslessFilm(kind: string) {
  const [container, make] = sources[kind] ?? others[kind] ?? ["", async () => {}];
  const input = await footage(make, container, [kind, await Bun.file(import.meta.path).text()]);
  const source = await examine(input, { signal });
  const place = { input, outputDir: await makeFolder("flux-ffmpeg-"), stem: "clip" };
  const planned = plan(tiny, source, place, capabilities);
  const { film, reference } = planned;
  if (!film || !reference) throw new Error("it has pictures");
  const renditions = film.renditions.map((rendition) => ({ ...rendition, encoder: lossless }));
  const work = { planned: { ...planned, film: { ...film, renditions } }, source, input };
  const graph = `[0:${reference.stream}]${reference.renditions[0]?.filters.join(",")}[v]`;
  const also = reference.also.flatMap((sound) => ["-map", sound]);
  const beside = also.length > 0 ? [...also, "-f", "null", "-"] : [];
  const whole = await picturesOf(...reference.input, ...beside, "-filter_complex", graph, "-map", "[v]", "-v", "error");
  return { work, film: { ...film, renditions }, whole, folder: place.outputDir };
}
