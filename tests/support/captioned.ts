import { rm } from "node:fs/promises";
import { clip, runFfmpeg } from "./clips.ts";

/** The captions of one picture: three bytes each, a head and two of data (ATSC A/53). */
export type Triplets = readonly (readonly [number, number, number])[];

/** A silent clip in H.264 whose pictures hold these captions; `file` ends in its container. */
export async function captionedClip(file: string, triplets: (picture: number) => Triplets, rate: number | string = 30) {
  const plain = await clip({ seconds: 2, channels: 0, rate });
  const raw = `${file}.h264`;
  // Unlike a time base of mp4, a raw stream has its pictures in the order in which they are shown: the clip has no B frames.
  await runFfmpeg(["-i", plain, "-map", "0:v", "-c", "copy", "-bsf:v", "h264_mp4toannexb", "-f", "h264", raw]);
  await Bun.write(raw, withCaptions(Buffer.from(await Bun.file(raw).arrayBuffer()), triplets));
  await runFfmpeg(["-r", String(rate), "-i", raw, "-c", "copy", file]);
  await rm(raw);
}

/** "HI" of CEA-608: loaded, placed in the last row, written, shown at 0.2 s; and taken away after 1.5 s, at 30 pictures a second. */
export function hi(picture: number): Triplets {
  const codes = [
    [0x94, 0x20],
    [0x94, 0x20],
    [0x94, 0xe0],
    [0x94, 0xe0],
    [0xc8, 0x49],
    [0x94, 0x2f],
    [0x94, 0x2f],
  ];
  const [first = 0x80, second = 0x80] = codes[picture] ?? (picture === 45 || picture === 46 ? [0x94, 0x2c] : []);
  return [[0xfc, first, second]];
}

const startCode = Buffer.from([0, 0, 1]);

function withCaptions(stream: Buffer, triplets: (picture: number) => Triplets): Buffer {
  let picture = 0;
  return Buffer.concat(
    unitsOf(stream).flatMap((unit) => {
      const isPicture = [1, 5].includes((unit[0] ?? 0) & 0x1f) && ((unit[1] ?? 0) & 0x80) !== 0;
      const captions = isPicture ? triplets(picture++) : [];
      return captions.length > 0 ? [startCode, seiOf(captions), startCode, unit] : [startCode, unit];
    }),
  );
}

function seiOf(triplets: Triplets): Buffer {
  const data = [
    ...Buffer.from("\xb5\x00\x31GA94\x03", "latin1"),
    0x40 | triplets.length,
    0xff,
    ...triplets.flat(),
    0xff,
  ];
  return Buffer.from([6, 4, data.length, ...data, 0x80]);
}

function unitsOf(stream: Buffer): Buffer[] {
  const units: Buffer[] = [];
  let begin = stream.indexOf(startCode);
  while (begin >= 0) {
    const next = stream.indexOf(startCode, begin + 3);
    units.push(stream.subarray(begin + 3, next < 0 ? undefined : next));
    begin = next;
  }
  return units;
}

const kinds = {
  h264: { filter: "h264_mp4toannexb", isSei: (unit: Buffer) => ((unit[0] ?? 0) & 0x1f) === 6 },
  hevc: { filter: "hevc_mp4toannexb", isSei: (unit: Buffer) => (((unit[0] ?? 0) >> 1) & 0x3f) === 39 },
};

/** All bytes of the first field's captions in a file, in hex, in the order in which its pictures are shown. */
export async function captionBytes(file: string, codec: keyof typeof kinds = "h264"): Promise<string> {
  const { filter, isSei } = kinds[codec];
  const source = ["-v", "error", "-i", file];
  const stream = await outputOf([
    "ffmpeg",
    ...source,
    "-map",
    "0:v:0",
    "-c",
    "copy",
    "-bsf:v",
    filter,
    "-f",
    codec,
    "-",
  ]);
  const found = unitsOf(stream).filter((unit) => isSei(unit) && unit.includes("GA94"));
  const query = ["-select_streams", "v:0", "-show_entries", "packet=pts_time", "-print_format", "csv=p=0"];
  const times = (await outputOf(["ffprobe", ...source, ...query]))
    .toString()
    .trim()
    .split(/\s+/)
    .map(Number.parseFloat);
  // Units come in the order in which pictures are coded.
  const isOneEach = found.length === times.length;
  const order = (at: number) => (isOneEach ? (times[at] ?? 0) : at);
  const sorted = found.map((unit, at) => ({ unit, at })).sort((one, other) => order(one.at) - order(other.at));
  return sorted.map(({ unit }) => firstFieldOf(unit)).join("");
}

async function outputOf(argv: string[]): Promise<Buffer> {
  const child = Bun.spawn(argv, { stdio: ["ignore", "pipe", "inherit"] });
  return Buffer.from(await new Response(child.stdout).arrayBuffer());
}

function firstFieldOf(unit: Buffer): string {
  const begin = unit.indexOf("GA94\x03", 0, "latin1") + 5;
  if (begin < 5) return "";
  const count = (unit[begin] ?? 0) & 0x1f;
  const triplets = Array.from({ length: count }, (_, at) => unit.subarray(begin + 2 + at * 3, begin + 5 + at * 3));
  return triplets.flatMap(([head, ...data]) => (head === 0xfc ? [Buffer.from(data).toString("hex")] : [])).join("");
}
