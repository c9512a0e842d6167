import { beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { quick } from "#tests/matrix/quick.ts";
import { captionBytes, captionedClip, type Triplets } from "#tests/support/captioned.ts";
import { clip } from "#tests/support/clips.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { captionsIn } from "#worker/ffmpeg/captions.ts";
import { probe } from "#worker/ffmpeg/probe.ts";
import { withA53 } from "#worker/plan/captions.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import { verify } from "#worker/verify/verify.ts";
import { encodeAll, makeDir, makeOutput, planFor, signal, tiny } from "./work.ts";

const presets = await loadPresets();
const ffmpeg = await probeCapabilities().capabilities;

/** Other letters for each picture, and now and then a control code. */
function letters(picture: number): Triplets {
  if (picture % 15 === 0) return [[0xfc, 0x94, picture % 30 === 0 ? 0x20 : 0x2c]];
  return [[0xfc, 0x41 + (picture % 26), 0x61 + (Math.floor(picture / 26) % 26)]];
}

let source: string;
let bytes: string;
beforeAll(async () => {
  source = join(await makeDir(), "captioned.mp4");
  await captionedClip(source, letters);
  bytes = await captionBytes(source);
  expect(bytes).toHaveLength(60 * 4);
});

test("an mp4 in H.264 has all captions of its source, each once", async () => {
  const { dir, planned } = await makeOutput(source, tiny);
  expect(await captionBytes(join(dir, "output.mp4"))).toBe(bytes);
  expect(planned.warnings).toEqual([]);
});

test("an mp4 that lost them is no output", async () => {
  const planned = await planFor(source);
  await encodeAll({ ...planned, args: withA53(planned.args, 0) });
  const files = await inspectOutputs(planned, planned.outputDir, signal);
  expect(() => verify(planned, files)).toThrow("the source's closed captions (CC1) are not in its pictures");
});

test.each(["hls_720p_abr", "hls_720p_abr_fmp4", "cmaf_1080p_abr"])("so has each rendition of %s", async (name) => {
  const { dir, files } = await makeOutput(source, quick(presetNamed(presets, name)));
  const master = files.find((file) => file.name === "master.m3u8")?.text ?? "";
  const renditions = master.match(/^\w+\.m3u8$/gm) ?? [];
  expect(renditions.length).toBeGreaterThan(0);
  for (const rendition of renditions) expect(await captionBytes(join(dir, rendition))).toBe(bytes);
  expect(master).toContain(
    'TYPE=CLOSED-CAPTIONS,GROUP-ID="captions",NAME="CC1",DEFAULT=NO,AUTOSELECT=YES,INSTREAM-ID="CC1"',
  );
  expect(master.match(/CLOSED-CAPTIONS="captions"/g)).toHaveLength(renditions.length);
});

test("at half the rate they are whole, or there are none and a warning says so", async () => {
  const fast = join(await makeDir(), "fast.mp4");
  // As much as there may be in a second.
  await captionedClip(fast, (picture) => (picture % 4 === 0 ? letters(picture / 4) : []), 120);
  const { dir, planned, source: found } = await makeOutput(fast, quick(presetNamed(presets, "hls_720p_abr")));
  expect(found.video?.captions).toEqual(["CC1"]);
  const kept = await captionBytes(join(dir, "stream_0.m3u8"));
  if (ffmpeg.isAtLeast(7))
    expect({ kept, warnings: planned.warnings }).toEqual({ kept: await captionBytes(fast), warnings: [] });
  else {
    expect(kept).toBe("");
    expect(planned.warnings?.[0]).toStartWith("the source has closed captions (CC1), and the output has none: ffmpeg");
  }
});

test("H.265 has them where ffmpeg can write them, else a warning says so", async () => {
  const { dir, planned } = await makeOutput(source, { ...tiny, video: { ...tiny.video, codec: "h265" } });
  const kept = await captionBytes(join(dir, "output.mp4"), "hevc");
  expect(kept).toBe(ffmpeg.isAtLeast(7) ? bytes : "");
  expect(planned.warnings).toHaveLength(kept === "" ? 1 : 0);
});

test.each(["av1", "vp9"] as const)("that %s cannot have them is said", async (codec) => {
  const preset = { ...tiny, extension: codec === "vp9" ? "webm" : "mp4", video: { ...tiny.video, codec } };
  const audio = { ...tiny.audio, codec: codec === "vp9" ? ("opus" as const) : ("aac" as const) };
  const { planned } = await makeOutput(source, { ...preset, audio });
  expect(planned.warnings).toHaveLength(1);
});

test.each<[string, (picture: number) => Triplets, string, readonly string[]]>([
  [
    "a broadcast without captions, whose pictures hold padding",
    () => [
      [0xfc, 0x80, 0x80],
      [0xf8, 0, 0],
    ],
    "mp4",
    [],
  ],
  [
    "the second channel of each field",
    () => [
      [0xfc, 0x9c, 0x20],
      [0xfd, 0x1d, 0xae],
    ],
    "ts",
    ["CC2", "CC4"],
  ],
  [
    "services of CEA-708",
    (at) => [
      [0xff, (at << 6) | 2, 0x23],
      [0xfe, 0x41, 0x42],
    ],
    "mkv",
    ["SERVICE1"],
  ],
])("finds %s", async (_, triplets, container, channels) => {
  const file = join(await makeDir(), `captioned.${container}`);
  await captionedClip(file, triplets);
  const captions = await captionsIn(await probe(file, { signal }), file, { signal });
  expect<readonly string[] | undefined>(captions).toEqual(channels);
});

test.each(["mp4", "mkv"] as const)("an %s without their mark is not looked at by a process", async (container) => {
  const file = await clip({ container });
  const spawn = () => {
    throw new Error("there is nothing to look for");
  };
  const captions = await captionsIn(await probe(file, { signal }), file, { signal, spawn });
  expect(captions).toEqual([]);
});
