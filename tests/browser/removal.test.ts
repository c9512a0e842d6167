import { describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashOf } from "#controlplane/auth/keys.ts";
import { chromiumPath, openPage, startBrowser } from "#tests/support/browser.ts";
import { startTestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { temporaryFolder } from "#tests/support/service.ts";

const key = (name: string) => `a-key-of-16-characters-${name}`;

describe.skipIf(!chromiumPath)("removing a job", () => {
  test("only a key that may is offered it, for a job that has ended, and asked a second time", async () => {
    await using folder = await temporaryFolder();
    const API_KEYS_FILE = join(folder.path, "keys.yaml");
    const entry = (name: string, scopes: string[]) => ({ name, tenant: "acme", scopes, hash: hashOf(key(name)) });
    const usual = ["jobs:write", "jobs:read", "workers:read"];
    await writeFile(API_KEYS_FILE, JSON.stringify([entry("may", [...usual, "jobs:remove"]), entry("not", usual)]));
    await using worker = await startFakeWorker({ slots: 10, capabilities: ["remove-output"] });
    await using service = await startTestControlPlane({
      workers: [worker.address],
      settings: { API_KEYS_FILE, HOST: "127.0.0.1" },
    });
    const authorization = `Bearer ${key("not")}`;
    const order = { input_url: "https://example.com/films/ocean.mp4", preset: "tiny" };
    const { job_id } = (await (await service.post(order, { authorization })).json()) as { job_id: string };

    await using browser = await startBrowser();
    const open = async (name: string) => {
      const opened = await openPage(browser, `${service.url}/#/jobs/${job_id}`);
      await opened.page.getByLabel("API key").fill(key(name));
      await opened.page.getByRole("button", { name: "Sign in" }).click();
      await opened.page.getByRole("heading", { name: "ocean.mp4" }).waitFor();
      return opened;
    };
    const { page } = await open("may");
    const { page: other } = await open("not");
    await page.getByRole("button", { name: "Cancel", exact: true }).waitFor();
    expect(await page.getByRole("button", { name: "Remove" }).count()).toBe(0);

    const isTold = other.waitForResponse(/jobs\?limit=1$/);
    worker.tell(job_id, { status: "completed", outputUrl: "file:///out/films/ocean.mp4" });
    await page.getByRole("button", { name: "Remove" }).click();
    await isTold;
    await other.getByRole("button", { name: "Run again" }).waitFor();
    expect(await other.getByRole("button", { name: "Remove" }).count()).toBe(0);

    expect(worker.state.removals).toEqual([]);
    await page.getByRole("button", { name: "Remove job and output" }).click();
    await page.getByText("There is no job yet").waitFor();
    expect(worker.state.removals).toEqual([job_id]);
  });
});
