import { expect, test } from "bun:test";
import { outcome } from "#tests/support/outcome.ts";
import { encode } from "#worker/ffmpeg/encode.ts";
import { makeDir, signal } from "./work.ts";

const script = (text: string) => ["sh", "-c", text] as const;
const writing = "for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do echo $n >> film.mp4; sleep 0.02; done";

test("an encode that reports nothing while it moves its file to put the index first is no stall", async () => {
  const plan = { args: [], outputDir: await makeDir() };
  const ticks = encode(plan, { signal, stallMs: 100, ffmpeg: script(`${writing}; echo progress=end`) });
  expect(await Array.fromAsync(ticks)).toHaveLength(1);
});

test("an encode that reports nothing and writes no more is ended", async () => {
  const plan = { args: [], outputDir: await makeDir() };
  const ticks = encode(plan, {
    signal,
    stallMs: 100,
    ffmpeg: script(`${writing}; while :; do sleep 0.05; done`),
  });
  expect(await outcome(Array.fromAsync(ticks))).toThrow("no progress for 0.1 s");
});
