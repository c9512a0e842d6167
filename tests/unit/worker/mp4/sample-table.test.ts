import { expect, test } from "bun:test";
import { viewOf } from "#worker/mp4/boxes.ts";
import { readSamples } from "#worker/mp4/sample-table.ts";

const numbers = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, at * 4);
  return bytes;
};

const box = (type: string, body: Buffer) =>
  Buffer.concat([numbers(body.length + 8), Buffer.from(type, "latin1"), body]);

/** Three samples of 10, 20 and 30 bytes in two chunks, the second of which holds the last one. */
const parts = {
  stts: numbers(0, 2, 2, 512, 1, 256),
  ctts: numbers(0, 2, 1, 1_024, 2, 0),
  stss: numbers(0, 1, 1),
  stsz: numbers(0, 0, 3, 10, 20, 30),
  stsc: numbers(0, 2, 1, 2, 1, 2, 1, 1),
  stco: numbers(0, 2, 100, 200),
};

function read(changed: Readonly<Record<string, Buffer>> = {}, { isSound = false, fileBytes = 230 } = {}) {
  const boxes = Object.entries({ ...parts, ...changed }).map(([type, body]) => box(type, body));
  return readSamples(viewOf(Buffer.concat(boxes)), isSound, fileBytes);
}

test("tells of each sample when it is decoded and shown, how long it lasts, and where it lies", () => {
  const samples = read();
  expect(samples).toMatchObject({ decoded: [0, 512, 1_024], shown: [1_024, 512, 1_024], durations: [512, 512, 256] });
  expect(samples).toMatchObject({ sizes: [10, 20, 30], positions: [100, 110, 200], isSteady: true });
  expect([0, 1, 2].map((at) => samples?.isKeyframe(at))).toEqual([true, false, false]);
  expect(read({ stts: numbers(0, 2, 1, 512, 2, 256) })?.isSteady).toBe(false);
});

test.each<[string, Readonly<Record<string, Buffer>>]>([
  ["holds a box that is not known", { stps: numbers(0, 0) }],
  ["says of sound how it may be begun, and is a picture's", { sgpd: numbers(0, 0) }],
  ["has times for more samples than there are", { stts: numbers(0, 1, 4, 512) }],
  ["has times for fewer", { stts: numbers(0, 1, 2, 512) }],
  ["claims more runs than it has", { stts: numbers(0, 9, 3, 512) }],
  ["has samples at the same time", { stts: numbers(0, 2, 1, 0, 2, 512) }],
  ["has a sample that is shown before it is decoded", { ctts: numbers(0, 1, 3, 0xff_ff_ff_00) }],
  ["claims more sizes than it has", { stsz: numbers(0, 0, 4, 10, 20, 30) }],
  ["claims any number of samples of one size", { stsz: numbers(0, 7, 0xff_ff_ff_ff) }],
  ["has chunks for fewer samples", { stco: numbers(0, 1, 100) }],
])("a table that %s is left to others", (_, changed) => {
  expect(read(changed)).toBeUndefined();
});

test("a sample beyond the end of the file is no sample, and what sound says of its priming is let be", () => {
  expect(read({}, { fileBytes: 229 })).toBeUndefined();
  expect(read({ sgpd: numbers(0, 0) }, { isSound: true })).toBeDefined();
});
