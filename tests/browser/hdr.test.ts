import { afterAll, beforeAll, expect, test } from "bun:test";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { makeOutput } from "#tests/integration/ffmpeg/work.ts";
import { chromiumPath, startBrowser } from "#tests/support/browser.ts";
import { clip } from "#tests/support/clips.ts";
import { serveOutputs } from "#tests/support/players/server.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";

const stack = new AsyncDisposableStack();
let browser: Awaited<ReturnType<typeof startBrowser>>;
let outputs: ReturnType<typeof serveOutputs>;
let root: string;

beforeAll(async () => {
  if (!chromiumPath) return;
  browser = stack.use(await startBrowser());
  root = stack.use(await temporaryFolder()).path;
  outputs = stack.use(serveOutputs(root));
});
afterAll(() => stack.disposeAsync());

const rung = { size: 90, crf: 40, maxrate: "300k", bufsize: "600k" };
const hdr = { ...rung, hdr: "keep" } as const;
const preset: SegmentedPreset = {
  ...{ name: "both", description: "For tests", extension: "", output_type: "dash" },
  video: { codec: "av1", speed: "ultrafast", gop_seconds: 1, renditions: [hdr, { ...rung, crf: 50 }] },
  segments: { seconds: 1, format: "fmp4" },
};
const hls: SegmentedPreset = { ...preset, output_type: "hls", video: { ...preset.video, codec: "h265" } };
const hdrAlone: SegmentedPreset = { ...preset, video: { ...preset.video, renditions: [hdr] } };

/** Makes an output of an HDR10 clip. */
async function made(name: string, of: SegmentedPreset) {
  const { dir, planned } = await makeOutput(await clip({ hdr: "pq", seconds: 2, channels: 0 }), of);
  await rename(dir, join(root, name));
  return `/${name}/${planned.entry}`;
}

type Screen = "standard" | "high";

// Chromium emulates other features of a screen, and not this one.
const sayRange = `(screen) => {
  const own = window.matchMedia.bind(window);
  window.matchMedia = (query) => query === "(dynamic-range: high)" ? { media: query, matches: screen === "high" } : own(query);
}`;

/** Runs a player in a page of a screen with this dynamic range. */
async function play<T>(player: "hls" | "dash" | "shaka", screen: Screen, script: string, url: string): Promise<T> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${outputs.url}/`);
  await page.evaluate(`(${sayRange})(${JSON.stringify(screen)})`);
  await page.addScriptTag({ url: `/${player}.js` });
  const result = await page.evaluate<T>(`(${script})(${JSON.stringify(url)})`);
  await context.close();
  return result;
}

type Played = { error?: string; seconds: number; which: string };

// Both run in the page, until a part of the film has been shown.
const shown = `const shown = (video) => new Promise((done) => {
  const look = () => video.currentTime > 0.3 && done();
  video.addEventListener("timeupdate", look);
  video.addEventListener("ended", done);
});`;

const playDash = `async (url) => {
  ${shown}
  const video = document.querySelector("video");
  const player = dashjs.MediaPlayer().create();
  const failed = new Promise((done) => player.on("error", ({ error }) => done(String(error?.message ?? error))));
  player.initialize(video, url, true);
  const error = await Promise.race([shown(video).then(() => undefined), failed]);
  return { error, seconds: video.currentTime, which: player.getCurrentRepresentationForType("video")?.id };
}`;

const playShaka = (hdrLevel?: string) => `async (url) => {
  ${shown}
  const video = document.querySelector("video");
  const player = new shaka.Player();
  await player.attach(video);
  const level = ${JSON.stringify(hdrLevel)};
  if (level) player.configure({ preferredVideo: [{ hdrLevel: level }] });
  await player.load(url);
  await video.play();
  await shown(video);
  return { seconds: video.currentTime, which: player.getVariantTracks().find(({ active }) => active).hdr ?? "none" };
}`;

test.skipIf(!chromiumPath)(
  "DASH of HDR beside SDR plays in both players, each by what it is told of colours",
  async () => {
    const url = await made("dash", preset);
    const dash = await play<Played>("dash", "standard", playDash, url);
    expect(dash).toMatchObject({ which: "1" });
    expect(dash.seconds).toBeGreaterThan(0.3);
    expect(await play<Played>("shaka", "standard", playShaka(), url)).toMatchObject({ which: "SDR" });
    expect(await play<Played>("shaka", "high", playShaka("PQ"), url)).toMatchObject({ which: "PQ" });
  },
);

test.skipIf(!chromiumPath)(
  "DASH of HDR alone plays also where nothing says that its colours can be shown",
  async () => {
    const url = await made("alone", hdrAlone);
    const dash = await play<Played>("dash", "standard", playDash, url);
    expect(dash.error).toBeUndefined();
    expect(dash.seconds).toBeGreaterThan(0.3);
  },
);

// Chromium has no H.265: that it takes it is only said, so that the choice is seen by what is loaded.
const chooseHls = `async (url) => {
  const known = MediaSource.isTypeSupported.bind(MediaSource);
  MediaSource.isTypeSupported = (type) => type.includes("hvc1") || known(type);
  const hls = new Hls({ preferManagedMediaSource: false, testBandwidth: false, useMediaCapabilities: false, videoPreference: {} });
  const chosen = new Promise((done) => hls.on(Hls.Events.FRAG_LOADING, (_, { frag }) => done(hls.levels[frag.level].videoRange)));
  hls.loadSource(url);
  hls.attachMedia(document.querySelector("video"));
  return await chosen;
}`;

test.skipIf(!chromiumPath)("hls.js takes the variants whose VIDEO-RANGE the screen shows", async () => {
  const url = await made("hls", hls);
  expect(await play<string>("hls", "standard", chooseHls, url)).toBe("SDR");
  expect(await play<string>("hls", "high", chooseHls, url)).toBe("PQ");
});
