import { expect, test } from "bun:test";
import { join } from "node:path";
import { chromiumPath, openPage, startBrowser } from "#tests/support/browser.ts";
import { clip } from "#tests/support/clips.ts";
import { heldSources } from "#tests/support/held-sources.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, temporaryFolder } from "#tests/support/service.ts";

test.skipIf(!chromiumPath)(
  "positions count down as they are watched, and what waits is raised, lowered and cancelled",
  async () => {
    await using home = await temporaryFolder();
    await using sources = heldSources(await clip({ seconds: 1 }));
    const port = await freePort();
    await using _worker = await startWorker({ port, home: home.path });
    await using service = await startControlplane([port], {
      ...{ QUEUE_URL: `sqlite:${join(home.path, "queue.sqlite")}`, RECORD_STORAGE: "local" },
      LOCAL_ROOT: join(home.path, "out"),
    });
    const api = client(service.url);
    const post = async (name: string, priority = "normal") => {
      const { body } = await api.post({ input_url: sources.url(name), preset: "tiny", priority });
      return String(body["job_id"]);
    };
    const first = await post("first.mp4");
    await api.until(first, ({ status }) => status === "processing");
    const [second, third, fourth] = [await post("second.mp4"), await post("third.mp4"), await post("fourth.mp4")];
    await post("low.mp4", "low");

    await using browser = await startBrowser();
    const { page: list, context: left, complaints } = await openPage(browser, service.url);
    const says = (name: string, words: string) =>
      list.locator(".jobs li", { hasText: name }).getByText(words, { exact: true }).waitFor();
    for (const [index, name] of ["second.mp4", "third.mp4", "fourth.mp4"].entries())
      await says(name, `waiting as number ${index + 1}`);
    const { page, context: right } = await openPage(browser, `${service.url}/#/jobs/${fourth}`);
    const waits = (words: string) => page.locator(".running").getByText(words, { exact: true }).waitFor();
    await waits("waiting as number 3");

    // One is begun: the others move up, on the list and on the page of a job, without a hand's turn.
    sources.release("first.mp4");
    await waits("waiting as number 2");
    await says("third.mp4", "waiting as number 1");
    await says("fourth.mp4", "waiting as number 2");

    await page.getByRole("button", { name: "Lower" }).click();
    await page.getByText("The job waits with priority low").waitFor();
    expect((await api.job(fourth)).body).toMatchObject({ status: "queued", position: 2 });
    await page.getByRole("button", { name: "Raise" }).click();
    await page.getByText("The job waits with priority high").waitFor();
    await waits("waiting as number 1");

    // What was raised runs before what has waited for longer.
    sources.release("second.mp4");
    await page.getByRole("button", { name: "Raise" }).waitFor({ state: "detached" });
    expect((await api.until(fourth, ({ status }) => status === "processing")).status).toBe("processing");
    expect((await api.job(third)).body).toMatchObject({ status: "queued", position: 1 });

    await list.getByRole("link", { name: "third.mp4" }).click();
    await list.getByRole("button", { name: "Cancel", exact: true }).click();
    await list.getByRole("button", { name: "Really cancel" }).click();
    await list.getByRole("heading", { name: "Cancelled" }).waitFor();
    expect((await api.job(third)).body).toMatchObject({ status: "cancelled" });

    sources.release("fourth.mp4", "low.mp4");
    await page.getByRole("heading", { name: "Output" }).waitFor();
    expect((await api.job(second)).body).toMatchObject({ status: "completed" });
    expect(complaints).toEqual([]);
    await Promise.all([left.close(), right.close()]);
  },
);
