import { expect, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "#tests/support/made-folders.ts";
import { packets, planned, source } from "#tests/support/plan-sources.ts";
import { hasRoom } from "#worker/pieces/room.ts";

test("there must be room for the pieces that are missing and for all of them once more", async () => {
  const { film } = planned("720p_h264", source({ packets: packets({}) }));
  if (!film) throw new Error("it has pictures");
  const folder = await makeFolder("flux-room-");
  await mkdir(join(folder, "0"));
  await writeFile(join(folder, "0", "0.1.mp4"), Buffer.alloc(1_000));
  const pieces = [
    { from: 0, to: 100 },
    { from: 100, to: 300 },
  ];
  const known = { film, pieces, stored: { folder, dirOf: (at: number) => join(folder, String(at)) } };
  const isFirst = (at: number) => at === 0;
  expect(await hasRoom(known, isFirst, async () => 5_001)).toBe(true);
  expect(await hasRoom(known, isFirst, async () => 5_000)).toBe(false);
  expect(
    await hasRoom(
      known,
      () => false,
      async () => 0,
    ),
  ).toBe(true);
});
