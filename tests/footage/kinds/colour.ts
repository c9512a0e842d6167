import { expect } from "bun:test";
import { join } from "node:path";
import { makeOutput, tiny } from "#tests/integration/ffmpeg/work.ts";
import { aac, beep, ffmpegMakes, type Maker, patched, withBox } from "#tests/support/footage.ts";
import { pictureOf } from "#tests/support/picture-of.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import type { Preset, SinglePreset } from "#worker/presets/schema.ts";
import { type Film, type Kind, type Made, tracksOf } from "../kind.ts";

/** Eight bars, and what they must be shown as. */
const bars = [
  [255, 255, 255],
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 0],
  [0, 0, 0],
  [128, 128, 128],
  [192, 128, 64],
] as const;
const hex = (colour: readonly number[]) => `0x${colour.map((value) => value.toString(16).padStart(2, "0")).join("")}`;

const barsOf = (width: number, height: number) => {
  const boxes = bars.map(
    (colour, at) => `drawbox=x=${(at * width) / 8}:w=${width / 8}:h=${height}:c=${hex(colour)}:t=fill`,
  );
  return [
    "-f",
    "lavfi",
    "-i",
    `color=c=black:s=${width}x${height}:r=10:d=1,format=gbrp,${boxes.join(",")},format=gbrp`,
  ];
};

type Coded = { matrix: "bt709" | "bt601" | "bt2020"; range?: "tv" | "pc"; pixels?: string; tags?: string };
/** How the bars are turned into numbers, and what is said of it. */
const coded = ({ matrix, range = "tv", pixels = "yuv420p", tags }: Coded) => [
  "-vf",
  [
    `scale=out_color_matrix=${matrix}:out_range=${range}:flags=accurate_rnd+full_chroma_int,format=${pixels}`,
    ...(tags === undefined
      ? ["setparams=colorspace=unknown:color_primaries=unknown:color_trc=unknown"]
      : [`setparams=${tags}`]),
  ].join(","),
];
const x264 = ["-c:v", "libx264", "-preset", "veryfast", "-qp", "0"];
const said = (name: string) => `colorspace=${name}:color_primaries=${name}:color_trc=${name}`;
const hd = barsOf(1280, 720);
const sd = barsOf(320, 240);

const fine = { crf: 4, maxrate: "9000k", bufsize: "9000k" };
const film: Preset = { ...tiny, video: { ...tiny.video, renditions: [{ size: 72, ...fine }] } };
const ladders = segmentedShapes
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
const poster: SinglePreset = {
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

const tagsOf = (made: Made) =>
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
const bt709 = ["bt709", "bt709", "bt709", "tv"];
/** The matrix of PAL has the same numbers. */
const pal = ["bt470bg", "bt470bg", "smpte170m", "tv"];
const bt601 = ["smpte170m", "smpte170m", "smpte170m", "tv"];

const x265 = (params: string) => [
  ...["-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-x265-params", `log-level=error${params}`],
];
const hdr = (tags: string): Maker =>
  ffmpegMakes(
    ["-f", "lavfi", "-i", "smptebars=s=320x180:r=25:d=1"],
    beep({ seconds: 1 }),
    ["-vf", `format=yuv420p10le,setparams=${tags}`],
    x265(""),
    aac,
  );
const pq = (primaries: string, matrix: string) =>
  `color_primaries=${primaries}:color_trc=smpte2084:colorspace=${matrix}`;

/** The boxes in which an mp4 says how its HDR picture was graded. */
const graded = (bytes: Buffer) => {
  const light = Buffer.from([1000 >> 8, 1000 & 255, 400 >> 8, 400 & 255]);
  const display = Buffer.alloc(24);
  for (const [at, value] of [13_250, 34_500, 7_500, 3_000, 34_000, 16_000, 15_635, 16_450].entries())
    display.writeUInt16BE(value, at * 2);
  display.writeUInt32BE(10_000_000, 16);
  display.writeUInt32BE(1, 20);
  return withBox(withBox(bytes, "hvc1", "clli", light), "hvc1", "mdcv", display);
};

const mapped: Film = {
  ...{ pictures: 25, rate: 25, size: "128x72", presets: [film, ...ladders] },
  and: "BT.709, and nothing that says HDR",
  also: async (made) => {
    for (const found of tagsOf(made)) expect(found).toEqual(bt709);
    const { dir, planned } = made;
    if (planned.outputType !== "single") return;
    const bytes = Buffer.from(await Bun.file(join(dir, planned.entry)).arrayBuffer());
    for (const box of ["mdcv", "clli", "dvcC", "dvvC"]) expect(bytes.includes(box)).toBe(false);
    await expectSamePoster(made);
  },
};

/** The poster shows what the film shows. */
async function expectSamePoster({ dir, planned }: Made) {
  const still = await makeOutput(planned.args[planned.args.indexOf("-i") + 1] ?? "", {
    ...poster,
    poster: { size: 72 },
  });
  const [one, other] = await Promise.all([
    pictureOf(join(dir, planned.entry), { matrix: "bt709" }),
    pictureOf(join(still.dir, still.planned.entry), { matrix: "bt601" }),
  ]);
  for (const at of [0, 1, 2, 3, 4, 5, 6].map((bar) => (bar + 0.5) / 7)) {
    const [shown, still] = [one.at(at, 0.3), other.at(at, 0.3)];
    expect(Math.max(...shown.map((value, channel) => Math.abs(value - (still[channel] ?? 0))))).toBeLessThanOrEqual(5);
  }
}

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
  { kind: "HDR10", container: "mp4", make: hdr(pq("bt2020", "bt2020nc")), expected: mapped },
  {
    kind: "HDR10 with its mastering display in boxes",
    container: "mp4",
    make: patched(hdr(pq("bt2020", "bt2020nc")), graded),
    expected: mapped,
  },
  {
    kind: "HLG",
    container: "mp4",
    make: hdr("color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc"),
    expected: mapped,
  },
  { kind: "PQ of BT.709 primaries (games)", container: "mp4", make: hdr(pq("bt709", "bt709")), expected: mapped },
  { kind: "PQ of P3 primaries", container: "mp4", make: hdr(pq("smpte432", "bt2020nc")), expected: mapped },
  {
    kind: "PQ that does not say its matrix",
    container: "mp4",
    make: hdr("color_primaries=bt2020:color_trc=smpte2084:colorspace=unknown"),
    expected: mapped,
  },
];
