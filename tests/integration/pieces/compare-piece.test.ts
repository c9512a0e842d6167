import { expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { makeFolder } from "#tests/support/made-folders.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { showsSource } from "#worker/pieces/compare-piece.ts";
import { encodePiece } from "#worker/pieces/encode-piece.ts";
import { plan } from "#worker/plan/decide.ts";
import { pieceFiles, piecesOf } from "#worker/plan/pieces.ts";
import type { Preset } from "#worker/presets/schema.ts";

const { signal } = new AbortController();
const rate = { crf: 30, maxrate: "400k", bufsize: "800k" };

test("renditions of HDR and of SDR each show what their own encoder was given", async () => {
  const preset: Preset = {
    ...{ name: "both", description: "For tests", output_type: "hls", extension: "m3u8" },
    video: {
      ...{ codec: "h265", speed: "ultrafast", gop_seconds: 1, hdr: "keep" },
      renditions: [
        { size: 90, ...rate },
        { size: 90, hdr: "sdr", ...rate },
      ],
    },
    segments: { seconds: 1, format: "fmp4" },
  };
  const input = await clip({ seconds: 4, size: "160x90", codec: "libx265", hdr: "pq" });
  const source = await examine(input, { signal });
  const capabilities = await probeCapabilities().capabilities;
  const planned = plan(preset, source, { input, outputDir: "/", stem: "film" }, capabilities);
  const [, piece] = piecesOf(planned, source, 2);
  const { film } = planned;
  if (!film || !piece) throw new Error("it is not encoded in pieces");
  const work = { film, source, input, pieces: [piece] };
  const folder = await makeFolder("flux-compare-");
  expect(await encodePiece(work, piece, folder, { signal, stallMs: 60_000, onTick() {} })).toBeDefined();
  const [hdr = "", sdr = ""] = pieceFiles(film).map((name) => join(folder, name));
  expect(await showsSource(work, piece, [hdr, sdr], { signal })).toBe(true);
  expect(await showsSource(work, piece, [sdr, hdr], { signal })).toBe(false);
});
