import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { shape } from "#tests/footage/kinds/shape.ts";
import { sound } from "#tests/footage/kinds/sound.ts";
import { chromiumPath, startBrowser } from "#tests/support/browser.ts";
import { beep, ffmpegMakes, flash, footage, type Maker } from "#tests/support/footage.ts";
import { playAll, type Stage } from "#tests/support/players/play-all.ts";
import { serveOutputs } from "#tests/support/players/server.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import { temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let stage: Stage;

beforeAll(async () => {
  if (!chromiumPath) return;
  const { path: root } = stack.use(await temporaryFolder());
  stage = { browser: stack.use(await startBrowser()), root, url: stack.use(serveOutputs(root)).url };
});
afterAll(() => stack.disposeAsync());

const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];
const aac = ["-c:a", "aac", "-b:a", "96k"];

type Played = { kind: string; container: string; make: Maker; flashes?: number };
const kindOf = (kinds: readonly Played[], words: string): Played => {
  const found = kinds.find(({ kind }) => kind.startsWith(words));
  if (!found) throw new Error(`there is no kind of footage that begins with ${words}`);
  return found;
};

/** What differs on the way, and how many flashes are to be seen beside a beep. */
const played: readonly Played[] = [
  { ...kindOf(sound, "sound goes from stereo to 5.1"), flashes: 5 },
  { ...kindOf(sound, "sound goes from 5.1 to stereo"), flashes: 5 },
  {
    kind: "a picture stands for five seconds while sound goes on",
    container: "mkv",
    make: ffmpegMakes(
      flash({ seconds: 8, filters: ",select='lt(t,2)+gte(t,7)'" }),
      beep({ seconds: 8 }),
      ["-fps_mode", "vfr"],
      h264,
      aac,
    ),
    flashes: 3,
  },
  {
    kind: "the picture ends before the sound",
    container: "mp4",
    make: ffmpegMakes(flash({ seconds: 3 }), beep({ seconds: 6 }), h264, aac),
    flashes: 3,
  },
  {
    kind: "the sound ends before the picture",
    container: "mp4",
    make: ffmpegMakes(flash({ seconds: 6 }), beep({ seconds: 3 }), h264, aac),
    flashes: 3,
  },
  kindOf(shape, "the picture grows on the way"),
  kindOf(shape, "the picture turns upright"),
];

const shapes = segmentedShapes.filter(({ name }) => ["hls_ts", "hls_fmp4", "cmaf"].includes(name));
// Playing takes as long as the film: each kind in two of the three shapes.
const pairs = played.flatMap((one, at) =>
  shapes
    .filter((_, index) => (at + index) % 3 !== 0)
    .map((preset) => [one.kind, preset.name, at, one, preset] as const),
);

describe.skipIf(!chromiumPath)("plays to its end without a stall", () => {
  test.each(pairs)("%s: %s", async (_, name, at, { kind, container, make, flashes = 0 }, preset) => {
    const input = await footage(make, container, [kind, await Bun.file(import.meta.path).text()]);
    for (const playback of await playAll(stage, input, preset, `${name}-${at}`)) {
      const { of, how, stalls, errors, beeps } = playback;
      expect({ of, how, stalls, errors }).toEqual({ of, how: "ended", stalls: [], errors: [] });
      const together = playback.flashes.map((flash) => Math.min(...beeps.map((beep) => Math.abs(flash - beep))));
      const close = together.filter((seconds) => seconds <= 0.021);
      // A browser that has too little time leaves out pictures: most of them tell.
      expect(close.length, `${of}: beeps ${beeps}, flashes ${playback.flashes}`).toBeGreaterThanOrEqual(flashes / 2);
    }
  });
});
