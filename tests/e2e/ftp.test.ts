import { expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { startFtpServer } from "#tests/support/ftp-server.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, ffprobe, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const vsftpd = toolPath("vsftpd");

test.skipIf(!vsftpd)("a job goes to an FTP server that was away for 3 s, and is remembered there", async () => {
  await using stack = new AsyncDisposableStack();
  const { path: home } = stack.use(await temporaryFolder());
  const server = stack.use(await startFtpServer(vsftpd ?? "", "explicit"));
  const sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 2, size: "320x180" }) }));
  const port = await freePort();
  stack.use(await startWorker({ port, home, ...server.env, STORAGE_TYPE: "ftp" }));
  const api = client(stack.use(await startControlplane([port])).url);

  const { body } = await api.post({
    input_url: sources.url("clip.mp4"),
    preset: "tiny",
    output: { path: "a/clip.mp4" },
  });
  await api.until(body["job_id"], ({ status }) => status === "processing");
  await server.stop();
  await Bun.sleep(3_000);
  await server.restart();

  const last = (await api.events(body["job_id"])).at(-1);
  expect(last).toMatchObject({
    status: "completed",
    output_url: expect.stringMatching(/^ftp:\/\/.*\/media\/a\/clip.mp4$/),
  });
  expect((await ffprobe(join(server.root, "a/clip.mp4"))).video).toMatchObject({ codec_name: "h264" });
  const record = join(".flux/jobs", new Date().toISOString().slice(0, 10), `${body["job_id"]}.json`);
  await eventually(
    async () => (await server.keys()).includes(record) && String(await server.bytes(record)).includes('"completed"'),
    "the record",
  );
  expect(await server.hasRemains()).toBe(false);
});
