import { expect, test } from "bun:test";
import { source } from "#tests/support/plan-sources.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { renditionsFor, whyDropped } from "#worker/plan/rungs.ts";
import type { VideoSettings } from "#worker/presets/fields.ts";

const rendition = (size: number, hdr?: "keep") => ({
  ...{ size, crf: 30, maxrate: "1k", bufsize: "1k" },
  ...(hdr && { hdr }),
});
const settings: VideoSettings = {
  ...{ codec: "h265", speed: "medium", gop_seconds: 2 },
  renditions: [rendition(2_160, "keep"), rendition(720, "keep"), rendition(1_080), rendition(720), rendition(360)],
};
const picture = (height: number, transfer?: string): VideoStream => {
  const { video } = source({ width: (height * 16) / 9, height, transfer });
  if (!video) throw new Error("there is a picture");
  return video;
};
const made = (video: VideoStream) => renditionsFor(settings, video).map(({ size, hdr = "sdr" }) => `${size} ${hdr}`);

test("an HDR source has both kinds, each no larger than it", () => {
  expect(made(picture(2_160, "smpte2084"))).toEqual(["2160 keep", "720 keep", "1080 sdr", "720 sdr", "360 sdr"]);
  expect(made(picture(1_080, "arib-std-b67"))).toEqual(["720 keep", "1080 sdr", "720 sdr", "360 sdr"]);
  expect(made(picture(180, "smpte2084"))).toEqual(["720 keep", "360 sdr"]);
});

test("an SDR source has one of each size, from the largest to the smallest", () => {
  expect(made(picture(2_160))).toEqual(["2160 keep", "1080 sdr", "720 sdr", "360 sdr"]);
  expect(made(picture(720))).toEqual(["720 sdr", "360 sdr"]);
});

test("what is left out has a reason", () => {
  const [large, small] = [rendition(2_160, "keep"), rendition(720, "keep")];
  expect(whyDropped(settings, small, picture(1_080))).toBe("it is for HDR, and the source is SDR");
  expect(whyDropped(settings, large, picture(1_080))).toStartWith("it is larger than the source");
  expect(whyDropped(settings, small, picture(360, "smpte2084"))).toStartWith("it is larger than the source");
});
