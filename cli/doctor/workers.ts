import { connect } from "node:net";
import { failureOf } from "#cli/failure.ts";
import { fault, ok, type Verdict } from "#cli/finding.ts";
import type { Config } from "#controlplane/config.ts";
import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { makeLog } from "#shared/log.ts";
import { rpcClient } from "#shared/rpc/client.ts";
import { isRefused } from "#shared/rpc/fault-status.ts";
import { clientTls } from "#shared/rpc/tls.ts";

const answerMs = 5_000;

/** Asks a worker for its status as the control plane of these settings would; a sleeping one is started by it. */
export async function checkWorker(address: string, config: Config): Promise<Verdict> {
  const log = makeLog("flux", { level: "silent" });
  using tls = config.workerTls && address.startsWith("https://") ? clientTls(config.workerTls, log) : undefined;
  const client = rpcClient(WorkerService, address, { token: config.workerToken, tls: tls?.credentials });
  try {
    const isConnected = await client.connect(new Date(Date.now() + config.startupTimeoutMs));
    if (!isConnected) return await whyNot(address);
    const { currentJobs, maxConcurrentJobs, version } = await client.calls.getStatus({}, { timeoutMs: answerMs });
    return ok(`${address} answers: ${currentJobs}/${maxConcurrentJobs} jobs, version ${version}`);
  } catch (error) {
    return refusal(address, error);
  } finally {
    client.close();
  }
}

function refusal(address: string, error: unknown): Verdict {
  if (isRefused(error)) return fault(`${address} refuses our token`, "give both sides the same WORKER_TOKEN");
  const { message } = error instanceof Error && error.cause instanceof Error ? error.cause : failureOf(error);
  return fault(`${address} does not answer as a worker (${message})`, "check what runs there");
}

const portPattern = /^(?:https:\/\/)?\[?(.+?)\]?:(\d+)$/;

async function whyNot(address: string): Promise<Verdict> {
  const [, host = "", port = ""] = portPattern.exec(address) ?? [];
  const code = await connectErrorCode(host, Number(port));
  if (code === undefined) {
    const advice = "use https:// in WORKER_NODES only where the worker has GRPC_TLS_CERT, and compare GRPC_TLS_CA";
    return fault(`${address} takes connections, but not as a worker that this control plane trusts`, advice);
  }
  if (code === "ECONNREFUSED") {
    return fault(`nothing listens at ${address}`, "start the worker, or check WORKER_NODES and its GRPC_PORT");
  }
  if (code === "ENOTFOUND") return fault(`the name of ${address} is not known`, "check WORKER_NODES and the DNS");
  return fault(`${address} cannot be reached (${code})`, "check WORKER_NODES, GRPC_HOST there, and firewalls");
}

/** What keeps a plain connection from being made; undefined when it is made. */
const connectErrorCode = (host: string, port: number) =>
  new Promise<string | undefined>((resolve) => {
    const socket = connect({ host, port, timeout: answerMs });
    const end = (code?: string) => {
      socket.destroy();
      resolve(code);
    };
    socket.on("connect", () => end());
    socket.on("timeout", () => end("no answer"));
    socket.on("error", (error) => end("code" in error ? String(error.code) : error.message));
  });
