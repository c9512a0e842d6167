import { expect, test } from "bun:test";
import { source } from "#tests/support/plan-sources.ts";
import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const presets = await loadPresets();
const place = { input: "/jobs/source", outputDir: "/jobs/out", stem: "my clip" };
const planned = (name: string, probe = source()) => plan(presetNamed(presets, name), probe, place, anyCapabilities);

test("a preview of a long video looks for its moments instead of decoding everything", () => {
  const { args } = planned("preview", source({}, { durationSeconds: 600 }));
  expect(args.filter((_, at) => args[at - 1] === "-ss")).toEqual(["74.500", "224.500", "374.500", "524.500"]);
  expect(args.join(" ")).toContain("[0:0][1:0][2:0][3:0]concat=n=4,split=1[s0]");
  expect(planned("preview").args).not.toContain("-ss");
});

test("a preview of a transport stream decodes everything, because it has no index", () => {
  const { args } = planned("preview", source({}, { format: "mpegts", durationSeconds: 600 }));
  expect(args).not.toContain("-ss");
  expect(args.join(" ")).toContain("between(t,74.500,");
});
