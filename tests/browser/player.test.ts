import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { chromiumPath, openPage, startBrowser } from "#tests/support/browser.ts";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { startTestControlPlane, type TestControlPlane } from "#tests/support/control-plane.ts";
import { type FakeWorker, startFakeWorker } from "#tests/support/fake-worker.ts";
import { temporaryFolder } from "#tests/support/service.ts";

describe.skipIf(!chromiumPath)("a completed job's page", () => {
  const stack = new AsyncDisposableStack();
  let browser: Browser;
  let worker: FakeWorker;
  let service: TestControlPlane;
  let bucket: string;

  beforeAll(async () => {
    const { path } = stack.use(await temporaryFolder());
    const source = await clip({ seconds: 4, size: "320x180" });
    const copied = ["-i", source, "-c", "copy"];
    await runFfmpeg([...copied, join(path, "clip.mp4")]);
    await runFfmpeg(["-i", source, "-frames:v", "1", join(path, "poster.png")]);
    await runFfmpeg([...copied, "-hls_time", "2", "-master_pl_name", "master.m3u8", join(path, "video.m3u8")]);
    await runFfmpeg([...copied, "-f", "dash", join(path, "manifest.mpd")]);
    bucket = stack.use(serveBucket(path)).url;
    worker = stack.use(await startFakeWorker({ slots: 10 }));
    service = stack.use(await startTestControlPlane({ workers: [worker.address] }));
    browser = stack.use(await startBrowser());
  });
  afterAll(() => stack.disposeAsync());

  const open = async (name: string) => {
    const jobId = await service.submit();
    worker.tell(jobId, { status: "completed", outputUrl: `${bucket}/${name}`, bytesUploaded: 100_000 });
    return openPage(browser, `${service.url}/#/jobs/${jobId}`);
  };

  test.each(["clip.mp4", "master.m3u8", "manifest.mpd"])("plays %s and names its renditions", async (name) => {
    const { page, context, complaints } = await open(name);
    await page.locator(".renditions li").getByText("320×180").waitFor();
    await page.evaluate(playPastOneSecond);
    // The picture is as wide and high as the source's, whatever the room that it has.
    const [width, height, fit] = await page.evaluate<[number, number, string]>(shapeOfVideo);
    expect(fit).toBe("contain");
    expect(width / height).toBeCloseTo(16 / 9, 1);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("shows an image", async () => {
    const { page, context } = await open("poster.png");
    await page.locator(".player img").waitFor();
    expect(await page.evaluate("document.querySelector('.player img').decode().then(() => 'shown')")).toBe("shown");
    await page.locator("header").getByRole("link", { name: "Jobs" }).click();
    await page.locator(".jobs img.tile").first().waitFor();
    expect(await page.evaluate("document.querySelector('img.tile').decode().then(() => 'shown')")).toBe("shown");
    await context.close();
  });

  test("says so when an output does not play", async () => {
    const { page, context } = await open("missing.mp4");
    await page.getByText("It does not play here.").waitFor();
    await context.close();
  });
});

const playPastOneSecond = `new Promise((resolve, reject) => {
  const video = document.querySelector("video");
  video.muted = true;
  video.addEventListener("timeupdate", () => video.currentTime > 1 && resolve());
  video.play().catch(reject);
})`;

const shapeOfVideo = `(() => {
  const video = document.querySelector("video");
  const { width, height } = video.getBoundingClientRect();
  return [width, height, getComputedStyle(video).objectFit];
})()`;

/** Files as a bucket serves them to pages from elsewhere. */
function serveBucket(root: string) {
  const headers = { "Access-Control-Allow-Origin": "*" };
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch({ url }) {
      const file = Bun.file(join(root, new URL(url).pathname));
      return (await file.exists()) ? new Response(file, { headers }) : new Response("", { status: 404, headers });
    },
  });
  return { url: server.url.origin, [Symbol.asyncDispose]: () => server.stop(true) };
}
