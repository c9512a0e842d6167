import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { pictureOf } from "#tests/support/picture-of.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let url: string;
let sources: ReturnType<typeof serveFiles>;

const rendition = { size: 90, crf: 20, maxrate: "900k", bufsize: "900k" };
const film = { name: "film", description: "d", video: { codec: "h264", speed: "ultrafast", renditions: [rendition] } };

beforeAll(async () => {
  const home = stack.use(await temporaryFolder()).path;
  await Bun.write(join(home, "presets/all.yaml"), JSON.stringify({ presets: [film] }));
  const logo = join(home, "logo.png");
  await runFfmpeg(["-f", "lavfi", "-i", "color=c=0xff8800:s=100x100:d=1:r=1,format=rgba", "-frames:v", "1", logo]);
  sources = stack.use(serveFiles({ "clip.mp4": await clip(), "logo.png": logo }));
  const port = await freePort();
  stack.use(await startWorker({ port, home, PRESETS_DIR: join(home, "presets") }));
  url = stack.use(await startControlplane([port])).url;
});
afterAll(() => stack.disposeAsync());

test("an overlay is fetched by the rules of sources, lies over the film, and its URL keeps no secret", async () => {
  const headers = { prefer: "wait=60" };
  const asked = { input_url: sources.url("clip.mp4"), preset: "film" };
  const overlay = { position: "top_left", width: "50%", margin: 0, opacity: 1 };
  const logo = sources.url("logo.png");
  const { status, body } = await client(url).post(
    { ...asked, overlay: [{ ...overlay, url: `${logo}?sig=secret` }] },
    headers,
  );
  expect({ status, body }).toMatchObject({ status: 200, body: { status: "completed" } });
  const shown = await pictureOf(fileURLToPath(String(body["output_url"])));
  const [red, green, blue] = shown.at(0.25, 0.25);
  expect([red > 235, Math.abs(green - 136) < 20, blue < 20]).toEqual([true, true, true]);
  const { body: found } = await client(url).ask(`/jobs/${body["job_id"]}`, { headers });
  expect(found["order"]).toMatchObject({ overlay: [{ ...overlay, url: logo }] });
  expect(JSON.stringify(found)).not.toContain("secret");
  const refused = await client(url).post({ ...asked, overlay: [{ url: "http://169.254.169.254/logo.png" }] }, headers);
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: "overlay.0.url" }] } });
  const film = await client(url).post({ ...asked, overlay: [{ url: sources.url("clip.mp4") }] }, headers);
  expect(film.body).toMatchObject({
    kind: "source_failed",
    detail: expect.stringContaining("overlay.0.url: is an MP4 file"),
    errors: [{ field: "overlay.0.url" }],
  });
});

test("a dry run looks at overlays as a job does", async () => {
  const plan = async (overlay: object, more: object = {}) => {
    const body = JSON.stringify({ input_url: sources.url("clip.mp4"), overlay: [overlay], ...more });
    return await client(url).ask("/plan", { method: "POST", headers: { "content-type": "application/json" }, body });
  };
  const { status, body } = await plan({ url: sources.url("logo.png"), width: "50%" });
  const presets = new Map((body["presets"] as { preset: string }[]).map((one) => [one.preset, one]));
  expect({ status, film: presets.get("film"), sound: presets.get("audio_mp3") }).toMatchObject({
    status: 200,
    film: { renditions: [{ width: 160, height: 90 }] },
    sound: { renditions: [], error: { kind: "invalid" } },
  });
  const film = await plan({ url: sources.url("clip.mp4") }, { preset: "film" });
  const detail = expect.stringContaining("overlay.0.url: is an MP4 file");
  const errors = [{ field: "overlay.0.url", message: expect.stringContaining("use a PNG") }];
  expect(film).toMatchObject({ status: 422, body: { kind: "source_failed", detail, errors } });
  const gone = await plan({ url: sources.url("none.png") }, { preset: "film" });
  expect(gone).toMatchObject({ status: 422, body: { detail: expect.stringContaining("overlay.0.url: ") } });
  const inside = await plan({ url: "http://169.254.169.254/logo.png" });
  expect(inside).toMatchObject({ status: 400, body: { errors: [{ field: "overlay.0.url" }] } });
});
