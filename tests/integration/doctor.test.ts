import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createServer } from "node:net";
import { join } from "node:path";
import { fluxIn } from "#tests/support/flux.ts";
import { asFfmpeg, bannerOf, ffmpegWithout, pathWith } from "#tests/support/other-programs.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { measurable } from "#tests/support/quality.ts";
import { startS3Front } from "#tests/support/s3-front.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { atLeast } from "#tests/support/slowness.ts";

const stack = new AsyncDisposableStack();
let home: string;
/** A PATH on which ffmpeg takes no time, for tests of something else. */
let quick: string;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  quick = await programs("exit 0");
});
afterAll(() => stack.disposeAsync());

/** What `flux doctor` finds, by its mark. */
async function doctor(env: Record<string, string> = {}) {
  const settings = { PRESETS_DIR: "", GRPC_PORT: "0", PORT: "0", WORK_DIR: join(home, "work"), LOCAL_ROOT: home };
  const { out, code } = await fluxIn(home)(["doctor"], { ...settings, ...env }).ended;
  const of = (mark: string) => out.split("\n").filter((line) => line.startsWith(mark));
  return { code, ok: of("✓"), warnings: of("–"), faults: of("✗"), out };
}

/** A PATH that begins with an ffmpeg which tells what it is as the real one does, and else runs a line of shell. */
const programs = (run: string) =>
  pathWith(home, "ffmpeg", `case $1 in -version|-codecs|-filters|-demuxers|-h) ${asFfmpeg} ;; esac\n${run}`);

test("a healthy machine is ready, down to each encoder, its worker and its ports", async () => {
  const port = await freePort();
  await using _worker = await startWorker({ port, home, WORKER_TOKEN: "a-token" });
  const settings = { WORKER_NODES: `127.0.0.1:${port}`, WORKER_TOKEN: "a-token" };
  await using controlplane = await startControlplane([port], settings);
  const web = new URL(controlplane.url).port;
  const { code, faults, ok, out } = await doctor({ ...settings, GRPC_PORT: String(port), PORT: web });
  expect({ code, faults }).toEqual({ code: 0, faults: [] });
  expect(out).toEndWith("This machine is ready.\n");
  expect(ok.find((line) => line.includes("encoders"))).toMatch(/libx264, aac.* libsvtav1.* encode a frame/);
  const hasVmaf = (await measurable()).includes("vmaf");
  expect(out).toContain(hasVmaf ? "✓ quality     vmaf and ssim can be measured" : noVmaf);
  expect(ok).toContain(`✓ grpc port   127.0.0.1:${port} is answered by a running flux-encoder`);
  expect(ok).toContain(`✓ port        127.0.0.1:${web} is answered by a running flux-encoder`);
  expect(ok.find((line) => line.startsWith("✓ worker "))).toContain(`127.0.0.1:${port} answers: 0/1 jobs`);
  expect(await Bun.file(join(home, "work")).exists()).toBe(false);
});

test("an ffprobe that takes long to start is told with what to do about it", async () => {
  const ffprobe = Bun.which("ffprobe");
  const busy = `i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; exec ${ffprobe} "$@"`;
  const { warnings } = await doctor({ PATH: await pathWith(home, "ffprobe", busy) });
  const line = warnings.find((one) => one.startsWith("– start "));
  expect(line).toMatch(/ffprobe -version takes \d+ ms, .*; .* install an ffmpeg with few or static libraries/);
  const banner = "echo ffprobe version 5.1; echo '  libavutil      57. 28.100 / 57. 28.100'";
  const { ok } = await doctor({ PATH: await pathWith(home, "ffprobe", banner) });
  expect(ok.find((one) => one.startsWith("✓ start "))).toMatch(/ffprobe -version takes \d+ ms$/);
});

test("ffmpeg that is missing is one line that says how to get it", async () => {
  const { code, faults } = await doctor({ PATH: "" });
  expect(code).toBe(1);
  expect(faults).toContain(
    "✗ ffmpeg      not found on PATH; install ffmpeg (apt-get install ffmpeg, or brew install ffmpeg)",
  );
  expect(faults.map((line) => line.slice(2, 14).trim())).toEqual(["ffmpeg", "ffprobe"]);
});

