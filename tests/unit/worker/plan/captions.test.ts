import { expect, test } from "bun:test";
import type { Params } from "#shared/job/params.ts";
import { source } from "#tests/support/plan-sources.ts";
import { anyCapabilities, capabilitiesOf } from "#worker/ffmpeg/capabilities.ts";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import { plan } from "#worker/plan/decide.ts";
import { presetFor } from "#worker/presets/for-order.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const presets = await loadPresets();
const place = { input: "/jobs/source", outputDir: "/jobs/out", stem: "video_123", keyInfoFile: "/jobs/key" };
const version = (major: number) => ({
  ...anyCapabilities,
  isAtLeast: capabilitiesOf({ text: `${major}.1`, major, minor: 1 }, []).isAtLeast,
});
const planned = (name: string, major: number, of = {}, params: Params = {}) =>
  plan(
    presetFor({ params }, presetNamed(presets, name)),
    source({ captions: ["CC1", "SERVICE1"], ...of }),
    place,
    version(major),
  );
const told = (args: readonly string[]) =>
  args.flatMap((arg, at) => (arg.startsWith("-a53cc") ? [`${arg} ${args[at + 1]}`] : []));
const master = (name: string, of = {}) => planned(name, 5, of).derived?.at(-1)?.text([]) ?? "";

test.each<[string, number, object, readonly string[], string | undefined]>([
  ["720p_h264", 5, {}, [], undefined],
  ["720p_h265", 5, {}, [], "ffmpeg before version 7 cannot write them into H.265"],
  ["720p_h265", 7, {}, ["-a53cc:v 1"], undefined],
  ["1080p_av1", 9, {}, [], "ffmpeg cannot write them into AV1"],
  ["720p_vp9", 9, {}, [], "ffmpeg cannot write them into VP9"],
  ["720p_h264", 5, { averageRate: 120, nominalRate: 120 }, ["-a53cc:v 0"], "at a lower frame rate"],
  ["720p_h264", 7, { averageRate: 120, nominalRate: 120 }, [], undefined],
  [
    "hls_720p_abr",
    5,
    { averageRate: 120, nominalRate: 120 },
    ["-a53cc:v:0 0", "-a53cc:v:1 0", "-a53cc:v:2 0"],
    "at a lower frame rate",
  ],
  ["1080p_av1", 9, { captions: [] }, [], undefined],
  ["1080p_av1", 9, { captions: undefined }, [], undefined],
])("%s with ffmpeg %i of %p", (name, major, of, args, warning) => {
  const made = planned(name, major, of);
  expect(told(made.args)).toEqual([...args]);
  expect(made.warnings?.map((text) => text.includes(warning ?? "none"))).toEqual(warning === undefined ? [] : [true]);
});

test("a frame rate that an order asks for may leave out pictures with captions, too", () => {
  expect(told(planned("720p_h264", 5, {}, { frame_rate: 12 }).args)).toEqual(["-a53cc:v 0"]);
  expect(told(planned("720p_h264", 5, {}, { frame_rate: "<=30" }).args)).toEqual([]);
});

test.each(["hls_720p_abr", "hls_720p", "hls_720p_aes128", "cmaf_1080p_abr"])(
  "the master playlist of %s names the channels of CEA-608, or else the services of CEA-708, or says that there is nothing",
  (name) => {
    const tag = (channel: string, isChosen: string) =>
      `#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="captions",NAME="${channel}",DEFAULT=NO,AUTOSELECT=${isChosen},INSTREAM-ID="${channel}"`;
    const tags = (text: string) => text.split("\n").filter((line) => line.includes("TYPE=CLOSED-CAPTIONS"));
    const variants = (text: string) => text.split("\n").filter((line) => line.startsWith("#EXT-X-STREAM-INF:"));
    const both = master(name, { captions: ["CC1", "CC3", "SERVICE1"] });
    expect(tags(both)).toEqual([tag("CC1", "YES"), tag("CC3", "NO")]);
    expect(variants(both).every((line) => line.includes(',CLOSED-CAPTIONS="captions"'))).toBe(true);
    const services = master(name, { captions: ["SERVICE1"] });
    expect(tags(services)).toEqual([tag("SERVICE1", "YES")]);
    expect(services).toContain("#EXT-X-VERSION:7\n");
    const none = master(name, { captions: [] });
    expect(tags(none)).toEqual([]);
    expect(variants(none).length).toBeGreaterThan(0);
    expect(variants(none).every((line) => line.includes(",CLOSED-CAPTIONS=NONE"))).toBe(true);
  },
);

test("what is left out of the subtitles is said", () => {
  const track = (index: number, codec: string, more = {}) => ({
    index,
    codec,
    language: undefined,
    ...purposeOf({}),
    ...more,
  });
  const subtitles = [track(2, "subrip"), track(3, "dvd_subtitle", { language: "eng" }), track(4, "unknown")];
  const warnings = (name: string, rest = {}) =>
    plan(presetNamed(presets, name), source({}, { subtitles, ...rest }), place, anyCapabilities).warnings;
  expect(warnings("hls_720p_abr_subtitles")).toEqual([
    "the source's subtitle track 3 (eng, dvd_subtitle) is left out: it is no text",
    "the source's subtitle track 4 (unknown) is left out: ffmpeg cannot read its format",
  ]);
  expect(warnings("hls_720p_abr_subtitles", { durationSeconds: undefined })).toHaveLength(3);
  expect(warnings("hls_720p_abr")).toEqual([]);
});
