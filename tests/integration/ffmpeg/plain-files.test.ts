import { expect, test } from "bun:test";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { isFault } from "#shared/fault.ts";
import { type ClipOptions, clip, runFfmpeg } from "#tests/support/clips.ts";
import { outcome } from "#tests/support/outcome.ts";
import { judgeReadOnOurOwn } from "#tests/support/plain-readers.ts";
import { rounded } from "#tests/support/rounded.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { measure } from "#worker/ffmpeg/measure.ts";
import { probeOf, readPlainMovie } from "#worker/ffmpeg/plain-movie.ts";
import { readPlainSegment } from "#worker/ffmpeg/plain-segment.ts";
import { run, type Spawn } from "#worker/ffmpeg/run.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import { measureEntries } from "#worker/manifests/measure.ts";
import { boxesIn, viewOf } from "#worker/mp4/boxes.ts";
import { readMovieBox } from "#worker/mp4/movie-box.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import { makeSegmentInspector } from "#worker/verify/segment-inspector.ts";
import { verify } from "#worker/verify/verify.ts";
import { makeDir, planFor, signal, tiny } from "./work.ts";

const short = { seconds: 0.7 };

/** The same clip, written anew with these arguments. */
async function rewritten(options: ClipOptions, args: readonly string[], name = "clip.mp4") {
  const file = join(await makeDir(), name);
  await runFfmpeg(["-i", await clip(options), "-c", "copy", ...args, file]);
  return file;
}

test.each<ClipOptions>([
  short,
  { ...short, rate: "30000/1001", channels: 1, indexFirst: false },
  { ...short, rate: 25, channels: 6, sampleAspect: "4/3" },
  { rate: 24, seconds: 1 / 24, channels: 0 },
  { ...short, size: "none", container: "m4a", languages: ["eng"] },
])("an mp4 of %j is read as ffprobe reads it", async (options) => {
  expect(await judgeReadOnOurOwn(await clip(options))).toBe(true);
});

const openGop = ["-c:v", "libx264", "-x264-params", "open-gop=1:keyint=12:min-keyint=2:scenecut=0"];
const fragmented = ["-movflags", "+frag_keyframe+empty_moov+default_base_moof"];

test.each<[string, () => Promise<string>]>([
  ["is turned", () => clip({ ...short, rotated: 90 })],
  ["is interlaced", () => clip({ ...short, interlaced: true })],
  ["has a variable rate", () => clip({ ...short, variableRate: true })],
  ["has colours of another kind", () => clip({ ...short, pixelFormat: "yuv444p" })],
  ["is HDR", () => clip({ ...short, hdr: "pq" })],
  ["has texts", () => clip({ ...short, subtitles: ["eng"] })],
  ["is cut off", () => clip({ ...short, cut: 0.8 })],
  ["begins between two keyframes", () => rewritten({ seconds: 2 }, ["-ss", "1"])],
  ["is decoded from pictures on that refer to others", () => rewritten({ seconds: 2 }, openGop)],
  ["has fragments", () => rewritten(short, fragmented)],
  ["is no mp4", () => clip({ ...short, container: "mkv" })],
])("a file that %s is left to ffprobe", async (_, make) => {
  expect(await readPlainMovie(await make())).toBeUndefined();
});

test("a segment is read as ffprobe reads it, and one of another kind is left to it", async () => {
  const segment = await rewritten({ ...short, languages: ["eng"] }, ["-f", "mpegts"], "clip.ts");
  expect(await judgeReadOnOurOwn(segment)).toBe(true);
  expect(await readPlainSegment(await rewritten({ ...short, codec: "libx265" }, ["-f", "mpegts"], "clip.ts"))).toBe(
    undefined,
  );
  expect(await readPlainSegment(await clip(short))).toBeUndefined();
});

test("an index that was damaged anywhere is read in no time, or refused", async () => {
  const path = await clip(short);
  await using opened = await open(path);
  const movie = await readMovieBox(opened);
  const index = { at: movie?.at ?? 0, length: movie?.bytes.length ?? 0 };
  const file = Buffer.from(await Bun.file(path).bytes());
  expect(probeOf(file, index)?.video?.packets?.count).toBe(17);
  const values = [0, 1, 0x7f, 0xff];
  for (let at = index.at; at < index.at + index.length; at += 1) {
    const before = file[at] ?? 0;
    file[at] = values[at % values.length] ?? 0;
    expect(() => orFault(() => probeOf(file, index))).not.toThrow();
    file[at] = before;
  }
});

test("tracks that share their samples are left to ffprobe", async () => {
  const path = await clip({ ...short, channels: 0, indexFirst: false });
  await using opened = await open(path);
  const movie = await readMovieBox(opened);
  const file = Buffer.from(await Bun.file(path).bytes());
  const at = movie?.at ?? 0;
  const [track] = boxesIn(viewOf(file.subarray(at + 8))).filter(({ type }) => type === "trak");
  if (!track) throw new Error("no track");
  const { buffer, byteOffset, byteLength } = track.body;
  const box = Buffer.from(buffer, byteOffset - 8, byteLength + 8);
  const doubled = Buffer.concat([file, box]);
  doubled.writeUInt32BE(file.readUInt32BE(at) + box.length, at);
  expect(probeOf(file, { at, length: file.length - at })?.videos).toHaveLength(1);
  expect(probeOf(doubled, { at, length: doubled.length - at })).toBeUndefined();
});

