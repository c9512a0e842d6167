import { afterAll, beforeAll, expect, test } from "bun:test";
import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { fluxIn } from "#tests/support/flux.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, ffprobe, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const root = join(import.meta.dir, "../..");
const stack = new AsyncDisposableStack();
let home: string;
let flux: ReturnType<typeof fluxIn>;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  flux = fluxIn(home);
  await cp(await clip({ seconds: 1, languages: ["jpn"] }), join(home, "映画.mp4"));
});
afterAll(() => stack.disposeAsync());

/** Runs `flux` with a reader of its output that leaves after the first line. */
async function readFirstLine(args: readonly string[], env: Record<string, string> = {}) {
  const child = Bun.spawn(
    ["bash", "-o", "pipefail", "-c", '"$@" | head -n 1', "flux", process.execPath, join(root, "cli/main.ts"), ...args],
    {
      cwd: home,
      env: { PATH: process.env["PATH"] ?? "", TMPDIR: home, PRESETS_DIR: join(root, "tests/support/presets"), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { out, err, code };
}

test("probe says what a file is and what each preset would make, and leaves nothing", async () => {
  const all = await flux(["probe", "映画.mp4"]).ended;
  expect(all).toMatchObject({ code: 0, err: "" });
  expect(all.out).toMatch(
    /^映画\.mp4: mp4, 1\.\d s, \d+\.\d kB\n {2}video {6}h264 160x90 24 fps .*\n {2}audio .* ja\n/,
  );
  expect(all.out).toMatch(/^720p_h264 +160x90 {2}24 fps {2}h264 \+ aac$/m);
  const one = await flux(["probe", "映画.mp4", "-p", "hls_tiny"]).ended;
  expect(one.out).toContain("  stream_1.m3u8      h264 106x60 24 fps maxrate 200 kb/s\n");
  expect((await readdir(home)).filter((name) => name.startsWith("flux-"))).toEqual([]);
});

test("probe refuses what is no source, and names the preset that was meant", async () => {
  expect(await flux(["probe", "."]).ended).toMatchObject({
    code: 2,
    err: "flux: . is a folder; name one file or URL\n",
  });
  expect(await flux(["probe", "none.mp4"]).ended).toMatchObject({ code: 2 });
  for (const command of ["probe", "encode"])
    expect(await flux([command, "映画.mp4", "-p", "720p_h246"]).ended).toMatchObject({
      err: expect.stringContaining('there is no preset "720p_h246"; is 720p_h264 meant? There is'),
    });
});

test("jobs are listed with preset and source in columns, and whoever has seen enough ends a command quietly", async () => {
  const port = await freePort();
  await using _worker = await startWorker({ port, home });
  await using controlplane = await startControlplane([port]);
  await using sources = serveFiles({ "slow.mp4": await clip({ seconds: 3 }), "%E6%98%A0.mp4": join(home, "映画.mp4") });
  const api = client(controlplane.url);
  const env = { FLUX_SERVER: controlplane.url };
  const order = async (name: string, preset: string) =>
    String((await api.post({ input_url: sources.url(name), preset })).body["job_id"]);
  await api.events(await order("映.mp4", "240p_fast"));
  const id = await order("slow.mp4", "slow");

  const watched = await readFirstLine(["watch", id], env);
  expect(watched).toMatchObject({ code: 0, err: "" });
  expect((await api.job(id)).body["status"]).not.toBe("cancelled");
  const listed = await readFirstLine(["jobs"], env);
  expect(listed).toMatchObject({ code: 0, err: "", out: expect.stringContaining("  slow       slow.mp4  ") });
  const { out } = await flux(["jobs"], env).ended;
  expect(out).toContain("  240p_fast  映.mp4    ");
  expect((await api.events(id)).at(-1)).toMatchObject({ status: "completed" });
});

test("an encode goes on to its end when its reader leaves", async () => {
  const ended = await readFirstLine(["encode", "映画.mp4", "-p", "tiny", "-o", "made/film.mp4"]);
  expect(ended).toEqual({ code: 0, err: "", out: "queued\n" });
  expect((await ffprobe(join(home, "made/film.mp4"))).video).toMatchObject({ codec_name: "h264" });
});
