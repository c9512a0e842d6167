import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { atom, element, number, text, uint16, uint32 } from "./atoms.ts";

const MiB = 2 ** 20;

const quickTime = atom("ftyp", Buffer.from("qt  \0\0\0\0qt  ", "latin1"));

/** An mp4 of 1 MB whose compressed index unfolds to a gigabyte. */
function unfolding() {
  const size = 1_024 * MiB;
  const index = Buffer.alloc(size);
  index.write("moov", 4, "latin1");
  index.writeUInt32BE(size, 0);
  index.writeUInt32BE(size - 8, 8);
  index.write("free", 12, "latin1");
  const packed = atom("cmvd", uint32(size), deflateSync(index, { level: 1 }));
  return Buffer.concat([quickTime, atom("moov", atom("cmov", atom("dcom", Buffer.from("zlib")), packed))]);
}

/** A PNG that says it is larger than any screen. */
function hugePicture() {
  const chunk = (name: string, content: Buffer) => {
    const body = Buffer.concat([Buffer.from(name, "latin1"), content]);
    return Buffer.concat([uint32(content.length), body, uint32(crc32(body))]);
  };
  const header = Buffer.concat([uint32(30_000), uint32(30_000), Buffer.from([8, 2, 0, 0, 0])]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = chunk("IDAT", deflateSync(Buffer.alloc(30_000)));
  return Buffer.concat([signature, chunk("IHDR", header), pixels, chunk("IEND", Buffer.alloc(0))]);
}

const [ebml, segment, tracks, track] = [0x1a45dfa3, 0x18538067, 0x1654ae6b, 0xae] as const;

/** Tracks that nobody needs, of one codec each. */
function streams(count: number) {
  const one = (n: number) =>
    element(track, number(0xd7, n + 1), number(0x73c5, n + 1), number(0x83, 1), text(0x86, "V_UNCOMPRESSED"));
  const all = Array.from({ length: count }, (_, n) => one(n));
  return Buffer.concat([element(ebml, text(0x4282, "matroska")), element(segment, element(tracks, ...all))]);
}

function nested(depth: number) {
  const boxes = Array.from({ length: depth }, (_, n) => [uint32(8 * (depth - n)), Buffer.from("moov")]).flat();
  return Buffer.concat([quickTime, ...boxes]);
}

/** An index whose tables say that they have four thousand million entries. */
const boastful = () => {
  const boast = Buffer.concat([uint32(0), uint32(2 ** 32 - 1)]);
  const sizes = Buffer.concat([uint32(0), uint32(0), uint32(2 ** 32 - 1)]);
  const tables = ["stsd", "stts", "ctts", "stsc", "stco", "co64", "stss"].map((name) => atom(name, boast));
  const table = atom("stbl", ...tables, atom("stsz", sizes));
  return Buffer.concat([quickTime, atom("moov", atom("trak", atom("mdia", atom("minf", table))))]);
};

/** A box that says it goes on for longer than there are disks. */
const endlessBox = () =>
  Buffer.concat([quickTime, uint32(1), Buffer.from("moov"), uint32(0x7fff_ffff), uint32(0xffff_ffff)]);

/** An mp3 behind a tag that says it is 256 MB, with a picture of 4 GB in it. */
const hugeTag = () =>
  Buffer.concat([
    Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0x7f, 0x7f, 0x7f, 0x7f]),
    Buffer.from("APIC"),
    uint32(2 ** 32 - 1),
    uint16(0),
    Buffer.alloc(1_000),
  ]);

/** An mp4 whose samples lie in another file, as aliases of QuickTime name one. */
async function elsewhere(file: string) {
  const bytes = Buffer.from(await Bun.file(await clip({ indexFirst: false, channels: 0 })).bytes());
  const path = Buffer.from(`${file}\0`);
  const alias = Buffer.concat([Buffer.alloc(150), uint16(2), uint16(path.length), path, uint16(0xffff), uint16(0)]);
  const dref = bytes.indexOf("dref") - 4;
  const replaced = atom("dref", uint32(0), uint32(1), atom("alis", uint32(0), alias));
  const grown = replaced.length - bytes.readUInt32BE(dref);
  for (const name of ["moov", "trak", "mdia", "minf", "dinf"]) {
    const at = bytes.lastIndexOf(name, dref) - 4;
    bytes.writeUInt32BE(bytes.readUInt32BE(at) + grown, at);
  }
  return Buffer.concat([bytes.subarray(0, dref), replaced, bytes.subarray(dref + replaced.length - grown)]);
}

/** Says that it has so many frames a second, in the AVI's own header. */
async function hasty() {
  const bytes = await made("avi", ["-f", "lavfi", "-i", "testsrc2=size=64x64:rate=10:duration=1", "-c:v", "mjpeg"]);
  const stream = bytes.indexOf("strh") + 8;
  bytes.writeUInt32LE(1, stream + 20);
  bytes.writeUInt32LE(2 ** 31 - 1, stream + 24);
  return bytes;
}

async function made(extension: string, args: readonly string[]) {
  const dir = await mkdtemp(join(tmpdir(), "flux-bomb-"));
  const path = join(dir, `bomb.${extension}`);
  await runFfmpeg([...args, path]);
  const bytes = Buffer.from(await Bun.file(path).bytes());
  await rm(dir, { recursive: true });
  return bytes;
}

const bytesOf = async (path: string) => Buffer.from(await Bun.file(path).bytes());
const sine = ["-f", "lavfi", "-i", "sine=duration=0.1", "-c:a", "pcm_s16le"];

/** Media that takes far more than it looks like, and media that names a file which it must not get. */
export const bombs: Record<string, (file: string) => Buffer | Promise<Buffer>> = {
  "a picture of 36 megapixels and more": async () =>
    bytesOf(await clip({ size: "8192x4400", rate: 1, seconds: 1, channels: 0 })),
  "a picture of 67 megapixels": async () =>
    bytesOf(await clip({ size: "8192x8192", rate: 1, seconds: 1, channels: 0 })),
  "a picture that only says that it is huge": hugePicture,
  "300 streams": () => made("mov", [...sine, ...Array(300).fill(["-map", "0"]).flat()]),
  "10,000 streams": () => streams(10_000),
  "an index that unfolds to a gigabyte": unfolding,
  "an index nested 100,000 times": () => nested(100_000),
  "tables that boast": boastful,
  "a box without end": endlessBox,
  "a tag of 256 MB": hugeTag,
  "samples in another file": elsewhere,
};

/** What ffmpeg does not refuse: it ends as a job, early or with the deadline. */
export const slowBombs: typeof bombs = {
  "timestamps that jump by hours": async () =>
    bytesOf(await clip({ gapSeconds: 36_000, container: "mkv", channels: 0 })),
  "sound that jumps by hours": () =>
    made("mkv", [
      ...["-f", "lavfi", "-i", "sine=duration=2", "-af", "asetpts='if(gt(N,20),PTS+36000/TB,PTS)'"],
      ...["-c:a", "aac"],
    ]),
  "two thousand million frames a second": hasty,
};
