import { expect, test } from "bun:test";
import { animationIn } from "#worker/overlays/animation.ts";

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))));
const u16 = (value: number) => [value & 255, value >> 8];

/** A GIF of 200x100 with a table of two colours, and a picture for each delay in hundredths of a second. */
const gif = (delays: readonly number[], ...extensions: Buffer[]) =>
  bytes(
    ...[
      "GIF89a",
      [...u16(200), ...u16(100), 0x80, 0, 0],
      [0, 0, 0, 255, 255, 255],
      ...extensions.map((one) => [...one]),
    ],
    ...delays.map((delay) => [
      ...[0x21, 0xf9, 4, 0, ...u16(delay), 0, 0],
      ...[0x2c, ...u16(0), ...u16(0), ...u16(1), ...u16(1), 0, 2, 2, 0x44, 1, 0],
    ]),
    [0x3b],
  );
const repeated = (times: number) => bytes([0x21, 0xff, 11], "NETSCAPE2.0", [3, 1, ...u16(times), 0]);

test("a GIF plays once, or again as often as it says, and too short a moment is a tenth of a second", () => {
  expect(animationIn(gif([10, 0, 1, 50]))).toEqual({
    ...{ width: 200, height: 100, frames: 4, seconds: expect.closeTo(0.8, 9), plays: 1 },
  });
  expect(animationIn(gif([10, 10], repeated(0)))?.plays).toBeUndefined();
  expect(animationIn(gif([10, 10], repeated(2)))?.plays).toBe(3);
  expect(animationIn(gif([10]))).toBeUndefined();
});

const chunk = (type: string, data: number[]) =>
  bytes([0, 0, data.length >> 8, data.length & 255], type, data, [0, 0, 0, 0]);
const png = (...chunks: Buffer[]) =>
  Buffer.concat([bytes("\x89PNG\r\n\x1a\n"), chunk("IHDR", [0, 0, 0, 200, 0, 0, 0, 100, 8, 6, 0, 0, 0]), ...chunks]);
const control = (over: number, under: number) => chunk("fcTL", [...Array(20).fill(0), 0, over, 0, under, 0, 0]);

test("an animated PNG says how long each picture lasts as a fraction", () => {
  const animated = [control(1, 30), chunk("IDAT", [1]), control(5, 0)];
  const twice = png(chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 2]), ...animated);
  expect(animationIn(twice)).toEqual({
    ...{ width: 200, height: 100, frames: 2, seconds: expect.closeTo(1 / 30 + 0.05, 9), plays: 2 },
  });
  expect(animationIn(png(chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0]), ...animated))?.plays).toBeUndefined();
  // Others take it for one picture.
  expect(animationIn(png(...animated))).toBeUndefined();
});

const riff = (type: string, data: number[]) =>
  bytes(type, [...u16(data.length), 0, 0], data, data.length % 2 === 1 ? [0] : []);
const frame = (ms: number) => riff("ANMF", [...Array(12).fill(0), ...u16(ms), 0, 0, 9]);

test("an animated WebP says how long each picture lasts in milliseconds", () => {
  const parts = [riff("VP8X", [2, 0, 0, 0, 199, 0, 0, 99, 0, 0]), riff("ANIM", [0, 0, 0, 0, 1, 0])];
  const file = Buffer.concat([bytes("RIFF", [0, 0, 0, 0], "WEBP"), ...parts, frame(250), frame(5)]);
  expect(animationIn(file)).toEqual({ width: 200, height: 100, frames: 2, seconds: expect.closeTo(0.35, 9), plays: 1 });
});

test("whatever the bytes are, it ends", () => {
  const whole = [gif([10, 10], repeated(2)), png(control(1, 30), control(1, 30))];
  for (const file of whole) {
    for (let length = 0; length < file.length; length++) animationIn(file.subarray(0, length));
    for (let at = 4; at < file.length; at++) animationIn(file.with(at, 0xff));
  }
  expect(animationIn(bytes("RIFF", [0, 0, 0, 0], "WEBP", "ANMF", [0, 0, 0, 0]))).toBeUndefined();
  expect(animationIn(Buffer.alloc(0))).toBeUndefined();
});
