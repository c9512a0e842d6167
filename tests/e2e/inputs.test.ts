import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runFfmpeg } from "#tests/support/clips.ts";
import { freePort, loopback, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, ffprobe, temporaryFolder } from "#tests/support/service.ts";
import { flashesOf, picturesIn, soundIn } from "#tests/support/sync.ts";
import { type UnlikePart, unlikePart } from "#tests/support/unlike-parts.ts";

const names: readonly UnlikePart[] = ["portrait", "60 a second and mono", "hlg", "no sound", "plain"];
const rendition = { size: 90, crf: 30, maxrate: "900k", bufsize: "900k" };
const film = {
  ...{ name: "film", description: "d", audio: { codec: "aac", bitrate: "64k" } },
  video: { codec: "h264", speed: "ultrafast", renditions: [rendition] },
};
const segments = { ...film, name: "segments", output_type: "hls", segments: { format: "mpegts", seconds: 2 } };
const own = { name: "own", description: "d", extension: "mp4", ffmpeg_args: ["-c:v", "mpeg4"] };

const stack = new AsyncDisposableStack();
const headers = { prefer: "wait=60" };
let api: ReturnType<typeof client>;
let worker: Awaited<ReturnType<typeof startWorker>>;
let start: () => ReturnType<typeof startWorker>;
let sources: ReturnType<typeof serve>;

/** Serves each file by its number; the third one comes once `open` has resolved. */
function serve(files: readonly string[]) {
  const open = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch({ url }) {
      const { pathname } = new URL(url);
      asked.push(pathname);
      const file = files[Number(pathname.slice(1))];
      if (!file) return new Response("nothing here", { status: 404 });
      if (pathname === "/2") {
        reached.resolve();
        await open.promise;
      }
      return new Response(Bun.file(file));
    },
  });
  const url = (name: string) => `${server.url.origin}/${name}`;
  return { asked, open: open.resolve, reached: reached.promise, url, [Symbol.asyncDispose]: () => server.stop(true) };
}

beforeAll(async () => {
  const home = stack.use(await temporaryFolder()).path;
  await Bun.write(join(home, "presets/all.yaml"), JSON.stringify({ presets: [film, segments, own] }));
  const sound = join(home, "sound.mp3");
  await runFfmpeg(["-f", "lavfi", "-i", "sine=d=1", sound]);
  sources = stack.use(serve([...(await Promise.all(names.map(unlikePart))), sound]));
  const port = await freePort();
  start = () => startWorker({ port, home, PRESETS_DIR: join(home, "presets"), ALLOWED_PRIVATE_CIDRS: loopback });
  worker = stack.use(await start());
  api = client(stack.use(await startControlplane([port])).url);
});
afterAll(() => stack.disposeAsync());

async function restart() {
  worker.kill("SIGKILL");
  await worker.exited;
  worker = stack.use(await start());
}

const parts = () => names.map((_, at) => ({ url: sources.url(String(at)) }));

