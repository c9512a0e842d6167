import { expect } from "bun:test";
import { join } from "node:path";
import { tiny } from "#tests/integration/ffmpeg/work.ts";
import { runFfmpeg } from "#tests/support/clips.ts";
import {
  aac,
  beep,
  ffmpegMakes,
  h264,
  joined,
  type Maker,
  motion,
  opus,
  plain,
  spliced,
  vp8,
} from "#tests/support/footage.ts";
import { type Picture, pictureOf } from "#tests/support/picture-of.ts";
import { type Kind, type Made, seconds, tracksOf } from "../kind.ts";

/** Four colours, one in each corner. */
export const corners = (size: string, length: number, rate = 25) => {
  const [width = 0, height = 0] = size.split("x").map((side) => Number(side) / 2);
  const box = (x: number, y: number, colour: string) =>
    `drawbox=x=${x}:y=${y}:w=${width}:h=${height}:c=${colour}:t=fill`;
  const boxes = [box(width, 0, "lime"), box(0, height, "blue"), box(width, height, "white")];
  return ["-f", "lavfi", "-i", `color=c=red:s=${size}:r=${rate}:d=${length},${boxes.join(",")}`];
};

const is = ([red, green, blue]: readonly number[]) =>
  `${(red ?? 0) > 128 ? "r" : ""}${(green ?? 0) > 128 ? "g" : ""}${(blue ?? 0) > 128 ? "b" : ""}`;

/** The names of the colours of a picture within a part of it that is so wide and high: by rows from its top. */
export function cornersOf(picture: Picture, wide = 1, high = 1): string[] {
  const [left, right] = [0.5 - wide / 4, 0.5 + wide / 4];
  const [top, bottom] = [0.5 - high / 4, 0.5 + high / 4];
  return [picture.at(left, top), picture.at(right, top), picture.at(left, bottom), picture.at(right, bottom)].map(is);
}
const upright = ["r", "g", "b", "rgb"];

/** At these moments the four colours fill these shares of width and height, and the rest is black. */
const seenAt =
  (...moments: readonly { at: number; wide?: number; high?: number }[]) =>
  async (made: Made) => {
    for (const { at, wide = 1, high = 1 } of moments) {
      const picture = await pictureOf(tracksOf(made).pictures[0] ?? "", { seconds: at });
      expect(cornersOf(picture, wide, high)).toEqual(upright);
      if (wide < 0.9) expect(is(picture.at((1 - wide) / 4, 0.5))).toBe("");
      if (high < 0.9) expect(is(picture.at(0.5, (1 - high) / 4))).toBe("");
    }
  };

/** Calls change the size of their picture without a word. */
const call =
  (sizes: readonly string[], parts = sizes.length): Maker =>
  async (file, folder) => {
    for (const [at, size] of sizes.entries()) {
      await runFfmpeg([...corners(size, 2), ...beep({ seconds: 2 }), ...vp8, ...opus, join(folder, `${at}.webm`)]);
    }
    const names = Array.from({ length: parts }, (_, at) => join(folder, `${at % sizes.length}.webm`));
    await spliced(file, folder, names);
  };

/** Stretches of a broadcast, 3 s each. */
const broadcast = (...stretches: readonly (readonly string[])[]) =>
  joined(...stretches.map((args, at) => ({ from: at * 3, args })));

/** A white square in pixels that are so wide. */
const square = (aspect: string, width: number) => [
  ...["-f", "lavfi", "-i"],
  `color=c=black:s=180x144:r=25:d=3,drawbox=x=(iw-${width})/2:y=36:w=${width}:h=72:c=white:t=fill,setdar=${aspect}`,
];
const mpeg2 = ["-c:v", "mpeg2video", "-b:v", "2M", "-g", "12", "-c:a", "mp2"];
const sound3 = beep({ seconds: 3 });

/** How much wider than high the white part of a picture is. */
function whiteShape(picture: Picture): number {
  const { width, height } = picture;
  const count = (length: number, at: (share: number) => readonly number[]) =>
    Array.from({ length }, (_, place) => is(at((place + 0.5) / length))).filter((colour) => colour === "rgb").length;
  return count(width, (share) => picture.at(share, 0.5)) / count(height, (share) => picture.at(0.5, share));
}

