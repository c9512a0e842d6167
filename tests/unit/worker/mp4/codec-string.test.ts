import { expect, test } from "bun:test";
import { box } from "#tests/support/fmp4-boxes.ts";
import { codecStrings } from "#worker/mp4/codec-string.ts";

const bytes = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex");

/** An init segment whose one track has this sample entry. */
const init = (entry: string, fields: number, ...boxes: readonly Uint8Array[]) => {
  const stsd = box("stsd", [0, 1], box(entry, new Uint8Array(fields), ...boxes));
  return box("moov", box("trak", box("mdia", box("minf", box("stbl", stsd)))));
};
const video = (entry: string, config: string, record: string) =>
  init(entry, 78, box("pasp", [1, 1]), box(config, bytes(record)));
const sound = (entry: string, ...boxes: readonly Uint8Array[]) => init(entry, 28, ...boxes);
const esds = (descriptors: string) => box("esds", bytes(`00000000 ${descriptors}`));

test.each([
  ["avc1.64001f", video("avc1", "avcC", "01 64 00 1f ff e1 00")],
  ["avc3.42c00d", video("avc3", "avcC", "01 42 c0 0d ff e1 00")],
  ["hvc1.1.6.L93.b0", video("hvc1", "hvcC", "01 01 60000000 b00000000000 5d f000")],
  ["hev1.2.4.H150.90.0.1", video("hev1", "hvcC", "01 22 20000000 900001000000 96 f000")],
  ["hvc1.A1.80000000.L60", video("hvc1", "hvcC", "01 41 00000001 000000000000 3c f000")],
  ["av01.0.04M.08", video("av01", "av1C", "81 04 0c 00")],
  ["av01.1.19H.10", video("av01", "av1C", "81 33 c0 00")],
  ["av01.2.08M.12", video("av01", "av1C", "81 48 60 00")],
  ["vp09.02.31.10", video("vp09", "vpcC", "01000000 02 1f a2 09 09 09 0000")],
  ["mp4a.40.2", sound("mp4a", esds("03 19 0001 00 04 11 40 15 000000 0001f400 0001f400 05 02 1190 06 01 02"))],
  // Lengths of several bytes, as ffmpeg writes them.
  [
    "mp4a.40.5",
    sound("mp4a", esds("03 808080 22 0001 00 04 808080 14 40 15 000000 0001f400 0001f400 05 808080 02 2b92")),
  ],
  ["mp4a.40.42", sound("mp4a", esds("03 19 0001 00 04 11 40 15 000000 0001f400 0001f400 05 02 f940"))],
  ["mp4a.6b", sound("mp4a", esds("03 15 0001 00 04 0d 6b 15 000000 0001f400 0001f400 06 01 02"))],
  ["opus", sound("Opus", box("dOps", bytes("00 02 0138 0000bb80 0000 00")))],
  ["ec-3", sound("ec-3")],
])("names %s", (name, segment) => {
  expect(codecStrings(segment)).toEqual([name]);
});

test.each([
  ["nothing", new Uint8Array()],
  ["a track of text", init("wvtt", 8)],
  ["a picture without its record", init("avc1", 78)],
  ["an entry that is cut off", init("avc1", 20)],
])("of %s nothing is said", (_, segment) => {
  expect(codecStrings(segment)).toEqual([]);
});

test("a record that is cut off is read as if zeros followed", () => {
  expect(codecStrings(video("hvc1", "hvcC", "01"))).toEqual(["hvc1.0.0.L0"]);
  expect(codecStrings(sound("mp4a", esds("03")))).toEqual(["mp4a.00"]);
});
