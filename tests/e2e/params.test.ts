import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashOf } from "#controlplane/auth/keys.ts";
import { clip } from "#tests/support/clips.ts";
import { loudnessOf } from "#tests/support/loudness.ts";
import { pictureOf } from "#tests/support/picture-of.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, ffprobe, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let url: string;
let source: string;
let sources: ReturnType<typeof serveFiles>;

const video = (renditions: object[]) => ({ codec: "h264", gop_seconds: 1, renditions });
const best = { size: 90, crf: 35, maxrate: "300k", bufsize: "600k" };
const small = { size: 60, crf: 38, maxrate: "200k", bufsize: "400k" };
const audio = { codec: "aac", bitrate: "64k" };
const presets = [
  {
    ...{ name: "film", description: "d", audio, video: video([best]) },
    allow: { crf: { min: 18, max: 40 }, frame_rate: [25, "<=30"] },
  },
  {
    ...{ name: "ladder", description: "d", output_type: "hls", audio, video: video([best, small]) },
    segments: { seconds: 1, format: "fmp4" },
  },
];

/** The key of a tenant, or the operator's. */
const keyOf = (name: string) => `key-of-${name}-0123456789`;

beforeAll(async () => {
  const home = stack.use(await temporaryFolder()).path;
  await Bun.write(join(home, "presets/all.yaml"), JSON.stringify({ presets }));
  const API_KEYS_FILE = join(home, "keys.json");
  const entry = { name: "ci", tenant: "acme", scopes: ["jobs:write", "jobs:read"], hash: hashOf(keyOf("acme")) };
  await Bun.write(API_KEYS_FILE, JSON.stringify([entry]));
  const TENANTS_FILE = join(home, "tenants.yaml");
  await Bun.write(TENANTS_FILE, "acme: { allow: { size: { max: 60 } } }\n");
  source = await clip({ seconds: 4, rate: 50 });
  sources = stack.use(serveFiles({ "clip.mp4": source }));
  const port = await freePort();
  stack.use(await startWorker({ port, home, PRESETS_DIR: join(home, "presets"), MAX_CONCURRENT_JOBS: "4" }));
  url = stack.use(await startControlplane([port], { API_KEY: keyOf("ops"), API_KEYS_FILE, TENANTS_FILE })).url;
});
afterAll(() => stack.disposeAsync());

const as = (name: string) => ({ authorization: `Bearer ${keyOf(name)}`, prefer: "wait=60" });
const post = (
  preset: string,
  params: object,
  { name = "ops", ...more }: { name?: string; thumbnails?: object; clip?: object } = {},
) => client(url).post({ input_url: sources.url("clip.mp4"), preset, params, ...more }, as(name));

/** Where the output of an order is, once it is there. */
async function made(preset: string, params: object, more?: Parameters<typeof post>[2]) {
  const { status, body } = await post(preset, params, more);
  expect({ status, body }).toMatchObject({ status: 200, body: { status: "completed" } });
  return { id: body["job_id"], path: fileURLToPath(String(body["output_url"])), body };
}

/** How x264 was set, as it says itself in what it makes. */
const settingsOf = async (path: string) => {
  const said = /x264 - core.*?options: ([ -~]*)/s.exec(await Bun.file(path).text())?.[1] ?? "";
  return Object.fromEntries(said.split(" ").map((setting) => setting.split("=")));
};

test("a film is encoded as the order says: size, rate, quality, speed and sound", async () => {
  const { path } = await made("film", { size: 60, frame_rate: 25, crf: 22, speed: "veryfast", audio_bitrate: "32k" });
  const { video, audio } = await ffprobe(path);
  expect(video).toMatchObject({ width: 106, height: 60, avg_frame_rate: "25/1", nb_frames: "100" });
  expect(await settingsOf(path)).toMatchObject({ crf: "22.0", subme: "2", vbv_maxrate: "163" });
  expect(Number(audio.bit_rate)).toBeLessThan(45_000);
});

test("an average bit rate is kept to, and the maximum with it", async () => {
  const { path } = await made("film", { bitrate: "150k", maxrate: "200k", frame_rate: "<=30", speed: "ultrafast" });
  const { video } = await ffprobe(path);
  expect(video.avg_frame_rate).toBe("25/1");
  expect(Number(video.bit_rate)).toBeGreaterThan(100_000);
  expect(Number(video.bit_rate)).toBeLessThan(200_000);
  expect(await settingsOf(path)).toMatchObject({ rc: "abr", bitrate: "150", vbv_maxrate: "200", vbv_bufsize: "400" });
});

