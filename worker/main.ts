import { once } from "node:events";
import { connect } from "node:tls";
import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { toFault } from "#shared/fault.ts";
import { makeLog } from "#shared/log.ts";
import { rpcClient } from "#shared/rpc/client.ts";
import { type Config, readConfig } from "./config.ts";
import { start } from "./start.ts";

/** sysexits.h: the settings are wrong; and: there is more to do, start me again. */
const [EX_CONFIG, EX_TEMPFAIL] = [78, 75];

async function main() {
  const config = readConfig(process.env);
  if (process.argv[2] === "healthcheck") return healthcheck(config);

  const log = makeLog("worker", { level: config.logLevel });
  const worker = await start(config, { log });
  // What only the start needed is given back: a worker may wait long for its first job.
  setTimeout(() => Bun.gc(true), 500).unref();
  const drain = (signal: string) => {
    log.info({ signal }, "draining");
    void worker.drain();
  };
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.once(signal, () => {
      drain(signal);
      // Who asks twice does not want to wait.
      process.once(signal, () => void worker.drain(0));
    });
  }
  const isLeft = await worker.stopped;
  log.info({ jobs_left: isLeft }, "worker stops");
  return isLeft ? EX_TEMPFAIL : 0;
}

async function healthcheck({ port, token, tls }: Config) {
  if (tls) return answersTls(port);
  const client = rpcClient(WorkerService, `127.0.0.1:${port}`, { token });
  await client.calls.getStatus({}, { timeoutMs: 2_000 });
  return 0;
}

/** Its certificate is for another name than this, and it may ask for one of ours: a handshake is enough. */
async function answersTls(port: number) {
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ALPNProtocols: ["h2"] });
  await once(socket, "secureConnect", { signal: AbortSignal.timeout(2_000) });
  socket.destroy();
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const fault = toFault(error);
    console.error(fault.kind === "invalid" ? fault.message : error);
    process.exit(fault.kind === "invalid" ? EX_CONFIG : 1);
  },
);
