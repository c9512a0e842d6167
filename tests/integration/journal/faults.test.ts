import { afterEach, beforeEach, expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { rpcClient } from "#shared/rpc/client.ts";
import { rejection } from "#tests/support/outcome.ts";
import { childrenOf, freePort, leftIn, startCommand } from "#tests/support/processes.ts";
import { eventually, filesIn } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";
import { type ReadText, readText } from "#worker/journal/durable.ts";
import { eventOf, leftJobs } from "./rig.ts";

let left: Awaited<ReturnType<typeof leftJobs>>;
beforeEach(async () => {
  left = await leftJobs();
});
afterEach(() => left[Symbol.asyncDispose]());

const journalFiles = [
  "order.json",
  "attempt.json",
  "drained",
  "cancelled",
  "publishing.json",
  "end.json",
  "usage.json",
];

/** Fails every read of a file, until it is healed. */
function failingAt(name: string, code: string) {
  let isBroken = true;
  const read: ReadText = async (path) => {
    if (isBroken && basename(path) === name) throw Object.assign(new Error(code), { code, syscall: "read" });
    return readText(path);
  };
  return {
    read,
    heal() {
      isBroken = false;
    },
  };
}

const faults = journalFiles.flatMap((name) =>
  (name === "order.json" ? ["EIO", "EACCES", "EMFILE"] : ["EIO"]).map((code) => ({ name, code })),
);

test.concurrent.each(faults)(
  "a job whose $name cannot be read for $code goes on when it can",
  async ({ name, code }) => {
    await using left = await leftJobs();
    const { order, journal } = await left.accepted();
    const fault = failingAt(name, code);
    await using worker = await left.startWorker(fault.read);
    const { calls, close } = rpcClient(WorkerService, `127.0.0.1:${worker.port}`);
    // Nobody may take it for gone meanwhile.
    for (const ask of [calls.getJob, calls.cancelJob])
      expect(await rejection(ask({ jobId: order.jobId }))).toMatchObject({ kind: "unreachable" });
    expect(await readdir(journal.folder)).toContain("order.json");
    expect(left.receiver.all).toBe(0);

    fault.heal();
    await left.receiver.until(1);
    await eventually(async () => (await leftIn(left.own)).length === 0, "the job has ended");
    close();
    expect(await left.recordOf(order)).toMatchObject({ status: "completed", attempt: 2 });
    expect(left.receiver.received.map(({ event }) => event.status)).toEqual(["completed"]);
  },
);

test.each(["uploads", "staged", "telling", "told"])(
  "a job whose list %s cannot be read for a moment goes on, and all that it was to tell is told",
  async (name) => {
    const { order, journal } = await left.accepted({ callbackEvents: ["processing"] });
    await journal.uploading("gone.ts");
    await journal.staging("/nowhere/gone.ts", "gone.ts");
    const early = { ...eventOf(order, "processing"), sequence: 2 };
    await journal.webhookQueued(early);
    let failures = 0;
    const read: ReadText = async (path) => {
      if (basename(path) !== name || failures > 2) return readText(path);
      failures += 1;
      throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO", syscall: "read" });
    };
    await using _worker = await left.startWorker(read);
    await eventually(async () => (await leftIn(left.own)).length === 0, "the job has ended");
    expect(failures).toBe(3);
    expect(await left.recordOf(order)).toMatchObject({ status: "completed", attempt: 2 });
    const told = left.receiver.received.map(({ event }) => event.sequence);
    expect(told).toContain(early.sequence);
    expect(left.receiver.received.map(({ event }) => event.status)).toContain("completed");
  },
);

test("a job that cannot be read while its worker runs is left to the next process", async () => {
  const { order, journal } = await left.accepted();
  const worker = await left.startWorker(failingAt("order.json", "EIO").read);
  await worker.drain(0);
  // Which the program says by its exit code 75.
  expect(await worker.stopped).toBe(true);
  expect(await readdir(journal.folder)).toEqual(["order.json"]);
  await using _next = await left.startWorker();
  await left.receiver.until(1);
  await eventually(async () => (await left.recordOf(order))?.status === "completed", "its end is recorded");
});

const strace = toolPath("strace");
const worker = join(import.meta.dir, "../../../worker/main.ts");

test.skipIf(!strace).each(["order.json", "end.json", "publishing.json"])(
  "a worker to which the kernel says EIO for %s leaves the job on its disk, and exits with 75",
  async (name) => {
    const one = await left.accepted();
    if (name !== "order.json") await one.damage(name, "{}");
    const path = join(one.journal.folder, name);
    const inject = ["-e", "trace=read,pread64", "-e", "inject=read,pread64:error=EIO", "-P", path];
    const env = { ...left.env, GRPC_PORT: String(await freePort()), SANDBOX: "none" };
    const calls = join(one.journal.folder, "../../calls");
    const argv = ["strace", "-f", "-qq", "-o", calls, ...inject, process.execPath, worker];
    await using traced = await startCommand(argv, env, "worker is ready");
    const text = () => readFile(calls, "utf8").catch(() => "");
    const refused = async () => (await text()).match(/ EIO .*\(INJECTED\)$/gm)?.length ?? 0;
    const before = await refused();
    await eventually(async () => (await refused()) > before + 1, "it tries again");
    const [pid = 0] = await childrenOf(traced.pid);
    process.kill(pid, "SIGTERM");
    expect(await traced.exited).toBe(75);
    expect(await filesIn(one.journal.folder)).toContain("order.json");
    expect(await left.recordOf(one.order)).toMatchObject({ status: "queued" });
    expect(left.receiver.all).toBe(0);

    await using _next = await left.startWorker();
    await left.receiver.until(1);
    await eventually(async () => (await left.recordOf(one.order))?.status === "completed", "its end is recorded");
  },
);

test.skipIf(!strace)("a worker that cannot list its folder exits with 75, and leaves the job to the next", async () => {
  const { order, journal } = await left.accepted();
  const inject = ["-e", "trace=getdents64", "-e", "inject=getdents64:error=EIO", "-P", left.own];
  const argv = ["strace", "-f", "-qq", "-o", "/dev/null", ...inject, process.execPath, worker];
  const env = { PATH: process.env["PATH"] ?? "", ...left.env, SANDBOX: "none" };
  const { exited } = Bun.spawn(argv, { env, stdio: ["ignore", "ignore", "ignore"] });
  expect(await exited).toBe(75);
  expect(await readdir(journal.folder)).toEqual(["order.json"]);
  await using _next = await left.startWorker();
  await left.receiver.until(1);
  await eventually(async () => (await left.recordOf(order))?.status === "completed", "its end is recorded");
});
