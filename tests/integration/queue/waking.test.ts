import { expect, test } from "bun:test";
import { join } from "node:path";
import { startBootFront } from "#tests/support/boot-front.ts";
import { jsonOf, startTestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { eventually, temporaryFolder } from "#tests/support/service.ts";

test("an order that waits wakes one machine, though all fell asleep behind open connections", async () => {
  await using home = await temporaryFolder();
  await using machines = new AsyncDisposableStack();
  const fronts = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const worker = machines.use(await startFakeWorker({ capabilities: ["queue"] }));
      return machines.use(await startBootFront(worker.port));
    }),
  );
  let laterMs = 0;
  await using service = await startTestControlPlane({
    workers: fronts.map(({ address }) => address),
    settings: {
      ...{ QUEUE_URL: `sqlite:${join(home.path, "queue.sqlite")}`, RECORD_STORAGE: "local", LOCAL_ROOT: home.path },
      WORKER_STARTUP_TIMEOUT: "600s",
    },
    config: { startupTimeoutMs: 600_000 },
    deps: { now: () => Date.now() + laterMs },
  });
  for (const front of fronts) front.boot();
  await service.get("/workers/status");
  for (const front of fronts) front.sleep();
  laterMs = 5_001;

  const jobId = await service.submit();
  const woken = () => fronts.filter((front) => front.isWoken());
  await eventually(() => woken().length > 0, "a machine is woken");
  woken()[0]?.boot();
  await eventually(async () => (await jsonOf(await service.get("/queue"))).waiting === 0, `${jobId} is handed over`);
  expect(woken()).toHaveLength(1);
});
