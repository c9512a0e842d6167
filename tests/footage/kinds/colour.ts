import { expect } from "bun:test";
import { tiny } from "#tests/integration/ffmpeg/work.ts";
import { ffmpegMakes } from "#tests/support/footage.ts";
import { pictureOf } from "#tests/support/picture-of.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import type { Preset } from "#worker/presets/schema.ts";
import type { SinglePreset } from "#worker/presets/single-preset.ts";
import { type Film, type Kind, type Made, tracksOf } from "../kind.ts";
import { bars, barsOf, coded } from "./bars.ts";

const x264 = ["-c:v", "libx264", "-preset", "veryfast", "-qp", "0"];
const said = (name: string) => `colorspace=${name}:color_primaries=${name}:color_trc=${name}`;
const hd = barsOf(1280, 720);
const sd = barsOf(320, 240);

const fine = { crf: 4, maxrate: "9000k", bufsize: "9000k" };
export const film: Preset = { ...tiny, video: { ...tiny.video, renditions: [{ size: 72, ...fine }] } };
export const ladders = segmentedShapes
  .filter(({ name }) => name === "hls_ts")
  .map((shape): Preset => {
    const { video } = shape;
    return {
      ...shape,
      video: {
        ...video,
        renditions: [
          { size: 90, ...fine },
          { size: 60, ...fine },
        ],
      },
    };
  });
export const poster: SinglePreset = {
  name: "poster",
  description: "For tests",
  output_type: "single",
  extension: "jpg",
  poster: { size: 180 },
};
const preview: Preset = {
  ...{ name: "preview", description: "For tests", output_type: "single", extension: "webp" },
  preview: { size: 180, seconds: 1, moments: 1, rate: 2, format: "webp" },
};

/** What a player makes of a picture: by its tags, or as JPEG and WebP are defined. */
const readAs = ({ planned, files }: Made) => {
  if (/\.(jpg|webp)$/.test(planned.entry)) return "bt601";
  const video = files.flatMap(({ probe }) => probe?.video ?? [])[0];
  return video?.matrix === "bt709" ? "bt709" : "bt601";
};

async function expectBars(made: Made) {
  for (const entry of tracksOf(made).pictures) {
    const picture = await pictureOf(entry, { matrix: readAs(made) });
    const off = bars.map((colour, at) => {
      const found = picture.at((at + 0.5) / 8, 0.5);
      return Math.max(...colour.map((value, channel) => Math.abs(value - (found[channel] ?? 0))));
    });
    expect(Math.max(...off)).toBeLessThanOrEqual(entry.endsWith(".webp") ? 8 : 6);
  }
}

export const tagsOf = (made: Made) =>
  made.files.flatMap(({ probe }) =>
    probe?.video ? [[probe.video.matrix, probe.video.primaries, probe.video.transfer, probe.video.range ?? "tv"]] : [],
  );

/** The same colours in film, ladder, poster and preview. */
const true8 = (tags: readonly string[]): Film => ({
  ...{ pictures: 10, rate: 10, isSilent: true, presets: [film, ...ladders] },
  and: "colours within 6 of 255, in posters too",
  also: async (made) => {
    await expectBars(made);
    for (const found of tagsOf(made)) expect(found).toEqual([...tags]);
  },
  stills: [poster, preview],
  ofStill: expectBars,
});
export const bt709 = ["bt709", "bt709", "bt709", "tv"];
/** The matrix of PAL has the same numbers. */
const pal = ["bt470bg", "bt470bg", "smpte170m", "tv"];
const bt601 = ["smpte170m", "smpte170m", "smpte170m", "tv"];

export const colour: readonly Kind[] = [
  {
    kind: "RGB, as screens are recorded (H.264)",
    container: "mkv",
    make: ffmpegMakes(hd, ["-c:v", "libx264rgb", "-crf", "0", "-preset", "ultrafast"]),
    expected: true8(bt709),
  },
  {
    kind: "RGB (QuickTime Animation)",
    container: "mov",
    make: ffmpegMakes(hd, ["-c:v", "qtrle", "-pix_fmt", "rgb24"]),
    expected: true8(bt709),
  },
  {
    kind: "BT.709",
    container: "mp4",
    make: ffmpegMakes(hd, coded({ matrix: "bt709", tags: said("bt709") }), x264),
    expected: true8(bt709),
  },
  {
    kind: "BT.709 of full range",
    container: "mp4",
    make: ffmpegMakes(
      hd,
      coded({ matrix: "bt709", range: "pc", pixels: "yuvj420p", tags: `range=pc:${said("bt709")}` }),
      x264,
    ),
    expected: true8(bt709),
  },
  {
    kind: "BT.709 of full range with 10 bits (HEVC)",
    container: "mkv",
    make: ffmpegMakes(
      hd,
      coded({ matrix: "bt709", range: "pc", pixels: "yuv420p10le", tags: `range=pc:${said("bt709")}` }),
      [
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-crf",
        "4",
        "-x265-params",
        "log-level=error:range=full:colorprim=bt709:transfer=bt709:colormatrix=bt709",
      ],
    ),
    expected: true8(bt709),
  },
  {
    kind: "4:2:2 with 10 bits (H.264)",
    container: "mp4",
    make: ffmpegMakes(hd, coded({ matrix: "bt709", pixels: "yuv422p10le", tags: said("bt709") }), x264),
    expected: true8(bt709),
  },
  {
    kind: "HD that does not say its colour",
    container: "mp4",
    make: ffmpegMakes(hd, coded({ matrix: "bt709" }), x264),
    expected: true8(bt709),
  },
  {
    kind: "HD that says BT.601",
    container: "mp4",
    make: ffmpegMakes(hd, coded({ matrix: "bt601", tags: said("smpte170m") }), x264),
    expected: true8(bt601),
  },
  {
    kind: "SD that says BT.601",
    container: "mp4",
    make: ffmpegMakes(sd, coded({ matrix: "bt601", tags: said("smpte170m") }), x264),
    expected: true8(bt601),
  },
  {
    kind: "SD that does not say its colour",
    container: "mp4",
    make: ffmpegMakes(sd, coded({ matrix: "bt601" }), x264),
    expected: true8(bt601),
  },
  {
    kind: "motion JPEG of full range",
    container: "mov",
    make: ffmpegMakes(
      sd,
      coded({ matrix: "bt601", range: "pc", pixels: "yuvj422p", tags: "range=pc:colorspace=smpte170m" }),
      ["-c:v", "mjpeg", "-q:v", "2"],
    ),
    expected: true8(pal),
  },
  {
    kind: "wide gamut without HDR (BT.2020)",
    container: "mkv",
    make: ffmpegMakes(
      hd,
      ["-vf", "zscale=pin=bt709:tin=bt709:min=gbr:p=2020:t=2020_10:m=2020_ncl:r=limited,format=yuv444p12le"],
      ["-c:v", "ffv1", "-color_primaries", "bt2020", "-color_trc", "bt2020-10", "-colorspace", "bt2020nc"],
    ),
    expected: true8(bt709),
  },
];
