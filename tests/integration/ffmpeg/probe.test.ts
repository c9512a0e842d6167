import { expect, test } from "bun:test";
import { join } from "node:path";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { outcome, rejection } from "#tests/support/outcome.ts";
import { probe } from "#worker/ffmpeg/probe.ts";
import { makeDir, planFor, signal } from "./work.ts";

async function fileOf(content: string | Uint8Array, name = "source.mp4") {
  const path = join(await makeDir(), name);
  await Bun.write(path, content);
  return path;
}

test("tells what is in a file", async () => {
  const found = await probe(await clip({ rotated: 90, channels: 6 }), { signal });
  expect(found).toMatchObject({
    durationSeconds: 1,
    video: { codec: "h264", width: 160, height: 90, rotation: 90, interlaced: false, frames: 24 },
    audio: [{ codec: "aac", channels: 6 }],
  });
});

test("tells what tracks are for, and what they are called", async () => {
  const file = join(await makeDir(), "roles.mkv");
  const marks = ["-disposition:a:0", "comment", "-disposition:a:1", "default+original", "-disposition:a:2", "dub"];
  const names = ["-metadata:s:a:0", "title=The director", "-metadata:s:a:1", "language=eng"];
  const from = await clip({ languages: ["und", "und", "und"] });
  await runFfmpeg(["-i", from, "-map", "0", "-c", "copy", ...marks, ...names, file]);
  expect((await probe(file, { signal })).audio).toMatchObject([
    { title: undefined, language: "eng", disposition: { isDefault: true, isOriginal: true, isComment: false } },
    { title: undefined, disposition: { isDefault: false } },
    { title: "The director", disposition: { isComment: true, isDefault: false } },
  ]);
});

const playlist = (media: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\n${media}\n#EXT-X-ENDLIST\n`;

test.each<[string, () => Promise<string>]>([
  ["text", () => fileOf("this is no video\n".repeat(100))],
  ["an empty file", () => fileOf("")],
  ["an mp4 without its index", () => clip({ cut: 0.5, indexFirst: false })],
  ["a playlist that names another file", async () => fileOf(playlist(await clip({ container: "ts" })))],
  ["a script that names another file", async () => fileOf(`ffconcat version 1.0\nfile '${await clip()}'\n`)],
  ["a manifest", () => fileOf('<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>')],
  ["an SVG", () => fileOf('<svg xmlns="http://www.w3.org/2000/svg"/>', "source.svg")],
])("%s is no source, and says so without its path", async (_, make) => {
  const path = await make();
  const failure = probe(path, { signal });
  expect(await rejection(failure)).toMatchObject({
    kind: "source_failed",
    message: expect.stringMatching(/^the source is not a media file that can be read(: it is [^/]+)? \((?!.*\/).*\)$/),
  });
});

test("a source without video is refused by a preset that needs one", async () => {
  const input = await clip({ size: "none", container: "m4a" });
  expect(await rejection(planFor(input))).toMatchObject({ kind: "source_failed" });
});

test("a look that takes too long is ended", async () => {
  const slow = ["sh", "-c", "while :; do sleep 0.05; done"] as const;
  expect(await rejection(probe("x", { signal, timeoutMs: 100, ffprobe: slow }))).toMatchObject({
    kind: "source_failed",
  });
});

test("an abort throws its reason", async () => {
  const slow = ["sh", "-c", "while :; do sleep 0.05; done"] as const;
  const controller = new AbortController();
  const probing = probe("x", { signal: controller.signal, ffprobe: slow });
  controller.abort(new Error("no longer wanted"));
  expect(await outcome(probing)).toThrow("no longer wanted");
});
