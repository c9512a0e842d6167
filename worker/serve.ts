import type { ServerCredentials } from "@grpc/grpc-js";
import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import type { Log } from "#shared/log.ts";
import { throwListenFault } from "#shared/net/listen-fault.ts";
import { type Called, serveRpc } from "#shared/rpc/server.ts";
import type { Config } from "./config.ts";
import type { Methods } from "./handlers/methods.ts";
import type { WorkerMetrics } from "./metrics.ts";
import { serveMetrics } from "./metrics-server.ts";

type Options = { tls: ServerCredentials | undefined; metrics: WorkerMetrics; log: Log };

/** Serves the calls of control planes and, if that is configured, Prometheus. */
export async function serve(
  config: Pick<Config, "host" | "port" | "token" | "metrics">,
  handlers: Methods,
  { tls, metrics, log }: Options,
) {
  const { host, port, token } = config;
  const onFailure = (err: unknown, about: Called) =>
    log.error({ ...about, err, cause: err instanceof Error ? err.cause : undefined }, "a call failed");
  const server = await serveRpc(WorkerService, handlers, { host, port, token, tls, onFailure }).catch(
    throwListenFault("GRPC_PORT", config),
  );
  const metricsServer =
    config.metrics &&
    (await Promise.try(serveMetrics, { ...config.metrics, text: metrics.text }).catch(
      throwListenFault("METRICS_PORT", config.metrics),
    ));
  return {
    port: server.port,
    /** Stops serving; streams may end within the grace. */
    stop: (graceMs: number) => Promise.all([server.stop(graceMs), metricsServer?.stop(true)]),
  };
}
