import { describe, expect, test } from "bun:test";
import { rejection } from "#tests/support/outcome.ts";
import { capabilitiesOf, codersIn, knowingEnough, listed } from "#worker/ffmpeg/capabilities.ts";
import { parseVersion } from "#worker/ffmpeg/version.ts";

const banner = (version: string, avutil: string) =>
  `ffmpeg version ${version} Copyright (c) 2000-2026 the FFmpeg developers\n  built with gcc 12\n  libavutil      ${avutil}`;

describe("the version of an ffmpeg", () => {
  test.each([
    ["5.1.9-0+deb12u1", "57. 28.100 / 57. 28.100", 5, 1],
    ["n8.1.2", "60. 26.102 / 60. 26.102", 8, 1],
    ["n9.0.2-17-g2a571b6068-20260930", "61.  1.102 / 61.  1.102", 9, 0],
    ["7.0.2-static", "59.  8.100 / 59.  8.100", 7, 0],
    ["N-117000-gabcdef0123", "59. 39.100 / 59. 39.100", 7, 9],
    ["2025-01-15-git-4f3c9f2f03-full_build-www.gyan.dev", "59. 56.100 / 59. 56.100", 7, 9],
  ])("%s is known", (text, avutil, major, minor) => {
    expect(parseVersion("ffmpeg", banner(text, avutil))).toEqual({ text, major, minor });
  });

  // The third is what npm's @ffmpeg-installer brings: its name is that of a build from git, and it is from 2018.
  test.each([
    ["4.4.2-0ubuntu0.22.04.1", "56. 70.100 / 56. 70.100"],
    ["5.0.1", "57. 17.100 / 57. 17.100"],
    ["N-47683-g0e8eb07980-static", "56. 24.101 / 56. 24.101"],
  ])("%s is refused with the version that is needed", (text, avutil) => {
    const parse = () => parseVersion("ffprobe", banner(text, avutil));
    expect(parse).toThrow(expect.objectContaining({ kind: "invalid" }));
    expect(parse).toThrow(`ffprobe ${text} is too old: ffmpeg 5.1 or later is needed`);
  });

  test("what is no ffmpeg is refused", () => {
    expect(() => parseVersion("ffmpeg", "true (GNU coreutils) 9.1")).toThrow("ffmpeg does not tell its version");
  });

  test("releases compare by major and minor number", () => {
    const { isAtLeast } = capabilitiesOf({ text: "7.1.1", major: 7, minor: 1 }, []);
    expect([isAtLeast(5, 1), isAtLeast(7), isAtLeast(7, 1), isAtLeast(7, 2), isAtLeast(8)]).toEqual([
      ...[true, true, true],
      ...[false, false],
    ]);
  });
});

describe("what an ffmpeg lists", () => {
  test("encoders and decoders of each codec, without the legend", () => {
    const list = [
      ...["Codecs:", " D..... = Decoding supported", " .E.... = Encoding supported", " -------"],
      " DEV.LS h264                 H.264 / AVC / MPEG-4 AVC (decoders: h264 h264_qsv ) (encoders: libx264 h264_qsv )",
      " DEA.L. aac                  AAC (Advanced Audio Coding) (decoders: aac aac_fixed )",
      " .EVIL. a64_multi            Multicolor charset for Commodore 64 (encoders: a64multi )",
      " D.V.L. vp4                  On2 VP4",
      " ..V.L. avs2                 AVS2-P2/IEEE1857.4",
    ].join("\n");
    expect(codersIn(list)).toEqual([
      ...["decoder:h264", "decoder:h264_qsv", "encoder:libx264", "encoder:h264_qsv"],
      ...["decoder:aac", "decoder:aac_fixed", "encoder:aac", "encoder:a64multi", "decoder:vp4"],
    ] as const);
  });

  test("filters with two or three flags", () => {
    expect(
      listed("filter", "Filters:\n  T.. = Timeline support\n  | = Source or sink filter\n ..C tonemap  V->V  Map.\n"),
    ).toEqual(["filter:tonemap"]);
    expect(listed("filter", "Filters:\n  T.. = Timeline support\n  ------\n .S tonemap  V->V  Map.\n")).toEqual([
      "filter:tonemap",
    ]);
  });
});

describe("what is known at once", () => {
  const version = { text: "7.1", major: 7, minor: 1 };
  const begun = capabilitiesOf(version, ["encoder:libx265"], ["encoder", "decoder"]);
  const all = capabilitiesOf(version, [...begun.names, "encoder:libx265:yuv420p10le", "filter:zscale"]);
  const never = new Promise<typeof all>(() => {});

  test("is enough for encoders, and need not be waited for longer", async () => {
    const asked = { begun: Promise.resolve(begun), capabilities: never };
    const found = await knowingEnough(asked, ({ has }) => [has("encoder:libx265"), has("encoder:libx264")]);
    expect(found).toEqual([true, false]);
  });

  test.each(["encoder:libx265:yuv420p10le", "filter:zscale"] as const)("is not enough for %s", async (name) => {
    const asked = { begun: Promise.resolve(begun), capabilities: Promise.resolve(all) };
    expect(await knowingEnough(asked, ({ has }) => has(name))).toBe(true);
  });

  test("does not hide what is wrong besides", async () => {
    const asked = { begun: Promise.resolve(begun), capabilities: never };
    const decide = () => {
      throw new Error("no such preset");
    };
    expect(await rejection(knowingEnough(asked, decide))).toMatchObject({ message: "no such preset" });
  });
});
