import { expect, test } from "bun:test";
import { join } from "node:path";
import { certificateAuthority } from "#tests/support/certificates.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { atLeast } from "#tests/support/slowness.ts";
import { toolPath } from "#tests/support/tools.ts";

test.skipIf(!toolPath("openssl"))(
  "a job runs over mutual TLS, and a control plane without a certificate gets none",
  async () => {
    await using home = await temporaryFolder();
    await using authority = await certificateAuthority();
    await Promise.all([authority.sign("worker", "localhost"), authority.sign("controlplane", "controlplane")]);
    const GRPC_TLS_CA = authority.path("root.pem");
    const shows = (name: string) => ({
      GRPC_TLS_CERT: authority.path(`${name}.pem`),
      GRPC_TLS_KEY: authority.path(`${name}.key`),
      GRPC_TLS_CA,
    });
    await using sources = serveFiles({ "clip.mp4": await clip({ seconds: 1 }) });
    const port = await freePort();
    await using _worker = await startWorker({ port, home: home.path, GRPC_HOST: "0.0.0.0", ...shows("worker") });
    const WORKER_NODES = `https://localhost:${port}`;
    await using known = await startControlplane([], { WORKER_NODES, ...shows("controlplane") });
    await using stranger = await startControlplane([], {
      WORKER_NODES,
      GRPC_TLS_CA,
      WORKER_STARTUP_TIMEOUT: atLeast(500),
    });
    const order = { input_url: sources.url("clip.mp4"), preset: "tiny", output: { path: "a.mp4" } };
    expect(await client(known.url).post(order, { prefer: "wait=30" })).toMatchObject({ status: 200 });
    expect(await Bun.file(join(home.path, "out/a.mp4")).exists()).toBe(true);
    expect(await client(stranger.url).post(order)).toMatchObject({ status: 503, body: { kind: "unreachable" } });

    const healthcheck = Bun.spawn([process.execPath, "worker/main.ts", "healthcheck"], {
      cwd: join(import.meta.dir, "../.."),
      env: { PATH: process.env["PATH"] ?? "", GRPC_PORT: String(port), ...shows("worker") },
    });
    expect(await healthcheck.exited).toBe(0);
  },
);
