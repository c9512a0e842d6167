import { describe, expect, test } from "bun:test";
import { tracksIn } from "#worker/ffmpeg/matroska.ts";

/** An element with an id as it is written, and a size of two bytes. */
const element = (id: number[], ...body: Uint8Array[]) => {
  const bytes = Buffer.concat(body);
  return Buffer.from([...id, 0x40 | (bytes.length >> 8), bytes.length & 0xff, ...bytes]);
};
const text = (value: string) => Buffer.from(value, "latin1");
const header = element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], text("matroska")));
const segment = (...children: Uint8Array[]) => element([0x18, 0x53, 0x80, 0x67], ...children);
const tracks = (...entries: Uint8Array[]) => element([0x16, 0x54, 0xae, 0x6b], ...entries);
const entry = (type: number, codec: string, ...more: Uint8Array[]) =>
  element([0xae], element([0x83], Buffer.from([type])), element([0x86], text(codec)), ...more);
const cluster = element([0x1f, 0x43, 0xb6, 0x75], element([0xe7], Buffer.from([0])));
const encodings = element([0x6d, 0x80], element([0x62, 0x40], Buffer.from([0])));

describe("the tracks of a Matroska file", () => {
  test("name the codecs of its pictures alone", () => {
    const head = Buffer.concat([header, segment(tracks(entry(1, "V_VP9"), entry(2, "A_OPUS")), cluster)]);
    expect(tracksIn(head)).toEqual({ pictures: ["V_VP9"], arePlain: true });
  });

  test("are not plain where one of them is compressed or encrypted", () => {
    const head = Buffer.concat([header, segment(tracks(entry(1, "V_MPEG4/ISO/AVC", encodings)), cluster)]);
    expect(tracksIn(head)).toEqual({ pictures: ["V_MPEG4/ISO/AVC"], arePlain: false });
  });

  test.each([
    ["have not been read to their end", Buffer.concat([header, segment(tracks(entry(1, "V_VP9")))])],
    ["lie behind the pictures, out of reach", Buffer.concat([header, segment(cluster)])],
    ["are those of no Matroska", Buffer.from("RIFF....WAVEfmt ................")],
    ["are not there", Buffer.alloc(0)],
  ])("are not known where they %s", (_, head) => {
    expect(tracksIn(head)).toBeUndefined();
  });
});
