import { expect, test } from "bun:test";
import { planned, source } from "#tests/support/plan-sources.ts";
import { anyCapabilities, capabilitiesOf } from "#worker/ffmpeg/capabilities.ts";
import { checkMeasurable } from "#worker/quality/check-metric.ts";

const without = capabilitiesOf({ text: "5.1", major: 5, minor: 1 }, ["filter:libvmaf"]);

test("an ffmpeg without the model of VMAF measures SSIM alone", () => {
  const plan = planned("720p_h264");
  expect(() => checkMeasurable("ssim", plan, without)).not.toThrow();
  expect(() => checkMeasurable("vmaf", plan, without)).toThrow("the worker's ffmpeg 5.1 lacks");
  expect(() => checkMeasurable("vmaf", plan, anyCapabilities)).not.toThrow();
});

test("pictures that are too small to be measured are refused before they are encoded", () => {
  const small = planned("720p_h264", source({ width: 64, height: 24 }));
  expect(() => checkMeasurable("ssim", small, anyCapabilities)).not.toThrow();
  expect(() => checkMeasurable("vmaf", small, anyCapabilities)).toThrow("64x24 is too small to be measured by vmaf");
  const tiny = planned("hls_720p_abr", source({ width: 14, height: 14 }));
  expect(() => checkMeasurable("ssim", tiny, anyCapabilities)).toThrow("14x14 is too small to be measured by ssim");
});
