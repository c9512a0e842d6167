import { expect } from "bun:test";
import { tiny } from "#tests/integration/ffmpeg/work.ts";
import { ffmpegMakes, h264, type Maker, patched } from "#tests/support/footage.ts";
import { pictureOf } from "#tests/support/picture-of.ts";
import { type Film, type Kind, tracksOf } from "../kind.ts";

import { corners, cornersOf } from "./shape.ts";

/** Writes the matrix of the first track, as cameras and editors do: a, b, c, d, and where the picture is moved to. */
const withMatrix = ([a, b, c, d, x, y]: readonly [number, number, number, number, number, number]): Maker =>
  patched(ffmpegMakes(corners("160x90", 2, 10), h264), (bytes) => {
    const at = bytes.indexOf("tkhd") + 44;
    const matrix = [a, b, 0, c, d, 0, x, y].map((value) => value * 65_536);
    for (const [index, value] of matrix.entries()) bytes.writeInt32BE(value, at + index * 4);
    return bytes;
  });
const turnedTo = (expectedCorners: readonly string[], size = "128x72"): Film => ({
  ...{ pictures: 20, rate: 10, size, isSilent: true, presets: [tiny] },
  also: async (made) =>
    expect(cornersOf(await pictureOf(tracksOf(made).pictures[0] ?? ""))).toEqual([...expectedCorners]),
});

export const turned: readonly Kind[] = [
  {
    kind: "mirrored, as a front camera writes it",
    container: "mp4",
    make: withMatrix([-1, 0, 0, 1, 160, 0]),
    expected: turnedTo(["g", "r", "rgb", "b"]),
  },
  {
    kind: "upside down by a mirror",
    container: "mp4",
    make: withMatrix([1, 0, 0, -1, 0, 90]),
    expected: turnedTo(["b", "rgb", "r", "g"]),
  },
  {
    kind: "turned by a quarter",
    container: "mp4",
    make: withMatrix([0, 1, -1, 0, 90, 0]),
    expected: turnedTo(["b", "r", "rgb", "g"], "72x128"),
  },
  {
    kind: "turned by a quarter and mirrored",
    container: "mp4",
    make: withMatrix([0, 1, 1, 0, 0, 0]),
    expected: turnedTo(["r", "b", "g", "rgb"], "72x128"),
  },
  {
    kind: "turned by a half",
    container: "mp4",
    make: withMatrix([-1, 0, 0, -1, 160, 90]),
    expected: turnedTo(["rgb", "b", "g", "r"]),
  },
  {
    kind: "pixels of 4:3, turned by a quarter",
    container: "mp4",
    make: patched(ffmpegMakes(["-f", "lavfi", "-i", "color=c=red:s=160x120:r=10:d=2,setsar=4/3"], h264), (bytes) => {
      const at = bytes.indexOf("tkhd") + 44;
      for (const [index, value] of [0, 1, 0, -1, 0, 0].entries()) bytes.writeInt32BE(value * 65_536, at + index * 4);
      return bytes;
    }),
    expected: { pictures: 20, rate: 10, size: "72x128", isSilent: true },
  },
];
