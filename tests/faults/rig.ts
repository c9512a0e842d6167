import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { newSecret } from "#shared/webhooks/signing.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { folderReader, s3Reader } from "#tests/support/reader.ts";
import { startRedis } from "#tests/support/redis-server.ts";
import { startS3Front } from "#tests/support/s3-front.ts";
import { startS3Server } from "#tests/support/s3-server.ts";
import { serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { splitSeconds } from "#tests/support/split.ts";
import { startTcpProxy } from "#tests/support/tcp-proxy.ts";
import { webhookReceiver } from "#tests/support/webhook-receiver.ts";
import { ownFolder } from "#worker/work-dir/open-work-dir.ts";
import { smallDisk } from "./small-disk.ts";
import { supervised } from "./supervised.ts";

export type Rig = Awaited<ReturnType<typeof startRig>>;

const portOf = (url: string) => Number(new URL(url).port);

/** Where orders wait; `none`: they do not. */
export const engines = ["none", "redis", "sqlite"] as const;
export type Engine = (typeof engines)[number];

/**
 * Two control planes, or one with SQLite, and three workers that are started again when they end, with a proxy in every
 * link.
 */
export async function startRig(recordStorage: "local" | "s3", engine: Engine = "none") {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder()).path;
  const secret = newSecret();

  const files = stack.use(
    serveFiles({
      // Two pieces or more, in a run that encodes in pieces.
      "short.mp4": await clip({ seconds: 1 + 2 * splitSeconds }),
      "long.mp4": await clip({ seconds: 3 + 4 * splitSeconds }),
    }),
  );
  const s3 = stack.use(await startS3Server());
  const front = stack.use(await startS3Front(s3.options.endpoint ?? ""));
  const receiver = stack.use(webhookReceiver({ secret }));
  const source = stack.use(await startTcpProxy(portOf(files.url(""))));
  const storage = stack.use(await startTcpProxy(portOf(front.url)));
  const webhooks = stack.use(await startTcpProxy(receiver.port));

  const redis = engine === "redis" ? stack.use(await startRedis()) : undefined;
  const queueUrls = { none: undefined, redis: redis?.url, sqlite: `sqlite:${join(home, "queue.sqlite")}` };
  const queueUrl = queueUrls[engine];

  const shared = {
    ...s3.env,
    S3_ENDPOINT: `http://127.0.0.1:${storage.port}`,
    LOCAL_ROOT: join(home, "out"),
    RECORD_STORAGE: recordStorage,
    WEBHOOK_SECRETS: secret,
    IDEMPOTENCY_SECRET: "a secret of the fault runs, which is long enough",
  };

  const startOne = async (disk?: string) => {
    const port = await freePort();
    const workDir = disk ?? join(home, `work-${port}`);
    const settings = {
      ...{ port, home, ...shared, WORK_DIR: workDir },
      ...{
        MAX_CONCURRENT_JOBS: queueUrl ? "1" : "2",
        MAX_ATTEMPTS: "100",
        MIN_FREE_DISK: "0B",
        KEEP_UNDELIVERED: "0s",
      },
      ...{ WEBHOOK_PATIENCE: "5s", DRAIN_TIMEOUT: "500ms" },
    };
    const grpc = stack.use(await startTcpProxy(port));
    const worker = stack.use(await supervised(`worker ${port}`, () => startWorker(settings)));
    return { ...worker, grpc, folder: join(workDir, ownFolder) };
  };
  const disk = await smallDisk(join(home, "disk"));
  if (disk) stack.use(disk);
  const workers = [await startOne(), await startOne(), await startOne(disk?.path)];

  const startFront = async () => {
    const port = await freePort();
    const settings = {
      ...shared,
      PORT: String(port),
      WORKER_STARTUP_TIMEOUT: "20s",
      ...(queueUrl && { QUEUE_URL: queueUrl }),
    };
    const grpcPorts = workers.map(({ grpc }) => grpc.port);
    const process = stack.use(await supervised(`control plane ${port}`, () => startControlplane(grpcPorts, settings)));
    const http = stack.use(await startTcpProxy(port));
    return { ...process, http, url: `http://127.0.0.1:${http.port}` };
  };
  const controlplanes = [await startFront(), ...(engine === "sqlite" ? [] : [await startFront()])];
  await mkdir(join(home, "out"), { recursive: true });

  const owned = stack.move();
  return {
    home,
    disk,
    workers,
    controlplanes,
    s3,
    redis,
    hasRoom: queueUrl !== undefined,
    receiver,
    links: { source, storage, webhooks },
    sourceUrl: (name: string) => `http://127.0.0.1:${source.port}/${name}`,
    callbackUrl: `http://127.0.0.1:${webhooks.port}/hook`,
    readers: { local: folderReader(join(home, "out")), s3: s3Reader(s3) },
    recordStorage,
    /** Nothing is broken any more. */
    mend() {
      for (const proxy of [source, storage, webhooks, ...workers.map(({ grpc }) => grpc)]) proxy.mend();
      for (const { http } of controlplanes) http.mend();
      for (const process of [...workers, ...controlplanes]) process.signal("SIGCONT");
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
