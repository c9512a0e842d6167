import { expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { heldSources } from "#tests/support/held-sources.ts";
import { startControlplane } from "#tests/support/processes.ts";
import { client, eventually, temporaryFolder } from "#tests/support/service.ts";
import { sleepingWorkers } from "#tests/support/sleeping-workers.ts";

const count = 8;

test("of eight workers that sleep, one order that waits wakes one, and eight at once wake all", async () => {
  await using home = await temporaryFolder();
  await using sources = heldSources(await clip({ seconds: 1 }));
  await using machines = await sleepingWorkers(count, { home: home.path, MAX_CONCURRENT_JOBS: "1" });
  await using front = await startControlplane([], {
    ...{ WORKER_NODES: machines.addresses.join(","), WORKER_STARTUP_TIMEOUT: "120s" },
    ...{ QUEUE_URL: `sqlite:${join(home.path, "queue.sqlite")}`, RECORD_STORAGE: "local" },
    LOCAL_ROOT: join(home.path, "out"),
  });
  const api = client(front.url);
  const post = (name: string) => api.post({ input_url: sources.url(name), preset: "tiny" });
  const isCompleted = async (posted: ReturnType<typeof post>) => {
    const { status, body } = await posted;
    expect(status).toBe(202);
    expect((await api.events(body["job_id"])).at(-1)).toMatchObject({ status: "completed" });
  };

  sources.release("first.mp4");
  const one = isCompleted(post("first.mp4"));
  await eventually(() => machines.woken() > 0, "a machine is woken");
  await machines.boot();
  await one;
  expect(machines.woken()).toBe(1);

  const eight = Array.from({ length: count }, () => post("clip.mp4"));
  await eventually(() => machines.woken() === count, "all are woken before another has booted");
  sources.release("clip.mp4");
  await machines.boot();
  await Promise.all(eight.map(isCompleted));
});
