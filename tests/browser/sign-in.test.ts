import { describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashOf } from "#controlplane/auth/keys.ts";
import { chromiumPath, openPage, startBrowser } from "#tests/support/browser.ts";
import { startTestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { temporaryFolder } from "#tests/support/service.ts";

const key = "a-key-of-16-characters";

describe.skipIf(!chromiumPath)("signing in", () => {
  test("a wrong key is told so, the right one opens, and it is kept for this tab alone", async () => {
    await using worker = await startFakeWorker();
    await using service = await startTestControlPlane({ workers: [worker.address], settings: { API_KEY: key } });
    await using browser = await startBrowser();
    const { page, context } = await openPage(browser, service.url);

    await page.getByLabel("API key").fill("a-wrong-key-of-16-characters");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("This key is not accepted.").waitFor();

    await page.getByLabel("API key").fill(key);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("There is no job yet").waitFor();
    await page.reload();
    await page.getByText("There is no job yet").waitFor();
    expect(await page.evaluate("localStorage.length + document.cookie.length")).toBe(0);

    const api = await context.newPage();
    await api.goto(`${service.url}/docs`);
    const call = api.getByRole("region", { name: "How every worker is" });
    await call.getByRole("button", { name: "Try it: How every worker is" }).click();
    await call.getByRole("button", { name: "Send" }).click();
    await call.getByText("401").first().waitFor();
    await api.close();

    const other = await context.newPage();
    await other.goto(service.url);
    await other.getByLabel("API key").waitFor();

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("API key").waitFor();
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
  });

  test("calls are tried from the page of the API with the key of the tab; what destroys is asked a second time", async () => {
    await using worker = await startFakeWorker();
    await using service = await startTestControlPlane({ workers: [worker.address], settings: { API_KEY: key } });
    const order = { input_url: "https://example.com/films/ocean.mp4", preset: "tiny" };
    const authorization = `Bearer ${key}`;
    const { job_id } = (await (await service.post(order, { authorization })).json()) as { job_id: string };
    await using browser = await startBrowser();
    const { page, complaints } = await openPage(browser, service.url);
    await page.getByLabel("API key").fill(key);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("ocean.mp4").waitFor();
    // Until then it was asked for a key.
    complaints.length = 0;
    await page.getByRole("link", { name: "API" }).click();

    const tried = async (summary: string) => {
      const call = page.getByRole("region", { name: summary, exact: true });
      await call.getByRole("button", { name: `Try it: ${summary}` }).click();
      await call.getByLabel("id path").fill(job_id);
      await call.getByRole("button", { name: "Send" }).click();
      return call;
    };
    const state = await tried("A job's state");
    await state.locator(".answer").getByText("ocean.mp4").waitFor();
    expect(await state.locator(".code").first().textContent()).toContain(`/api/v1/jobs/${job_id}`);

    const events = await tried("A job's events as they happen");
    await events.locator(".answer").getByText("data: ").first().waitFor();
    const cancel = await tried("Cancel a job, or remove one that has ended");
    expect(worker.journal.get(job_id)?.feed.latest?.status).toBe("queued");
    await cancel.getByRole("button", { name: "Really send DELETE" }).click();
    await cancel.locator(".answer").getByText("202").first().waitFor();
    expect(worker.journal.get(job_id)?.feed.latest?.status).toBe("cancelled");
    await events.locator(".answer").getByText("cancelled").first().waitFor();

    const links = await page
      .locator("a")
      .evaluateAll((all) => all.map((link) => (link as unknown as { href: string }).href));
    expect(links.concat(page.url()).join()).not.toContain(key);
    expect(await page.content()).not.toContain(key);
    expect(complaints).toEqual([]);
  });

  test("a key that may not see workers asks for them once, and can name every storage", async () => {
    await using folder = await temporaryFolder();
    const API_KEYS_FILE = join(folder.path, "keys.yaml");
    const entry = { name: "ci", tenant: "acme", scopes: ["jobs:write", "jobs:read"], hash: hashOf(key) };
    await writeFile(API_KEYS_FILE, JSON.stringify([entry]));
    await using worker = await startFakeWorker();
    await using service = await startTestControlPlane({
      workers: [worker.address],
      settings: { API_KEYS_FILE, HOST: "127.0.0.1" },
    });
    await using browser = await startBrowser();
    const { page } = await openPage(browser, service.url);
    await page.getByLabel("API key").fill(key);
    const forbidden = page.waitForResponse((answer) => answer.status() === 403);
    await page.getByRole("button", { name: "Sign in" }).click();
    await forbidden;

    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    const listed = page.waitForResponse(/\/jobs\?/);
    await page.evaluate("dispatchEvent(new Event('online'))");
    await listed;
    expect(asked).not.toContain("/api/v1/workers/status");

    await page.goto(`${service.url}/#/new`);
    const offered = page.getByLabel("Storage").locator("option");
    expect(await offered.allTextContents()).toEqual(["The service's default", "local", "s3", "ftp"]);
  });
});
