import { expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { startTestControlPlane } from "#tests/support/control-plane.ts";
import { heldSources } from "#tests/support/held-sources.ts";
import { freePort, startWorker } from "#tests/support/processes.ts";
import { client, eventually, ffprobe, temporaryFolder } from "#tests/support/service.ts";

test("a job that waited far longer than it may run is no lost one, and has its whole time from when it starts", async () => {
  await using home = await temporaryFolder();
  await using sources = heldSources(await clip({ seconds: 1 }));
  const port = await freePort();
  const LOCAL_ROOT = join(home.path, "out");
  const startOne = () => startWorker({ port, home: home.path });
  await using worker = await startOne();
  // The orders are posted a day before they run.
  let daysAgo = 1;
  const now = () => Date.now() - daysAgo * 86_400_000;
  await using service = await startTestControlPlane({
    workers: [`127.0.0.1:${port}`],
    settings: {
      ...{ QUEUE_URL: `sqlite:${join(home.path, "queue.sqlite")}`, RECORD_STORAGE: "local", LOCAL_ROOT },
      ...{ JOB_TIMEOUT: "300s", QUEUE_TIMEOUT: "7d" },
    },
    deps: { now, newId: () => Bun.randomUUIDv7("hex", now()) },
  });
  const api = client(service.url);
  const post = async (name: string) => {
    const order = { input_url: sources.url(name), preset: "tiny", output: { path: name } };
    return String((await api.post(order)).body["job_id"]);
  };
  const first = await post("first.mp4");
  await api.until(first, ({ status }) => status === "processing");
  const [second, third] = [await post("second.mp4"), await post("third.mp4")];
  daysAgo = 0;

  const watched = api.events(second);
  sources.release("first.mp4");
  await api.until(second, ({ status }) => status === "processing");
  expect((await api.job(second)).body).toMatchObject({ status: "processing" });
  // Its worker is away for a moment: there is time left until it counts as lost, whatever its id says.
  worker.kill("SIGKILL");
  await worker.exited;
  await using other = await startTestControlPlane({
    workers: [`127.0.0.1:${port}`],
    settings: { RECORD_STORAGE: "local", LOCAL_ROOT, JOB_TIMEOUT: "300s" },
    config: { startupTimeoutMs: 100 },
  });
  for (const { url } of [service, other])
    expect(await client(url).job(second)).toMatchObject({ status: 200, body: { job_id: second } });
  expect((await client(other.url).job(second)).body).not.toMatchObject({ status: "failed" });
  await using _again = await startOne();
  sources.release("second.mp4", "third.mp4");
  expect((await watched).at(-1)).toMatchObject({ status: "completed", attempt: 2 });
  await eventually(async () => (await api.job(third)).body["status"] === "completed", "the last one is done");
  for (const name of ["second.mp4", "third.mp4"])
    expect((await ffprobe(join(LOCAL_ROOT, name))).video.codec_name).toBe("h264");
});
