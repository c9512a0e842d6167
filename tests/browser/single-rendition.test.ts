import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { makeOutput } from "#tests/integration/ffmpeg/work.ts";
import { chromiumPath, startBrowser } from "#tests/support/browser.ts";
import { clip } from "#tests/support/clips.ts";
import { serveOutputs } from "#tests/support/players/server.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";

const stack = new AsyncDisposableStack();
let browser: Awaited<ReturnType<typeof startBrowser>>;

beforeAll(async () => {
  if (chromiumPath) browser = stack.use(await startBrowser());
});
afterAll(() => stack.disposeAsync());

type Heard = { languages: string[]; errors: string[]; seconds: number };

// Both run in the page: they play to the end, from the second sound on once playback has begun.
const playHls = `async () => {
  const video = document.querySelector("video");
  const hls = new Hls();
  const errors = [];
  hls.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && errors.push(details));
  hls.on(Hls.Events.MANIFEST_PARSED, () => video.play());
  const over = new Promise((done) => {
    video.addEventListener("ended", done);
    hls.on(Hls.Events.ERROR, () => errors.length > 0 && done());
  });
  const begun = new Promise((done) => video.addEventListener("playing", done));
  hls.loadSource("/master.m3u8");
  hls.attachMedia(video);
  await Promise.race([begun, over]);
  if (hls.audioTracks.length > 1) hls.audioTrack = 1;
  await over;
  return { languages: hls.audioTracks.map(({ lang }) => lang), errors, seconds: video.currentTime };
}`;

const playShaka = `async () => {
  shaka.polyfill.installAll();
  const video = document.querySelector("video");
  const player = new shaka.Player();
  const errors = [];
  player.addEventListener("error", ({ detail }) => errors.push(String(detail.code)));
  await player.attach(video);
  await player.load("/master.m3u8").catch(({ code }) => errors.push(String(code)));
  const over = new Promise((done) => (video.addEventListener("ended", done), player.addEventListener("error", done)));
  const variants = player.getVariantTracks();
  const languages = variants.map(({ language }) => language);
  const second = variants.find(({ language }) => language === "ja");
  // What it has of the first one by then would do for so short a film.
  if (second) player.selectVariantTrack(second, true);
  if (errors.length === 0) await video.play();
  player.trickPlay(2);
  await over;
  return { languages, errors, seconds: video.currentTime };
}`;

// Players cannot leave out the sound in a segment of fMP4, and so get none beside it.
test.skipIf(!chromiumPath).each([
  ["hls_ts_one", ["en", "ja"]],
  ["hls_fmp4_one", []],
] as const)("players find all sounds of %s by its master playlist", async (name, sounds) => {
  const preset = segmentedShapes.find((shape) => shape.name === name);
  if (!preset) throw new Error(`no preset ${name}`);
  const { dir } = await makeOutput(await clip({ seconds: 4, languages: ["eng", "jpn"] }), preset);
  const master = await Bun.file(join(dir, "master.m3u8")).text();
  expect(master.includes("#EXT-X-I-FRAME-STREAM-INF:")).toBe(sounds.length > 1);
  await using outputs = serveOutputs(dir);
  const heard = async (script: string, play: string) => {
    const page = await (await browser.newContext()).newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${outputs.url}/`);
    await page.addScriptTag({ url: `/${script}.js` });
    const { languages, errors, seconds } = await page.evaluate<Heard>(`(${play})()`);
    expect({ script, errors }).toEqual({ script, errors: [] });
    expect(languages.filter((language) => language !== "und").sort()).toEqual([...sounds]);
    expect(seconds).toBeGreaterThan(3.9);
    expect(asked.some((path) => path.startsWith("/segment_audio_1_"))).toBe(sounds.length > 1);
    await page.context().close();
  };
  await Promise.all([heard("hls", playHls), heard("shaka", playShaka)]);
});
