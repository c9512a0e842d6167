import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { makeOutput } from "#tests/integration/ffmpeg/work.ts";
import { chromiumPath, startBrowser } from "#tests/support/browser.ts";
import { clip } from "#tests/support/clips.ts";
import { serveOutputs } from "#tests/support/players/server.ts";
import { masterOf } from "#tests/support/playlists.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";

const stack = new AsyncDisposableStack();
let browser: Awaited<ReturnType<typeof startBrowser>>;

beforeAll(async () => {
  if (chromiumPath) browser = stack.use(await startBrowser());
});
afterAll(() => stack.disposeAsync());

/** A ladder whose ceiling is far above what its pictures need, as that of a film of drawings is. */
const preset: SegmentedPreset = {
  ...{ name: "ladder", description: "For tests", extension: "", output_type: "hls" },
  video: {
    ...{ codec: "h264", speed: "veryfast", gop_seconds: 1 },
    renditions: [
      { size: 270, crf: 25, maxrate: "8000k", bufsize: "16000k" },
      { size: 180, crf: 28, maxrate: "800k", bufsize: "1600k" },
    ],
  },
  audio: { codec: "aac", bitrate: "24k", channels: 1 },
  segments: { seconds: 2, format: "mpegts" },
};

// Runs in the page: which level each segment was loaded of, from the lowest on, until all are loaded.
const loadAll = `async (url) => {
  const hls = new Hls({ startLevel: 0 });
  const levels = [];
  const all = new Promise((done, fail) => {
    hls.on(Hls.Events.BUFFER_EOS, done);
    hls.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && fail(new Error(details)));
  });
  hls.on(Hls.Events.FRAG_LOADED, (_, { frag }) => frag.type === "main" && levels.push(frag.level));
  hls.loadSource(url);
  hls.attachMedia(document.querySelector("video"));
  await all;
  return { levels, top: hls.levels.length - 1 };
}`;

/** What hls.js loads over a line of this many bits a second. */
async function loaded(origin: string, path: string, bitsPerSecond: number) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  await page.addScriptTag({ url: "/hls.js" });
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  const line = { offline: false, latency: 0, downloadThroughput: bitsPerSecond / 8, uploadThroughput: -1 };
  await network.send("Network.emulateNetworkConditions", line);
  const { levels, top } = await page.evaluate<{ levels: number[]; top: number }>(`(${loadAll})("${path}")`);
  await context.close();
  return { levels, isTop: levels.at(-1) === top };
}

/** A busy machine takes longer to load than its line does. */
async function reachesTop(...of: Parameters<typeof loaded>): Promise<boolean> {
  for (const _ of [1, 2, 3]) if ((await loaded(...of)).isTop) return true;
  return false;
}

test.skipIf(!chromiumPath)("a line of 1.5 times the real peak of the best rendition gets that one", async () => {
  const { dir, planned } = await makeOutput(await clip({ seconds: 12, size: "480x270", blackSeconds: 4 }), preset);
  const before = planned.derived?.find(({ name }) => name === "master.m3u8")?.text([]) ?? "";
  await Bun.write(join(dir, "before.m3u8"), before);
  await using outputs = serveOutputs(dir);
  const [best] = masterOf(await Bun.file(join(dir, "master.m3u8")).text()).variants;
  const line = 1.5 * (best?.bandwidth ?? 0);
  expect(masterOf(before).variants[0]?.bandwidth ?? 0).toBeGreaterThan(line);
  // By the ceiling of the preset, as it stands there until the output is measured, nobody on this line would see it.
  const [measured, ceiling] = await Promise.all([
    reachesTop(outputs.url, "/master.m3u8", line),
    loaded(outputs.url, "/before.m3u8", line),
  ]);
  expect({ measured, ceiling: ceiling.isTop }).toEqual({ measured: true, ceiling: false });
});
