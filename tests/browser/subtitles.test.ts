import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { makeDir, makeOutput } from "#tests/integration/ffmpeg/work.ts";
import { quick } from "#tests/matrix/quick.ts";
import { chromiumPath, startBrowser } from "#tests/support/browser.ts";
import { captionedClip, hi } from "#tests/support/captioned.ts";
import { runFfmpeg } from "#tests/support/clips.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import type { Preset } from "#worker/presets/schema.ts";

const preset = quick(presetNamed(await loadPresets(), "hls_720p_abr_subtitles"));
const stack = new AsyncDisposableStack();
let browser: Awaited<ReturnType<typeof startBrowser>>;
let source: string;

const script = `[Script Info]
PlayResX: 400
PlayResY: 200

[V4+ Styles]
Format: Name, Alignment
Style: Default,2

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.50,0:00:01.00,Default,,0,0,0,,Fish & {\\i1}chips{\\i0} <3
Dialogue: 0,0:00:00.80,0:00:01.50,Default,,0,0,0,,{\\p1}m 0 0 l 100 0 100 100{\\p0}
Dialogue: 0,0:00:00.80,0:00:01.50,Default,,0,0,0,,{\\an7\\pos(100,50)}A sign
`;

beforeAll(async () => {
  if (!chromiumPath) return;
  browser = stack.use(await startBrowser());
  const dir = await makeDir();
  source = join(dir, "source.mkv");
  await captionedClip(join(dir, "captioned.mp4"), hi);
  await Bun.write(join(dir, "text.ass"), script);
  const inputs = [
    "-i",
    join(dir, "captioned.mp4"),
    "-i",
    join(dir, "text.ass"),
    "-map",
    "0",
    "-map",
    "1",
    "-c",
    "copy",
  ];
  await runFfmpeg([...inputs, "-metadata:s:s", "language=eng", "-disposition:s", "forced", source]);
});
afterAll(() => stack.disposeAsync());

function serve(dir: string) {
  const hls = join(import.meta.dir, "../../node_modules/hls.js/dist/hls.min.js");
  const page = "<!doctype html><video muted></video><script src=/hls.js></script>";
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch({ url }) {
      const { pathname } = new URL(url);
      if (pathname === "/") return new Response(page, { headers: { "content-type": "text/html" } });
      const file = Bun.file(pathname === "/hls.js" ? hls : join(dir, decodeURIComponent(pathname)));
      return (await file.exists()) ? new Response(file) : new Response("nothing here", { status: 404 });
    },
  });
  return { url: server.url.origin, [Symbol.asyncDispose]: () => server.stop(true) };
}

type Shown = { kind: string; label: string; cues: { start: number; end: number; text: string; line: unknown }[] };

// Runs in the page: plays to the end with all texts on, and tells what they were.
const play = `async () => {
  const video = document.querySelector("video");
  const hls = new Hls({ renderTextTracksNatively: true });
  const failed = new Promise((_, reject) => hls.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && reject(new Error(details))));
  hls.on(Hls.Events.LEVEL_SWITCHED, () => { hls.subtitleTrack = 0; });
  const told = new Promise((done) => hls.on(Hls.Events.SUBTITLE_FRAG_PROCESSED, done));
  hls.on(Hls.Events.MANIFEST_PARSED, () => video.play());
  hls.loadSource("/master.m3u8");
  hls.attachMedia(video);
  const ended = new Promise((done) => video.addEventListener("ended", done));
  await Promise.race([failed, Promise.all([told, ended])]);
  // While it plays, a busy machine may not show the first picture.
  const first = new Promise((done) => video.requestVideoFrameCallback((_, { mediaTime }) => done(mediaTime)));
  video.currentTime = video.buffered.start(0);
  const tracks = [...video.textTracks].map((track) => {
    track.mode = "hidden";
    const cues = [...(track.cues ?? [])];
    return { kind: track.kind, label: track.label, cues: cues.map(({ startTime, endTime, text, line }) => ({ start: startTime, end: endTime, text, line })) };
  });
  return { first: await Promise.race([failed, first]), tracks };
}`;

/** What hls.js shows of texts, and when the first picture is shown. */
async function shownOf(made: Preset): Promise<{ first: number; tracks: Shown[] }> {
  const { dir } = await makeOutput(source, made);
  await using server = serve(dir);
  const page = await (await browser.newContext()).newPage();
  await page.goto(server.url);
  // The server is needed until then.
  return await page.evaluate<{ first: number; tracks: Shown[] }>(`(${play})()`);
}

const tenths = (seconds: number) => Math.round(seconds * 10) / 10;

// All in one segment: hls.js forgets captions that it has begun to read when it asks for a segment anew.
const inSegments = (format: "fmp4" | "mpegts"): Preset =>
  "segments" in preset ? { ...preset, segments: { ...preset.segments, format, seconds: 2 } } : preset;

test.skipIf(!chromiumPath).each(["fmp4", "mpegts"] as const)(
  "hls.js shows the subtitles and captions of %s at their times",
  async (format) => {
    const { tracks: shown } = await shownOf(inSegments(format));
    const subtitles = shown.find(({ label }) => label === "English (forced)");
    expect(subtitles?.cues.map(({ text, line }) => [text, line])).toEqual([
      ["Fish &amp; <i>chips</i> &lt;3", "auto"],
      ["A sign", 25],
    ]);
    expect(subtitles?.cues.map(({ start, end }) => [tenths(start), tenths(end)])).toEqual([
      [0.5, 1],
      [0.8, 1.5],
    ]);
    const captions = shown.find(({ label }) => label === "CC1");
    expect(captions?.kind).toBe("captions");
    expect(captions?.cues.map(({ text }) => text.trim())).toEqual(["HI"]);
    expect(captions?.cues.map(({ end }) => tenths(end))).toEqual([1.5]);
  },
);

/** Segments of a second, whose pictures are shown in another order than they are decoded in. */
const reordered = (format: "fmp4" | "mpegts"): Preset =>
  "segments" in preset
    ? {
        ...{ ...preset, video: { ...preset.video, speed: "veryfast", gop_seconds: 1 } },
        segments: { ...preset.segments, format, seconds: 1 },
      }
    : preset;

test.skipIf(!chromiumPath).each(["fmp4", "mpegts"] as const)(
  "hls.js shows subtitles of %s in segments once each, with the pictures that they belong to",
  async (format) => {
    const { first, tracks } = await shownOf(reordered(format));
    const cues = tracks.find(({ label }) => label === "English (forced)")?.cues ?? [];
    // The second one lies in two segments.
    expect(cues.map(({ text }) => text)).toEqual(["Fish &amp; <i>chips</i> &lt;3", "A sign"]);
    const times = cues.flatMap(({ start, end }) => [start - first, end - first]);
    for (const [at, seconds] of [0.5, 1, 0.8, 1.5].entries()) {
      expect(Math.abs((times[at] ?? Number.NaN) - seconds)).toBeLessThan(0.01);
    }
  },
);
