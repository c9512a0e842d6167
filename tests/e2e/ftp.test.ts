import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { clip } from "#tests/support/clips.ts";
import { startFtpServer } from "#tests/support/ftp-server.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const vsftpd = toolPath("vsftpd");

test.concurrent.skipIf(!vsftpd).each([
  ["a file", "tiny", "out/clip.mp4"],
  ["segments", "hls_slow", "out/clip/"],
])(
  "%s, of which a part is sent when the FTP server dies, arrive whole when it is back 3 s later",
  async (_, preset, path) => {
    await using stack = new AsyncDisposableStack();
    const { path: home } = stack.use(await temporaryFolder());
    // So slow that an upload takes seconds.
    const server = stack.use(await startFtpServer(vsftpd ?? "", "explicit", ["anon_max_rate=50000"]));
    const sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 2 }) }));
    const port = await freePort();
    stack.use(await startWorker({ port, home, ...server.env, STORAGE_TYPE: "ftp" }));
    const api = client(stack.use(await startControlplane([port])).url);
    const order = (storage: string) => ({ input_url: sources.url("clip.mp4"), preset, output: { storage, path } });
    const { body } = await api.post(order("local"), { prefer: "wait" });
    expect(body).toMatchObject({ status: "completed" });

    const { job_id } = (await api.post(order("ftp"))).body;
    await eventually(async () => (await sentOf(server.root)) > 0, "a part of a file");
    await server.stop();
    expect(await sentOf(server.root)).toBeLessThan(Number(body["bytes_uploaded"]));
    await sleep(3_000);
    await server.restart();

    const last = (await api.events(job_id)).at(-1);
    expect(last).toMatchObject({ status: "completed", attempt: 1 });
    expect(last?.output_url).toStartWith(`${new URL("/media/", `ftp://localhost:${server.options.port}`)}${path}`);
    const undisturbed = await hashesIn(join(home, "out"));
    expect([...undisturbed.keys()]).not.toEqual([]);
    expect(await hashesIn(server.root)).toEqual(undisturbed);
    const record = join(".flux/jobs", new Date().toISOString().slice(0, 10), `${job_id}.json`);
    await eventually(
      async () => (await server.keys()).includes(record) && String(await server.bytes(record)).includes('"completed"'),
      "the record",
    );
    expect(await server.hasRemains()).toBe(false);
  },
);

/** How many bytes there are of files that are on their way. */
async function sentOf(root: string) {
  const parts = (await readdir(root, { recursive: true })).filter((path) => /^out\/.*\.part$/.test(path));
  return parts.reduce((sum, part) => sum + Bun.file(join(root, part)).size, 0);
}

/** The folder that a job's media have for themselves. */
const ownFolder = /[0-9a-f]{6}-1\//g;

/** SHA-256 of every file of outputs, by its path; whose they are is left out of both. */
async function hashesIn(root: string) {
  const paths = (await filesIn(root)).filter((path) => path.startsWith("out/"));
  const hash = async (path: string) => {
    const bytes = await readFile(join(root, path));
    const content = path.endsWith(".m3u8") ? bytes.toString().replace(ownFolder, "") : bytes;
    return createHash("sha256").update(content).digest("hex");
  };
  return new Map(
    await Promise.all(paths.map(async (path) => [path.replace(ownFolder, ""), await hash(path)] as const)),
  );
}
