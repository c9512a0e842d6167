import { expect, test } from "bun:test";
import { join } from "node:path";
import type { Picture as Asked } from "#shared/job/picture.ts";
import { clip } from "#tests/support/clips.ts";
import { ffmpegMakes, footage, h264 } from "#tests/support/footage.ts";
import { type Picture, pictureOf } from "#tests/support/picture-of.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import type { SinglePreset } from "#worker/presets/single-preset.ts";
import { makeOutput, tiny } from "./work.ts";

const red = [255, 0, 0] as const;
const lime = [0, 255, 0] as const;
const blue = [0, 0, 255] as const;
const yellow = [255, 255, 0] as const;
const orange = [255, 136, 0] as const;
type Rgb = readonly [number, number, number];

const boxes = (width: number, height: number) =>
  ["red", "lime", "blue", "yellow"].map((colour, at) => {
    const [x, y] = [((at % 2) * width) / 2, (Math.floor(at / 2) * height) / 2];
    return `drawbox=x=${x}:y=${y}:w=${width / 2}:h=${height / 2}:c=${colour}:t=fill`;
  });
const tags = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709";

type Marked = {
  size?: readonly [number, number];
  filters?: readonly string[];
  codec?: readonly string[];
  end?: string;
};

/** A picture of four colours: red and lime above, blue and yellow below. */
async function marked({ size = [320, 180], filters = [], codec = h264, end = "mp4" }: Marked = {}) {
  const [width, height] = size;
  const graph = ["format=rgb24", ...boxes(width, height), ...filters];
  const input = ["-f", "lavfi", "-i", `color=gray:s=${width}x${height}:r=10:d=1`];
  return footage(ffmpegMakes(input, ["-vf", graph.join(",")], codec), end, [graph, codec]);
}
const toBt709 = ["scale=out_color_matrix=bt709:out_range=tv", "format=yuv420p", tags];

const film = (picture: Asked): SinglePreset => ({
  ...{ name: "film", description: "For tests", output_type: "single", extension: "mp4", picture },
  video: { ...tiny.video, renditions: [{ size: 240, crf: 8, maxrate: "9000k", bufsize: "9000k" }] },
});

/** The colours in the middle of each quarter, from the upper left one on. */
const quarters = (picture: Picture) => [
  ...[picture.at(0.25, 0.25), picture.at(0.75, 0.25), picture.at(0.25, 0.75), picture.at(0.75, 0.75)],
];

function expectColours(found: readonly Rgb[], expected: readonly Rgb[]) {
  const apart = found.map((colour, at) =>
    Math.max(...colour.map((part, of) => Math.abs(part - (expected[at]?.[of] ?? 0)))),
  );
  if (apart.some((one) => one > 10)) expect(found).toEqual([...expected] as [number, number, number][]);
  expect(found).toHaveLength(expected.length);
}

type Case = [
  name: string,
  source: () => Promise<string>,
  asked: Asked,
  size: [number, number],
  quarters: readonly Rgb[],
];

const cases: Case[] = [
  [
    "a part",
    () => marked({ filters: toBt709 }),
    { crop: { x: 160, y: 0, width: 160, height: 90 } },
    [160, 90],
    [lime, lime, lime, lime],
  ],
  ["turned clockwise", () => marked({ filters: toBt709 }), { rotate: 90 }, [180, 320], [blue, red, yellow, lime]],
  [
    "a part of what is turned, in a frame",
    () => marked({ filters: toBt709 }),
    { rotate: 270, crop: { x: 0, y: 160, width: 180, height: 160 }, width: 128, height: 128, fit: "stretch" },
    [128, 128],
    [red, blue, red, blue],
  ],
  [
    "the middle",
    () => marked({ filters: toBt709 }),
    { width: 90, height: 160, fit: "cover" },
    [90, 160],
    [red, lime, blue, yellow],
  ],
  [
    "a part of pixels that are not square",
    () => marked({ size: [160, 180], filters: [...toBt709, "setsar=2"] }),
    { crop: { x: 160, y: 90, width: 160, height: 90 }, width: 160 },
    [160, 90],
    [yellow, yellow, yellow, yellow],
  ],
  [
    "what may change its size (VP9)",
    () =>
      marked({
        filters: toBt709,
        codec: ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M"],
        end: "webm",
      }),
    { rotate: 180, crop: { x: 0, y: 0, width: 320, height: 90 }, denoise: "light" },
    [320, 90],
    [yellow, blue, yellow, blue],
  ],
  [
    "RGB without noise",
    () => marked({ filters: ["format=gbrp"], codec: ["-c:v", "libx264rgb", "-preset", "ultrafast"], end: "mkv" }),
    { denoise: "strong", deinterlace: "on" },
    [320, 180],
    [red, lime, blue, yellow],
  ],
];

