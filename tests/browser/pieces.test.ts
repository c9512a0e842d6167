import { afterAll, beforeAll, expect, test } from "bun:test";
import { chromiumPath, startBrowser } from "#tests/support/browser.ts";
import { flashClip } from "#tests/support/flashes.ts";
import { type Playback, type Player, playToEnd } from "#tests/support/players/play.ts";
import { serveOutputs } from "#tests/support/players/server.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { encodeAsWorker } from "#tests/support/split.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { plan } from "#worker/plan/decide.ts";
import { piecesOf } from "#worker/plan/pieces.ts";
import type { Encoded } from "#worker/plan/plan.ts";

const stack = new AsyncDisposableStack();
let outputs: ReturnType<typeof serveOutputs>;
let browser: Awaited<ReturnType<typeof startBrowser>>;

const seconds = 8;
/** Of a piece, and of a segment. */
const pieceSeconds = 2;
const rate = 25;

beforeAll(async () => {
  if (!chromiumPath) return;
  const root = stack.use(await temporaryFolder()).path;
  await encodeInPieces(root);
  outputs = stack.use(serveOutputs(root));
  browser = stack.use(await startBrowser());
});
afterAll(() => stack.disposeAsync());

/** A ladder of two renditions, in four pieces. */
async function encodeInPieces(outputDir: string) {
  const preset = segmentedShapes.find(({ name }) => name === "cmaf");
  if (!preset) throw new Error("there is no such preset");
  const signal = new AbortController().signal;
  const input = await flashClip({ rate: String(rate), seconds });
  const source = await examine(input, { signal });
  const capabilities = await probeCapabilities().capabilities;
  const place = { input, outputDir, stem: "film" };
  const planned = plan(preset, source, place, capabilities);
  expect(piecesOf(planned, source, pieceSeconds)).toHaveLength(seconds / pieceSeconds);
  const planWith = (encoded: Encoded) => plan(preset, source, { ...place, ...encoded }, capabilities);
  await encodeAsWorker({ planned, planWith, source, input }, pieceSeconds, { signal, stallMs: 60_000 });
}

const played: readonly (readonly [Player, string])[] = [
  ["hls", "master.m3u8"],
  ["shaka", "master.m3u8"],
  ["dash", "manifest.mpd"],
  ["shaka", "manifest.mpd"],
];

test.skipIf(!chromiumPath)(
  "players show each picture of a film in pieces at its time, with another rendition behind each border",
  async () => {
    // What it shows must be right each time; a player that is busy may miss once that it was told to switch.
    const play = async ([player, entry]: (typeof played)[number], tries: number): Promise<void> => {
      const playback = await playToEnd(browser, outputs.url, player, `/${entry}`, { isSwitching: true });
      const of = `${entry} in ${player}`;
      checkPlayed(of, playback);
      if (tries > 1 && !isSwitched(playback)) return play([player, entry], tries - 1);
      expect({ of, heights: heightsOf(playback), isSwitched: isSwitched(playback) }).toMatchObject({
        isSwitched: true,
      });
    };
    await Promise.all(played.map((one) => play(one, 3)));
  },
);

function checkPlayed(of: string, { how, stalls, errors, buffered, flashes, beeps, heights }: Playback) {
  expect({ of, how, stalls, errors }).toEqual({ of, how: "ended", stalls: [], errors: [] });
  // No gap: what it has is one range, from the first picture to the last.
  expect(buffered, of).toHaveLength(1);
  expect(buffered[0]?.[0], of).toBeCloseTo(0, 1);
  expect(buffered[0]?.[1], of).toBeCloseTo(seconds, 1);
  expect(flashes.map(inPictures), of).toEqual(wholeSeconds.map(inPictures));
  // A player may append a sound once more, where it was.
  expect([...new Set(beeps.map(inPictures))], of).toEqual(wholeSeconds.map(inPictures));
  const times = heights.map((picture) => picture.seconds);
  expect(times, of).toEqual(times.toSorted((one, other) => one - other));
}

/** How high the pictures of each piece were. */
const heightsOf = ({ heights }: Playback) =>
  pieces.map((at) => [...new Set(heights.flatMap((picture) => (pieceOf(picture) === at ? [picture.height] : [])))]);

/** Whether all pictures of a piece are of one rendition, and those of the next of the other. */
function isSwitched(playback: Playback): boolean {
  const all = heightsOf(playback);
  return [60, 90].some((first) =>
    Bun.deepEquals(
      all,
      pieces.map((at) => [at % 2 === 0 ? first : 150 - first]),
    ),
  );
}

const wholeSeconds = Array.from({ length: seconds }, (_, at) => at);
const pieces = Array.from({ length: seconds / pieceSeconds }, (_, at) => at);
const inPictures = (time: number) => Math.round(time * rate);
const pieceOf = (picture: { seconds: number }) => Math.floor((picture.seconds + 0.5 / rate) / pieceSeconds);