const tooOld = {
  "4.4": ["4.4.2-0ubuntu0.22.04.1", "56. 70.100"],
  // What npm's @ffmpeg-installer brings, named as builds from git are.
  2018: ["N-47683-g0e8eb07980-static", "56. 24.101"],
} as const;

describe.each(Object.entries(tooOld))("the banner of %s", (_year, [version, avutil]) => {
  test.each(["ffmpeg", "ffprobe"])("of %s is a fault, and keeps a worker from starting", async (name) => {
    const path = await pathWith(home, name, bannerOf(name, version, avutil));
    const words = `${name} ${version} is too old: ffmpeg 5.1 or later is needed, such as that of Debian 12`;
    const { code, faults } = await doctor({ PATH: path });
    expect(code).toBe(1);
    expect(faults.map((line) => line.slice(0, 14 + words.length))).toEqual([`✗ ${name.padEnd(10)}  ${words}`]);
    expect(await startedWith(path)).toEqual({ exitCode: 78, said: expect.stringContaining(words) });
  });
});

test("ffmpeg that does not start keeps a worker from starting", async () => {
  const path = await pathWith(home, "ffmpeg", "echo 'libavcodec.so.59: no such file' >&2; exit 127");
  expect((await doctor({ PATH: path })).faults[0]).toStartWith("✗ ffmpeg      ffmpeg does not start");
  expect(await startedWith(path)).toEqual({ exitCode: 78, said: expect.stringContaining("ffmpeg does not start") });
});

/** How a worker ends that starts with these programs first. */
async function startedWith(path: string) {
  const worker = Bun.spawn([process.execPath, join(import.meta.dir, "../../worker/main.ts")], {
    env: { PATH: path, GRPC_PORT: "0", WORK_DIR: join(home, "refused"), LOCAL_ROOT: home },
    stdio: ["ignore", "ignore", "pipe"],
  });
  return { said: await worker.stderr.text(), exitCode: await worker.exited };
}

test("what an ffmpeg lacks is a warning that says what it costs", async () => {
  const path = await pathWith(home, "ffmpeg", ffmpegWithout("zscale", "libdav1d", "libaom-av1", "libvmaf"));
  const { code, faults, warnings } = await doctor({ PATH: path });
  expect({ code, faults }).toEqual({ code: 0, faults: [] });
  expect(warnings.filter((line) => /filter|decoder/.test(line))).toEqual([
    "– filter      this ffmpeg has no zscale: HDR sources are refused; install one that is built with libzimg",
    "– decoder     this ffmpeg has no libdav1d and no libaom-av1: AV1 sources cannot be decoded; install one that is built with libdav1d",
  ]);
  expect(warnings).toContain(noVmaf);
});

const noVmaf =
  "– quality     this ffmpeg has no libvmaf with the model vmaf_v0.6.1: ssim alone can be measured; for vmaf install one that is built with libvmaf";

test("an encoder that does not work is named with the presets that need it", async () => {
  // Some builds have the filter and none of its models.
  const hiding = `case "$*" in *libsvtav1*|*libvmaf*) exit 1 ;; esac; ${asFfmpeg}`;
  const { code, faults, warnings } = await doctor({ PATH: await programs(hiding) });
  expect(code).toBe(1);
  expect(faults).toEqual([
    "✗ encoder     libsvtav1 does not work in this ffmpeg; install an ffmpeg with libsvtav1, or do without 1080p_av1, 1080p_av1_hdr",
  ]);
  expect(warnings).toContain(noVmaf);
});

test("an ffmpeg that makes JPEGs of the full range alone, as 6.1 and 7.0 do, is well", async () => {
  const strict = `case "$*" in *"-pix_fmt yuv420p -c:v mjpeg"*) exit 234 ;; esac; ${asFfmpeg}`;
  const { code, faults } = await doctor({ PATH: await programs(strict) });
  expect({ code, faults }).toEqual({ code: 0, faults: [] });
});

