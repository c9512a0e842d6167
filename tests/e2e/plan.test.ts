import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { freePort, jobsFolder, leftIn, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, ffprobe, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
const port = await freePort();
let home: string;
let url: string;
let sources: ReturnType<typeof serveFiles>;

type Rendition = {
  name: string;
  kind: string;
  width?: number;
  height?: number;
  frame_rate?: number;
  codec: string;
  language?: string;
};
type PresetPlan = {
  preset: string;
  output_type: string;
  renditions: Rendition[];
  dropped?: { size: number; reason: string }[];
  error?: { kind: string; message: string };
};

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  const files = {
    "clip.mp4": await clip({ seconds: 3, size: "240x68", rate: "30000/1001" }),
    "sound.m4a": await clip({ seconds: 1, size: "none", container: "m4a" }),
    "text.mp4": join(home, "text.mp4"),
    "playlist.mp4": join(home, "playlist.mp4"),
    "large.mp4": join(home, "large.mp4"),
  };
  await Bun.write(files["text.mp4"], "this is not a video\n".repeat(100));
  await Bun.write(files["playlist.mp4"], "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n");
  await Bun.write(files["large.mp4"], new Uint8Array(3_000_000));
  sources = stack.use(serveFiles(files));
  stack.use(await startWorker({ port, home, MAX_SOURCE_SIZE: "2MiB", MAX_CONCURRENT_JOBS: "2" }));
  url = stack.use(await startControlplane([port])).url;
});
afterAll(() => stack.disposeAsync());

const plan = (body: object, { from = url, signal }: { from?: string; signal?: AbortSignal } = {}) =>
  client(from).ask("/plan", {
    ...{ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
    ...(signal && { signal }),
  });
const plansOf = ({ body }: { body: Record<string, unknown> }) => body["presets"] as PresetPlan[];
const nothingIsLeft = () =>
  eventually(async () => (await leftIn(jobsFolder(home, port))).length === 0, "the work directory is empty");
const running = async () => {
  const { workers } = (await client(url).ask("/workers/status")).body as { workers: { current_jobs: number }[] };
  return workers[0]?.current_jobs;
};

test("a plan says what the source is, and of each preset what it makes", async () => {
  const answer = await plan({ input_url: sources.url("clip.mp4") });
  expect(answer.body["source"]).toMatchObject({
    container: "mp4",
    video: { codec: "h264", width: 240, height: 68, frame_rate: 29.97 },
    audio: [{ codec: "aac" }],
  });
  const { presets } = (await client(url).ask("/presets")).body as { presets: { name: string }[] };
  expect(plansOf(answer).map(({ preset }) => preset)).toEqual(presets.map(({ name }) => name));
  await nothingIsLeft();
});

const told = ({ kind, width, height, frame_rate, language }: Partial<Rendition>) => ({
  ...{ kind, width, height, language },
  // Nobody reads that of an animated picture.
  frame_rate: kind !== "image" && frame_rate && Math.round(frame_rate * 100) / 100,
});

const made = ["hls_tiny", "hls_locked", "cmaf_tiny", "240p_fast", "thumbnails", "poster", "preview", "film_and_stills"];
test.each(made)("what %s makes is what its plan said", async (preset) => {
  const [planned] = plansOf(await plan({ input_url: sources.url("clip.mp4"), preset }));
  const isSingle = planned?.output_type === "single";
  const extension = planned?.renditions[0]?.name.split(".").at(-1);
  const path = isSingle ? `${preset}.${extension}` : `${preset}/`;
  const order = { input_url: sources.url("clip.mp4"), preset, output: { path } };
  const { body } = await client(url).post(order, { prefer: "wait" });
  expect(body).toMatchObject({ status: "completed" });
  const { renditions } = body["outputs"] as { renditions: (Rendition & { path: string })[] };
  expect(renditions.map((one) => [one.path, told(one)])).toEqual(
    planned?.renditions.map((one) => [isSingle ? one.name.replace("output", preset) : one.name, told(one)]) ?? [],
  );
  const { width, height, codec } = planned?.renditions[0] ?? {};
  const playable = preset !== "hls_locked" && planned?.renditions[0]?.name;
  if (!playable) return;
  // Neither is a WebVTT media, nor does ffmpeg 5.1 read an animated WebP.
  if (codec === "webvtt" || codec === "webp") return;
  const { video } = await ffprobe(join(home, "out", isSingle ? path : path + playable));
  expect(video).toMatchObject({ codec_name: codec, width, height });
});

test("rungs above the source are named with why they are left out, and a preset that refuses it with its fault", async () => {
  const [ladder] = plansOf(await plan({ input_url: sources.url("clip.mp4"), preset: "hls_tiny" }));
  expect(ladder?.renditions.filter(({ kind }) => kind === "video")).toMatchObject([{ height: 60 }]);
  expect(ladder?.dropped).toEqual([{ size: 90, reason: "it is larger than the source, whose short side is 68" }]);

  const plans = plansOf(await plan({ input_url: sources.url("sound.m4a") }));
  expect(plans.find(({ preset }) => preset === "720p_h264")).toMatchObject({
    renditions: [],
    error: { kind: "source_failed", message: expect.stringContaining("no video") },
  });
  expect(plans.find(({ preset }) => preset === "audio_opus")).toMatchObject({
    renditions: [{ kind: "audio", codec: "opus" }],
  });
});

const refused: [what: string, name: string, why: string][] = [
  ["garbage", "text.mp4", "not a media file"],
  ["a playlist that names a file of the worker", "playlist.mp4", "not a media file"],
  ["a source above the limit", "large.mp4", "larger than"],
  ["a source that is not there", "none.mp4", "404"],
];
test.each(refused)("%s is refused in words, and leaves nothing", async (_, name, why) => {
  const answer = await plan({ input_url: sources.url(name) });
  expect(answer).toMatchObject({ status: 422, body: { kind: "source_failed", detail: expect.stringContaining(why) } });
  await nothingIsLeft();
  expect(await running()).toBe(0);
});

test("fields that are wrong are named, and no more may be asked than of an order", async () => {
  const fieldsOf = async (body: object) => (await plan(body)).body["errors"];
  expect(await fieldsOf({ input_url: "http://169.254.169.254/latest" })).toMatchObject([{ field: "input_url" }]);
  expect(await fieldsOf({ input_url: "file:///etc/passwd" })).toMatchObject([{ field: "input_url" }]);
  expect(await fieldsOf({ preset: "tiny" })).toMatchObject([{ field: "input_url" }]);
  expect(await fieldsOf({ input_url: sources.url("clip.mp4"), output: {} })).toMatchObject([{ field: "output" }]);
  const unknown = await plan({ input_url: sources.url("clip.mp4"), preset: "no_such" });
  expect(unknown).toMatchObject({ status: 404, body: { errors: [{ field: "preset" }] } });
});
