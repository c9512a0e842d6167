import { expect, test } from "bun:test";
import { planned, source } from "#tests/support/plan-sources.ts";
import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import type { Grading } from "#worker/ffmpeg/grading.ts";
import { plan } from "#worker/plan/decide.ts";
import { hdrName, isHdr, keptHdr, videoRange } from "#worker/plan/hdr.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { parsePresets } from "#worker/presets/parse.ts";

const grading: Grading = {
  light: { most: 1_000, average: 400 },
  mastering: {
    ...{ green: [13_250, 34_500], blue: [7_500, 3_000], red: [34_000, 16_000], white: [15_635, 16_450] },
    luminance: [10_000_000, 50],
  },
};
const pq = { pixelFormat: "yuv420p10le", matrix: "bt2020nc", primaries: "bt2020", transfer: "smpte2084", grading };
const hlg = { ...pq, transfer: "arib-std-b67", grading: {} };
const argsOf = (name: string, video: object) => planned(name, source(video)).args.join(" ");

test("HDR10 stays what it is, in 10 bits, and says how it was graded", () => {
  const args = argsOf("1080p_h265_hdr", pq);
  expect(args).toContain("in_color_matrix=bt2020:in_range=tv:out_color_matrix=bt2020:out_range=tv");
  expect(args).toContain("setparams=range=tv:color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc");
  expect(args).toContain("format=yuv420p10le");
  expect(args).toContain(
    "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400",
  );
  expect(args).not.toContain("tonemap");
  expect(argsOf("1080p_av1_hdr", pq)).toContain(
    "mastering-display=G(0.26500,0.69000)B(0.15000,0.06000)R(0.68000,0.32000)WP(0.31270,0.32900)L(1000.00000,0.00500):content-light=1000,400",
  );
  expect(planned("1080p_h265_hdr", source(pq)).files[0]?.video).toMatchObject({
    ...{ isToneMapped: false, hdr: { transfer: "smpte2084", grading } },
    colour: { matrix: "bt2020nc", primaries: "bt2020", transfer: "smpte2084", range: "tv" },
  });
});

test("HLG stays HLG, and nothing is said that its source does not say", () => {
  const args = argsOf("1080p_h265_hdr", hlg);
  expect(args).toContain("color_trc=arib-std-b67");
  expect(args).not.toContain("master-display");
  expect(args).not.toContain("max-cll");
});

test("other colours become those that players know of HDR, as bright as they were", () => {
  const p3 = argsOf("1080p_h265_hdr", { ...pq, primaries: "smpte432" });
  expect(p3).toContain("zscale=tin=smpte2084:pin=smpte432:min=bt2020nc:rin=tv:t=smpte2084:p=bt2020:m=bt2020nc:r=tv");
  expect(argsOf("1080p_h265_hdr", { ...pq, range: "pc" })).toContain(
    "in_range=pc:out_color_matrix=bt2020:out_range=tv",
  );
});

test("an SDR source is SDR of 8 bits, and the plan says so", () => {
  const { args, warnings, files } = planned("1080p_h265_hdr");
  expect(args.join(" ")).toContain("format=yuv420p,");
  expect(args.join(" ")).not.toContain("bt2020");
  expect(warnings).toEqual(["the source is SDR, and so is what preset 1080p_h265_hdr makes of it"]);
  expect(files[0]?.video).toMatchObject({ isToneMapped: false, colour: { transfer: "bt709" } });
  expect(planned("1080p_h265", source(pq)).warnings).toEqual([]);
});

test("of Dolby Vision the picture stays that others show", () => {
  const { warnings } = planned("1080p_h265_hdr", source({ ...hlg, dolbyVision: 8 }));
  expect(warnings).toEqual(["the source's Dolby Vision (profile 8) is left out: the output is its HLG picture"]);
  expect(() => planned("1080p_h265_hdr", source({ ...pq, dolbyVision: 5, needsDolbyVision: true }))).toThrow(
    "Dolby Vision profile 5",
  );
});

