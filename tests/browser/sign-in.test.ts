import { describe, expect, test } from "bun:test";
import { chromiumPath, openPage, startBrowser } from "#tests/support/browser.ts";
import { startTestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";

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
});
