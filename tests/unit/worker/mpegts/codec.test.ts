import { expect, test } from "bun:test";
import { adts, packet, pes, tables } from "#tests/support/mpegts-packets.ts";
import { describeStream } from "#worker/mpegts/codec.ts";
import { makeTsReader } from "#worker/mpegts/segment.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const h264 = "00000001 09f0 00000001 67 64001f acd9405005bb 00000001 68ebe3cb";
// Zeros in a parameter set are kept apart by a 3.
const h265 =
  "00000001 460150 00000001 40010c01ffff 00000001 4201 01 0160000003 0090000003 000003005d a00280 00000001 4401c1";

test.each([
  ["H.264", 0x1b, hex(h264), "avc1.64001f"],
  ["H.265", 0x24, hex(h265), "hvc1.1.6.L93.90"],
  ["AAC", 0x0f, Buffer.from(adts(40)), "mp4a.40.2"],
  ["MP3", 0x03, hex("fffb9064"), "mp4a.40.34"],
  ["H.264 without a parameter set", 0x1b, hex("00000001 09f0 00000001 6588"), undefined],
  ["a parameter set that is cut off", 0x1b, hex("00000001 6764"), undefined],
  ["private data", 0x06, hex("ffffff"), undefined],
  ["nothing", 0x0f, hex(""), undefined],
])("%s is named as players ask for it", (_, type, head, codec) => {
  expect(describeStream(type, head).codec).toBe(codec as "avc1.64001f");
});

test("a segment tells what each of its streams is, also where packets divide its parameter set", () => {
  const bytes = hex(h264);
  const reader = makeTsReader();
  reader.read(tables({ pid: 256, type: 0x1b }, { pid: 257, type: 0x0f }));
  reader.read(pes(256, 0, 0, [...bytes.subarray(0, 12)]));
  reader.read(packet(256, [...bytes.subarray(12)]));
  reader.read(pes(257, 0, 0, adts(20)));
  expect(reader.end()?.map(({ codec }) => codec)).toEqual(["avc1.64001f", "mp4a.40.2"]);
});
