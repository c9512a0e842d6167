import { expect, test } from "bun:test";
import { lines } from "#worker/ffmpeg/lines.ts";

async function* inChunks(text: string, size: number) {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test.each([1, 2, 7, 4_096])("finds the same lines in chunks of %i bytes", async (size) => {
  const text = "frame=1\r\nnäme=é\n\nlast without an end";
  expect(await Array.fromAsync(lines(inChunks(text, size)))).toEqual(["frame=1", "näme=é", "", "last without an end"]);
});

test("gives out an endless line in pieces instead of keeping it", async () => {
  const pieces = await Array.fromAsync(lines(inChunks("x".repeat(200_000), 10_000)));
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.join("")).toHaveLength(200_000);
});
