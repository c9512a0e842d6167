import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import type { JobUpdate } from "#shared/job/event.ts";
import type { OutputFacts } from "#shared/job/output-facts.ts";
import type { QualityFacts } from "#shared/job/quality-facts.ts";
import { chromiumPath, openPage, playPastOneSecond, startBrowser } from "#tests/support/browser.ts";
import { serveBucket } from "#tests/support/bucket.ts";
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
    for (const name of ["poster.png", "clip.poster.jpg"])
      await runFfmpeg(["-i", source, "-frames:v", "1", join(path, name)]);
    await runFfmpeg([...copied, "-hls_time", "2", "-master_pl_name", "master.m3u8", join(path, "video.m3u8")]);
    await runFfmpeg([...copied, "-f", "dash", join(path, "manifest.mpd")]);
    bucket = stack.use(serveBucket(path)).url;
    worker = stack.use(await startFakeWorker({ slots: 10 }));
    service = stack.use(await startTestControlPlane({ workers: [worker.address] }));
    browser = stack.use(await startBrowser());
  });
  afterAll(() => stack.disposeAsync());

  const open = async (name: string, facts: Pick<JobUpdate, "outputs" | "quality"> = {}) => {
    const jobId = await service.submit();
    worker.tell(jobId, { status: "completed", outputUrl: `${bucket}/${name}`, bytesUploaded: 100_000, ...facts });
    return openPage(browser, `${service.url}/#/jobs/${jobId}`);
  };

  test.each(["clip.mp4", "master.m3u8", "manifest.mpd"])("plays %s and names its renditions", async (name) => {
    const { page, context, complaints } = await open(name);
    await page.locator(".renditions li").getByText("320×180").waitFor();
    await playPastOneSecond(page);
    // The picture is as wide and high as the source's, whatever the room that it has.
    const [width, height, fit] = await page.evaluate<[number, number, string]>(shapeOfVideo);
    expect(fit).toBe("contain");
    expect(width / height).toBeCloseTo(16 / 9, 1);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test.each(["clip.mp4", "master.m3u8", "manifest.mpd"])(
    "leads to the moments of %s by their pictures",
    async (name) => {
      const { page, context, complaints } = await open(name, { outputs });
      await page.locator(".strip canvas:not([width='0'])").nth(7).waitFor();
      // The pictures of the clip change all the time: all of them are there, and none is another's.
      const shown = await Promise.all((await page.locator(".strip canvas").all()).map((each) => each.screenshot()));
      expect(new Set(shown.map((png) => Bun.hash(png))).size).toBe(8);
      await page.getByRole("button", { name: "Go to 0:04" }).last().click();
      await page.evaluate(pastThreeSeconds);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  test("shows what was made, and how its bit rate and quality change", async () => {
    const { page, context, complaints } = await open("master.m3u8", { outputs, quality });
    await page
      .getByRole("row", { name: "320×180 · 25 fps video.m3u8 H.264, AAC 150 kb/s 230 kb/s 75.0 kB 75 % 93.4" })
      .waitFor();
    await page.getByRole("row", { name: "Picture · 320×180 clip.poster.jpg – – – 25.0 kB 25 % –" }).waitFor();
    const words = async (title: string, key: string) => {
      const chart = page.getByRole("slider", { name: `${title}, by time` });
      await chart.focus();
      await page.keyboard.press(key);
      return chart.getAttribute("aria-valuetext");
    };
    const film = "320×180 · 25 fps";
    expect(await words("Bit rate over time", "Home")).toBe(`0:00 – 0:02 · segment 1 of 2: ${film} 230 kb/s`);
    expect(await words("Bit rate over time", "End")).toBe(`0:02 – 0:04 · segment 2 of 2: ${film} 70 kb/s`);
    expect(await words("VMAF over time", "End")).toBe(`0:02 – 0:04: ${film} 91.2`);
    await page.getByText("lowest 79.5 at 0:02").waitFor();
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

const outputs: OutputFacts = {
  ...{ files: 4, bytes: 100_000, durationSeconds: 4 },
  renditions: [
    {
      ...{ path: "video.m3u8", kind: "video", codecs: "avc1.64000d,mp4a.40.2", width: 320, height: 180, frameRate: 25 },
      ...{ bytes: 75_000, averageBitRate: 150_000, peakBitRate: 230_000, segments: 2, bitRates: [230_000, 70_000] },
    },
    { path: "clip.poster.jpg", kind: "image", width: 320, height: 180, bytes: 25_000 },
  ],
};

const quality: QualityFacts = {
  metric: "vmaf",
  renditions: [
    {
      ...{ path: "video.m3u8", mean: 93.41, harmonicMean: 93.2, p1: 80.02, p5: 86.77 },
      ...{ worst: { startSeconds: 2, durationSeconds: 2, mean: 79.5 }, scores: [95.6, 91.2] },
    },
  ],
};

const pastThreeSeconds = `new Promise((resolve) => {
  const video = document.querySelector(".player video");
  const look = () => video.currentTime > 3 && resolve();
  video.addEventListener("seeked", look);
  look();
})`;

const shapeOfVideo = `(() => {
  const video = document.querySelector("video");
  const { width, height } = video.getBoundingClientRect();
  return [width, height, getComputedStyle(video).objectFit];
})()`;
