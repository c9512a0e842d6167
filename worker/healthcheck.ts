import { once } from "node:events";
import { connect } from "node:tls";
import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { rpcClient } from "#shared/rpc/client.ts";
import type { Config } from "./config.ts";

const timeoutMs = 2_000;

/** Throws unless the worker with these settings on this machine answers. */
export async function checkHealth({ port, token, tls }: Config) {
  if (tls) return answersTls(port);
  const client = rpcClient(WorkerService, `127.0.0.1:${port}`, { token });
  await client.calls.getStatus({}, { timeoutMs });
}

/** With TLS a handshake is enough: the certificate is for another name, and the worker may ask for one of the client. */
async function answersTls(port: number) {
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ALPNProtocols: ["h2"] });
  await once(socket, "secureConnect", { signal: AbortSignal.timeout(timeoutMs) });
  socket.destroy();
}
