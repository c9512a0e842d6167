import { expect, test } from "bun:test";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { chromiumPath, openPage, playPastOneSecond, startBrowser } from "#tests/support/browser.ts";
import { serveBucket } from "#tests/support/bucket.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { filesIn, temporaryFolder } from "#tests/support/service.ts";
import { startTcpProxy } from "#tests/support/tcp-proxy.ts";
import { cutUpload, largeFilm } from "#tests/support/uploads.ts";

/** How much of the file is sent, for a look by hand: CI sends little. */
const megabytes = Number(process.env["UPLOAD_MEGABYTES"] ?? 12);

test.skipIf(!chromiumPath)(
  "a file that is chosen is uploaded though the line is cut twice, its job starts, and the output plays",
  async () => {
    await using home = await temporaryFolder();
    const port = await freePort();
    const out = join(home.path, "out");
    // What serves outputs must not serve uploads: a control plane that finds them there does not start.
    const served = join(home.path, "served");
    await mkdir(served);
    await symlink(join(out, "outputs"), join(served, "outputs"));
    await using outputs = serveBucket(served);
    await using _worker = await startWorker({
      port,
      home: home.path,
      UPLOAD_STORAGE: "local",
      LOCAL_PUBLIC_URL: outputs.url,
    });
    await using service = await startControlplane([port], {
      ...{ LOCAL_ROOT: out, RECORD_STORAGE: "local", UPLOAD_STORAGE: "local", UPLOAD_SINGLE_CONTROL_PLANE: "true" },
    });
    await using proxy = await startTcpProxy(Number(new URL(service.url).port));
    const film = join(home.path, "holiday.mp4");
    await largeFilm(film, 2, megabytes * 2 ** 20);

    await using browser = await startBrowser();
    const { page, context } = await openPage(browser, `http://127.0.0.1:${proxy.port}/#/new`);
    await page.getByRole("radio", { name: /tiny/ }).first().check();
    await page.getByLabel("Or upload files").setInputFiles(film);
    await cutUpload(proxy, join(out, ".flux/uploads"), [1 / 4, 1 / 2], megabytes * 2 ** 20);
    await page.getByRole("heading", { name: "Output" }).waitFor();
    expect((await filesIn(out)).filter((name) => name.endsWith(".mp4"))).toHaveLength(1);
    await page.locator("video").first().waitFor();
    await playPastOneSecond(page);
    await context.close();
  },
  150_000,
);