test("a ladder has the renditions, segments and keyframes that the order says", async () => {
  const { path } = await made("ladder", { size: 80, segment_seconds: 2, gop_seconds: 2, crf: 30 });
  const text = await Bun.file(path).text();
  expect([...text.matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds))).toEqual([2, 2]);
  const [first = ""] = /^segment.*$/m.exec(text) ?? [];
  const media = `concat:${join(path, "../init_0.mp4")}|${join(path, "..", first)}`;
  const shown = ["-select_streams", "v", "-show_entries", "frame=key_frame,height", "-of", "json"];
  const { frames } = await Bun.$`ffprobe -v error ${shown} ${media}`.json();
  expect(frames).toHaveLength(100);
  expect(frames.filter(({ key_frame }: { key_frame: number }) => key_frame === 1)).toHaveLength(1);
  expect(frames[0].height).toBe(60);
  expect(await settingsOf(join(path, "..", first))).toMatchObject({ crf: "30.0", keyint: "100" });
});

test("beside a ladder lie the pictures that the order asks for: of given moments, a sprite, a preview, a poster", async () => {
  const sprite = { width: 80, every_seconds: 1, columns: 2, rows: 1 };
  const preview = { size: 45, seconds: 1, moments: 2, format: "mp4" };
  const thumbnails = { times: [1.5, "0:03.02", 100], size: 90, sprite, preview, poster: { size: 60 } };
  const { id, path, body } = await made("ladder", { speed: "ultrafast" }, { thumbnails });
  const at = (name: string) => join(path, "..", name);
  for (const [still, frame] of [75, 151, 199].entries()) {
    const picture = at(`still_0${still + 1}.jpg`);
    const of = (number: number) => psnrOf(picture, `select=eq(n\\,${number})`);
    // Its own picture is nearer to it than those beside it.
    const [own, before, after] = await Promise.all([of(frame), of(frame - 1), frame < 199 ? of(frame + 1) : 0]);
    expect(own).toBeGreaterThan(Math.max(before ?? 0, after ?? 0));
  }
  expect((await ffprobe(at("still_01.jpg"))).video).toMatchObject({ width: 160, height: 90 });
  const text = await Bun.file(at("thumbnails.vtt")).text();
  const sheets = text.match(/^thumbnails_.*$/gm) ?? [];
  expect(sheets).toHaveLength(4);
  expect(sheets.at(-1)).toBe("thumbnails_02.jpg#xywh=80,0,80,46");
  expect((await ffprobe(at("thumbnails_02.jpg"))).video).toMatchObject({ width: 160, height: 46 });
  expect((await ffprobe(at("preview.mp4"))).video).toMatchObject({ height: 44, nb_frames: "10" });
  expect((await ffprobe(at("poster.jpg"))).video).toMatchObject({ height: 60 });
  const outputs = body["outputs"] as { renditions: { path: string; kind: string }[] };
  const names = outputs.renditions.map(({ path }) => path);
  expect(names).toContainValues(["still_03.jpg", "thumbnails.vtt", "thumbnails_02.jpg", "preview.mp4", "poster.jpg"]);
  const shown = await client(url).ask(`/jobs/${id}`, { headers: as("ops") });
  expect(shown.body["order"]).toMatchObject({ thumbnails: { times: [1.5, 3.02, 100], poster: { size: 60 } } });
});

/** How near a picture is to one of the source, in decibels. */
async function psnrOf(picture: string, select: string) {
  const graph = `[1:v]${select}[source];[0:v][source]psnr`;
  const said =
    await Bun.$`ffmpeg -nostdin -hide_banner -i ${picture} -i ${source} -filter_complex ${graph} -f null - 2>&1`.text();
  return Number(/average:(inf|[\d.]+)/.exec(said)?.[1]);
}

test("the sound of a film is brought to the loudness of the order", async () => {
  const { path } = await made("film", { loudness: -30 });
  expect(Math.abs((await loudnessOf(path)) + 30)).toBeLessThan(0.5);
});

test("a tenant sets what its preset or its own file allows, and is told by the field what not", async () => {
  const refused = async (params: object) => {
    const { status, body } = await post("film", params, { name: "acme" });
    return { status, errors: body["errors"] };
  };
  const message = "preset film does not let you set it";
  expect(await refused({ speed: "fast" })).toEqual({ status: 400, errors: [{ field: "params.speed", message }] });
  expect(await refused({ crf: 10 })).toMatchObject({ status: 400, errors: [{ field: "params.crf" }] });
  expect(await refused({ size: 90 })).toMatchObject({ status: 400, errors: [{ field: "params.size" }] });
  expect(await refused({ tune: "film" })).toMatchObject({ status: 400, errors: [{ field: "params.tune" }] });

  const params = { crf: 30, size: 60, frame_rate: 25 };
  const { id } = await made("film", params, { name: "acme" });
  const headers = as("acme");
  const { body } = await client(url).ask(`/jobs/${id}`, { headers });
  expect(body["order"]).toMatchObject({ params });
  const again = await client(url).ask(`/jobs/${id}/retry`, { method: "POST", headers });
  expect(again).toMatchObject({ status: 200, body: { status: "completed" } });
  expect((await ffprobe(fileURLToPath(String(again.body["output_url"])))).video).toMatchObject({ height: 60 });
});

