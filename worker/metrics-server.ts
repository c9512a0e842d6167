import { metricsType } from "#shared/metrics/metrics.ts";
import { isSameSecret } from "#shared/rpc/token.ts";

type Options = { host: string; port: number; token: string | undefined; text(): Promise<string> };

/** Serves /metrics to Prometheus, and nothing else. */
export const serveMetrics = ({ host, port, token, text }: Options) =>
  Bun.serve({
    hostname: host,
    port,
    routes: {
      "/metrics": {
        GET: async ({ headers }) =>
          token === undefined || isSameSecret(headers.get("Authorization") ?? "", `Bearer ${token}`)
            ? new Response(await text(), { headers: { "Content-Type": metricsType } })
            : new Response("send METRICS_TOKEN as Authorization: Bearer\n", {
                status: 401,
                headers: { "WWW-Authenticate": "Bearer" },
              }),
      },
    },
    fetch: () => new Response("the metrics are at /metrics\n", { status: 404 }),
    // Bun's own error page would show code and paths.
    error: () => new Response("the metrics cannot be read now\n", { status: 500 }),
  });
