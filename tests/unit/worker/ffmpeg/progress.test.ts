import { expect, test } from "bun:test";
import { etaSeconds, percent, ticks } from "#worker/ffmpeg/progress.ts";

async function* from(text: string) {
  yield* text.split("\n");
}

test("makes one tick of each report", async () => {
  const text = `frame=48
fps=61.20
bitrate= 400.1kbits/s
out_time_us=2000000
out_time=00:00:02.000000
speed= 1.5x
progress=continue
frame=N/A
fps=0.00
out_time_us=N/A
speed=N/A
progress=end
frame=50`;
  expect(await Array.fromAsync(ticks(from(text)))).toEqual([
    { frame: 48, seconds: 2, fps: 61.2, speed: 1.5 },
    { frame: 0, seconds: 0, fps: 0, speed: 0 },
  ]);
});

test("takes the time before the first packet, which ffmpeg writes as negative, for zero", async () => {
  const [tick] = await Array.fromAsync(ticks(from("out_time_us=-9223372036854775807\nprogress=continue")));
  expect(tick?.seconds).toBe(0);
});

test.each([
  [5, 10, 50],
  [11, 10, 100],
  [5, 0, 0],
  [5, undefined, 0],
])("%p s of %p s are %p percent", (seconds, duration, expected) => {
  expect(percent(seconds, duration)).toBe(expected);
});

test.each([
  [4, 10, 2, 3],
  [11, 10, 2, 0],
  [4, 10, 0, undefined],
  [4, undefined, 2, undefined],
])("at %p s of %p s and speed %p, %p s are left", (seconds, duration, speed, expected) => {
  expect(etaSeconds(seconds, duration, speed)).toBe(expected);
});
