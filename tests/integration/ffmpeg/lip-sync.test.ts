import { expect, test } from "bun:test";
import { flashClip } from "#tests/support/flashes.ts";
import { rejection } from "#tests/support/outcome.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import { writeTexts } from "#worker/ffmpeg/texts.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import { verify } from "#worker/verify/verify.ts";
import { encodeAll, makeOutput, planFor, signal } from "./work.ts";

const fragmented = segmentedShapes.filter(({ segments }) => segments.format === "fmp4");
const input = () => flashClip({ rate: "25", seconds: 4 });

test.each(fragmented.map((preset) => [preset.name, preset] as const))("%s passes verification", async (_, preset) => {
  const { files } = await makeOutput(await input(), preset);
  expect(files.filter(({ head }) => head).length).toBeGreaterThanOrEqual(2);
});

/** What verification says of an encode that leaves these options out, each with its value. */
async function verifiedWithout(preset: SegmentedPreset, options: readonly string[]) {
  const planned = await planFor(await input(), preset);
  const args = planned.args.filter(
    (arg, at) => !options.includes(arg) && !options.includes(planned.args[at - 1] ?? ""),
  );
  expect(args.length).toBe(planned.args.length - 2 * options.length);
  await encodeAll({ ...planned, args });
  await writeTexts(planned);
  return () => inspectOutputs(planned, planned.outputDir, signal).then((files) => verify(planned, files));
}

test.each(fragmented.map((preset) => [preset.name, preset] as const))(
  "%s fails verification where its tracks are only in step by their edit lists",
  async (_, preset) => {
    const muxer = preset.output_type === "hls" ? ["-avoid_negative_ts", "-hls_segment_options"] : ["-format_options"];
    const verifying = await verifiedWithout(preset, ["-bsf:a:0", ...muxer]);
    expect(await rejection(verifying())).toMatchObject({
      kind: "encode_failed",
      message: expect.stringMatching(/ms ahead of .* in players$/),
    });
  },
);
