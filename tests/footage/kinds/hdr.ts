import { expect } from "bun:test";
import { join } from "node:path";
import { makeOutput } from "#tests/integration/ffmpeg/work.ts";
import { aac, beep, ffmpegMakes, type Maker, patched, withBox } from "#tests/support/footage.ts";
import { pictureOf } from "#tests/support/picture-of.ts";
import type { Film, Kind, Made } from "../kind.ts";

import { bt709, film, ladders, poster, tagsOf } from "./colour.ts";

const x265 = (params: string) => [
  ...["-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-x265-params", `log-level=error${params}`],
];
const tagged = (tags: string): Maker =>
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
export const graded = (bytes: Buffer) => {
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

export const hdr: readonly Kind[] = [
  { kind: "HDR10", container: "mp4", make: tagged(pq("bt2020", "bt2020nc")), expected: mapped },
  {
    kind: "HDR10 with its mastering display in boxes",
    container: "mp4",
    make: patched(tagged(pq("bt2020", "bt2020nc")), graded),
    expected: mapped,
  },
  {
    kind: "HLG",
    container: "mp4",
    make: tagged("color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc"),
    expected: mapped,
  },
  { kind: "PQ of BT.709 primaries (games)", container: "mp4", make: tagged(pq("bt709", "bt709")), expected: mapped },
  { kind: "PQ of P3 primaries", container: "mp4", make: tagged(pq("smpte432", "bt2020nc")), expected: mapped },
  {
    kind: "PQ that does not say its matrix",
    container: "mp4",
    make: tagged("color_primaries=bt2020:color_trc=smpte2084:colorspace=unknown"),
    expected: mapped,
  },
];
