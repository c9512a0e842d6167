import { expect } from "bun:test";
import { join } from "node:path";
import { ffmpegMakes, h264, motion, oneKeyframe, plain } from "#tests/support/footage.ts";
import { pictureOf } from "#tests/support/picture-of.ts";
import { picturesIn } from "#tests/support/sync.ts";
import type { Preset } from "#worker/presets/schema.ts";
import type { Kind, Made } from "../kind.ts";

const still = { description: "For tests", output_type: "single" } as const;
const poster: Preset = { ...still, name: "poster", extension: "jpg", poster: { size: 72 } };
const preview: Preset = {
  ...{ ...still, name: "preview", extension: "mp4" },
  preview: { size: 72, seconds: 4, moments: 4, rate: 10, format: "mp4" },
};
const webp: Preset = {
  ...{ ...still, name: "webp", extension: "webp" },
  preview: { size: 180, seconds: 2, moments: 2, rate: 2, format: "webp" },
};
const av1: Preset = {
  ...{ ...still, name: "av1", extension: "mp4" },
  video: {
    codec: "av1",
    speed: "ultrafast",
    gop_seconds: 2,
    renditions: [{ size: 72, crf: 50, maxrate: "200k", bufsize: "400k" }],
  },
};

async function isLight({ dir, planned }: Made) {
  const picture = await pictureOf(join(dir, planned.entry));
  const places = [0.1, 0.3, 0.5, 0.7, 0.9];
  const lights = places.flatMap((x) => places.map((y) => Math.max(...picture.at(x, y))));
  expect(lights.reduce((sum, light) => sum + light, 0) / lights.length).toBeGreaterThan(60);
}

/** A film that becomes lighter from its beginning to its end: each picture tells when it was. */
const lighter = (seconds: number) => [
  ...["-f", "lavfi", "-i", `color=c=gray:s=64x36:r=5:d=${seconds}`],
  ...["-vf", `geq=lum='16+219*T/${seconds}':cb=128:cr=128`],
];

/** The middle of each quarter, a second each. */
async function areMoments({ dir, planned }: Made) {
  const pictures = await picturesIn(join(dir, planned.entry));
  expect(pictures).toHaveLength(40);
  const shares = pictures.map(({ light }) => (light - 16) / 219);
  for (const [at, share] of [0.125, 0.375, 0.625, 0.875].entries()) {
    const near = shares.filter((found) => Math.abs(found - share) < 0.02);
    expect({ at, near: near.length >= 5 }).toEqual({ at, near: true });
  }
}

export const stills: readonly Kind[] = [
  {
    kind: "a poster of 130 s with one keyframe, which is black",
    container: "mp4",
    make: ffmpegMakes(motion(130, "64x36", 5), [
      "-vf",
      "drawbox=c=black:t=fill:enable='lt(t,2)'",
      ...h264,
      ...oneKeyframe,
    ]),
    expected: { stills: [poster], ofStill: isLight, and: "a picture that is not black" },
  },
  {
    kind: "a preview of 80 s with one keyframe (MPEG-TS)",
    container: "ts",
    make: ffmpegMakes(lighter(80), h264, oneKeyframe),
    expected: { stills: [preview], ofStill: areMoments, and: "moments from all of it" },
  },
  {
    kind: "a preview of 80 s with one keyframe (mp4)",
    container: "mp4",
    make: ffmpegMakes(lighter(80), h264, oneKeyframe),
    expected: { stills: [preview], ofStill: areMoments, and: "moments from all of it" },
  },
  {
    kind: "a preview of colours that do not say what they are, and are stronger than a screen shows",
    container: "mp4",
    make: ffmpegMakes(motion(6, "320x180"), ["-vf", "eq=saturation=3:brightness=-0.3"], h264),
    expected: {
      stills: [webp],
      // Not every ffmpeg decodes an animated WebP.
      ofStill: async ({ planned, files }) => {
        expect(files.find(({ name }) => name === planned.entry)?.bytes).toBeGreaterThan(1_000);
      },
      and: "an animated WebP",
    },
  },
  {
    kind: "a film smaller than AV1 encoders take (32x18)",
    container: "mp4",
    make: ffmpegMakes(plain("white", "32x18", 1), h264),
    expected: {
      stills: [av1],
      and: "bars fill what is missing",
      ofStill: async (made) => {
        const picture = await pictureOf(join(made.dir, made.planned.entry), { matrix: "bt601" });
        expect(picture.at(0.5, 0.5)[0]).toBeGreaterThan(240);
        expect(picture.at(0.02, 0.02)[0]).toBeLessThan(20);
      },
    },
  },
];
