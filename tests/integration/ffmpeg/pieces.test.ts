import { expect, test } from "bun:test";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { footage, type Maker } from "#tests/support/footage.ts";
import { makeFolder } from "#tests/support/made-folders.ts";
import { encodeAsWorker, piecesFor } from "#tests/support/split.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { run } from "#worker/ffmpeg/run.ts";
import { moved } from "#worker/ffmpeg/stream-packets.ts";
import { sourceOf, withReadableSource } from "#worker/pieces/copy-source.ts";
import { cutSource, isCutAlike } from "#worker/pieces/cut-source.ts";
import { encodePiece, type SplitFilm } from "#worker/pieces/encode-piece.ts";
import { encodePieces } from "#worker/pieces/encode-pieces.ts";
import { openPieces } from "#worker/pieces/stored-pieces.ts";
import { plan } from "#worker/plan/decide.ts";
import { pieceFiles, piecesOf } from "#worker/plan/pieces.ts";
import type { Encoded, Plan } from "#worker/plan/plan.ts";
import { perSecond } from "#worker/plan/rate.ts";
import type { Preset, SegmentedPreset } from "#worker/presets/schema.ts";
import { losslessFilm, picturesOf, sources, standing, stream } from "./lossless.ts";
import { signal, tiny } from "./work.ts";

const capabilities = await probeCapabilities().capabilities;
const options = { signal, stallMs: 60_000 };
const alsoIn = ({ reference }: Pick<Plan, "reference">) => reference?.also ?? [];
/** Pieces of 2 s. */
const pieceSeconds = 2;

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

test.each(["that begins in the middle of a group by an edit list", "whose clock begins at seven seconds", stream])(
  "a film %s has the same pictures in pieces of which each is read from a cut",
  async (kind) => {
    const {
      work: { planned, source, input },
      film,
      whole,
      folder,
    } = await losslessFilm(kind);
    const pieces = piecesOf(planned, source, pieceSeconds);
    const pictures: Awaited<ReturnType<typeof picturesOf>> = [];
    const stored = await openPieces(join(folder, "pieces"), "key", signal);
    const encodeCuts = async (split: SplitFilm) => {
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
      return true;
    };
    const work = { film, pieces, ...sourceOf({ source, input }) };
    expect(await withReadableSource(work, alsoIn(planned), { ...options, stored }, encodeCuts)).toBe(true);
    expect(pictures.map(({ hash }) => hash)).toEqual(whole.map(({ hash }) => hash));
  },
);

test("a transport stream whose copy has other times is encoded as a whole, and so is a film for which there is no room", async () => {
  const { work, film, folder } = await losslessFilm(stream);
  const { planned, source, input } = work;
  const pieces = piecesOf(planned, source, pieceSeconds);
  const stored = await openPieces(join(folder, "pieces"), "key", signal);
  const problems: string[] = [];
  const telling = { ...options, stored, onProgress() {}, onProblem: (words: string) => problems.push(words) };
  const late = { ...film.video, ...(film.video.packets && { packets: moved(film.video.packets, 0.01) }) };
  const copied = { film: { ...film, video: late }, pieces, ...sourceOf({ source, input }) };
  const also = alsoIn(planned);
  expect(await withReadableSource(copied, also, telling, async () => true)).toBeUndefined();

  const isFull = { ...telling, hasRoom: async (isThere: (at: number) => boolean) => !isThere(0) };
  expect(
    await withReadableSource({ ...copied, film }, also, isFull, (one) => encodePieces(one, isFull)),
  ).toBeUndefined();
  expect(problems).toEqual([expect.stringMatching(/very times/), expect.stringMatching(/no room/)]);
  expect((await readdir(stored.folder)).filter((name) => name.endsWith(".json"))).toEqual(["0.json"]);
});

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
  const planWith = (encoded: Encoded) => plan(preset, source, { ...place, ...encoded }, capabilities);
  const work = { planned: plan(preset, source, place, capabilities), planWith, source, input };
  const report = await encodeAsWorker(work, splitSeconds, options);
  const names = (await readdir(place.outputDir)).sort();
  const texts = names.filter((name) => /\.(m3u8|mpd)$/.test(name));
  const plain = (text: string) => text.replace(/bandwidth="?\d+"?|\bBANDWIDTH=\d+|#EXT-X-PROGRAM-DATE-TIME:.*/gi, "");
  return {
    pieces: report.pieces?.length ?? 0,
    isHeardApart: report.soundArgs !== undefined,
    decoded: (report.read.get(source.video?.index ?? -1)?.frames ?? 0) >= (source.video?.packets?.count ?? 0),
    names,
    texts: await Promise.all(texts.map(async (name) => plain(await Bun.file(join(place.outputDir, name)).text()))),
    packets: await Promise.all(
      texts.filter((name) => name.endsWith(".m3u8")).map((name) => packetsOf(join(place.outputDir, name))),
    ),
  };
}

/** When packets are decoded, and when pictures are shown and keyframes are: what refers to what is the encoder's choice. */
async function packetsOf(playlist: string) {
  const entries = "packet=codec_type,stream_index,dts,pts,duration,flags,data_hash";
  const args = ["-v", "error", "-show_data_hash", "CRC32", "-show_entries", entries, "-of", "json"];
  const ffprobe = Bun.spawn(["ffprobe", ...args, playlist], { stdio: ["ignore", "pipe", "inherit"] });
  const { packets } = v.parse(Packets, await ffprobe.stdout.json());
  return {
    decoded: packets.map(({ stream_index: stream, dts, duration }) => [stream, dts, duration].join()),
    shown: packets.map(({ stream_index: stream, pts, flags }) => [stream, pts, flags].join()).sort(),
    sound: packets.flatMap(({ codec_type: type, data_hash: hash }) => (type === "audio" ? [hash] : [])),
  };
}

const number = v.optional(v.number());
const Packets = v.object({
  packets: v.array(
    v.object({
      ...{ codec_type: v.string(), stream_index: number, dts: number, pts: number, duration: number },
      ...{ flags: v.string(), data_hash: v.string() },
    }),
  ),
});

/** A transport stream whose sound begins behind its pictures. */
const lateSound: Maker = async (file) => {
  const film = await clip({ seconds: 6, rate: "30000/1001" });
  await runFfmpeg(["-i", film, "-itsoffset", "0.7", "-i", film, "-map", "1:a", "-map", "0:v", "-c", "copy", file]);
};

test("a ladder that is encoded in pieces has the times, the sound and the playlists of one that is not", async () => {
  const input = await footage(lateSound, "ts", ["late sound, which comes first in the file"]);
  const { pieces, isHeardApart, ...made } = await madeIn(input, ladder, pieceSeconds);
  expect([pieces, isHeardApart]).toEqual([3, true]);
  const { pieces: none, isHeardApart: isNot, ...whole } = await madeIn(input, ladder, 0);
  expect([none, isNot]).toEqual([0, false]);
  expect([made.decoded, whole.decoded]).toEqual([true, true]);
  expect(made.names).toEqual(whole.names);
  expect(made.texts).toEqual(whole.texts);
  expect(made.packets).toEqual(whole.packets);
  expect(made.packets.length).toBeGreaterThan(2);
});
