import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chromiumPath, startBrowser } from "#tests/support/browser.ts";
import { flashClip } from "#tests/support/flashes.ts";
import { playAll } from "#tests/support/players/play-all.ts";
import { serveOutputs } from "#tests/support/players/server.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";

const stack = new AsyncDisposableStack();
let root: string;
let outputs: ReturnType<typeof serveOutputs>;
let browser: Awaited<ReturnType<typeof startBrowser>>;

beforeAll(async () => {
  root = stack.use(await temporaryFolder()).path;
  outputs = stack.use(serveOutputs(root));
  if (chromiumPath) browser = stack.use(await startBrowser());
});
afterAll(() => stack.disposeAsync());

const shapesNamed = (...names: readonly string[]) =>
  segmentedShapes.filter(({ name }) => names.includes(name)).map((preset) => [preset.name, preset] as const);

async function playFlashes(preset: SegmentedPreset, rate: number, seconds: number) {
  const input = await flashClip({ rate: String(rate), seconds });
  const stage = { browser, root, url: outputs.url };
  const playbacks = await playAll(stage, input, preset, `${preset.name}-${rate}-${seconds}`);
  return playbacks.map((playback) => ({ ...playback, count: Math.ceil(seconds) }));
}

const paired = [
  [12, 60],
  [25, 30],
] as const;

describe.skipIf(!chromiumPath)("flash and beep come together, and playback ends", () => {
  test.each(segmentedShapes.flatMap((preset) => paired.map((rates) => [preset.name, ...rates, preset] as const)))(
    "%s at %i and %i a second",
    async (_, one, other, preset) => {
      const playbacks = await Promise.all([one, other].map((rate) => playFlashes(preset, rate, 4)));
      for (const playback of playbacks.flat()) checkTogether(playback);
    },
  );

  // hls.js waits for ever behind a last segment that adds nothing to what it has.
  test.each(shapesNamed("hls_ts", "hls_fmp4", "cmaf"))(
    "%s whose sound ends with a packet of its own",
    async (_, preset) => {
      for (const playback of await playFlashes(preset, 25, 4.02)) checkTogether(playback);
    },
  );

  test.each(shapesNamed("dash", "cmaf"))(
    "%s with its last picture, though it ends between two tenths",
    async (_, preset) => {
      for (const playback of await playFlashes(preset, 25, 3.96)) {
        checkTogether(playback);
        expect(playback.lastFrame).toBeCloseTo(3.92, 3);
      }
    },
  );
});

function checkTogether({
  of,
  how,
  stalls,
  errors,
  count,
  flashes,
  beeps,
}: Awaited<ReturnType<typeof playFlashes>>[number]) {
  expect({ of, how, stalls, errors }).toEqual({ of, how: "ended", stalls: [], errors: [] });
  const said = `${of}: beeps ${beeps}, flashes ${flashes}`;
  expect(beeps.length, said).toBe(count);
  expect(flashes.length, said).toBeGreaterThan(count / 2);
  // A browser that has too little time leaves out pictures, also the first of a flash: most of them tell.
  const late = flashes.map((flash) => Math.min(...beeps.map((beep) => Math.abs(flash - beep)))).sort((a, b) => a - b);
  expect(late[Math.floor(late.length / 2)], said).toBeLessThanOrEqual(0.02);
}
