import { expect, test } from "bun:test";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { ffmpegMakes, footage, type Maker } from "#tests/support/footage.ts";
import { makeFolder } from "#tests/support/made-folders.ts";
import { encodeAsWorker, piecesFor } from "#tests/support/split.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { run } from "#worker/ffmpeg/run.ts";
import { cutSource, isCutAlike } from "#worker/pieces/cut-source.ts";
import { encodePiece } from "#worker/pieces/encode-piece.ts";
import { plan } from "#worker/plan/decide.ts";
import { pieceFiles, piecesOf } from "#worker/plan/pieces.ts";
import { perSecond } from "#worker/plan/rate.ts";
import type { Preset, SegmentedPreset } from "#worker/presets/schema.ts";
import { signal, tiny } from "./work.ts";

const capabilities = await probeCapabilities().capabilities;
const options = { signal, stallMs: 60_000 };
const seconds = 8;
/** Pieces of 2 s. */
const pieceSeconds = 2;

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

const sources: Readonly<Record<string, readonly [container: string, make: Maker]>> = {
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

const standing = "whose last picture stands until the sound ends";
const others: typeof sources = {
  [standing]: ["mp4", ffmpegMakes(pictures(25, "-vf", "trim=end=3.5", ...x264("-g", "25")))],
};

/** Without any loss, whatever the encoder of a preset would do. */
const lossless = ["-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];

/** A hash of each picture, and when it is shown in seconds. */
async function picturesOf(...args: readonly string[]) {
  const ffmpeg = Bun.spawn(["ffmpeg", "-v", "error", ...args, "-fps_mode", "passthrough", "-f", "framemd5", "-"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = (await ffmpeg.stdout.text()).split("\n");
  const [over = 1, under = 1] = /^#tb 0: (\d+)\/(\d+)/m.exec(lines.join("\n"))?.slice(1).map(Number) ?? [];
  const rows = lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split(","));
  return rows.map((row) => ({ hash: row.at(-1)?.trim(), seconds: (Number(row[2]) * over) / under }));
}

/** A source, its film without any loss, and the pictures that one encode gives. */
async function losslessFilm(kind: string) {
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
  const whole = await picturesOf(...reference.input, "-filter_complex", graph, "-map", "[v]", "-v", "error");
  return { work, film: { ...film, renditions }, whole, folder: place.outputDir };
}

test.each(Object.keys(sources))("a film %s has the same pictures in pieces", async (kind) => {
  const { work, film, whole, folder } = await losslessFilm(kind);
  const { source } = work;
  const encoded = await piecesFor(work, { seconds: pieceSeconds, folder }, options);
  // It is read from a keyframe in the middle of the film.
  expect(encoded?.report.pieces.at(-1)).toContain("-ss");

  const joined = await picturesOf("-f", "concat", "-i", encoded?.lists[0] ?? "");
  expect(joined.map(({ hash }) => hash)).toEqual(whole.map(({ hash }) => hash));
  expect(new Set(whole.map(({ hash }) => hash)).size).toBeGreaterThan(60);
  expect(joined).toHaveLength(film.frames ?? 0);
  expect(Math.abs(joined.length / perSecond(film.rate) - (source.durationSeconds ?? 0))).toBeLessThan(0.1);
  const late = joined.filter((picture, at) => Math.abs(picture.seconds - (whole[at]?.seconds ?? 0)) > 0.001);
  expect(late).toEqual([]);
});

test(`of a film ${standing} no piece begins behind that picture`, async () => {
  const { work, whole, folder } = await losslessFilm(standing);
  const encoded = await piecesFor(work, { seconds: pieceSeconds, folder }, options);
  expect(encoded?.report.pieces).toHaveLength(2);
  const joined = await picturesOf("-f", "concat", "-i", encoded?.lists[0] ?? "");
  expect(joined.map(({ hash }) => hash)).toEqual(whole.map(({ hash }) => hash));
});

test.each(["that begins in the middle of a group by an edit list", "whose clock begins at seven seconds"])(
  "a film %s has the same pictures in pieces of which each is read from a cut",
  async (kind) => {
    const { work, film, whole, folder } = await losslessFilm(kind);
    const { planned, source, input } = work;
    const pieces = piecesOf(planned, source, pieceSeconds);
    const split = { film, pieces, source, input };
    const pictures: Awaited<ReturnType<typeof picturesOf>> = [];
    for (const [at, piece] of pieces.entries()) {
      const [cut, outputDir] = [join(folder, `${at}.cut`), join(folder, String(at))];
      await mkdir(outputDir);
      const cutting = { ...options, folder, longestMs: 60_000, spawn: run };
      expect(await cutSource(split, piece, cut, cutting)).toBe(true);
      if (at === 0) expect(await isCutAlike(split, cut, cutting)).toBe(true);
      const read = { film, source, input: cut, isCut: true };
      await encodePiece(read, piece, outputDir, { ...options, onTick() {} });
      pictures.push(...(await picturesOf("-i", join(outputDir, pieceFiles(film)[0] ?? ""))));
    }
    expect(pictures.map(({ hash }) => hash)).toEqual(whole.map(({ hash }) => hash));
  },
);

test("pieces of H.265 fit together, although x265 says something else of how each begins", async () => {
  const input = await clip({ seconds: 6, rate: 24 });
  const source = await examine(input, { signal });
  const place = { input, outputDir: await makeFolder("flux-ffmpeg-"), stem: "clip" };
  const rendition = { size: 90, crf: 35, maxrate: "300k", bufsize: "600k" };
  const preset: Preset = {
    ...tiny,
    video: { codec: "h265", speed: "ultrafast", gop_seconds: 1, renditions: [rendition] },
  };
  const planned = plan(preset, source, place, capabilities);
  const encoded = await piecesFor({ planned, source, input }, { seconds: 2, folder: place.outputDir }, options);
  const joined = await picturesOf("-f", "concat", "-i", encoded?.lists[0] ?? "");
  expect(joined).toHaveLength(144);
  expect(encoded?.report.pieces).toHaveLength(3);
});

const ladder: SegmentedPreset = {
  ...{ name: "cmaf", description: "For tests", output_type: "cmaf", extension: "" },
  video: {
    ...{ codec: "h264", speed: "veryfast", gop_seconds: 1 },
    renditions: [
      { size: 90, crf: 35, maxrate: "300k", bufsize: "600k" },
      { size: 60, crf: 35, maxrate: "200k", bufsize: "400k" },
    ],
  },
  audio: { codec: "aac", bitrate: "64k", channels: 2 },
  segments: { seconds: 2, format: "fmp4" },
};

/** The files of an output but for what depends on how many bytes a picture has, and the times of their packets. */
async function madeIn(input: string, preset: Preset, splitSeconds: number) {
  const source = await examine(input, { signal });
  const place = { input, outputDir: await makeFolder("flux-ffmpeg-"), stem: "clip" };
  const planWith = (encoded: readonly string[]) => plan(preset, source, { ...place, encoded }, capabilities);
  const work = { planned: plan(preset, source, place, capabilities), planWith, source, input };
  const report = await encodeAsWorker(work, splitSeconds, options);
  const names = (await readdir(place.outputDir)).sort();
  const texts = names.filter((name) => /\.(m3u8|mpd)$/.test(name));
  const plain = (text: string) => text.replace(/bandwidth="?\d+"?|\bBANDWIDTH=\d+|#EXT-X-PROGRAM-DATE-TIME:.*/gi, "");
  return {
    pieces: report.pieces?.length ?? 0,
    names,
    texts: await Promise.all(texts.map(async (name) => plain(await Bun.file(join(place.outputDir, name)).text()))),
    packets: await Promise.all(
      texts.filter((name) => name.endsWith(".m3u8")).map((name) => packetsOf(join(place.outputDir, name))),
    ),
  };
}

/** When packets are decoded, and when pictures are shown and keyframes are: what refers to what is the encoder's choice. */
async function packetsOf(playlist: string) {
  const args = ["-v", "error", "-show_entries", "packet=stream_index,dts,pts,duration,flags", "-of", "csv=p=0"];
  const ffprobe = Bun.spawn(["ffprobe", ...args, playlist], { stdio: ["ignore", "pipe", "inherit"] });
  const packets = (await ffprobe.stdout.text())
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  return {
    decoded: packets.map(([stream, , dts, duration]) => [stream, dts, duration].join()),
    shown: packets.map(([stream, pts, , , flags]) => [stream, pts, flags].join()).sort(),
  };
}

test("a ladder that is encoded in pieces has the times, the segments and the playlists of one that is not", async () => {
  const input = await clip({ seconds: 6, rate: "30000/1001" });
  const { pieces, ...made } = await madeIn(input, ladder, pieceSeconds);
  expect(pieces).toBe(3);
  const { pieces: none, ...whole } = await madeIn(input, ladder, 0);
  expect(none).toBe(0);
  expect(made.names).toEqual(whole.names);
  expect(made.texts).toEqual(whole.texts);
  expect(made.packets).toEqual(whole.packets);
  expect(made.packets.length).toBeGreaterThan(2);
});