test("a dry run and the list of presets know of it", async () => {
  const headers = { ...as("ops"), "content-type": "application/json" };
  const asked = { input_url: sources.url("clip.mp4"), params: { size: 60, frame_rate: 25 } };
  const { body } = await client(url).ask("/plan", { method: "POST", headers, body: JSON.stringify(asked) });
  const planned = new Map((body["presets"] as { preset: string }[]).map((one) => [one.preset, one]));
  expect(planned.get("film")).toMatchObject({ renditions: [{ width: 106, height: 60, frame_rate: 25 }] });
  expect(planned.get("audio_mp3")).toMatchObject({ error: { kind: "invalid" } });
  const listed = await client(url).ask("/presets", { headers });
  const offered = listed.body["presets"] as { name: string }[];
  expect(offered.find(({ name }) => name === "film")).toMatchObject({
    allow: { crf: { min: 18, max: 40 }, frame_rate: [25, "<=30"] },
  });
});

test("a part of a source is encoded, to the picture, and again when it is ordered again", async () => {
  const clip = { start: "0:01.5", end: 2.7 };
  const { id, path } = await made("film", {}, { clip });
  expect((await ffprobe(path)).video).toMatchObject({ nb_frames: "60", duration: "1.200000" });
  const headers = { ...as("ops"), "content-type": "application/json" };
  const { body } = await client(url).ask(`/jobs/${id}`, { headers });
  expect(body).toMatchObject({ order: { clip: { start: 1.5, end: 2.7 } }, source: { duration_seconds: 4 } });
  const asked = { input_url: sources.url("clip.mp4"), preset: "film", clip: { start: 3.501 } };
  const planned = await client(url).ask("/plan", { method: "POST", headers, body: JSON.stringify(asked) });
  expect(planned.body).toMatchObject({ clip: { start: 3.5, end: 4 } });
  const again = await client(url).ask(`/jobs/${id}/retry`, { method: "POST", headers });
  expect((await ffprobe(fileURLToPath(String(again.body["output_url"])))).video).toMatchObject({ nb_frames: "60" });
  const late = await post("film", {}, { clip: { start: 5 } });
  expect(late.body).toMatchObject({ kind: "invalid", detail: expect.stringContaining("the source is 4.000 s long") });
});

test("an order says what of the picture is other than in the source, and so does its repeat", async () => {
  const picture = { crop: { x: 80, y: 0, width: 80, height: 90 }, width: 64, height: 96, background: "navy" };
  const asked = { input_url: sources.url("clip.mp4"), preset: "film", ...picture };
  const { status, body } = await client(url).post(asked, as("ops"));
  expect({ status, body }).toMatchObject({ status: 200, body: { status: "completed" } });
  const { body: found } = await client(url).ask(`/jobs/${body["job_id"]}`, { headers: as("ops") });
  expect(found["order"]).toMatchObject(structuredClone(picture));
  const again = await client(url).ask(`/jobs/${body["job_id"]}/retry`, { method: "POST", headers: as("ops") });
  expect(again).toMatchObject({ status: 200, body: { status: "completed" } });
  for (const { output_url } of [body, again.body]) {
    const shown = await pictureOf(fileURLToPath(String(output_url)));
    expect([shown.width, shown.height, ...shown.at(0.5, 0.02)]).toEqual([64, 96, ...Array(3).fill(expect.any(Number))]);
    const [red, green, blue] = shown.at(0.5, 0.02);
    expect([red < 20, green < 20, Math.abs(blue - 128) < 20]).toEqual([true, true, true]);
  }
});

test("what the picture cannot be is told before the job by the field, or at its end by the picture's size", async () => {
  const headers = { ...as("ops"), "content-type": "application/json" };
  const asked = { input_url: sources.url("clip.mp4"), preset: "film" };
  const refused = await client(url).post({ ...asked, fit: "cover", width: 64 }, headers);
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: "fit" }] } });
  const crop = { x: 100, y: 0, width: 80, height: 90 };
  const error = { kind: "invalid", message: "crop: reaches outside the picture, which is 160x90" };
  const dry = await client(url).ask("/plan", { method: "POST", headers, body: JSON.stringify({ ...asked, crop }) });
  expect(dry.body["presets"]).toMatchObject([{ error: structuredClone(error) }]);
  const { body } = await client(url).post({ ...asked, crop }, headers);
  expect(body).toMatchObject({ kind: error.kind, detail: error.message, job_id: expect.any(String) });
});