test("sources that are joined go on after a crash with those that are there, and play in step", async () => {
  const inputs = parts().with(1, { url: `${sources.url("1")}?sig=secret` });
  const { body } = await api.post({ inputs, preset: "film" });
  await sources.reached;
  const restarted = restart();
  sources.open();
  await restarted;
  const events = await api.events(body["job_id"]);
  const end = events.at(-1);
  expect(end).toMatchObject({ status: "completed", attempt: 2 });
  // What was whole was not fetched again.
  expect(["/0", "/1", "/2"].map((path) => sources.asked.filter((asked) => asked === path).length)).toEqual([1, 1, 2]);
  expect(events.map(({ message }) => message)).toContain("Going on with source 2 of 5 fetched before");
  expect(end?.sources?.map(({ video }) => [video?.width, video?.height])).toEqual([
    ...[
      [90, 160],
      [160, 120],
      [160, 90],
      [120, 120],
      [160, 90],
    ],
  ]);
  const bytes = end?.sources?.reduce((sum, one) => sum + one.bytes, 0) ?? 0;
  expect(end).toMatchObject({ source: { container: "joined", bytes, video: { width: 90, height: 160 } } });

  const path = fileURLToPath(String(end?.output_url));
  const pictures = await picturesIn(path);
  const { beeps, endSeconds } = await soundIn(path);
  const seconds = end?.source?.duration_seconds ?? 0;
  expect(pictures.length).toBe(Math.round((seconds * 30_000) / 1_001));
  expect(Math.abs(endSeconds - seconds)).toBeLessThan(0.05);
  const flashes = flashesOf(pictures);
  expect(flashes.length).toBe(names.length * 2);
  for (const beep of beeps) expect(Math.min(...flashes.map((flash) => Math.abs(flash - beep)))).toBeLessThan(0.04);

  const { body: found } = await api.job(body["job_id"]);
  expect(found["order"]).toMatchObject({ input_url: "", inputs: parts() });
  expect(JSON.stringify([found, events])).not.toContain("secret");
  // Nobody knows the whole address any more.
  await restart();
  const again = await api.ask(`/jobs/${body["job_id"]}/retry`, { method: "POST" });
  expect(again).toMatchObject({ status: 409, body: { detail: expect.stringContaining("post the order again") } });
});

test("a part of each is joined to segments, and a dry run tells the film before", async () => {
  const [first, second] = parts();
  const inputs = [
    { ...first, clip: { start: 0.5, end: 1.2 } },
    { ...second, clip: { start: 0.2 } },
  ];
  const planned = await api.ask("/plan", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ inputs, preset: "segments" }),
  });
  expect(planned).toMatchObject({
    status: 200,
    body: { source: { container: "joined" }, sources: [{ container: "mp4" }, { container: "mp4" }] },
  });
  const { source } = planned.body as { source: { duration_seconds: number } };
  expect(Math.abs(source.duration_seconds - 1.9)).toBeLessThan(0.08);
  const { status, body } = await api.post({ inputs, preset: "segments" }, headers);
  expect({ status, body }).toMatchObject({ status: 200, body: { status: "completed" } });
  const made = await ffprobe(fileURLToPath(String(body["output_url"])));
  expect(Math.abs(made.duration - source.duration_seconds)).toBeLessThan(0.1);
});

test("orders of sources that cannot be joined name the field that is wrong", async () => {
  const fields = async (order: object) => {
    const { status, body } = await api.post({ preset: "film", ...order }, headers);
    const errors = (body["errors"] ?? []) as { field: string }[];
    return [status, ...errors.map(({ field }) => field)];
  };
  const [first] = parts();
  expect(await fields({ inputs: [first] })).toEqual([400, "inputs"]);
  expect(await fields({ inputs: Array(51).fill(first) })).toEqual([400, "inputs"]);
  expect(await fields({ inputs: parts(), input_url: first?.url })).toEqual([400, "inputs"]);
  expect(await fields({})).toEqual([400, "input_url"]);
  expect(await fields({ inputs: parts(), clip: { start: 1 } })).toEqual([400, "clip"]);
  expect(await fields({ inputs: parts(), workers: 2 })).toEqual([400, "workers"]);
  expect(await fields({ inputs: [...parts(), { url: "http://169.254.169.254/a" }] })).toEqual([400, "inputs.5.url"]);
  expect(await fields({ inputs: parts(), preset: "own" })).toEqual([400, "inputs"]);
  expect(await fields({ inputs: parts(), measure: "ssim" })).toEqual([400, "measure"]);
  expect(await fields({ inputs: [first, { ...first, clip: { start: 30 } }] })).toEqual([400, "inputs.1.clip.start"]);
  const { body } = await api.post({ preset: "film", inputs: [first, { url: sources.url("9") }] }, headers);
  expect(body).toMatchObject({ kind: "source_failed", detail: expect.stringContaining("inputs.1.url: ") });
  const { body: silent } = await api.post({ preset: "film", inputs: [first, { url: sources.url("5") }] }, headers);
  expect(silent).toMatchObject({ kind: "source_failed", errors: [{ field: "inputs.1.url" }] });
});
