import { expect, test } from "bun:test";
import { type ClipOptions, clip } from "#tests/support/clips.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import { verify } from "#worker/verify/verify.ts";
import { encodeAll, planFor, signal, tiny } from "./work.ts";

/** Sources, and the size that a preset of 72 lines makes of them. */
const sources: [string, ClipOptions, [width: number, height: number]][] = [
  ["plain", { size: "128x72" }, [128, 72]],
  ["larger than the rung", { size: "320x180" }, [128, 72]],
  ["smaller than the rung", { size: "64x36" }, [64, 36]],
  ["silent", { channels: 0 }, [128, 72]],
  ["5.1", { channels: 6 }, [128, 72]],
  ["mono", { channels: 1 }, [128, 72]],
  ["odd size", { size: "61x35", pixelFormat: "yuv444p" }, [60, 34]],
  ["4:4:4", { pixelFormat: "yuv444p" }, [128, 72]],
  ["portrait", { size: "90x160" }, [72, 128]],
  ["rotated by a quarter", { rotated: 90 }, [72, 128]],
  ["rotated by three quarters", { rotated: 270 }, [72, 128]],
  ["upside down", { rotated: 180 }, [128, 72]],
  ["wide pixels", { size: "144x108", sampleAspect: "4/3" }, [128, 72]],
  ["interlaced", { interlaced: true }, [120, 72]],
  ["PQ", { hdr: "pq" }, [128, 72]],
  ["HLG", { hdr: "hlg" }, [128, 72]],
  ["variable rate", { variableRate: true }, [128, 72]],
  ["high rate", { rate: 120 }, [128, 72]],
  ["one frame", { rate: 24, seconds: 1 / 24, channels: 0 }, [128, 72]],
  ["MPEG-TS", { container: "ts" }, [128, 72]],
  ["AVI", { container: "avi", codec: "mpeg4" }, [128, 72]],
  ["WebM", { container: "webm", codec: "libvpx-vp9" }, [128, 72]],
];

test.each(sources)("%s becomes a file that every player shows", async (_, options, [width, height]) => {
  const planned = await planFor(await clip(options));
  await encodeAll(planned);
  const files = await inspectOutputs(planned, planned.outputDir, signal);
  verify(planned, files);
  expect(files[0]?.probe?.video).toMatchObject({
    codec: "h264",
    pixelFormat: "yuv420p",
    width,
    height,
    sampleAspect: 1,
    rotation: 0,
    interlaced: false,
    matrix: options.hdr ? "bt709" : "smpte170m",
    transfer: options.hdr ? "bt709" : "smpte170m",
  });
  // Some containers count a frame more than they hold.
  expect(Math.abs((files[0]?.probe?.video?.frames ?? 0) - (planned.totalFrames ?? 0))).toBeLessThanOrEqual(1);
  const channels = options.channels ?? 2;
  expect(files[0]?.probe?.audio.map((stream) => stream.channels)).toEqual(channels > 0 ? [Math.min(2, channels)] : []);
});

test("raw arguments make a file of their own kind", async () => {
  const { name, description, output_type } = tiny;
  const ffmpeg_args = ["-vf", "scale=-2:36", "-c:v", "libx264", "-preset", "ultrafast", "-an"];
  const preset: Preset = { name, description, output_type, extension: "mkv", ffmpeg_args };
  const planned = await planFor(await clip(), preset);
  await encodeAll(planned);
  const [file, ...more] = await inspectOutputs(planned, planned.outputDir, signal);
  expect(file).toMatchObject({ name: "output.mkv", probe: { audio: [], video: { height: 36, width: 64 } } });
  expect(more).toEqual([]);
});

test("plays before it is whole", async () => {
  const planned = await planFor(await clip());
  await encodeAll(planned);
  const bytes = Buffer.from(await Bun.file(`${planned.outputDir}/${planned.entry}`).arrayBuffer());
  expect(bytes.indexOf("moov")).toBeLessThan(bytes.indexOf("mdat"));
});