/** A fault that names the file is an answer as well. */
function orFault(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (!isFault(error, "source_failed")) throw error;
  }
}

test("an abort ends a look at a file with its reason", async () => {
  const controller = new AbortController();
  const spawn: Spawn = (command) => {
    const running = run({ ...command, argv: ["sleep", "60"] });
    controller.abort(new Error("no longer wanted"));
    return running;
  };
  expect(await outcome(measure(await clip(short), { signal: controller.signal, spawn }))).toThrow("no longer wanted");
});

const hls = (format: "mpegts" | "fmp4"): Preset => ({ ...tiny, output_type: "hls", segments: { seconds: 2, format } });

test.each<[string, Preset]>([
  ["an mp4", tiny],
  ["segments of MPEG-TS", hls("mpegts")],
  ["segments of mp4", hls("fmp4")],
])("no process tells what %s of an encode holds", async (_, preset) => {
  const planned = await planFor(await clip({ ...short, channels: 2 }), preset);
  await runPlan(planned, { signal, stallMs: 60_000 });
  const programs: string[] = [];
  const spawn: Spawn = (command) => {
    programs.push(command.argv[0]);
    return run(command);
  };
  const inspector = makeSegmentInspector(planned);
  await measureEntries(planned, { inspector });
  const files = await inspectOutputs(planned, planned.outputDir, signal, { spawn, inspector });
  verify(planned, files);
  const probes = files.flatMap(({ probe }) => probe ?? []);
  expect(probes.flatMap(({ video }) => video ?? [])[0]).toMatchObject({ codec: "h264", width: 128, height: 72 });
  expect(programs).toEqual([]);
  for (const { name, probe } of files) if (probe) await judgeReadOnOurOwn(join(planned.outputDir, name));
});

test.each<[ClipOptions, readonly string[]]>([
  [{ ...short, rate: "30000/1001", languages: ["eng", "jpn"] }, []],
  [{ ...short, size: "none", container: "m4a" }, []],
  [{ ...short, rotated: 90 }, ["ffprobe"]],
  [{ ...short, variableRate: true }, ["ffprobe"]],
  [{ ...short, pixelFormat: "yuv444p", container: "mov" }, ["ffprobe"]],
  [{ ...short, subtitles: ["eng"] }, ["ffprobe"]],
  [{ ...short, gapSeconds: 70 }, ["ffprobe"]],
])("a source of %j is read alike by as few processes as can be, one and two", async (options, fewest) => {
  const file = await clip(options);
  const read = async (path: string, word?: string) => {
    const programs: string[] = [];
    const found = await examine(path, { signal, spawn: counting(programs, word) });
    return { found: rounded(found), programs: programs.sort() };
  };
  const both = await read(await marked(file), "odd");
  expect(both.programs).toEqual(["ffmpeg", "ffprobe", "ffprobe"]);
  expect(await read(await marked(file))).toEqual({ found: both.found, programs: ["ffprobe"] });
  expect(await read(file)).toEqual({ found: both.found, programs: [...fewest] });
});

/** A copy of a file with an empty box at its end, which says nothing: our own readers leave it to ffprobe. */
async function marked(file: string) {
  const copy = join(await makeDir(), "marked.mp4");
  await Bun.write(copy, Buffer.concat([await Bun.file(file).bytes(), Buffer.from("\0\0\0\x08skip", "latin1")]));
  return copy;
}

/** Notes the programs that are started; an ffprobe that lists packets says a word, as it does of a file that is odd. */
function counting(programs: string[], word?: string): Spawn {
  return ({ argv, ...command }) => {
    programs.push(argv[0]);
    const speaking = ["sh", "-c", `echo ${word} >&2; exec "$@"`, "sh", ...argv] as const;
    return run({
      ...command,
      argv: word !== undefined && argv.some((arg) => arg.includes("packet=")) ? speaking : argv,
    });
  };
}

test.each<ClipOptions>([
  { ...short, container: "mkv" },
  { ...short, container: "mkv", channels: 6, interlaced: true },
  { ...short, container: "mkv", variableRate: true },
])("a film of %j is read by two processes at a time, and told to be what four of them say", async (options) => {
  const file = await clip(options);
  const programs: string[] = [];
  const found = await examine(file, { signal, spawn: counting(programs) });
  expect(programs).toEqual(["ffprobe", "ffprobe"]);
  const read: string[] = [];
  // Whatever ffprobe complains of, ffmpeg then reads the packets.
  const complained = await examine(file, { signal, spawn: counting(read, "odd") });
  expect(read.filter((program) => program === "ffmpeg")).toHaveLength(1);
  expect(rounded(found)).toEqual(rounded(complained));
});
