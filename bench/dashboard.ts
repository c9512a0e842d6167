import { create } from "@bufbuild/protobuf";
import type { Browser } from "playwright-core";
import { loadAssets } from "#dashboard/assets.ts";
import { type JobRequest, JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import type { JobEvent } from "#shared/job/event.ts";
import { openPage, startBrowser } from "#tests/support/browser.ts";
import { startTestControlPlane } from "#tests/support/control-plane.ts";
import { type FakeWorker, startFakeWorker } from "#tests/support/fake-worker.ts";
import { pageBytes } from "../scripts/build-dashboard.ts";
import { type Figure, median } from "./figures.ts";

const liveJobs = 500;
const recordedJobs = 2_000;
const updatesPerSecond = 60;
const watchedSeconds = 8;
const visits = 5;

/** How large the dashboard is, how soon it can be used, and whether a full list stays smooth. */
export async function dashboard(): Promise<Figure[]> {
  await using worker = await startFakeWorker({ slots: liveJobs });
  await using service = await startTestControlPlane({ workers: [worker.address] });
  await using browser = await startBrowser();
  const assets = await loadAssets();

  await using bare = servePage("<!doctype html><script>performance.mark('usable')</script>There is no job yet");
  const usableAfter = async (url: string) => {
    const { page, context } = await openPage(browser, url);
    await page.getByText("There is no job yet").waitFor();
    const ms = await page.evaluate<number>("performance.getEntriesByName('usable')[0].startTime");
    await context.close();
    return ms;
  };
  const starts: { ours: number; bare: number }[] = [];
  for (let visit = 0; visit <= visits; visit += 1) {
    starts.push({ bare: await usableAfter(bare.url), ours: await usableAfter(service.url) });
  }
  // The first visit has the pages built.
  starts.shift();

  const charts = await chartFrames(browser);

  const ids = await Promise.all(Array.from({ length: liveJobs }, () => service.submit()));
  for (const jobId of ids) worker.tell(jobId, { status: "processing", progress: 0 });
  const { page } = await openPage(browser, service.url);
  const rows = page.locator(".jobs li");
  for (let shown = 100; shown < liveJobs; shown += 100) {
    await page.getByRole("button", { name: "Show older jobs" }).click();
    await rows.nth(shown).waitFor({ state: "attached" });
  }
  const updates = keepUpdating(worker, ids);
  const longFrames = await page.evaluate<number[]>(longFramesFor(watchedSeconds * 1_000));
  clearInterval(updates);

  return [
    {
      name: "dashboard, gzipped, without players",
      value: pageBytes(assets) / 1_000,
      unit: "KB",
      target: { most: 60, of: "value" },
    },
    {
      name: "dashboard, usable after",
      value: median(starts.map(({ ours }) => ours)),
      unit: "ms",
      yardstick: { name: "a page of one line", value: median(starts.map(({ bare }) => bare)) },
      target: { most: 300, of: "value" },
    },
    {
      name: `frames over 50 ms, charts of ${recordedJobs} jobs`,
      value: charts.reduce((sum, ms) => sum + ms, 0),
      unit: "ms",
      target: { most: 0, of: "value" },
    },
    {
      name: `frames over 50 ms, ${liveJobs} live jobs, ${watchedSeconds} s`,
      value: longFrames.reduce((sum, ms) => sum + ms, 0),
      unit: "ms",
      target: { most: 0, of: "value" },
    },
  ];
}

/** The long frames in the seconds in which charts read as many jobs as they ever do. */
async function chartFrames(browser: Browser): Promise<number[]> {
  const records = new Map(Array.from({ length: recordedJobs }, (_, index) => endedJob(index)));
  await using worker = await startFakeWorker({ slots: 1, records });
  await using service = await startTestControlPlane({ workers: [worker.address] });
  // A worker is asked for records once it is connected.
  await service.submit();
  const { page, context } = await openPage(browser, `${service.url}/#/workers`);
  await page.getByText("of 1").first().waitFor();
  const frames = page.evaluate<number[]>(longFramesFor(watchedSeconds * 1_000));
  await page.evaluate("location.hash = '#/charts?range=30d&by=preset'");
  await page.getByText(/^(All|Only the latest) /).waitFor();
  const found = await frames;
  await context.close();
  return found;
}

function endedJob(index: number): [string, { event: JobEvent; request: JobRequest }] {
  const at = Date.now() - index * 600_000;
  const jobId = `12345678-${Bun.randomUUIDv7("hex", at)}`;
  const event: JobEvent = {
    ...{ jobId, sequence: 9, attempt: 1, timestamp: new Date(at).toISOString() },
    status: index % 9 === 0 ? "failed" : "completed",
    receipt: {
      ...{ workerSeconds: 60, cpuSeconds: 200, peakMemory: 4e8, bytesIn: 6e8, bytesOut: 2e8, storageRequests: 9 },
      ...{ coldStartSeconds: 0, attempts: 1, encodeSeconds: 50, mediaSeconds: 140, sourceSeconds: 5, uploadSeconds: 5 },
    },
  };
  const inputUrl = `https://example.com/films/${index}.mp4`;
  return [jobId, { event, request: create(JobRequestSchema, { jobId, inputUrl, preset: `preset_${index % 8}` }) }];
}

function servePage(html: string) {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => new Response(html, { headers: { "Content-Type": "text/html" } }),
  });
  return { url: server.url.origin, [Symbol.asyncDispose]: () => server.stop(true) };
}

function keepUpdating(worker: FakeWorker, ids: readonly string[]) {
  let count = 0;
  return setInterval(() => {
    const jobId = ids[(count * 37) % ids.length] ?? "";
    count += 1;
    worker.tell(jobId, { status: "processing", progress: (count / 10) % 100, fps: 50, speed: 2, etaSeconds: 90 });
  }, 1_000 / updatesPerSecond);
}

// What Chromium calls a long animation frame takes more than 50 ms.
const longFramesFor = (ms: number) => `new Promise((resolve) => {
  const frames = [];
  const watch = new PerformanceObserver((list) => frames.push(...list.getEntries().map(({ duration }) => duration)));
  watch.observe({ type: "long-animation-frame" });
  setTimeout(() => resolve(frames), ${ms});
})`;