test("a wrong S3 key is told from the rest", async () => {
  await using server = await startS3Server();
  await using front = await startS3Front(server.options.endpoint ?? "");
  const env = { ...server.env, S3_ENDPOINT: front.url, STORAGE_TYPE: "s3", PATH: quick };
  const { code, faults } = await doctor({ ...env, AWS_ACCESS_KEY_ID: "wrong" });
  expect(code).toBe(1);
  expect(faults).toEqual([
    "✗ storage     s3, put: the storage does not know the access key (AWS_ACCESS_KEY_ID); check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or the role of this machine",
  ]);
  expect((await doctor(env)).faults).toEqual([]);
});

test("a closed worker port, a wrong token, and what is no worker are told apart", async () => {
  const port = await freePort();
  const closed = await doctor({ WORKER_NODES: `127.0.0.1:${port}`, PATH: quick });
  expect(closed.code).toBe(1);
  expect(closed.faults).toEqual([
    `✗ worker      nothing listens at 127.0.0.1:${port}; start the worker, or check WORKER_NODES and its GRPC_PORT`,
  ]);
  await using _worker = await startWorker({ port, home, WORKER_TOKEN: "right" });
  const refused = await doctor({ WORKER_NODES: `127.0.0.1:${port}`, WORKER_TOKEN: "wrong", PATH: quick });
  expect(refused.faults).toEqual([
    `✗ worker      127.0.0.1:${port} refuses our token; give both sides the same WORKER_TOKEN`,
  ]);
  const tls = await doctor({
    WORKER_NODES: `https://127.0.0.1:${port}`,
    WORKER_STARTUP_TIMEOUT: atLeast(2_000),
    PATH: quick,
  });
  expect(tls.faults).toHaveLength(1);
  expect(tls.faults[0]).toContain(
    "takes connections, but not as a worker that this control plane trusts; use https://",
  );
});

test("a taken port, a work directory that cannot be written, and settings that are wrong are named", async () => {
  await using other = await listening();
  const { faults } = await doctor({ GRPC_PORT: String(other.port), WORK_DIR: "/proc/none", PATH: quick });
  expect(faults).toEqual([
    "✗ work dir    /proc/none cannot be written; check who owns it, or set WORK_DIR",
    `✗ grpc port   127.0.0.1:${other.port} is taken by another program; stop that, or set GRPC_PORT`,
  ]);
  const wrong = await doctor({ STALL_TIMEOUT: "soon", MAX_ATTEMPTS: "0", PATH: quick });
  expect(wrong.faults).toEqual([
    '✗ settings    MAX_ATTEMPTS: write a whole number from 1 to 100; it is "0"',
    '✗ settings    STALL_TIMEOUT: write a duration such as 500ms, 60s, 5m or 1h; it is "soon"',
  ]);
});

test("a clock that the S3 store would refuse is told by how much it is off", async () => {
  await using server = await startS3Server();
  const past = new Date(Date.now() - 20 * 60_000).toUTCString();
  const clock = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      if (request.method === "HEAD" && new URL(request.url).pathname === "/") {
        return new Response(null, { headers: { date: past } });
      }
      const target = new URL(request.url);
      return fetch(`${server.options.endpoint}${target.pathname}${target.search}`, request);
    },
  });
  const { faults } = await doctor({ ...server.env, S3_ENDPOINT: clock.url.origin, STORAGE_TYPE: "s3", PATH: quick });
  await clock.stop(true);
  expect(faults.filter((line) => line.startsWith("✗ clock"))).toEqual([
    expect.stringMatching(/^✗ clock {7}12\d\d s ahead of that of the S3 store: it refuses more than 15 min; let NTP/),
  ]);
});

/** Something that takes connections and is not ours. */
async function listening() {
  const server = createServer((socket) => socket.destroy());
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(address && typeof address === "object" ? address.port : 0);
    });
  });
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}