/** How unlike a picture's odd rows are to its even ones, against how unlike rows of one field are: above one it is combed. */
function combing(picture: Picture): number {
  const rows = Array.from({ length: picture.height }, (_, row) =>
    Array.from({ length: 40 }, (__, column) => picture.at((column + 0.5) / 40, (row + 0.5) / picture.height)[1]),
  );
  const apart = (distance: number) =>
    rows
      .slice(distance)
      .reduce(
        (sum, row, at) =>
          sum + row.reduce((all, value, column) => all + Math.abs(value - (rows[at]?.[column] ?? 0)), 0),
        0,
      );
  return apart(1) / apart(2);
}
const interlaced = [
  "-vf",
  "tinterlace=interleave_top,setfield=tff",
  "-flags",
  "+ildct+ilme",
  "-x264-params",
  "interlaced=1",
];

export const shape: readonly Kind[] = [
  {
    kind: "the picture grows on the way, from 160x90 to 320x180 (WebM)",
    container: "webm",
    make: call(["160x90", "240x136", "320x180"]),
    expected: {
      pictures: 150,
      rate: 25,
      size: "128x72",
      beeps: seconds(6),
      and: "one size throughout",
      also: seenAt({ at: 0.5 }, { at: 2.5 }, { at: 5 }),
    },
  },
  {
    kind: "the picture turns upright on the way (WebM)",
    container: "webm",
    make: call(["320x180", "180x320"]),
    expected: {
      ...{ pictures: 100, rate: 25, size: "128x72", beeps: seconds(4) },
      and: "the shape is kept, between bars",
      also: seenAt({ at: 1 }, { at: 3, wide: 0.316 }),
    },
  },
  {
    kind: "the size of the picture changes 40 times (WebM)",
    container: "webm",
    make: call(["160x90", "240x136"], 40),
    expected: { pictures: 2_007, rate: 25, size: "126x72", also: seenAt({ at: 1 }, { at: 43 }), presets: [tiny] },
  },
  {
    kind: "the picture goes from SD to HD (MPEG-TS)",
    container: "ts",
    make: broadcast(
      [...corners("160x90", 3), ...sound3, ...h264, ...aac],
      [...corners("320x180", 3), ...sound3, ...h264, ...aac],
    ),
    expected: { pictures: 150, rate: 25, size: "128x72", beeps: seconds(6), also: seenAt({ at: 1 }, { at: 5 }) },
  },
  {
    kind: "pixels go from 4:3 to 16:9 in one size (MPEG-2 in MPEG-TS)",
    container: "ts",
    make: broadcast([...square("4/3", 67), ...sound3, ...mpeg2], [...square("16/9", 51), ...sound3, ...mpeg2]),
    expected: {
      ...{ pictures: 150, rate: 25, beeps: seconds(6), and: "a square stays a square" },
      also: async (made) => {
        const entry = tracksOf(made).pictures[0] ?? "";
        for (const at of [1, 5])
          expect(Math.abs(whiteShape(await pictureOf(entry, { seconds: at })) - 1)).toBeLessThan(0.12);
      },
    },
  },
  {
    kind: "interlaced, then progressive (MPEG-TS)",
    container: "ts",
    make: broadcast(
      [...motion(3, "320x240", 50), ...sound3, ...interlaced, ...h264, ...aac],
      [...motion(3, "320x240", 25), ...sound3, ...h264, ...aac],
    ),
    expected: {
      ...{ pictures: 150, rate: 25, size: "320x240", beeps: seconds(6), and: "no combs" },
      presets: [
        { ...tiny, video: { ...tiny.video, renditions: [{ size: 240, crf: 20, maxrate: "2000k", bufsize: "4000k" }] } },
      ],
      also: async (made) => {
        const entry = tracksOf(made).pictures[0] ?? "";
        for (const at of [1, 5]) expect(combing(await pictureOf(entry, { seconds: at }))).toBeLessThan(1);
      },
    },
  },
  {
    kind: "4:4:4 of odd sides with 12 bits (HEVC)",
    container: "mp4",
    make: ffmpegMakes(motion(2, "162x92"), beep({ seconds: 2 }), [
      ...["-vf", "crop=161:91:exact=1"],
      ...["-pix_fmt", "yuv444p12le", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error"],
      ...["-tag:v", "hvc1", ...aac],
    ]),
    expected: { pictures: 50, rate: 25, size: "126x72", beeps: seconds(2) },
  },
  {
    kind: "smaller than a preset's smallest size (32x18)",
    container: "mp4",
    make: ffmpegMakes(plain("gray", "32x18", 2), h264),
    expected: { pictures: 20, rate: 10, size: "32x18", isSilent: true },
  },
];
