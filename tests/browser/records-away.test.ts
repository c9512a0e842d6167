import { describe, expect, test } from "bun:test";
import { recordReader } from "#controlplane/lookup/record-reader.ts";
import { makeLog } from "#shared/log.ts";
import { makeRecords, watchedRecords } from "#shared/records.ts";
import { s3Storage } from "#shared/storage/s3/s3-storage.ts";
import { startBreakingProxy } from "#tests/support/breaking-proxy.ts";
import { chromiumPath, openPage, startBrowser } from "#tests/support/browser.ts";
import { startTestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { startS3Server } from "#tests/support/s3-server.ts";

describe.skipIf(!chromiumPath)("the dashboard while the storage of records is away", () => {
  test("says which, beside the jobs that are known or in place of them, and is silent when it is back", async () => {
    await using s3 = await startS3Server();
    await using store = await startBreakingProxy(s3.options.endpoint ?? "");
    const words = `s3 (bucket media at ${store.url}): the storage cut the connection`;
    let isAway = true;
    await using worker = await startFakeWorker({ recordsProblem: () => (isAway ? words : undefined) });
    const storage = s3Storage({ ...s3.options, endpoint: store.url });
    const { storage: watched } = watchedRecords(storage, makeLog("test", { level: "silent" }));
    const deps = recordReader(makeRecords({ storage: watched, prefix: ".flux/jobs" }));
    await using service = await startTestControlPlane({
      workers: [worker.address],
      config: { readsRecords: true },
      deps,
    });
    await using browser = await startBrowser();

    store.break("cut", /./, Number.POSITIVE_INFINITY);
    const { page, context } = await openPage(browser, `${service.url}/#/`);
    const banner = page.getByRole("alert");
    await banner.getByText(words).waitFor();
    expect(await page.getByText("There is no job yet.").count()).toBe(0);

    const jobId = await service.submit({ input_url: "https://example.com/films/here.mp4", preset: "tiny" });
    worker.tell(jobId, { status: "processing", progress: 10 });
    await page.getByRole("link", { name: "here.mp4" }).waitFor();
    await banner.getByText(words).waitFor();

    store.mend();
    isAway = false;
    await banner.waitFor({ state: "detached" });
    expect(await page.getByRole("link", { name: "here.mp4" }).count()).toBe(1);
    await context.close();
  });
});
