import { expect, test } from "bun:test";
import { outcome } from "#tests/support/outcome.ts";
import { slowness } from "#tests/support/slowness.ts";
import { encode } from "#worker/ffmpeg/encode.ts";
import { makeDir, signal } from "./work.ts";

const script = (text: string) => ["sh", "-c", text] as const;
// A write is five times as often as it must be, and they take three times as long as a stall.
const times = Math.ceil(slowness());
const stallMs = 100 * times;
const writing = `for n in $(seq ${15 * times}); do echo $n >> film.mp4; sleep 0.02; done`;

test("an encode that reports nothing while it moves its file to put the index first is no stall", async () => {
  const plan = { args: [], outputDir: await makeDir() };
  const ticks = encode(plan, { signal, stallMs, ffmpeg: script(`${writing}; echo progress=end`) });
  expect(await Array.fromAsync(ticks)).toHaveLength(1);
});

test("an encode that reports nothing and writes no more is ended", async () => {
  const plan = { args: [], outputDir: await makeDir() };
  const ticks = encode(plan, {
    signal,
    stallMs,
    ffmpeg: script(`${writing}; while :; do sleep 0.05; done`),
  });
  expect(await outcome(Array.fromAsync(ticks))).toThrow(`no progress for ${stallMs / 1_000} s`);
});
