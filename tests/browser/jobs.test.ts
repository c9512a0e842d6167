import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { stringify } from "yaml";
import { hashOf } from "#controlplane/auth/keys.ts";
import { chromiumPath, openPage, overflow, startBrowser } from "#tests/support/browser.ts";
import { startTestControlPlane, type TestControlPlane } from "#tests/support/control-plane.ts";
import { type FakeWorker, startFakeWorker } from "#tests/support/fake-worker.ts";
import { eventually, temporaryFolder } from "#tests/support/service.ts";

describe.skipIf(!chromiumPath)("the dashboard in a browser", () => {
  const stack = new AsyncDisposableStack();
  const logs = new Map<string, string>();
  const certificates = new Map<string, string>();
  let browser: Browser;
  let worker: FakeWorker;
  let service: TestControlPlane;

  beforeAll(async () => {
    worker = stack.use(await startFakeWorker({ slots: 1_000, logs, certificates }));
    service = stack.use(await startTestControlPlane({ workers: [worker.address] }));
    browser = stack.use(await startBrowser());
  });
  afterAll(() => stack.disposeAsync());

  test("an order is posted, watched to its end, and can be run again", async () => {
    const { page, context, complaints } = await openPage(browser, `${service.url}/#/new`);
    await page.getByLabel("Source").fill("https://example.com/films/ocean.mp4");
    await page.getByLabel("Path").fill("films/ocean.mp4");
    expect(await page.locator("pre").textContent()).toContain('"input_url": "https://example.com/films/ocean.mp4"');
    await page.getByRole("button", { name: "Start" }).click();

    await page.getByRole("heading", { name: "ocean.mp4" }).waitFor();
    const jobId = decodeURIComponent(new URL(page.url()).hash.split("/")[2] ?? "");
    expect(worker.journal.get(jobId)?.request).toMatchObject({ preset: "tiny", output: { path: "films/ocean.mp4" } });

    worker.tell(jobId, { status: "processing", message: "Fetching the source" });
    worker.tell(jobId, { status: "processing", progress: 45.5, fps: 61, speed: 2.1, message: "Encoding frame 12/34" });
    await page.getByText("45.5 %").waitFor();
    await page.locator(".running").getByText("Encoding frame 12/34").waitFor();
    worker.tell(jobId, { status: "processing", progress: 50, pieces: { done: 2, total: 5, workers: 2 } });
    await page.getByText("2 of 5 pieces done, 2 workers encoding").waitFor();
    const bars = await page.locator(".pieces .bar span").evaluateAll((all) => all.map(({ className }) => className));
    expect(bars).toEqual(["done", "done", "now", "now", "open"]);
    worker.tell(jobId, { status: "uploading", message: "Uploading file 1/1" });
    worker.tell(jobId, {
      status: "completed",
      outputUrl: "file:///out/films/ocean.mp4",
      bytesUploaded: 2_000_000,
      pieces: { done: 5, total: 5, workers: 2 },
    });
    await page.getByRole("heading", { name: "Output" }).waitFor();
    await page.getByText("5 pieces on 2 workers").waitFor();
    expect(await page.locator(".timeline li").allTextContents()).toHaveLength(5);

    await page.getByRole("button", { name: "Run again" }).click();
    await page.getByRole("button", { name: "Replace the output" }).click();
    await page.locator(".bar-of-page .status.queued").waitFor();
    expect(new URL(page.url()).hash).not.toContain(jobId);
    expect(worker.requests.at(-1)).toMatchObject({ retryOf: jobId, output: { overwrite: true } });
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a job opened by its link has its name in the list too", async () => {
    const jobId = await service.submit({ input_url: "https://example.com/films/linked.mp4", preset: "tiny" });
    const { page, context } = await openPage(browser, "about:blank");
    const isFollowed = page.waitForResponse(/stream$/);
    await page.route(
      /\/jobs\?/,
      async (route) => {
        await isFollowed;
        await page.locator(".events li").first().waitFor();
        await route.continue();
      },
      { times: 1 },
    );
    await page.goto(`${service.url}/#/jobs/${jobId}`);
    await page.getByRole("heading", { name: "linked.mp4" }).waitFor();
    await page.locator("header").getByRole("link", { name: "Jobs" }).click();
    await page.getByRole("link", { name: "linked.mp4" }).waitFor();
    await context.close();
  });

  test("a job is cancelled after a second thought", async () => {
    const jobId = await service.submit();
    worker.tell(jobId, { status: "processing", progress: 10 });
    const { page, context } = await openPage(browser, `${service.url}/#/jobs/${jobId}`);
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await page.getByRole("button", { name: "Really cancel" }).click();
    await page.getByRole("heading", { name: "Cancelled" }).waitFor();
    await context.close();
  });

  test("a failed job says why in plain words, with the encoder's last lines, and shows no output", async () => {
    const order = { input_url: "https://example.com/a.mp4", preset: "tiny", output: { path: "films/a.mp4" } };
    const jobId = await service.submit(order);
    worker.tell(jobId, {
      status: "failed",
      error: { kind: "encode_failed", message: "ffmpeg failed\nmoov atom not found" },
    });
    const { page, context } = await openPage(browser, `${service.url}/#/jobs/${jobId}`);
    await page.getByText("The encoder could not finish.").waitFor();
    expect(await page.locator(".failure pre").textContent()).toContain("moov atom not found");
    expect(await page.getByText("films/a.mp4").count()).toBe(0);

    const show = page.getByRole("button", { name: "Show ffmpeg's log" });
    await show.click();
    await page.getByRole("alert").getByText("the job has no log").waitFor();
    const log = "<b>[h264] [error] a line</b>\n".repeat(1_000);
    logs.set(jobId, log);
    await show.click();
    const shown = page.locator(".job-log");
    expect(await shown.textContent()).toBe(log);
    expect(await shown.evaluate(({ scrollHeight, clientHeight }) => scrollHeight > 2 * clientHeight)).toBe(true);
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save it" }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe(`${jobId}.log`);
    expect(await Bun.file(await saved.path()).text()).toBe(log);
    await context.close();
  });

  test("a job's certificate is saved as it was signed", async () => {
    const jobId = await service.submit();
    certificates.set(jobId, '{"payloadType":"application/vnd.in-toto+json"}\n');
    worker.tell(jobId, { status: "completed", certificateUrl: `/api/v1/jobs/${jobId}/certificate` });
    const { page, context } = await openPage(browser, `${service.url}/#/jobs/${jobId}`);
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save it" }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe(`${jobId}.intoto.jsonl`);
    expect(await Bun.file(await saved.path()).text()).toBe(certificates.get(jobId) ?? "");
    await context.close();
  });

  test("a refused order shows all that is wrong beside its fields; several sources are several jobs", async () => {
    const { page, context } = await openPage(browser, `${service.url}/#/new`);
    await page.getByLabel("Source").fill("gopher://example.com/a");
    await page.getByLabel("Webhook").fill("nowhere");
    await page.getByLabel("Path").fill("/films");
    await page.getByLabel("VMAF to reach").fill("high");
    await page.getByRole("button", { name: "Start" }).click();
    await page.locator("#input_url[aria-invalid=true]").waitFor();
    expect(await page.locator("#input_url-about").textContent()).toContain("http");
    expect(await page.locator("[aria-invalid=true]").count()).toBe(4);
    expect(await page.evaluate("document.activeElement.id")).toBe("input_url");

    const [first, second] = ["https://example.com/day1/one.mp4", "https://example.com/day1/two.mp4"];
    await page.getByLabel("Source").fill(`${first}\n\n${second}\ngopher://example.com/a`);
    await page.getByLabel("Webhook").fill("");
    await page.getByLabel("VMAF to reach").fill("");
    await page.getByLabel("Path").fill("films/");
    await page.getByRole("button", { name: "Start 3 jobs" }).click();
    await page.getByText("Path must lead each source elsewhere").waitFor();
    await page.getByLabel("Path").fill("films/{name}/");
    await page.getByRole("button", { name: "Start 3 jobs" }).click();
    await page.getByText("2 of 3 were started").waitFor();
    // Only what was refused is left to be sent again.
    expect(await page.getByLabel("Source").inputValue()).toBe("gopher://example.com/a");
    const sent = worker.requests.slice(-2).map(({ inputUrl, output }) => [inputUrl, output?.path]);
    expect(sent.sort()).toEqual([
      [first, "films/one/"],
      [second, "films/two/"],
    ]);
    await context.close();
  });

  test("a lost connection is said, and its return brings what was missed", async () => {
    const jobId = await service.submit();
    worker.tell(jobId, { status: "processing", progress: 20 });
    const { page, context } = await openPage(browser, `${service.url}/#/jobs/${jobId}`);
    await page.getByText("20.0 %").waitFor();
    await context.setOffline(true);
    await page.getByRole("alert").filter({ hasText: "No connection" }).waitFor();
    worker.tell(jobId, { status: "processing", progress: 60 });
    await context.setOffline(false);
    await page.getByText("60.0 %").waitFor();
    await page.getByText("No connection").waitFor({ state: "detached" });
    await context.close();
  });

  test("the keyboard reaches every job, and leads into the page that it opens", async () => {
    await service.submit();
    const { page, context } = await openPage(browser, service.url);
    await page.locator(".jobs li").first().waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    await page.getByLabel("Search").focus();
    for (const reached of ["preset-filter", "since"]) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.id")).toBe(reached);
    }
    // A date has a stop for each of its parts, and one for its calendar.
    const row = page.locator(".jobs a:focus");
    while ((await row.count()) === 0) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "source.mp4" }).waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    await context.close();
  });

  test("looking wakes no worker", async () => {
    await using asleep = await startFakeWorker();
    const workers = [worker.address, asleep.address];
    await using service = await startTestControlPlane({ workers });
    const { page, context } = await openPage(browser, `${service.url}/#/workers`);
    await page.locator(".status.asleep").first().waitFor();
    await page.getByRole("link", { name: "Charts" }).click();
    await page.locator("header").getByRole("link", { name: "Jobs" }).click();
    await page.getByText("There is no job yet").waitFor();
    expect(asleep.state.questions).toBe(0);
    await context.close();
  });

  test("500 jobs are listed, found, and redrawn one by one", async () => {
    const ids = await Promise.all(
      Array.from({ length: 500 }, (_, n) =>
        service.submit({ input_url: `http://127.0.0.1:9/clip-${n}.mp4`, preset: "tiny" }),
      ),
    );
    for (const jobId of ids) worker.tell(jobId, { status: "processing", progress: 1 });
    const { page, context } = await openPage(browser, service.url);
    const rows = page.locator(".jobs li");
    for (let shown = 100; shown < 500; shown += 100) {
      await page.getByRole("button", { name: "Show older jobs" }).click();
      await rows.nth(shown + 1).waitFor({ state: "attached" });
    }
    await eventually(async () => (await rows.count()) >= 500, "500 rows");

    await page.evaluate(`
      globalThis.redrawn = new Set();
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const row = (target.nodeType === 1 ? target : target.parentElement).closest(".jobs li");
          if (row) redrawn.add(row);
        }
      }).observe(document.querySelector(".jobs"), { subtree: true, childList: true, characterData: true });
    `);
    worker.tell(ids[499] ?? "", { status: "processing", progress: 77 });
    await page.getByText("77 %").waitFor();
    expect(await page.evaluate("redrawn.size")).toBe(1);

    await page.getByLabel("Search").fill("clip-123.mp4");
    await eventually(async () => (await rows.count()) === 1, "one row");
    await page.getByRole("link", { name: "Completed" }).click();
    await page.getByText("No job fits").waitFor();
    await page.getByRole("link", { name: "Clear the search" }).click();
    await eventually(async () => (await page.getByLabel("Search").inputValue()) === "", "no search");
    expect(new URL(page.url()).hash).toBe("#/?status=completed");
    await context.close();
  });

  test("jobs are counted, told apart by their folders, and cancelled and run again together", async () => {
    await using worker = await startFakeWorker({ slots: 10 });
    await using service = await startTestControlPlane({ workers: [worker.address] });
    const submit = (path: string) => service.submit({ input_url: `https://example.com/${path}`, preset: "tiny" });
    const [first, second, third, fourth] = await Promise.all(
      ["day%201/a.mp4", "day2/a.mp4", "b.mp4", "c.mp4"].map(submit),
    );
    for (const jobId of [first, second]) worker.tell(jobId, { status: "processing", progress: 5 });
    const error = { kind: "source_failed", message: "the source answered 404" } as const;
    worker.tell(third, { status: "failed", error });
    worker.tell(fourth, { status: "completed", outputUrl: "file:///out/c.mp4" });

    const { page, context, complaints } = await openPage(browser, service.url);
    const counted = (words: string) => page.locator(".counters a", { hasText: words }).waitFor();
    for (const words of ["Running 2", "Waiting 0", "Failed today UTC1", "2 of 10"]) await counted(words);
    expect((await page.locator(".folder").allTextContents()).sort()).toEqual(["day 1/", "day2/"]);

    await page.getByLabel("Select all jobs of the list").check();
    await page.getByText("4 selected").waitFor();
    await page.getByRole("button", { name: "Run 1 again" }).click();
    await page.locator(".selection").getByText("1 ordered again").waitFor();
    expect(worker.requests.at(-1)).toMatchObject({ retryOf: third });

    await page.getByRole("button", { name: "Close" }).click();
    await page.getByLabel("Select a.mp4").first().check();
    await page.getByLabel("Select a.mp4").last().check();
    await page.getByRole("button", { name: "Cancel 2" }).click();
    expect(worker.journal.get(first)?.feed.latest?.status).toBe("processing");
    await page.getByRole("button", { name: "Really cancel 2" }).click();
    await page.locator(".selection").getByText("2 cancelled").waitFor();
    for (const jobId of [first, second]) expect(worker.journal.get(jobId)?.feed.latest?.status).toBe("cancelled");

    await page.locator(".counters a", { hasText: "Failed today" }).click();
    await eventually(async () => (await page.locator(".jobs li").count()) === 1, "the failed job alone");
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a list is of one preset, since a day, and of one tenant where there are several", async () => {
    await using folder = await temporaryFolder();
    const keysFile = join(folder.path, "keys.yaml");
    const key = { name: "ci", tenant: "acme", scopes: ["jobs:write", "jobs:read"], hash: hashOf("key-of-acme") };
    await writeFile(keysFile, stringify([key]));
    await using worker = await startFakeWorker({ slots: 10 });
    await using service = await startTestControlPlane({
      workers: [worker.address],
      settings: { API_KEY: "0123456789abcdef", HOST: "127.0.0.1", API_KEYS_FILE: keysFile },
    });
    const submit = async (apiKey: string, name: string, preset: string) => {
      const order = { input_url: `https://example.com/${name}.mp4`, preset };
      expect((await service.post(order, { Authorization: `Bearer ${apiKey}` })).status).toBe(202);
    };
    await submit("0123456789abcdef", "plain", "tiny");
    const { page, context } = await openPage(browser, service.url);
    await page.getByLabel("API key").fill("0123456789abcdef");
    await page.keyboard.press("Enter");
    const names = page.locator(".jobs .source b");
    const shows = (...wanted: string[]) =>
      eventually(
        async () => (await names.allTextContents()).join() === wanted.map((name) => `${name}.mp4`).join(),
        `a list of ${wanted.join()}`,
      );
    await shows("plain");
    expect(await page.getByLabel("Tenant").count()).toBe(0);
    await submit("key-of-acme", "big", "large");
    await shows("big", "plain");

    await page.getByLabel("Tenant").selectOption("acme");
    await shows("big");
    await page.getByLabel("Tenant").selectOption("No tenant");
    await shows("plain");
    await page.getByLabel("Preset").fill("large");
    await page.getByLabel("Preset").press("Enter");
    await page.getByText("No job fits").waitFor();
    await page.getByLabel("Tenant").selectOption("All tenants");
    await shows("big");
    await page.getByLabel("Preset").fill("");
    await page.getByLabel("Preset").press("Enter");
    await page.getByLabel("Since").fill("2099-01-01");
    await page.getByText("No job fits").waitFor();
    await page.getByLabel("Since").fill("");
    await shows("big", "plain");

    // Two choices in one task of the page come before it is told of the address that the first leads to.
    await page.evaluate(`
      for (const [id, value] of [["tenant", "=acme"], ["since", "2099-01-01"]])
        Object.assign(document.getElementById(id), { value }).dispatchEvent(new Event("change", { bubbles: true }));
    `);
    await page.getByText("No job fits").waitFor();
    expect(new URL(page.url()).hash).toBe("#/?tenant=acme&since=2099-01-01");
    // What is being typed is not lost to a choice that was made before.
    await page.getByLabel("Preset").pressSequentially("lar");
    await page.evaluate(`
      const search = Object.assign(document.getElementById("search"), { value: "bi" });
      search.dispatchEvent(new Event("input", { bubbles: true }));
      location.hash = "#/?tenant=acme";
    `);
    await shows("big");
    expect(await page.getByLabel("Preset").inputValue()).toBe("lar");
    await eventually(() => new URL(page.url()).hash === "#/?tenant=acme&source=bi", "the search in force");
    await page.setViewportSize({ width: 360, height: 700 });
    expect(await overflow(page)).toBe(0);
    await context.close();
  });
});
