import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeRandom } from "#tests/fuzz/random.ts";
import { clip } from "#tests/support/clips.ts";
import { type FtpServer, startFtpServer } from "#tests/support/ftp-server.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { folderReader, ftpReader, type Reader, s3Reader, watchPlaylists } from "#tests/support/reader.ts";
import { type S3Server, startS3Server } from "#tests/support/s3-server.ts";
import { client, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const vsftpd = toolPath("vsftpd");
const stack = new AsyncDisposableStack();
let home: string;
let sources: ReturnType<typeof serveFiles>;
let s3: S3Server;
let ftp: FtpServer | undefined;

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 3 }) }));
  s3 = stack.use(await startS3Server());
  if (vsftpd) ftp = stack.use(await startFtpServer(vsftpd));
});
afterAll(() => stack.disposeAsync());

const readers = {
  local: async () => folderReader(join(home, "out")),
  s3: async () => s3Reader(s3),
  ftp: async () => (ftp ? stack.use(await ftpReader(ftp)) : expect.unreachable()),
} satisfies Record<string, () => Promise<Reader>>;

/** At some moment of the encode, and then of all the job. */
const kills = [1_000, 4_500];

const table = (["local", "s3", "ftp"] as const)
  .filter((storage) => storage !== "ftp" || vsftpd)
  .flatMap((storage) => (["atomic", "progressive"] as const).map((publish) => ({ storage, publish })))
  .map((row) => ({ ...row, seed: Math.floor(Math.random() * 2 ** 32) }));

test.concurrent.each(table)(
  "$publish in $storage: whoever looks finds no playlist that names what is missing, whenever the worker dies (seed $seed)",
  async ({ storage, publish, seed }) => {
    const random = makeRandom(seed);
    const path = `films/${publish}/`;
    const port = await freePort();
    const settings = { port, home, ...s3.env, ...ftp?.env, RECORD_STORAGE: "local" };
    let worker = stack.use(await startWorker(settings));
    const api = client(stack.use(await startControlplane([port])).url);
    const reader = await readers[storage]();
    await using watching = watchPlaylists(reader, path);

    const order = { input_url: sources.url("clip.mp4"), preset: "hls_slow", output: { storage, path, publish } };
    const { job_id } = (await api.post(order)).body;
    for (const longestMs of kills) {
      await sleep(random.below(longestMs));
      worker.kill("SIGKILL");
      await worker.exited;
      worker = stack.use(await startWorker(settings));
    }
    const end = (await api.events(job_id)).at(-1);
    await watching[Symbol.asyncDispose]();

    expect(end).toMatchObject({ status: "completed" });
    expect(watching.broken()).toEqual([]);
    const seen = watching.seen();
    expect(seen.some((text) => !text.includes("#EXT-X-ENDLIST"))).toBe(publish === "progressive");
    const { keys, named, missing } = await reader.all(path);
    expect(missing).toEqual([]);
    expect(keys.filter((key) => !named.includes(key))).toEqual([`${path}playlist.m3u8`]);
  },
);
