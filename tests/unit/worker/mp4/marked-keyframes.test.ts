import { expect, test } from "bun:test";
import { areMarked } from "#worker/mp4/marked-keyframes.ts";

/** A unit of H.264 with this header and contents, behind its length. */
function unit(header: number, ...contents: readonly number[]): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(1 + contents.length);
  return Buffer.concat([length, Buffer.of(header, ...contents)]);
}

const instant = unit(0x65, 1, 2, 3);
const other = unit(0x41, 1, 2, 3);
const message = (type: number, ...bytes: readonly number[]) => unit(0x06, type, bytes.length, ...bytes, 0x80);

/** Whether pictures are marked as they should be of which the first alone is said to be a keyframe. */
function isMarked(...pictures: readonly Buffer[]): boolean {
  const sizes = pictures.map(({ length }) => length);
  const positions = sizes.map((_, at) => sizes.slice(0, at).reduce((sum, size) => sum + size, 0));
  const samples = { decoded: [], shown: [], durations: [], isSteady: true, sizes, positions };
  return areMarked(Buffer.concat(pictures), { ...samples, isKeyframe: (sample) => sample === 0 });
}

const joined = (...units: readonly Buffer[]) => Buffer.concat(units);

test("keyframes are pictures with which decoding may begin, and no others are", () => {
  expect(isMarked(joined(message(5, 9, 9), instant), joined(message(1, 0), other), other)).toBe(true);
  expect(isMarked(other, other)).toBe(false);
  expect(isMarked(instant, instant)).toBe(false);
});

test("a picture with which decoding may begin by a message alone is not sure", () => {
  expect(isMarked(instant, joined(message(6, 0x84), other))).toBe(false);
  const two = unit(0x06, 4, 1, 0, 6, 1, 0x84, 0x80);
  expect(isMarked(instant, joined(two, other))).toBe(false);
});

test("a picture of more units than any has is left to others", () => {
  const units = Array.from({ length: 4_095 }, () => unit(0x41, 1));
  expect(isMarked(joined(instant, ...units))).toBe(true);
  expect(isMarked(joined(instant, ...units, other))).toBe(false);
});

test("units that do not fill their picture are damaged", () => {
  expect(isMarked(instant, other.subarray(0, -1))).toBe(false);
  expect(isMarked(instant, joined(other, Buffer.of(0, 0, 0)))).toBe(false);
  expect(isMarked(instant, joined(other, Buffer.of(0, 0, 0, 0)))).toBe(false);
});