test("an x265 of 8 bits is refused by name, for HDR alone", async () => {
  const preset = presetNamed(await loadPresets(), "1080p_h265_hdr");
  const ffmpeg = { ...anyCapabilities, has: (name: string) => name !== "encoder:libx265:yuv420p10le" };
  const place = { input: "/source", outputDir: "/out", stem: "out" };
  expect(() => plan(preset, source(pq), place, ffmpeg)).toThrow("encoder libx265 of 10 bits for HDR");
  expect(() => plan(preset, source(), place, ffmpeg)).not.toThrow();
});

test("a ladder of both has HDR beside SDR, and names the ranges", () => {
  const { args, segments, derived = [], colours, roles } = planned("cmaf_1080p_hdr_abr", source(pq));
  expect(args.join(" ")).toContain("-adaptation_sets id=0,streams=0,1,2 id=1,streams=3,4,5 id=2,streams=6");
  const tracks = segments?.tracks.filter((track) => track.kind === "video") ?? [];
  expect(tracks.map(({ hdr, isToneMapped }) => [hdr !== undefined, isToneMapped])).toEqual([
    ...Array(3).fill([true, false]),
    ...Array(3).fill([false, true]),
  ]);
  const master = derived.find(({ name }) => name === "master.m3u8")?.text([]) ?? "";
  expect([...(master.match(/VIDEO-RANGE=\w+/g) ?? [])]).toEqual([
    ...Array(3).fill("VIDEO-RANGE=PQ"),
    ...Array(3).fill("VIDEO-RANGE=SDR"),
  ]);
  expect(master).toContain('CODECS="hvc1.2.4.L120.90,mp4a.40.2"');
  expect(colours?.map(({ colour, isEssential }) => [colour.transfer, isEssential])).toEqual([
    ["smpte2084", true],
    ["bt709", false],
  ]);
  expect(roles).toHaveLength(3);
  const sdr = planned("cmaf_1080p_hdr_abr");
  expect(sdr.args.join(" ")).toContain("-adaptation_sets id=0,streams=0,1,2 id=1,streams=3");
  expect(sdr.colours).toBeUndefined();
  expect(sdr.warnings).toEqual([]);
});

test("where all is HDR, every player is to try it", () => {
  const renditions = "[{ size: 720, crf: 24, maxrate: 3000k, bufsize: 6000k }]";
  const text = `name: x\ndescription: d\noutput_type: dash\nsegments: { seconds: 2 }\nvideo: { codec: h265, hdr: keep, renditions: ${renditions} }\n`;
  const [preset] = parsePresets(text, "x.yaml").presets;
  if (!preset) throw new Error("it is no preset");
  const { colours } = plan(preset, source(pq), { input: "/source", outputDir: "/out", stem: "out" }, anyCapabilities);
  expect(colours).toMatchObject([{ colour: { transfer: "smpte2084" }, isEssential: false }]);
});

test("what a rendition keeps depends on itself, its preset and the source", () => {
  const rendition = { size: 72, crf: 30, maxrate: "1k", bufsize: "1k" };
  const { video } = source(hlg);
  if (!video) throw new Error("there is a picture");
  expect(isHdr(video)).toBe(true);
  expect(keptHdr({}, rendition, video)).toBeUndefined();
  const kept = keptHdr({ hdr: "keep" }, rendition, video);
  expect(kept).toEqual({ transfer: "arib-std-b67", grading: {} });
  expect(kept && hdrName(kept)).toBe("hlg");
  expect([videoRange(kept), videoRange(undefined)]).toEqual(["HLG", "SDR"]);
  expect(keptHdr({ hdr: "keep" }, { ...rendition, hdr: "sdr" }, video)).toBeUndefined();
  expect(keptHdr({ hdr: "keep" }, rendition, { ...video, transfer: "bt709" })).toBeUndefined();
});
