import { expect } from "bun:test";
import { join } from "node:path";
import { tiny } from "#tests/integration/ffmpeg/work.ts";
import { runFfmpeg } from "#tests/support/clips.ts";
import { aac, beep, ffmpegMakes, type Maker, patched, withBox } from "#tests/support/footage.ts";
import { mediainfo } from "#tests/support/mediainfo.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { type Film, type Kind, type Made, tracksOf } from "../kind.ts";
import { bt709, tagsOf } from "./colour.ts";
import { graded } from "./hdr.ts";

const fine = { crf: 20, maxrate: "9000k", bufsize: "9000k" };
const keeping = (codec: "h265" | "av1"): Preset => ({
  ...tiny,
  video: { codec, speed: "ultrafast", gop_seconds: 1, hdr: "keep", renditions: [{ size: 72, ...fine }] },
});
const h265 = keeping("h265");
const av1 = keeping("av1");
/** HDR beside SDR of the same size. */
const both = segmentedShapes
  .filter(({ name }) => name === "cmaf")
  .map((shape): Preset => {
    const video = { ...shape.video, codec: "h265", speed: "ultrafast" } as const;
    return {
      ...shape,
      video: {
        ...video,
        renditions: [
          { size: 72, hdr: "keep", ...fine },
          { size: 72, ...fine },
        ],
      },
    };
  });

const source = "smptebars=s=320x180:r=25";
const mastering = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)";
const coded = (tags: string, params = "", seconds = 1) =>
  ffmpegMakes(
    ["-f", "lavfi", "-i", `${source}:d=${seconds}`],
    beep({ seconds }),
    ["-vf", `format=yuv420p10le,setparams=${tags}`, "-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1"],
    ["-x265-params", `log-level=error${params}`],
    aac,
  );
const pq = "color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc";
const hlg = "color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc";

/** Version 1.0, profile 8, level 4, RPU and base layer there, which is compatible with HLG. */
const dolbyVision84 = Buffer.concat([Buffer.from([1, 0, 8 << 1, (4 << 3) | 5, 4 << 4]), Buffer.alloc(19)]);

/** As phones cut a film: without encoding it again. */
const cut =
  (make: Maker): Maker =>
  async (file, folder) => {
    const whole = join(folder, "whole.mp4");
    await make(whole, folder);
    await runFfmpeg(["-ss", "0.2", "-i", whole, "-c", "copy", "-tag:v", "hvc1", file]);
  };

type Wanted = { transfer: "smpte2084" | "arib-std-b67"; isGraded?: boolean };

const tags = ({ transfer }: Wanted) => ["bt2020nc", "bt2020", transfer, "tv"];

/** What decoders and MediaInfo see of what is kept. */
const kept = (wanted: Wanted, presets: readonly Preset[]): Film => ({
  ...{ pictures: 25, rate: 25, presets },
  and: `still ${wanted.transfer === "smpte2084" ? "PQ" : "HLG"} where a preset keeps it${wanted.isGraded ? ", with its MaxCLL and mastering display" : ""}`,
  also: async (made) => {
    const isLadder = made.planned.outputType !== "single";
    expect(tagsOf(made)).toEqual(isLadder ? [tags(wanted), bt709] : [tags(wanted)]);
    expect(made.facts.renditions.flatMap(({ kind, hdr }) => (kind === "video" ? [hdr] : []))).toEqual([
      wanted.transfer === "smpte2084" ? "hdr10" : "hlg",
      ...(isLadder ? [undefined] : []),
    ]);
    const [first = "", second] = tracksOf(made).pictures;
    await expectKept(first, made, wanted);
    if (second) expect(await sideDataOf(second)).not.toContain("Mastering");
  },
});

async function expectKept(path: string, { planned, dir }: Made, { transfer, isGraded = false }: Wanted) {
  const said = await sideDataOf(path);
  // Not every ffprobe decodes AV1.
  if (said !== "") expect(said).toContain("yuv420p10le");
  if (said !== "" && isGraded) expect(said).toMatch(/max_content=1000\|.*max_average=400/);
  if (said !== "") expect(said.includes("Mastering display metadata")).toBe(isGraded);
  if (planned.outputType !== "single") return;
  const info = await mediainfo(join(dir, planned.entry));
  if (!info) return;
  // It does not tell the depth of every AV1.
  expect(info["BitDepth"] ?? "10").toBe("10");
  expect(info).toMatchObject({ colour_primaries: "BT.2020", matrix_coefficients: "BT.2020 non-constant" });
  expect(info["transfer_characteristics"]).toBe(transfer === "smpte2084" ? "PQ" : "HLG");
  expect(String(info["HDR_Format"] ?? "")).not.toContain("Dolby");
  if (isGraded)
    expect(info).toMatchObject({
      ...{ MaxCLL: "1000 cd/m2", MaxFALL: "400 cd/m2", MasteringDisplay_ColorPrimaries: "Display P3" },
    });
}

/** What ffprobe says of the first picture; nothing where it decodes none. */
async function sideDataOf(path: string): Promise<string> {
  const read = path.endsWith(".m3u8") ? ["-allowed_extensions", "ALL"] : [];
  const entries = "frame=pix_fmt:frame_side_data";
  return Bun.$`ffprobe -v error ${read} -select_streams v:0 -read_intervals %+#1 -show_entries ${entries} -of compact ${path}`
    .nothrow()
    .text();
}

export const keptHdr: readonly Kind[] = [
  {
    kind: "HDR10 graded in its pictures alone, the first of which an edit list hides",
    container: "mp4",
    make: cut(coded(pq, `:master-display=${mastering}:max-cll=1000,400`, 1.2)),
    expected: kept({ transfer: "smpte2084", isGraded: true }, [h265, av1, ...both]),
  },
  {
    kind: "HDR10 graded in boxes alone",
    container: "mp4",
    make: patched(coded(pq), graded),
    expected: kept({ transfer: "smpte2084", isGraded: true }, [h265]),
  },
  {
    kind: "HLG of a phone, with Dolby Vision 8.4 in a box",
    container: "mp4",
    make: patched(coded(hlg), (bytes) => withBox(bytes, "hvc1", "dvvC", dolbyVision84)),
    expected: kept({ transfer: "arib-std-b67" }, both),
  },
  {
    kind: "PQ of P3 primaries, kept",
    container: "mp4",
    make: coded("color_primaries=smpte432:color_trc=smpte2084:colorspace=bt2020nc"),
    expected: kept({ transfer: "smpte2084" }, [h265]),
  },
  {
    kind: "interlaced HLG of 4:2:2 (ProRes)",
    container: "mov",
    make: ffmpegMakes(
      ["-f", "lavfi", "-i", "smptebars=s=320x180:r=50:d=1", ...beep({ seconds: 1 })],
      ["-vf", `interlace,format=yuv422p10le,setparams=${hlg}`, "-c:v", "prores_ks", "-flags", "+ilme+ildct"],
      ["-color_primaries", "bt2020", "-color_trc", "arib-std-b67", "-colorspace", "bt2020nc"],
      aac,
    ),
    expected: kept({ transfer: "arib-std-b67" }, [h265]),
  },
];
