import { afterAll, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { startBreakingProxy } from "#tests/support/breaking-proxy.ts";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { startFtpServer } from "#tests/support/ftp-server.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { client, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const vsftpd = toolPath("vsftpd");
const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

/** All that is in a folder, empty folders and hidden files too, but not the records of jobs. */
const allIn = async (folder: string) =>
  (await readdir(folder, { recursive: true })).filter((path) => path !== ".flux" && !path.startsWith(".flux/"));

/** Settings, and what is left in the storage that they lead to. */
const places = {
  local: async (home: string) => ({ env: {}, left: () => allIn(join(home, "out")) }),
  s3: async () => {
    const { env, keys, hasOpenUploads } = stack.use(await startS3Server());
    return { env, left: async () => [...(await keys()), ...((await hasOpenUploads()) ? ["an open upload"] : [])] };
  },
  ftp: async () => {
    const { env, root } = stack.use(await startFtpServer(vsftpd ?? "", "explicit"));
    return { env, left: () => allIn(root) };
  },
};

const clips = { cancel: () => clip({ seconds: 6 }), failure: damagedClip };

/** A clip of which there is nothing but zeros behind its middle: that it cannot be decoded is found out on the way. */
async function damagedClip(home: string) {
  const bytes = Buffer.from(await Bun.file(await clip({ seconds: 6 })).arrayBuffer());
  const file = join(home, "damaged.mp4");
  await Bun.write(file, bytes.fill(0, Math.floor(bytes.length * 0.6)));
  return file;
}

async function service(home: string, source: string, env: Record<string, string>) {
  const sources = stack.use(serveFiles({ source }));
  const port = await freePort();
  stack.use(await startWorker({ port, home, RECORD_STORAGE: "local", ...env }));
  return { api: client(stack.use(await startControlplane([port])).url), input_url: sources.url("source") };
}

const table = (["local", "s3", "ftp"] as const)
  .filter((storage) => storage !== "ftp" || vsftpd)
  .flatMap((storage) => (["cancel", "failure"] as const).map((how) => ({ storage, how })));

test.concurrent.each(table)("a $how while segments go to $storage leaves nothing there", async ({ storage, how }) => {
  const { path: home } = stack.use(await temporaryFolder());
  const { env, left } = await places[storage](home);
  const { api, input_url } = await service(home, await clips[how](home), env);
  const output = { storage, path: "films/one/", publish: "progressive" };
  const { job_id } = (await api.post({ input_url, preset: "hls_slow", output })).body;
  await api.until(job_id, ({ files_uploaded = 0 }) => files_uploaded > 1);
  expect(await api.job(job_id)).toMatchObject({ body: { status: "processing" } });
  if (how === "cancel") await api.cancel(job_id);

  expect((await api.events(job_id)).at(-1)).toMatchObject(
    how === "cancel" ? { status: "cancelled" } : { status: "failed", error: { kind: "source_failed" } },
  );
  expect(await left()).toEqual([]);
});

test.concurrent.each([
  ["cancel", "hang"],
  ["failure", "forbidden"],
] as const)("a %s while a file goes up in parts leaves no upload open", async (how, breaks) => {
  const { path: home } = stack.use(await temporaryFolder());
  const large = join(home, "large.mkv");
  const noise = "testsrc2=size=640x360:rate=24:duration=2,noise=alls=90:allf=t";
  await runFfmpeg(["-f", "lavfi", "-i", noise, "-c:v", "libx264", "-preset", "ultrafast", "-qp", "4", large]);
  expect(Bun.file(large).size).toBeGreaterThan(16 * 2 ** 20);
  const { env, left } = await places.s3();
  const store = stack.use(await startBreakingProxy(env.S3_ENDPOINT));
  store.break(breaks, /partNumber=2/, Number.POSITIVE_INFINITY);
  const settings = { ...env, S3_ENDPOINT: store.url, KEEP_UNDELIVERED: "0s" };
  const { api, input_url } = await service(home, large, settings);
  const { job_id } = (await api.post({ input_url, preset: "copied", output: { storage: "s3", path: "a.mkv" } })).body;
  await store.broken();
  if (how === "cancel") await api.cancel(job_id);

  expect((await api.events(job_id)).at(-1)).toMatchObject(
    how === "cancel" ? { status: "cancelled" } : { status: "failed", error: { kind: "delivery_failed" } },
  );
  expect(await left()).toEqual([]);
});
