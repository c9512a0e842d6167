import { expect, test } from "bun:test";
import { buildIn } from "#worker/ffmpeg/build.ts";

const said = `[info] ffmpeg version 5.1.9 Copyright (c) 2000-2026 the FFmpeg developers
[info]   built with gcc 12 (Debian 12.2.0-14+deb12u1)
[info]   configuration: --enable-gpl --enable-libx264 --enable-libx265
[info]   libavcodec     59. 37.100 / 59. 37.100
[libx264 @ 0x558f4f5ae580] [info] 264 - core 164 r3095 baee400 - H.264/MPEG-4 AVC codec
x265 [info]: HEVC encoder version 3.5+1-f0c1022b6
frame=    1 fps=0.0 q=0.0 size=N/A time=00:00:00.00 bitrate=N/A speed=   0x
`;
const build = buildIn(said, "x64");

test("is the same for the same programs, wherever and however fast they run", () => {
  expect(build).toMatch(/^[0-9a-f]{16}$/);
  expect(buildIn(said.replace("0x558f4f5ae580", "0x1").replace("fps=0.0", "fps=25"), "x64")).toBe(build);
});

test.each([
  ["5.1.9", "5.1.10"],
  ["--enable-libx265", "--enable-libx265 --enable-lto"],
  ["59. 37.100 /", "59. 37.101 /"],
  ["core 164 r3095", "core 164 r3101"],
  ["3.5+1-f0c1022b6", "3.6"],
])("is another with %s in the place of %s", (former, next) => {
  expect(buildIn(said.replace(former, next), "x64")).not.toBe(build);
});

test("is another on another architecture", () => {
  expect(buildIn(said, "arm64")).not.toBe(build);
});
