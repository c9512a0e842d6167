import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { copyFile, rename, writeFile } from "node:fs/promises";
import { connect } from "node:tls";
import { pino } from "pino";
import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { makeLog } from "#shared/log.ts";
import { rpcClient } from "#shared/rpc/client.ts";
import { clientTls, serverTls, type TlsFiles } from "#shared/rpc/tls.ts";
import { certificateAuthority } from "#tests/support/certificates.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { eventually } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

describe.skipIf(!toolPath("openssl"))("gRPC over TLS", () => {
  const log = makeLog("test", { level: "silent" });
  let ours: Awaited<ReturnType<typeof certificateAuthority>>;
  let other: typeof ours;

  beforeAll(async () => {
    [ours, other] = await Promise.all([certificateAuthority(), certificateAuthority()]);
    await Promise.all([
      ours.sign("worker", "localhost"),
      ours.sign("next", "localhost"),
      ours.sign("elsewhere", "worker.example.com"),
      ours.sign("controlplane", "controlplane"),
      other.sign("controlplane", "controlplane"),
    ]);
  });
  afterAll(async () => {
    await ours[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  });

  const filesOf = (authority: typeof ours, name: string): TlsFiles => ({
    GRPC_TLS_CERT: authority.path(`${name}.pem`),
    GRPC_TLS_KEY: authority.path(`${name}.key`),
  });
  const trusting = (authority: typeof ours): TlsFiles => ({ GRPC_TLS_CA: authority.path("root.pem") });

  const startWorker = async (files: TlsFiles, workerLog = log) => {
    const tls = serverTls(files, workerLog);
    const worker = await startFakeWorker({ tls: tls.credentials });
    const stop = async () => {
      await worker[Symbol.asyncDispose]();
      tls[Symbol.dispose]();
    };
    return { port: worker.port, [Symbol.asyncDispose]: stop };
  };
  /** Who answers a control plane with these files, or the kind of its failure. */
  const ask = async (port: number, files: TlsFiles | undefined, scheme = "https://") => {
    using tls = files && clientTls(files, log);
    const client = rpcClient(WorkerService, `${scheme}localhost:${port}`, { tls: tls?.credentials });
    const answer = client.calls.getStatus({}, { timeoutMs: 60_000 });
    return await answer
      .then(
        ({ workerId }) => workerId,
        (error) => error.kind,
      )
      .finally(client.close);
  };

  test("a worker is believed when the CA that is trusted signed its certificate, for its name", async () => {
    await using worker = await startWorker(filesOf(ours, "worker"));
    await using elsewhere = await startWorker(filesOf(ours, "elsewhere"));
    expect(await ask(worker.port, trusting(ours))).toBe("fake");
    expect(await ask(worker.port, trusting(other))).toBe("unreachable");
    expect(await ask(worker.port, undefined)).toBe("unreachable");
    expect(await ask(worker.port, undefined, "")).toBe("unreachable");
    expect(await ask(elsewhere.port, trusting(ours))).toBe("unreachable");
  });

  test("a worker with a CA answers only who shows a certificate of it", async () => {
    await using worker = await startWorker({ ...filesOf(ours, "worker"), ...trusting(ours) });
    expect(await ask(worker.port, { ...filesOf(ours, "controlplane"), ...trusting(ours) })).toBe("fake");
    expect(await ask(worker.port, trusting(ours))).toBe("unreachable");
    expect(await ask(worker.port, { ...filesOf(other, "controlplane"), ...trusting(ours) })).toBe("unreachable");
  });

  test("new connections see a renewed certificate; a broken one changes nothing", async () => {
    const files = { GRPC_TLS_CERT: ours.path("live.pem"), GRPC_TLS_KEY: ours.path("live.key") };
    const install = async (name: string) => {
      for (const end of ["pem", "key"]) {
        await copyFile(ours.path(`${name}.${end}`), ours.path(`new.${end}`));
        await rename(ours.path(`new.${end}`), ours.path(`live.${end}`));
      }
    };
    await install("worker");
    const complained = Promise.withResolvers<void>();
    await using worker = await startWorker(files, pino({ level: "error" }, { write: () => complained.resolve() }));
    expect(await shown(worker.port)).toBe("worker");
    await install("next");
    await eventually(async () => (await shown(worker.port)) === "next", "the next certificate");
    expect(await ask(worker.port, trusting(ours))).toBe("fake");
    await writeFile(files.GRPC_TLS_CERT, "broken");
    await complained.promise;
    expect(await shown(worker.port)).toBe("next");
    await install("worker");
    await eventually(async () => (await shown(worker.port)) === "worker", "the first certificate again");
  });

  test("a control plane shows a renewed certificate when it connects again", async () => {
    const files = { GRPC_TLS_CERT: ours.path("mine.pem"), GRPC_TLS_KEY: ours.path("mine.key"), ...trusting(ours) };
    await copyFile(other.path("controlplane.pem"), files.GRPC_TLS_CERT);
    await copyFile(other.path("controlplane.key"), files.GRPC_TLS_KEY);
    await using worker = await startWorker({ ...filesOf(ours, "worker"), ...trusting(ours) });
    using tls = clientTls(files, log);
    const client = rpcClient(WorkerService, `https://localhost:${worker.port}`, { tls: tls.credentials });
    const answers = () =>
      client.calls.getStatus({}, { timeoutMs: 60_000 }).then(
        () => true,
        () => false,
      );
    expect(await answers()).toBe(false);
    await copyFile(ours.path("controlplane.pem"), files.GRPC_TLS_CERT);
    await copyFile(ours.path("controlplane.key"), files.GRPC_TLS_KEY);
    await eventually(answers, "the renewed certificate is accepted");
    client.close();
  });

  test("a key that is not the certificate's is refused at the start", () => {
    const files = { GRPC_TLS_CERT: ours.path("worker.pem"), GRPC_TLS_KEY: ours.path("next.key") };
    expect(() => serverTls(files, log)).toThrow("GRPC_TLS_CERT");
  });
});

/** The name in the certificate that a server shows. */
const shown = (port: number) =>
  new Promise<string>((resolve, reject) => {
    const options = { host: "127.0.0.1", port, rejectUnauthorized: false, ALPNProtocols: ["h2"] };
    const socket = connect(options, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.once("error", reject);
  });
