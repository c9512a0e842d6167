import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { EventJson } from "#shared/job/event.ts";
import { clip } from "#tests/support/clips.ts";
import { bannerOf, ffmpegWithout, pathWith } from "#tests/support/other-programs.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { atLeast } from "#tests/support/slowness.ts";

const stack = new AsyncDisposableStack();
let sources: ReturnType<typeof serveFiles>;
let home: string;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 4 }), "hdr.mp4": await clip({ hdr: "pq" }) }));
});
afterAll(() => stack.disposeAsync());

/** What the workers of a control plane say that they can. */
async function statusOf(api: ReturnType<typeof client>) {
  const { workers } = (await api.ask("/workers/status")).body as { workers: { capabilities?: string[] }[] };
  return workers.flatMap(({ capabilities = [] }) => capabilities);
}

/** A worker that is not to become ready. */
const refusing = (port: number, PATH: string) =>
  Bun.spawn([process.execPath, join(import.meta.dir, "../../worker/main.ts")], {
    env: {
      ...{ PATH, GRPC_PORT: String(port), WORK_DIR: join(home, `work-${port}`), LOCAL_ROOT: join(home, "out") },
      ...{ ALLOWED_PRIVATE_CIDRS: "127.0.0.0/8", SANDBOX: "none" },
      PRESETS_DIR: join(import.meta.dir, "../support/presets"),
    },
    stdio: ["ignore", "ignore", "pipe"],
  });

const isEncoding = ({ progress = 0 }: EventJson) => progress > 0;

test("a worker tells which ffmpeg it has, and what of it presets use", async () => {
  const port = await freePort();
  await using _worker = await startWorker({ port, home });
  await using controlplane = await startControlplane([port]);
  const told = () => statusOf(client(controlplane.url));
  await eventually(async () => (await told()).some((name) => name.startsWith("ffmpeg:")), "it knows its ffmpeg");
  const banner = await Bun.$`ffmpeg -version`.text();
  const [, version] = /version n?(\d+\.\d+)/.exec(banner) ?? [];
  const capabilities = await told();
  expect(capabilities).toContain(`ffmpeg:${version}`);
  expect(capabilities).toContain("storage:local");
  for (const name of ["encoder:libx264", "encoder:aac", "filter:tonemap"]) expect(capabilities).toContain(name);
});

test("an HDR source on an ffmpeg that cannot convert it is refused by name before the encode", async () => {
  const port = await freePort();
  const PATH = await pathWith(home, "ffmpeg", ffmpegWithout("zscale"));
  await using _worker = await startWorker({ port, home, PATH });
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  const order = { preset: "240p_fast", output: { path: "hdr.mp4" } };
  const { job_id } = (await api.post({ ...order, input_url: sources.url("hdr.mp4") })).body;
  const events = await api.events(job_id);
  expect(events.at(-1)).toMatchObject({
    status: "failed",
    error: {
      kind: "source_failed",
      message:
        "the source is HDR (smpte2084), and this worker cannot convert it: its ffmpeg lacks the filter zscale; " +
        "send an SDR source, or install an ffmpeg that is built with libzimg",
    },
  });
  expect(events.some(isEncoding)).toBe(false);
});

test("no order is accepted by a worker that does not know its ffmpeg yet and then finds it too old", async () => {
  const port = await freePort();
  await using controlplane = await startControlplane([port], { WORKER_STARTUP_TIMEOUT: atLeast(2_000) });
  const gate = join(home, "gate");
  await Bun.$`mkfifo ${gate}`;
  const old = bannerOf("ffmpeg", "4.4.2", "56. 70.100");
  const worker = refusing(port, await pathWith(home, "ffmpeg", `read _ <${gate}; ${old}`));
  const api = client(controlplane.url);
  await eventually(async () => (await statusOf(api)).includes("path-prefix"), "the worker answers");
  expect((await statusOf(api)).filter((name) => /^(ffmpeg|encoder|filter):/.test(name))).toEqual([]);

  const ordered = api.post({ input_url: sources.url("clip.mp4"), preset: "tiny", output: { path: "never.mp4" } });
  await Bun.$`echo go >${gate}`;
  expect((await ordered).status).toBeGreaterThanOrEqual(500);
  expect(await worker.exited).toBe(78);
  expect((await filesIn(join(home, `work-${port}`))).filter((name) => name.includes("order.json"))).toEqual([]);
});

test("a job outlives a worker that an older ffmpeg keeps from starting", async () => {
  const port = await freePort();
  await using controlplane = await startControlplane([port]);
  const api = client(controlplane.url);
  const killed = await startWorker({ port, home });
  const { job_id } = (await api.post({ input_url: sources.url("clip.mp4"), preset: "slow" })).body;
  await api.until(job_id, isEncoding);
  killed.kill("SIGKILL");
  await killed.exited;

  const PATH = await pathWith(home, "ffmpeg", bannerOf("ffmpeg", "4.4.2", "56. 70.100"));
  const refused = refusing(port, PATH);
  expect(await refused.exited).toBe(78);
  expect(await refused.stderr.text()).toContain("ffmpeg 4.4.2 is too old: ffmpeg 5.1 or later is needed");

  await using _again = await startWorker({ port, home });
  expect((await api.events(job_id)).at(-1)).toMatchObject({ status: "completed", attempt: 2 });
});
