import { expect, test } from "bun:test";
import { clip } from "#tests/support/clips.ts";
import { startFormerLink } from "#tests/support/former-link.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { endsOf, expectedEnds, livesOfJobs } from "#tests/upgrade/lives.ts";

test("a control plane and a worker that take each other for a former version run, watch, cancel and recover jobs", async () => {
  await using home = await temporaryFolder();
  await using files = serveFiles({ "short.mp4": await clip({ seconds: 1 }), "long.mp4": await clip({ seconds: 4 }) });
  const port = await freePort();
  using link = await startFormerLink(port);
  await using controlplane = await startControlplane([link.port]);
  const jobs = await livesOfJobs({
    url: controlplane.url,
    sources: { short: files.url("short.mp4"), long: files.url("long.mp4") },
    presets: { quick: "tiny", slow: "slow" },
    startWorker: () => startWorker({ port, home: home.path }),
  });
  expect(endsOf(jobs)).toEqual(expectedEnds);
});
