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

    const other = await context.newPage();
    await other.goto(service.url);
    await other.getByLabel("API key").waitFor();

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("API key").waitFor();
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
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
