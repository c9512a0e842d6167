import { expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { read } from "#tests/support/deployments.ts";
import { freePort, startProcess } from "#tests/support/processes.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { client, eventually, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { webhookReceiver } from "#tests/support/webhook-receiver.ts";

const page = await read("docs/deploy/first-farm.md");
const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
const [forControlplane = {}, forWorker = {}] = blocks.map((block) =>
  Object.fromEntries([...block.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value])),
);

const secret = `whsec_${Buffer.alloc(24, 1).toString("base64")}`;

/** The machine that no credentials are found on. */
const bare = (home: string) => ({ HOME: home, AWS_EC2_METADATA_DISABLED: "true" });

const withPort = (port: number) => ({ ...forControlplane, PORT: "0", WORKER_NODES: `127.0.0.1:${port}` });

const said = async (main: string, env: Record<string, string>) => {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "../..", main)], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  return { code: await child.exited, err: await child.stderr.text() };
};

test("between machines the control plane says the one thing to add, and with it starts and says what else is missing", async () => {
  const refused = await said("controlplane/main.ts", forControlplane);
  expect(refused).toEqual({ code: 78, err: expect.stringMatching(/^WORKER_NODES: .*INSECURE_GRPC=true.*\n$/) });
  await using started = await startProcess(
    "controlplane/main.ts",
    { ...forControlplane, PORT: "0", INSECURE_GRPC: "true" },
    "listening",
  );
  await heard(started.said, "RECORD_STORAGE is not set");
});

test("the worker says that only its own machine reaches it, and that it has no credentials", async () => {
  await using home = await temporaryFolder();
  const env = { ...forWorker, ...bare(home.path), GRPC_PORT: "0", WORK_DIR: home.path };
  await using worker = await startProcess("worker/main.ts", env, "worker is ready");
  await heard(worker.said, "GRPC_HOST is 127.0.0.1: only this machine reaches this worker");
  await heard(worker.said, "no credentials for S3");
  const further = { ...env, GRPC_HOST: "0.0.0.0", INSECURE_GRPC: "true", AWS_ACCESS_KEY_ID: "a" };
  await using half = await startProcess(
    "worker/main.ts",
    { ...further, WORK_DIR: join(home.path, "b") },
    "worker is ready",
  );
  await heard(half.said, "AWS_SECRET_ACCESS_KEY is missing");
  expect(half.said.join("\n")).not.toContain("GRPC_HOST is");
});

test("on one machine they run as they are, and an order names what it lacks until it is there", async () => {
  await using home = await temporaryFolder();
  await using store = await startS3Server();
  await using sources = serveFiles({ "source.mp4": await clip({ seconds: 1 }) });
  await using receiver = webhookReceiver({ secret });
  const port = await freePort();
  const nearby = { ALLOWED_PRIVATE_CIDRS: "127.0.0.0/8" };
  const env = { ...forWorker, ...bare(home.path), ...nearby, GRPC_PORT: String(port), WORK_DIR: home.path };
  await using controlplane = await startProcess("controlplane/main.ts", { ...withPort(port), ...nearby }, "listening");
  const headers = { authorization: `Bearer ${forControlplane["API_KEY"]}` };
  const api = client(new URL(String(controlplane.ready["url"])).origin);
  const order = {
    input_url: sources.url("source.mp4"),
    preset: "240p_fast",
    output: { storage: "s3", path: "outputs/video_123.mp4", type: "single", metadata: { title: "Sample" } },
    callback_url: receiver.url,
  };

  const worker = await startProcess("worker/main.ts", env, "worker is ready");
  expect(await api.post(order, headers)).toMatchObject({
    status: 400,
    body: { errors: [{ field: "callback_url", message: expect.stringContaining("WEBHOOK_SECRETS") }] },
  });
  await worker[Symbol.asyncDispose]();

  const added = { WEBHOOK_SECRETS: secret, ...store.env };
  await using _ = await startProcess("worker/main.ts", { ...env, ...added }, "worker is ready");
  expect(await api.post(order, { ...headers, prefer: "wait" })).toMatchObject({
    status: 200,
    body: { status: "completed" },
  });
  await receiver.until(1);
});

/** What is tested is the line itself, which nothing else announces. */
const heard = (lines: readonly string[], words: string) =>
  eventually(() => lines.some((line) => line.includes(words)), `it says ${words}`);
