import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { makeOutput } from "#tests/integration/ffmpeg/work.ts";
import { chromiumPath, startBrowser } from "#tests/support/browser.ts";
import { clip } from "#tests/support/clips.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";

const stack = new AsyncDisposableStack();
let browser: Awaited<ReturnType<typeof startBrowser>>;

beforeAll(async () => {
  if (chromiumPath) browser = stack.use(await startBrowser());
});
afterAll(() => stack.disposeAsync());

/** Serves an output as a bucket does, parts of files too, and Shaka Player; `parts` is what was asked for in parts. */
function serve(dir: string) {
  const script = join(import.meta.dir, "../../node_modules/shaka-player/dist/shaka-player.compiled.js");
  const parts: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch({ url, headers }) {
      const name = new URL(url).pathname.slice(1);
      const html = "<!doctype html><video muted></video><script src=/shaka.js></script>";
      if (name === "") return new Response(html, { headers: { "content-type": "text/html" } });
      const file = Bun.file(name === "shaka.js" ? script : join(dir, name));
      if (!(await file.exists())) return new Response("nothing here", { status: 404 });
      const [, from = "", to = ""] = /^bytes=(\d+)-(\d+)$/.exec(headers.get("range") ?? "") ?? [];
      if (from === "") return new Response(file);
      parts.push(name);
      const range = `bytes ${from}-${to}/${file.size}`;
      return new Response(file.slice(Number(from), Number(to) + 1), {
        status: 206,
        headers: { "content-range": range },
      });
    },
  });
  return { url: server.url.origin, parts, [Symbol.asyncDispose]: () => server.stop(true) };
}

// Runs in the page: plays fast by keyframes alone, and tells which pictures were shown and what went wrong.
const playFast = `async () => {
  shaka.polyfill.installAll();
  const video = document.querySelector("video");
  const player = new shaka.Player();
  // Otherwise it may have all of the film before it is told to play fast.
  player.configure({ streaming: { bufferingGoal: 2, rebufferingGoal: 1 } });
  const errors = [];
  player.addEventListener("error", ({ detail }) => errors.push(detail.code));
  await player.attach(video);
  await player.load("/master.m3u8");
  const shown = [];
  const watch = () => video.requestVideoFrameCallback((_, { mediaTime }) => (shown.push(mediaTime), watch()));
  watch();
  const over = new Promise((done) => video.addEventListener("timeupdate", () => video.currentTime > 6 && done()));
  await video.play();
  player.trickPlay(4);
  await over;
  return { errors, shown };
}`;

test.skipIf(!chromiumPath).each(["hls_ts", "hls_fmp4", "cmaf"])(
  "Shaka Player plays %s fast by its keyframes",
  async (name) => {
    const preset = segmentedShapes.find((shape) => shape.name === name);
    if (!preset) throw new Error(`no preset ${name}`);
    const { dir } = await makeOutput(await clip({ seconds: 12 }), preset);
    await using server = serve(dir);
    const page = await (await browser.newContext()).newPage();
    await page.goto(server.url);
    const { errors, shown } = await page.evaluate<{ errors: number[]; shown: number[] }>(`(${playFast})()`);
    expect(errors).toEqual([]);
    expect(new Set(server.parts).size).toBeGreaterThan(1);
    // A busy machine draws few of them.
    expect(Math.max(...shown)).toBeGreaterThanOrEqual(2);
  },
);
