import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { bytes } from "#dashboard/format.ts";
import { clip } from "#tests/support/clips.ts";
import { fluxIn } from "#tests/support/flux.ts";
import { childrenOf, freePort, isAlive, startControlplane, startWorker } from "#tests/support/processes.ts";
import { eventually, ffprobe, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const root = join(import.meta.dir, "../..");
const stack = new AsyncDisposableStack();
let home: string;
let flux: ReturnType<typeof fluxIn>;
let source: string;
let slowSource: string;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  flux = fluxIn(home);
  [source, slowSource] = await Promise.all([clip({ seconds: 1 }), clip({ seconds: 20 })]);
});
afterAll(() => stack.disposeAsync());

test("a file is encoded in one process, with progress, and the output is where it says", async () => {
  const { out, code } = await flux(["encode", source, "--preset", "tiny", "--output", "made"]).ended;
  expect(code).toBe(0);
  expect(out).toContain("queued");
  expect(out).toContain("100.0%");
  const [path = "", rendition, sizes] = out.trim().split("\n").toReversed();
  expect(path).toStartWith(join(home, "made/"));
  expect((await ffprobe(path)).video).toMatchObject({ codec_name: "h264" });
  const share = Math.round((Bun.file(path).size / Bun.file(source).size) * 100);
  expect(sizes).toBe(`${bytes(Bun.file(source).size)} in, ${bytes(Bun.file(path).size)} out (${share} %)`);
  expect(rendition).toMatch(
    /^ {2}\S+\.mp4 {2}video {2}160x90 {2}\d+ fps {2}avc1\.\w+,mp4a\.40\.2 {2}\d+ kb\/s {2}peak \d+ kb\/s/,
  );
  expect(await filesIn(join(home, "made"))).toEqual([path.slice(join(home, "made/").length)]);
  expect((await readdir(home)).filter((name) => name.startsWith("flux-"))).toEqual([]);
});

test("what cannot be encoded ends with the reason and a code that is not zero", async () => {
  const missing = await flux(["encode", "no-such.mp4"]).ended;
  expect(missing).toMatchObject({ code: 2, err: "flux: there is no file no-such.mp4, and it is not a URL\n" });
  const preset = await flux(["encode", source, "--preset", "none"]).ended;
  expect(preset.code).toBe(2);
  expect(preset.err).toContain('there is no preset "none"; there is');
  for (const server of ["nope", "localhost:8080"])
    expect(await flux(["--server", server, "presets"]).ended).toMatchObject({
      code: 2,
      err: `flux: --server (FLUX_SERVER): ${server} is no URL such as http://127.0.0.1:8080\n`,
    });
  await Bun.write(join(home, "file"), "");
  const onFile = await flux(["encode", source, "--preset", "tiny", "--output", "file"]).ended;
  expect(onFile).toMatchObject({
    code: 2,
    err: "flux: --output file is a file; name a folder, or a file with its extension\n",
  });
  await Bun.write(join(home, "text.mp4"), "not a video");
  const text = await flux(["encode", "text.mp4", "--preset", "tiny"]).ended;
  expect(text.code).toBe(1);
  expect(text.err).toContain("not a media file");
});

test("a file of presets is checked line by line, and each preset is tried on a clip", async () => {
  const good = await flux(["presets", "check", join(root, "tests/support/presets/tests.yaml")]).ended;
  expect(good.code).toBe(0);
  expect(good.out).toContain("✓ tiny        1 files");
  await Bun.write(
    join(home, "bad.yaml"),
    "name: bad\ndescription: d\nextension: mp4\nffmpeg_args: ['-i', '/etc/passwd']\n",
  );
  const bad = await flux(["presets", "check", "bad.yaml"]).ended;
  expect(bad.code).toBe(1);
  expect(bad.out).toContain("bad.yaml:4: ffmpeg_args.0");
  const name = "name: none\ndescription: d\nextension: mp4\nffmpeg_args: ['-c:v', 'no_such_encoder']\n";
  await Bun.write(join(home, "encoder.yaml"), name);
  const encoder = await flux(["presets", "check", "encoder.yaml"]).ended;
  expect(encoder).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^✗ none {8}ffmpeg ended with exit code \d+/m),
  });
});

test("raw presets of segments are tried on a clip", async () => {
  const raw = await flux(["presets", "check", join(root, "tests/support/raw-presets.yaml")]).ended;
  expect(raw).toMatchObject({
    code: 0,
    out: expect.stringMatching(/✓ plain_720p.*✓ hls_one_size.*✓ ladder_of_three.*✓ dash_two_sizes/s),
  });
});

test("Ctrl-C cancels the job, stops ffmpeg and leaves nothing", async () => {
  const { child, ended } = flux(["encode", slowSource, "--preset", "slow", "--output", "cancelled"]);
  let children: number[] = [];
  await eventually(async () => {
    children = await childrenOf(child.pid);
    return children.length > 0 && (await filesIn(home)).some((file) => file.endsWith("output/output.mp4"));
  }, "ffmpeg runs");
  child.kill("SIGINT");
  const { code, out } = await ended;
  expect({ code, out }).toMatchObject({ code: 130, out: expect.stringContaining("cancelling\n") });
  expect((await Promise.all(children.map(isAlive))).some(Boolean)).toBe(false);
  expect(await filesIn(join(home, "cancelled"))).toEqual([]);
  expect((await readdir(home)).filter((name) => name.startsWith("flux-"))).toEqual([]);
});

test("with a server it orders, follows and cancels there", async () => {
  const port = await freePort();
  const key = "a-key-of-more-than-sixteen-characters";
  await using _worker = await startWorker({ port, home });
  await using controlplane = await startControlplane([port], { API_KEY: key, HOST: "127.0.0.1" });
  await using sources = serveFiles({ "clip.mp4": source, "slow.mp4": slowSource });
  const server = ["--server", controlplane.url, "--api-key", key];

  const made = await flux([...server, "encode", sources.url("clip.mp4"), "--preset", "tiny"]).ended;
  expect(made).toMatchObject({ code: 0, err: "" });
  expect(await flux([...server, "encode", sources.url("clip.mp4"), "-p", "tiny", "-o", "here"]).ended).toEqual({
    ...{ code: 2, out: "" },
    err: "flux: a service puts outputs into its own storage, and --output here is a folder of this machine; use --path, or leave --server and FLUX_SERVER out to encode here\n",
  });
  expect((await flux([...server, "presets"]).ended).out).toContain("720p_h264");
  expect((await flux([...server, "workers"]).ended).out).toContain(`127.0.0.1:${port}  0/1 jobs`);

  const slow = flux([...server, "encode", sources.url("slow.mp4"), "--preset", "slow"]);
  const jobs = async () => {
    const answer = await fetch(`${controlplane.url}/api/v1/jobs?status=processing`, {
      headers: { authorization: `Bearer ${key}` },
    });
    return ((await answer.json()) as { jobs: { job_id: string }[] }).jobs;
  };
  await eventually(async () => (await jobs()).length === 1, "the job runs");
  const [job] = await jobs();
  const cancelled = await flux([...server, "cancel", job?.job_id ?? ""]).ended;
  expect(cancelled).toMatchObject({ code: 0, out: `cancelling ${job?.job_id}\n` });
  expect((await slow.ended).code).toBe(130);
  const wrong = await flux(["--server", controlplane.url, "--api-key", "wrong", "presets"]).ended;
  expect(wrong.code).toBe(77);
  const file = await flux([...server, "encode", source]).ended;
  expect(file).toMatchObject({ code: 2, err: expect.stringContaining("takes no uploads") });
});
