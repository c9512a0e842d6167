import { expect, test } from "bun:test";
import { readChannels } from "#worker/captions/read.ts";

const unit = (...triplets: readonly (readonly number[])[]) => [
  ...[0, 0, 1, 6, 4, 50, ...Buffer.from("\xb5\x00\x31GA94\x03", "latin1")],
  ...[0x40 | triplets.length, 0xff, ...triplets.flat(), 0xff, 0x80],
];

async function* inPieces(bytes: readonly number[], size: number) {
  for (let at = 0; at < bytes.length; at += size) yield Uint8Array.from(bytes.slice(at, at + size));
}

const channelsOf = (bytes: readonly number[], size = 4_096) => readChannels(inPieces(bytes, size));

test.each<[string, readonly (readonly number[])[], readonly string[]]>([
  ["nothing", [], []],
  [
    "padding",
    [
      [0xfc, 0x80, 0x80],
      [0xfd, 0x80, 0x80],
      [0xfa, 0, 0],
    ],
    [],
  ],
  ["letters alone", [[0xfc, 0xc1, 0xc2]], []],
  ["what is not valid", [[0xf8, 0x94, 0x20]], []],
  ["the first channel of the first field", [[0xfc, 0x94, 0x20]], ["CC1"]],
  ["the second", [[0xfc, 0x1c, 0x20]], ["CC2"]],
  [
    "both of the second field",
    [
      [0xfd, 0x94, 0x20],
      [0xfd, 0x9d, 0x20],
    ],
    ["CC3", "CC4"],
  ],
  [
    "text that is no caption",
    [
      [0xfc, 0x94, 0x2a],
      [0xfc, 0x94, 0xab],
    ],
    [],
  ],
  ["data about the programme", [[0xfd, 0x01, 0x03]], []],
  [
    "a service",
    [
      [0xff, 0x02, 0x22],
      [0xfe, 0x41, 0x42],
    ],
    ["SERVICE1"],
  ],
  ["an empty service", [[0xff, 0x02, 0x20]], []],
  ["a service of a longer number", [[0xff, 0x02, 0xe2]], []],
])("%s", async (_, triplets, channels) => {
  expect<readonly string[]>(await channelsOf(unit(...triplets))).toEqual(channels);
});

test.each([1, 2, 3, 7, 64])("finds the same in pieces of %i bytes", async (size) => {
  const bytes = [...unit([0xfc, 0x94, 0x20]), 0, ...unit([0xfd, 0x94, 0x20]), ...unit([0xff, 0x02, 0x42])];
  expect(await channelsOf(bytes, size)).toEqual(["CC1", "CC3", "SERVICE2"]);
});

test("takes out the bytes that keep start codes from arising", async () => {
  const bytes = unit([0xfa, 0, 0], [0xfc, 0x94, 0x20]);
  const zeros = bytes.indexOf(0xfa) + 3;
  const escaped = [...bytes.slice(0, zeros), 3, ...bytes.slice(zeros)];
  expect(await channelsOf(escaped)).toEqual(["CC1"]);
});

test("a unit without end takes no memory", async () => {
  async function* endless() {
    for (let at = 0; at < 2_000; at += 1) yield new Uint8Array(64 * 1_024).fill(0xff);
    yield Uint8Array.from(unit([0xfc, 0x94, 0x20]));
  }
  expect(await readChannels(endless())).toEqual(["CC1"]);
});