test.each(cases)("a film shows %s", async (_, source, asked, [width, height], expected) => {
  const { dir } = await makeOutput(await source(), film(asked));
  const picture = await pictureOf(join(dir, "output.mp4"));
  expect([picture.width, picture.height]).toEqual([width, height]);
  expectColours(quarters(picture), expected);
});

const corners = (picture: Picture) => [
  picture.at(0.01, 0.01),
  picture.at(0.98, 0.01),
  picture.at(0.01, 0.98),
  picture.at(0.98, 0.98),
];

test("a film, its poster, its thumbnails and its preview lie between bars of a colour", async () => {
  const preset: SinglePreset = {
    ...film({ width: 160, height: 240, background: "#ff8800" }),
    poster: { size: 120 },
    thumbnails: { width: 80, every_seconds: 1, columns: 1, rows: 1 },
    preview: { size: 160, seconds: 1, rate: 5, moments: 1, format: "mp4" },
  };
  const { dir } = await makeOutput(await marked({ filters: toBt709 }), preset);
  const sizes: Record<string, [number, number]> = {
    "output.mp4": [160, 240],
    "output.poster.jpg": [120, 180],
    "output_01.jpg": [80, 120],
    "output.preview.mp4": [160, 240],
  };
  for (const [name, size] of Object.entries(sizes)) {
    const picture = await pictureOf(join(dir, name));
    expect([picture.width, picture.height]).toEqual(size);
    expectColours(corners(picture), [orange, orange, orange, orange]);
    const inner = [picture.at(0.25, 0.43), picture.at(0.75, 0.43), picture.at(0.25, 0.57), picture.at(0.75, 0.57)];
    expectColours(inner, [red, lime, blue, yellow]);
  }
});

test("each rendition of a ladder has the frame, from an HDR source too", async () => {
  const preset: SegmentedPreset = {
    ...{ name: "ladder", description: "For tests", output_type: "cmaf", extension: "" },
    picture: { width: 192, height: 256, fit: "contain", background: "navy" },
    video: {
      ...tiny.video,
      renditions: [
        { size: 240, crf: 10, maxrate: "9000k", bufsize: "9000k" },
        { size: 128, crf: 10, maxrate: "9000k", bufsize: "9000k" },
        { size: 64, crf: 10, maxrate: "9000k", bufsize: "9000k" },
      ],
    },
    segments: { seconds: 2, format: "fmp4" },
  };
  const { dir, files } = await makeOutput(await clip({ hdr: "pq", size: "320x180", channels: 0 }), preset);
  const found = files.map(({ name }) => name).filter((name) => /^media_\d+\.m3u8$/.test(name));
  const pictures = await Promise.all(found.map((name) => pictureOf(join(dir, name))));
  const sizes = pictures.map(({ width, height }) => [width, height]);
  expect(sizes).toEqual([
    [192, 256],
    [64, 84],
  ]);
  for (const picture of pictures)
    expectColours(corners(picture).slice(0, 2), [
      [0, 0, 128],
      [0, 0, 128],
    ]);
});

test.each<Asked>([{ width: 32, height: 32, fit: "stretch" }, { crop: { x: 0, y: 0, width: 32, height: 32 } }])(
  "bars lie around a film that is too small for AV1: %o",
  async (asked) => {
    const preset = film(asked);
    const video = preset.video && { ...preset.video, codec: "av1" as const };
    const { dir } = await makeOutput(await marked({ filters: toBt709 }), { ...preset, ...(video && { video }) });
    const picture = await pictureOf(join(dir, "output.mp4"));
    expect([picture.width, picture.height]).toEqual([64, 64]);
    expectColours(corners(picture), Array(4).fill([0, 0, 0]));
    expectColours([picture.at(0.35, 0.35)], [red]);
  },
);

test.each([90, 270] as const)(
  "a picture of wide pixels that is turned by %i keeps all of its lines",
  async (rotated) => {
    const source = await clip({ size: "144x108", sampleAspect: "4/3", rotated, channels: 0 });
    const rendition = { size: 360, crf: 12, maxrate: "9000k", bufsize: "9000k" };
    const preset = { ...tiny, video: { ...tiny.video, renditions: [rendition] } } satisfies SinglePreset;
    const sizeOf = async (picture?: Asked, from = source) => {
      const { facts } = await makeOutput(from, { ...preset, ...(picture && { picture }) } as SinglePreset);
      const [{ width, height } = {}] = facts.renditions;
      return `${width}x${height}`;
    };
    expect(await sizeOf()).toBe("108x192");
    expect(await sizeOf({ rotate: rotated })).toBe("192x108");
    expect(await sizeOf({ crop: { x: 0, y: 96, width: 54, height: 96 } })).toBe("54x96");
    const upright = await clip({ size: "144x108", sampleAspect: "4/3", channels: 0 });
    expect(await sizeOf({ rotate: rotated }, upright)).toBe("108x192");
  },
);
