import { expect, test } from "bun:test";
import { frameHeaders, makeFrameCounter } from "#worker/mpegts/frame-counter.ts";

/** A frame of E-AC-3 of so many words of 16 bits. */
const frame = (words: number) => {
  const bytes = new Uint8Array(words * 2);
  bytes.set([0x0b, 0x77, (words - 1) >> 8, (words - 1) & 0xff]);
  return bytes;
};

function counted(stream: Uint8Array, step: number) {
  const header = frameHeaders.get(0x87);
  if (!header) throw new Error("E-AC-3 is not counted");
  const counter = makeFrameCounter(header);
  let count = 0;
  for (let at = 0; at < stream.length; at += step) count += counter.add(stream.subarray(at, at + step));
  return { count, isWhole: counter.isWhole() };
}

test.each([1, 3, 184, 5_000])("frames of E-AC-3 are counted in pieces of %i bytes", (step) => {
  const stream = Buffer.concat([frame(768), frame(192), frame(768)]);
  expect(counted(stream, step)).toEqual({ count: 3, isWhole: true });
  expect(counted(stream.subarray(0, -1), step).isWhole).toBe(false);
});

test("what does not begin as a frame breaks the stream", () => {
  expect(counted(Buffer.concat([frame(192), Buffer.alloc(10)]), 100).isWhole).toBe(false);
});
