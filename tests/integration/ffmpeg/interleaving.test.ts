import { expect, test } from "bun:test";
import { join } from "node:path";
import { runFfmpeg } from "#tests/support/clips.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { makeDir, makeOutput } from "./work.ts";

const preset = presetNamed(await loadPresets(), "hls_720p");

/** When the packets of a kind in a file begin and end, in seconds, as ffprobe reads them. */
async function timesIn(path: string, kind: "v" | "a") {
  const asked = ["-v", "error", "-select_streams", kind, "-show_entries", "packet=pts_time", "-of", "csv=p=0"];
  const text = await Bun.$`ffprobe ${asked} ${path}`.text();
  const times = text.split(/[\n,]/).filter(Boolean).map(Number);
  return { first: Math.min(...times), last: Math.max(...times) };
}

const sound = ["-f", "lavfi", "-i", "sine=frequency=400:duration=27"];
const sources = {
  "a picture that ends long before the sound": ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=2"],
  "slides that each stand for long": ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=1/9:duration=27"],
};

// By itself a muxer waits for 10 s, and then writes into a segment all the sound that it has.
test.each(Object.entries(sources))("of %s each segment has the sound of its time", async (_, picture) => {
  const dir = await makeDir();
  const input = join(dir, "source.mkv");
  await runFfmpeg([...picture, ...sound, "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", input]);
  const output = await makeOutput(input, preset);
  const segments = output.files.map(({ name }) => name).filter((name) => name.endsWith(".ts"));
  expect(segments).toHaveLength(5);
  for (const name of segments) {
    const path = join(output.dir, name);
    const [pictures, sounds] = [await timesIn(path, "v"), await timesIn(path, "a")];
    expect(Math.abs(sounds.first - pictures.first)).toBeLessThan(0.3);
    expect(Math.abs(sounds.last - pictures.last)).toBeLessThan(0.3);
  }
});
